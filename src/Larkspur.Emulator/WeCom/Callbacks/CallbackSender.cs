namespace Larkspur.Emulator.WeCom.Callbacks;

/// <summary>One request of the platform to a callback address.</summary>
internal sealed class CallbackSender(EmulatorSettings settings) : IDisposable
{
    private const int LongestAnswer = 4 << 20;

    private readonly OutboundHttp _http = new(settings.RealTime, LongestAnswer);

    /// <param name="body"><see langword="null"/>: a GET.</param>
    public Task<DeliveryResult> SendAsync(string url, string? body, string contentType, TimeSpan deadline, CancellationToken cancellationToken) =>
        body is null ? _http.GetAsync(url, deadline, cancellationToken) : _http.PostAsync(url, body, contentType, [], deadline, cancellationToken);

    public void Dispose() => _http.Dispose();
}
