using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;

namespace Larkspur.Emulator.DingTalk.Deliveries;

/// <summary>One POST to an app's address. No redirects, connect in 2 s, the whole answer in time; real time.</summary>
internal sealed class HttpCourier : IDisposable
{
    private const int LongestAnswer = 1 << 20;

    private readonly TimeProvider _time;
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(2), MaxConnectionsPerServer = 64,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer,
    };

    public HttpCourier(EmulatorSettings settings) => _time = settings.RealTime;

    /// <param name="shown">The address as the inspector may show it, without secrets.</param>
    public async Task<Delivery> SendAsync(string url, string shown, string body, ImmutableArray<KeyValuePair<string, string>> headers, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) return new Delivery(Delivery.Webhook, shown, DeliveryEnd.Nowhere, 0, "", 0);
        var started = _time.GetTimestamp();
        using var timer = new CancellationTokenSource(patience, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, both.Token);
            return Done(DeliveryEnd.Answered, (int)response.StatusCode, await response.Content.ReadAsStringAsync(both.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Done(timer.IsCancellationRequested ? DeliveryEnd.NoAnswer : DeliveryEnd.Unreachable, 0, "");
        }
        catch (HttpRequestException)
        {
            return Done(DeliveryEnd.Unreachable, 0, "");
        }

        Delivery Done(DeliveryEnd end, int status, string answer) =>
            new(Delivery.Webhook, shown, end, status, answer, Math.Round(_time.GetElapsedTime(started).TotalMilliseconds, 2)) { Headers = headers };
    }

    public void Dispose() => _http.Dispose();
}
