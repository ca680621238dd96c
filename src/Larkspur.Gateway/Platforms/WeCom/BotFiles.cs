using System.Net;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Conversations;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Fetches what was sent to an AI bot. The address comes from the platform, and yet leads nowhere into the company's own network: only the platform's configured address may be there.</summary>
internal sealed class BotFiles(HostLookup lookup) : IDisposable
{
    /// <summary>A file is decrypted in memory: this many at once.</summary>
    private const int MostAtOnce = 4;

    private static readonly HttpRequestOptionsKey<bool> Trusted = new("larkspur.platform");

    private readonly SemaphoreSlim _turns = new(MostAtOnce);
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(10),
        ConnectCallback = new GuardedConnector(lookup, static (request, addresses, _) => ValueTask.FromResult(Problem(request, addresses))).ConnectAsync,
    }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <exception cref="AttachmentException">It cannot be read.</exception>
    public async Task<AttachmentFacts> ReadAsync(WeComApp app, AiBotMedia media, Stream into, long maxBytes, CancellationToken cancellation)
    {
        var isPlatform = app.Settings.Bot?.BaseUrl is { } own && Uri.Compare(own, media.Url, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
        if (!isPlatform && media.Url.Scheme != Uri.UriSchemeHttps) throw new AttachmentException(AttachmentTrouble.NotAllowed, "The file's address is not https.");
        await _turns.WaitAsync(cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, media.Url);
            request.Options.Set(Trusted, isPlatform);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            // After five minutes the address leads nowhere; what the file store answers then is not documented.
            if (!response.IsSuccessStatusCode) throw new AttachmentException((int)response.StatusCode >= 500 ? AttachmentTrouble.Unavailable : AttachmentTrouble.Expired, $"The file store answered with HTTP {(int)response.StatusCode}.");
            // The padding is a block at most.
            const int Padding = 32;
            if (response.Content.Headers.ContentLength > maxBytes + Padding) throw AttachmentCopy.TooLarge(maxBytes);
            using var sealedBytes = new MemoryStream();
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            await AttachmentCopy.CopyAsync(body, sealedBytes, maxBytes + Padding, cancellation);
            var opened = media.Decrypt(sealedBytes.GetBuffer().AsSpan(0, (int)sealedBytes.Length), app.Settings.Bot?.EncodingAesKey);
            if (opened.Length > maxBytes) throw AttachmentCopy.TooLarge(maxBytes);
            await into.WriteAsync(opened, cancellation);
            return new AttachmentFacts(NameOf(response), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new AttachmentException(e.InnerException is AddressRefusedException ? AttachmentTrouble.NotAllowed : AttachmentTrouble.Unavailable, "The file store cannot be reached.", e);
        }
        catch (Exception e) when (e is CallbackCipherException or ArgumentException)
        {
            throw new AttachmentException(AttachmentTrouble.Gone, "The file cannot be decrypted.", e);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _turns.Dispose();
    }

    private static string? NameOf(HttpResponseMessage response) =>
        response.Content.Headers.ContentDisposition is { } told ? told.FileNameStar ?? told.FileName?.Trim('"') : null;

    private static string? Problem(HttpRequestMessage request, IReadOnlyList<IPAddress> addresses) =>
        (request.Options.TryGetValue(Trusted, out var trusted) && trusted) || addresses.All(a => AddressRules.ReachOf(a) == AddressReach.Public) ? null : "the file's address leads into a private network";
}
