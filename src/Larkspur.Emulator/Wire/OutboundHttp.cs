using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Larkspur.Emulator.Wire;

/// <summary>Requests of a platform to an app's address: no redirects, no proxy, connect in 2 s, the whole answer within a deadline of real time.</summary>
/// <param name="longestAnswer">Bytes; a longer answer counts as broken.</param>
internal sealed class OutboundHttp(TimeProvider time, int longestAnswer) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(2), MaxConnectionsPerServer = 64,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = longestAnswer,
    };

    /// <summary>A POST of text in UTF-8.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> ended it; the deadline is a result.</exception>
    public Task<DeliveryResult> PostAsync(
        string url, string body, string contentType, IEnumerable<KeyValuePair<string, string>> headers, TimeSpan deadline, CancellationToken cancellationToken) =>
        SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType, "utf-8");
                foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
                return request;
            },
            deadline, cancellationToken);

    /// <inheritdoc cref="PostAsync"/>
    public Task<DeliveryResult> GetAsync(string url, TimeSpan deadline, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, url), deadline, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<DeliveryResult> SendAsync(Func<HttpRequestMessage> make, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var timer = new CancellationTokenSource(deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using var request = make();
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, both.Token);
            return Done((int)response.StatusCode, await TextAsync(response.Content, both.Token), DeliveryFailure.None);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Done(0, "", timer.IsCancellationRequested ? DeliveryFailure.Timeout : DeliveryFailure.Connect);
        }
        catch (HttpRequestException failed)
        {
            var reason = failed.InnerException is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }
                || failed.HttpRequestError == HttpRequestError.NameResolutionError ? DeliveryFailure.Dns
                : failed.HttpRequestError == HttpRequestError.ConnectionError ? DeliveryFailure.Connect : DeliveryFailure.Broken;
            return Done(0, "", reason);
        }
        catch (Exception bad) when (bad is UriFormatException or InvalidOperationException or NotSupportedException)
        {
            return Done(0, "", DeliveryFailure.NoUrl);
        }

        DeliveryResult Done(int status, string body, DeliveryFailure failure) => new(status, body, failure, Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 2));
    }

    /// <summary>UTF-8, whatever a <c>charset</c> says.</summary>
    private static async Task<string> TextAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
