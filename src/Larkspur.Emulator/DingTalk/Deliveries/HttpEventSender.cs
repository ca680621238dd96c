using System.Collections.Immutable;

namespace Larkspur.Emulator.DingTalk.Deliveries;

/// <summary>One POST to an app's address.</summary>
internal sealed class HttpEventSender(EmulatorSettings settings) : IDisposable
{
    private const int LongestAnswer = 1 << 20;

    private readonly OutboundHttp _http = new(settings.RealTime, LongestAnswer);

    /// <param name="shown">The address as the inspector may show it, without secrets.</param>
    public async Task<Delivery> SendAsync(string url, string shown, string body, ImmutableArray<KeyValuePair<string, string>> headers, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) return new Delivery(Delivery.Webhook, shown, DeliveryEnd.Nowhere, 0, "", 0);
        var result = await _http.PostAsync(url, body, "application/json", headers, patience, cancellationToken);
        var end = result.Failure switch { DeliveryFailure.None => DeliveryEnd.Answered, DeliveryFailure.Timeout => DeliveryEnd.NoAnswer, _ => DeliveryEnd.Unreachable };
        return new Delivery(Delivery.Webhook, shown, end, result.Status, result.Body, result.Milliseconds) { Headers = headers };
    }

    public void Dispose() => _http.Dispose();
}
