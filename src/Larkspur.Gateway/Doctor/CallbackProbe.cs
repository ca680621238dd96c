using System.Buffers;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Doctor.Callbacks;
using Larkspur.Gateway.Ingress;

namespace Larkspur.Gateway.Doctor;

/// <summary>Calls an address as the platform would when it checks it, and judges who answered.</summary>
/// <remarks>Bounded: no redirect is followed, no proxy is used, 4 KB of an answer are read; where it may go says <see cref="ProbeReach"/>.
/// No secret of the app goes out in clear.</remarks>
internal sealed class CallbackProbe(CallbackProof proof, HostLookup lookup, ProbeReach reaches)
{
    private const int MostRead = 4 << 10;
    private static readonly LocalText Nothing = LocalText.From("");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <param name="address">What is called.</param>
    /// <param name="question">As which platform.</param>
    /// <param name="platform">Where that platform is; null: where it always is.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ProbeOutcome> CallAsync(Uri address, ICallbackQuestion question, Uri? platform, CancellationToken cancellation)
    {
        var reach = AddressReach.Public;
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(3), MaxResponseHeadersLength = 16,
            ConnectCallback = new GuardedConnector(lookup, async (_, addresses, stop) =>
            {
                reach = addresses.Max(AddressRules.ReachOf);
                return await reaches.RefusedAsync(address.IdnHost, addresses, platform, stop);
            }).ConnectAsync,
        };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        var nonce = CallbackProof.NewNonce();
        using var request = question.Ask(address, nonce);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return (await JudgeAsync(answer, question, nonce, deadline.Token)) with { IsPrivate = reach == AddressReach.Private };
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

    private async Task<ProbeOutcome> JudgeAsync(HttpResponseMessage answer, ICallbackQuestion question, string nonce,
        CancellationToken cancellation)
    {
        var status = (int)answer.StatusCode;
        if (status is >= 300 and < 400) return new(ProbeKind.Redirected, status, Nothing);
        var body = await ReadAsync(answer.Content, cancellation);
        if (status == 200 && question.IsAnswer(body, nonce))
        {
            var proven = answer.Headers.TryGetValues(CallbackProof.Header, out var headers) && proof.Proves(nonce, headers.FirstOrDefault());
            return proven ? new(ProbeKind.Here, status, Nothing) : new(ProbeKind.Elsewhere, status, DoctorTexts.ItKnowsAppKeysAndNotThis);
        }

        // Only words of ours are repeated: what a stranger answers is not shown.
        var word = CallbackAnswer.Text(body, "error") is { Length: > 0 and <= 40 } error
            && error.All(c => char.IsAsciiLetterLower(c) || c == '_') ? error : null;
        return word is not null ? new(ProbeKind.RefusedHere, status, LocalText.From(word))
            : new(ProbeKind.Elsewhere, status, DoctorTexts.HTTPWithoutChallenge(status));
    }

    /// <summary>What of an answer is looked at: nothing when it is longer than any of a gateway's.</summary>
    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var bytes = ArrayPool<byte>.Shared.Rent(MostRead);
        try
        {
            var length = await stream.ReadAtLeastAsync(bytes.AsMemory(0, MostRead), MostRead, throwOnEndOfStream: false, cancellation);
            return length == MostRead ? [] : bytes[..length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static LocalText Why(HttpRequestException e) =>
        e.InnerException is AddressRefusedException refused ? ProbeReach.Words(refused.Message) : NetworkTexts.Of(e);
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
