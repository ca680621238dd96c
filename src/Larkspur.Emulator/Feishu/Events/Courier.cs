using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu.Events;

public enum DeliveryFailure
{
    None, NoUrl, Timeout, Connect, Dns, Broken,
    /// <summary>Long connection: no client is connected.</summary>
    Offline,
    /// <summary>Long connection: it ended before the answer came.</summary>
    Lost,
    /// <summary>Long connection: the frame came back, but its payload is no answer.</summary>
    BadAnswer,
}

/// <param name="Status">HTTP status, or the acknowledgement's code; 0 when no answer came.</param>
public sealed record DeliveryResult(int Status, string Body, DeliveryFailure Failure, double Milliseconds)
{
    public bool Acknowledged => Status == 200;
}

/// <summary>One signed POST to an app. No redirects, connect in 2 s, the whole answer within the deadline.</summary>
public sealed class Courier : IDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);
    private const int LongestAnswer = 1 << 20;

    private readonly EmulatedWorld _world;
    private readonly EmulatorSettings _settings;
    private readonly HttpClient _http;

    public Courier(EmulatedWorld world, EmulatorSettings settings)
    {
        (_world, _settings) = (world, settings);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), MaxConnectionsPerServer = 64,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer,
        };
    }

    /// <summary>Encrypts (when the app has a key and <paramref name="encrypt"/>), signs and sends.</summary>
    public Task<(DeliveryResult Result, Parcel Parcel)> SendAsync(
        BotApp app, string url, string plain, TimeSpan deadline, bool encrypt = true, CancellationToken cancellationToken = default) =>
        SendAsync(url, Wrap(app, plain, encrypt && app.EncryptKey.Length > 0), deadline, cancellationToken);

    public Parcel Wrap(BotApp app, string plain, bool encrypt)
    {
        Span<byte> iv = stackalloc byte[16];
        _world.Ids.Fill(iv);
        var body = encrypt ? EventEnvelope.Encrypt(app.EncryptKey, plain, iv) : plain;
        // Without an Encrypt Key the platform signs all the same, with an empty key.
        return new Parcel(plain, body, encrypt, Headers((timestamp, nonce) => EventEnvelope.Sign(timestamp, nonce, app.EncryptKey, body)));
    }

    /// <summary>The old card callback: never encrypted, signed with the Verification Token.</summary>
    public Parcel WrapLegacyCard(BotApp app, string plain) =>
        new(plain, plain, false, Headers((timestamp, nonce) => EventEnvelope.SignLegacyCard(timestamp, nonce, app.VerificationToken, plain)));

    public async Task<(DeliveryResult Result, Parcel Parcel)> SendAsync(string url, Parcel parcel, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = _settings.RealTime.GetTimestamp();
        using var timer = new CancellationTokenSource(deadline, _settings.RealTime);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(parcel.Body)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            foreach (var (name, value) in parcel.Headers) request.Headers.TryAddWithoutValidation(name, value);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, both.Token);
            return (Done((int)response.StatusCode, await response.Content.ReadAsStringAsync(both.Token), DeliveryFailure.None), parcel);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (Done(0, "", timer.IsCancellationRequested ? DeliveryFailure.Timeout : DeliveryFailure.Connect), parcel);
        }
        catch (HttpRequestException failed)
        {
            var reason = failed.InnerException is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }
                || failed.HttpRequestError == HttpRequestError.NameResolutionError ? DeliveryFailure.Dns
                : failed.HttpRequestError == HttpRequestError.ConnectionError ? DeliveryFailure.Connect : DeliveryFailure.Broken;
            return (Done(0, "", reason), parcel);
        }
        catch (Exception bad) when (bad is UriFormatException or InvalidOperationException or NotSupportedException)
        {
            return (Done(0, "", DeliveryFailure.NoUrl), parcel);
        }

        DeliveryResult Done(int status, string body, DeliveryFailure failure) =>
            new(status, body, failure, Math.Round(_settings.RealTime.GetElapsedTime(started).TotalMilliseconds, 2));
    }

    public void Dispose() => _http.Dispose();

    /// <remarks>
    /// The timestamp is real time even when the virtual clock was advanced: it says when the request was made, and a receiver with a clock of
    /// its own refuses what comes from the future.
    /// </remarks>
    private ImmutableArray<KeyValuePair<string, string>> Headers(Func<string, string, string> sign)
    {
        var timestamp = _settings.RealTime.GetUtcNow().ToUnixTimeSeconds().ToString();
        var nonce = _world.Ids.Next("")[..10];
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
public sealed record Parcel(string Plain, string Body, bool Encrypted, ImmutableArray<KeyValuePair<string, string>> Headers);
