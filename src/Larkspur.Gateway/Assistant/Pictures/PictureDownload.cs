using System.Net;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Assistant.Pictures;

/// <summary>
/// Fetches a picture that a backend has made. Its address is the backend's word: beside the configured place of the backend it leads to the
/// public internet by https, never into the company's network; no redirect is followed, and no key goes along.
/// </summary>
internal sealed class PictureDownload(HostLookup lookup) : IDisposable
{
    /// <summary>Feishu and WeCom take no more.</summary>
    public const int MostBytes = 10 << 20;

    private static readonly string[] Shown = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    private static readonly HttpRequestOptionsKey<bool> Own = new("larkspur.backend");

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(10),
        ConnectCallback = new GuardedConnector(lookup, static (request, addresses, _) =>
            ValueTask.FromResult(Problem(request, addresses))).ConnectAsync,
    }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <exception cref="PictureException">It cannot be fetched, or is none.</exception>
    public async Task<AnswerPicture> FetchAsync(PictureAddress address, CancellationToken cancellation)
    {
        if (!address.IsOwn && address.Url.Scheme != Uri.UriSchemeHttps)
            throw new PictureException(PictureTroubles.NotAllowed, "The picture's address is not https.");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address.Url);
            request.Options.Set(Own, address.IsOwn);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode)
                throw new PictureException(PictureTroubles.Unavailable, $"The backend's files answered HTTP {(int)response.StatusCode}.");
            if (response.Content.Headers.ContentLength > MostBytes) throw TooLarge();
            using var bytes = new MemoryStream();
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            await AttachmentCopy.CopyAsync(body, bytes, MostBytes, cancellation);
            return Judged(bytes.ToArray());
        }
        catch (AttachmentException e)
        {
            throw e.Trouble == AttachmentTrouble.TooLarge ? TooLarge() : new PictureException(PictureTroubles.Unavailable, e.Message, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            var why = e.InnerException is AddressRefusedException ? PictureTroubles.NotAllowed : PictureTroubles.Unavailable;
            throw new PictureException(why, "The backend's files cannot be reached.", e);
        }
    }

    public void Dispose() => _http.Dispose();

    private static AnswerPicture Judged(byte[] bytes)
    {
        var type = MediaTypes.Of(bytes.AsSpan(0, Math.Min(bytes.Length, MediaTypes.Head)), null);
        return Shown.Contains(type.ContentType) ? new AnswerPicture("picture." + type.Extension, type.ContentType, bytes)
            : throw new PictureException(PictureTroubles.NoPicture, $"The file is {type.ContentType} by its bytes.");
    }

    private static PictureException TooLarge() =>
        new(PictureTroubles.TooLarge, $"The picture has more than {MostBytes} bytes.");

    private static string? Problem(HttpRequestMessage request, IReadOnlyList<IPAddress> addresses) =>
        (request.Options.TryGetValue(Own, out var own) && own) || addresses.All(a => AddressRules.ReachOf(a) == AddressReach.Public) ? null
            : "the picture's address leads into a private network";
}
