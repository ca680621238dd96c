using System.Buffers;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Platforms.Feishu.Ingress;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Doctor;

/// <summary>Calls an address as the platform would when it checks it, and judges who answered.</summary>
/// <remarks>Bounded: no redirect is followed, no proxy is used, 4 KB of an answer are read; addresses where no gateway can be (metadata services) are not called, private ones only where the
/// operator allows it or the platform itself is at one. No secret of the app goes out in clear.</remarks>
internal sealed class CallbackProbe(CallbackProof proof, HostLookup lookup, ConfiguredWebhooks settings, TimeProvider clock)
{
    private const int MostRead = 4 << 10;
    private static readonly LocalText Nothing = LocalText.From("");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);
    private const string PrivateRefused = "its name leads to a private or loopback address, which is called only when LARKSPUR_ALLOW_PRIVATE_ADDRESSES lists it";

    public async Task<ProbeOutcome> CallAsync(Uri address, FeishuOptions app, CancellationToken cancellation)
    {
        var reach = AddressReach.Public;
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(3), MaxResponseHeadersLength = 16,
            ConnectCallback = new GuardedConnector(lookup, async (_, addresses, stop) =>
            {
                reach = addresses.Max(AddressRules.ReachOf);
                // Whoever may change the settings must not learn by this what stands in the company's own network.
                var isListed = addresses.Where(a => AddressRules.ReachOf(a) == AddressReach.Private).All(a => settings.PrivateReach.Holds(address.IdnHost, a));
                if (reach == AddressReach.Private && !isListed && !await IsPrivateAsync(app, stop)) return PrivateRefused;
                return reach == AddressReach.Never ? $"its name leads to {string.Join(", ", addresses.Take(3))}, where no gateway is" : null;
            }).ConnectAsync,
        };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        var nonce = CallbackProof.NewNonce();
        using var request = Request(address, app, nonce);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return (await JudgeAsync(answer, nonce, deadline.Token)) with { IsPrivate = reach == AddressReach.Private };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(ProbeKind.Unreachable, null, NetworkTexts.TimedOut(Patience));
        }
        catch (HttpRequestException e)
        {
            return new(ProbeKind.Unreachable, null, Why(e));
        }
        catch (IOException e)
        {
            return new(ProbeKind.Unreachable, null, NetworkTexts.Of(e));
        }
    }

    /// <summary>The platform itself is on this machine or network: then a private callback address is right.</summary>
    public async Task<bool> IsPrivateAsync(FeishuOptions app, CancellationToken cancellation)
    {
        if (app.BaseUrl is not { } platform) return false;
        try
        {
            return (await GuardedConnector.ResolveAsync(lookup, platform.IdnHost, cancellation)).Any(a => AddressRules.ReachOf(a) == AddressReach.Private);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private HttpRequestMessage Request(Uri address, FeishuOptions app, string nonce)
    {
        var hidden = app.EncryptKey is { Length: > 0 };
        // In clear the token would be a present to whoever is at the address: what stands there opens the seal, or is not this gateway.
        var token = hidden ? app.VerificationToken ?? "" : "sealed";
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["challenge"] = nonce, ["token"] = token, ["type"] = "url_verification" });
        var signed = FeishuEventSigner.CreateRequest(app, body, clock);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(signed.Body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(signed.Headers.ContentType!);
        if (!hidden)
        {
            request.Headers.Add(CallbackProof.SealHeader, proof.Seal(nonce, app.VerificationToken ?? ""));
            return request;
        }

        request.Headers.Add("X-Lark-Request-Timestamp", signed.Headers.Timestamp);
        request.Headers.Add("X-Lark-Request-Nonce", signed.Headers.Nonce);
        request.Headers.Add("X-Lark-Signature", signed.Headers.Signature);
        return request;
    }

    private async Task<ProbeOutcome> JudgeAsync(HttpResponseMessage answer, string nonce, CancellationToken cancellation)
    {
        var status = (int)answer.StatusCode;
        if (status is >= 300 and < 400) return new(ProbeKind.Redirected, status, Nothing);
        var body = await ReadAsync(answer.Content, cancellation);
        var challenge = Text(body, "challenge");
        if (status == 200 && challenge == nonce)
        {
            var proven = answer.Headers.TryGetValues(CallbackProof.Header, out var headers) && proof.Proves(nonce, headers.FirstOrDefault());
            return proven ? new(ProbeKind.Here, status, Nothing) : new(ProbeKind.Elsewhere, status, DoctorTexts.ItKnowsAppKeysAndNotThis);
        }

        // Only words of ours are repeated: what a stranger answers is not shown.
        var word = Text(body, "error") is { Length: > 0 and <= 40 } error && error.All(c => char.IsAsciiLetterLower(c) || c == '_') ? error : null;
        return word is not null ? new(ProbeKind.RefusedHere, status, LocalText.From(word))
            : new(ProbeKind.Elsewhere, status, DoctorTexts.HTTPWithoutChallenge(status));
    }

    private static async Task<JsonElement> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var bytes = ArrayPool<byte>.Shared.Rent(MostRead);
        try
        {
            var length = await stream.ReadAtLeastAsync(bytes.AsMemory(0, MostRead), MostRead, throwOnEndOfStream: false, cancellation);
            return JsonSerializer.Deserialize<JsonElement>(bytes.AsSpan(0, length));
        }
        catch (JsonException)
        {
            return default; // not JSON, or longer than any answer of a gateway
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static LocalText Why(HttpRequestException e) => e.InnerException is AddressRefusedException refused
        ? refused.Message == PrivateRefused ? new(DoctorTexts.PrivateAddress, PrivateRefused)
            : DoctorTexts.AddressRefused(refused.Message) : NetworkTexts.Of(e);

    private static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Who answered.</summary>
/// <param name="Kind">Who.</param>
/// <param name="Status">With what HTTP status; null: no answer.</param>
/// <param name="What">What is to be said about it.</param>
internal sealed record ProbeOutcome(ProbeKind Kind, int? Status, LocalText What)
{
    /// <summary>The address is of this machine or a private network.</summary>
    public bool IsPrivate { get; init; }
}

internal enum ProbeKind
{
    /// <summary>A gateway on this database.</summary>
    Here,

    /// <summary>Somebody else.</summary>
    Elsewhere,

    /// <summary>It sends callers on.</summary>
    Redirected,

    /// <summary>Something that speaks like a gateway, and refused.</summary>
    RefusedHere,

    /// <summary>Nobody.</summary>
    Unreachable,
}
