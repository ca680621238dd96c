using System.Collections.Immutable;

namespace Larkspur.Emulator.Feishu.Events;

/// <summary>One signed POST to an app.</summary>
public sealed class EventSender : IDisposable
{
    /// <summary>Of an event.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);
    private const int LongestAnswer = 1 << 20;

    private readonly EmulatorState _state;
    private readonly EmulatorSettings _settings;
    private readonly OutboundHttp _http;

    public EventSender(EmulatorState state, EmulatorSettings settings) => (_state, _settings, _http) = (state, settings, new OutboundHttp(settings.RealTime, LongestAnswer));

    /// <summary>Encrypts (when the app has a key and <paramref name="encrypt"/>), signs and sends.</summary>
    public Task<(DeliveryResult Result, SignedRequest SignedRequest)> SendAsync(
        BotApp app, string url, string plain, TimeSpan deadline, bool encrypt = true, CancellationToken cancellationToken = default) =>
        SendAsync(url, Wrap(app, plain, encrypt && app.EncryptKey.Length > 0), deadline, cancellationToken);

    public SignedRequest Wrap(BotApp app, string plain, bool encrypt)
    {
        Span<byte> iv = stackalloc byte[16];
        _state.Ids.Fill(iv);
        var body = encrypt ? EventEnvelope.Encrypt(app.EncryptKey, plain, iv) : plain;
        // Without an Encrypt Key the platform signs all the same, with an empty key.
        return new SignedRequest(plain, body, encrypt, Headers((timestamp, nonce) => EventEnvelope.Sign(timestamp, nonce, app.EncryptKey, body)));
    }

    /// <summary>The old card callback: never encrypted, signed with the Verification Token.</summary>
    public SignedRequest WrapLegacyCard(BotApp app, string plain) =>
        new(plain, plain, false, Headers((timestamp, nonce) => EventEnvelope.SignLegacyCard(timestamp, nonce, app.VerificationToken, plain)));

    public async Task<(DeliveryResult Result, SignedRequest SignedRequest)> SendAsync(string url, SignedRequest signed, TimeSpan deadline, CancellationToken cancellationToken) =>
        (await _http.PostAsync(url, signed.Body, "application/json", signed.Headers, deadline, cancellationToken), signed);

    public void Dispose() => _http.Dispose();

    /// <remarks>
    /// The timestamp is real time even when the virtual clock was advanced: it says when the request was made, and a receiver with a clock of
    /// its own refuses what comes from the future.
    /// </remarks>
    private ImmutableArray<KeyValuePair<string, string>> Headers(Func<string, string, string> sign)
    {
        var timestamp = _settings.RealTime.GetUtcNow().ToUnixTimeSeconds().ToString();
        var nonce = _state.Ids.Next("")[..10];
        return
        [
            KeyValuePair.Create("X-Lark-Request-Timestamp", timestamp),
            KeyValuePair.Create("X-Lark-Request-Nonce", nonce),
            KeyValuePair.Create("X-Lark-Signature", sign(timestamp, nonce)),
        ];
    }
}

/// <param name="Plain">Before encryption.</param>
/// <param name="Body">On the wire.</param>
public sealed record SignedRequest(string Plain, string Body, bool Encrypted, ImmutableArray<KeyValuePair<string, string>> Headers);
