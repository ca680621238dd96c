using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Drive.V1;

namespace Larkspur.Feishu.Tables;

/// <summary>Files of a base. Get them as <c>feishu.Tables(appToken).Files</c>.</summary>
/// <remarks>
/// Limits: 20 MiB a file here (larger ones go in parts: <c>drive.v1.media.upload_prepare</c>, not wrapped), 5 calls a second and 10,000 a
/// day. Source: drive-v1 media/upload_all, media/download.
/// </remarks>
public readonly struct BaseFiles
{
    /// <summary>Largest file, bytes.</summary>
    public const long Largest = 20 << 20;

    private const int LongestName = 250;

    private readonly FeishuBase _base;

    internal BaseFiles(FeishuBase @base) => _base = @base;

    /// <summary>Uploads a file for an attachment cell of this base.</summary>
    /// <param name="content">The bytes, from where it stands; it must be able to seek and is not disposed.</param>
    /// <param name="fileName">Its name, at most 250 characters.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What an <see cref="AttachmentsCell"/> is made of; valid in this base only.</returns>
    /// <exception cref="ArgumentException">The file is empty or too large, or its name is no name. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came. Uploading it again leaves at most a file that no cell names.</exception>
    public async Task<TableFile> UploadAsync(Stream content, string fileName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentException.ThrowIfNullOrWhiteSpace(fileName);
        if (fileName.Length > LongestName)
            throw new ArgumentException($"A file's name has at most {LongestName} characters.", nameof(fileName));
        if (!content.CanSeek)
            throw new ArgumentException("The stream must be able to seek: the file's length is sent before it.", nameof(content));
        var length = content.Length - content.Position;
        if (length is <= 0 or > Largest)
            throw new ArgumentException($"The file has {length:N0} bytes; 1 to {Largest:N0} can be uploaded.", nameof(content));
        var answer = await _base.Calls.Client.Drive.V1.Media.UploadAllAsync(
            new()
            {
                FileName = fileName, ParentType = "bitable_file", ParentNode = _base.AppToken, Size = length,
                File = new FeishuFile(content, fileName),
            },
            _base.Calls.Options.Call,
            cancellationToken);
        return new(answer.FileToken ?? throw new FeishuApiException("The file was uploaded without a token.")
        {
            HttpStatus = 200, Endpoint = Endpoints.MediaUploadAll.Id,
        }, fileName, length);
    }

    /// <summary>
    /// Fetches a file of a cell. Where advanced permissions are on, the file must come from a cell that was read: its address holds the
    /// right.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The bytes as they come; dispose it.</returns>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public Task<FeishuDownload> DownloadAsync(TableFile file, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        return _base.Calls.Client.Drive.V1.Media.DownloadAsync(
            new() { FileToken = file.Token, Extra = Extra(file.Url) }, _base.Calls.Options.Call, cancellationToken);
    }

    private static string? Extra(string? url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address)) return null;
        return address.Query.TrimStart('?').Split('&').Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2 && part[0] == "extra").Select(part => Uri.UnescapeDataString(part[1])).FirstOrDefault();
    }
}
