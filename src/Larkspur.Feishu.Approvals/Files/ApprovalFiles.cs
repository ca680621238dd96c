using Larkspur.Feishu.Api;

namespace Larkspur.Feishu.Approvals;

/// <summary>Uploads for forms and comments. Get them as <c>feishu.Approvals.Files</c>.</summary>
/// <remarks>
/// They go to another host than all other calls: <c>www.feishu.cn</c> (of Lark <c>www.larksuite.com</c>), or <see cref="FeishuOptions.ApprovalUrl"/>, or
/// <see cref="FeishuOptions.BaseUrl"/> when that is set. Streams are read from where they stand and not disposed; one that cannot seek is first read into memory, at most to the
/// limit. Source: approval-v4/file/upload.
/// </remarks>
public readonly struct ApprovalFiles
{
    /// <summary>Largest picture, bytes.</summary>
    public const long LargestImage = 10 << 20;

    /// <summary>Largest file, bytes.</summary>
    public const long LargestAttachment = 50 << 20;

    private const int LongestName = 250;

    private readonly FeishuClient _client;

    internal ApprovalFiles(FeishuClient client) => _client = client;

    /// <summary>Uploads a picture, for controls of type <c>image</c>; at most 10 MB.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="fileName">Its name with its extension.</param>
    /// <param name="options">What this call overrides; a slow line may need a longer <see cref="FeishuCallOptions.Timeout"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ApprovalFileException">The platform would refuse it. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public Task<ApprovalFile> ImageAsync(Stream content, string fileName, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => SendAsync(_client, content, fileName, "image", LargestImage, options, cancellationToken);

    /// <summary>Uploads a file, for controls of type <c>attachmentV2</c>; at most 50 MB.</summary>
    /// <inheritdoc cref="ImageAsync"/>
    public Task<ApprovalFile> AttachmentAsync(Stream content, string fileName, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => SendAsync(_client, content, fileName, "attachment", LargestAttachment, options, cancellationToken);

    private static async Task<ApprovalFile> SendAsync(
        FeishuClient client, Stream content, string fileName, string type, long most, FeishuCallOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        string name = Name(fileName);
        Stream stream = content.CanSeek ? content : await CopyAsync(content, most, cancellationToken);
        long length = stream.Length - stream.Position;
        if (length <= 0) throw new ApprovalFileException(new("文件是空的。", "The file is empty."));
        if (length > most) throw TooLarge(most);
        var answer = await client.ApprovalOpenapi.V2.File.UploadAsync(new() { Name = name, Type = type, Content = new FeishuFile(stream, name) }, options, cancellationToken);
        return answer.Code is { Length: > 0 } code ? new(code, answer.Url ?? "", name, length)
            : throw new FeishuApiException("The file was uploaded without a code.") { HttpStatus = 200, Endpoint = Api.ApprovalOpenapi.V2.Endpoints.FileUpload.Id };
    }

    private static async Task<MemoryStream> CopyAsync(Stream content, long most, CancellationToken cancellationToken)
    {
        var copy = new MemoryStream();
        byte[] chunk = new byte[64 << 10];
        for (int read; (read = await content.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            if (copy.Length + read > most) throw TooLarge(most);
            copy.Write(chunk, 0, read);
        }

        copy.Position = 0;
        return copy;
    }

    private static string Name(string fileName)
    {
        if (string.IsNullOrWhiteSpace(fileName) || Path.GetExtension(fileName).Length < 2) throw new ApprovalFileException(new("文件名须带扩展名，如 发票.pdf。", "The file's name needs its extension, like invoice.pdf."));
        return fileName.Length > LongestName || fileName.AsSpan().ContainsAny('/', '\\') || fileName.Any(char.IsControl)
            ? throw new ApprovalFileException(new("文件名不能含路径和控制字符，且不超过 250 个字符。", "The file's name must be a name of at most 250 characters, without folders and control characters."))
            : fileName;
    }

    private static ApprovalFileException TooLarge(long most)
        => new(new($"文件超过 {most >> 20} MB，平台不收。", $"The file is larger than {most >> 20} MB, the most that the platform takes."));
}

/// <summary>An uploaded file.</summary>
/// <param name="Code">What a form's control is set to.</param>
/// <param name="Url">Where it can be fetched, for 12 hours.</param>
/// <param name="Name">Its name.</param>
/// <param name="Length">Bytes.</param>
public sealed record ApprovalFile(string Code, string Url, string Name, long Length);

/// <summary>A file that the platform would refuse, found before the call. Nothing was sent.</summary>
public sealed class ApprovalFileException : ArgumentException
{
    internal ApprovalFileException(FeishuExplanation explanation) : base(explanation.English) => Explanation = explanation;

    /// <summary>What is wrong, for people.</summary>
    public FeishuExplanation Explanation { get; }
}
