using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Larkspur.Emulator.Feishu.Events;

namespace Larkspur.Emulator.WeCom.Callbacks;

/// <summary>One request of the platform to a callback address: no redirects, connect in 2 s, the whole answer within the deadline of real time.</summary>
internal sealed class WeComCourier(EmulatorSettings settings) : IDisposable
{
    private const int LongestAnswer = 4 << 20;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(2), MaxConnectionsPerServer = 64,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer,
    };

    /// <param name="body"><see langword="null"/>: a GET.</param>
    public async Task<DeliveryResult> SendAsync(string url, string? body, string contentType, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = settings.RealTime.GetTimestamp();
        using var timer = new CancellationTokenSource(deadline, settings.RealTime);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, url);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType, "utf-8");
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, both.Token);
            return Done((int)response.StatusCode, Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(both.Token)), DeliveryFailure.None);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Done(0, "", timer.IsCancellationRequested ? DeliveryFailure.Timeout : DeliveryFailure.Connect);
        }
        catch (HttpRequestException failed)
        {
            var reason = failed.InnerException is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } ? DeliveryFailure.Dns
                : failed.HttpRequestError == HttpRequestError.ConnectionError ? DeliveryFailure.Connect : DeliveryFailure.Broken;
            return Done(0, "", reason);
        }
        catch (Exception bad) when (bad is UriFormatException or InvalidOperationException or NotSupportedException)
        {
            return Done(0, "", DeliveryFailure.NoUrl);
        }

        DeliveryResult Done(int status, string answer, DeliveryFailure failure) => new(status, answer, failure, Math.Round(settings.RealTime.GetElapsedTime(started).TotalMilliseconds, 2));
    }

    public void Dispose() => _http.Dispose();
}
