using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Events;

/// <summary>Sets an app's callback address the way the developer console does: only after the challenge came back within a second.</summary>
public sealed class CallbackAddress(EmulatorState state, EventSender sender)
{
    private static readonly TimeSpan ChallengeDeadline = TimeSpan.FromSeconds(1);

    /// <returns>In words, why it was refused; <see langword="null"/> when it is set.</returns>
    public async Task<string?> SetAsync(BotApp app, string url, bool verify, CancellationToken cancellationToken)
    {
        if (url.Length > 0)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) return "The address must be an absolute http or https URL.";
            if (verify && await ChallengeAsync(app, url, cancellationToken) is { } why) return why;
        }

        state.Change(app.AppId, a => a with { CallbackUrl = url, CallbackVerified = verify && url.Length > 0 });
        return null;
    }

    private async Task<string?> ChallengeAsync(BotApp app, string url, CancellationToken cancellationToken)
    {
        var challenge = state.Ids.Next("");
        var plain = CanonicalJson.Write(EventEnvelope.UrlVerification(app, challenge));
        var (result, signed) = await sender.SendAsync(app, url, plain, ChallengeDeadline, cancellationToken: cancellationToken);
        var why = OutcomeOf(result, challenge);
        state.Inspector.Add(PushRecords.Make(state, app, "url_verification", "", 1, url, signed, result, why ?? "challenge returned"));
        return why;
    }

    private static string? OutcomeOf(DeliveryResult result, string challenge)
    {
        if (result.Failure == DeliveryFailure.Timeout) return "The challenge was not answered within 1 s.";
        if (result.Failure != DeliveryFailure.None) return $"The address cannot be reached ({result.Failure}).";
        if (result.Status != 200) return $"The challenge was answered with status {result.Status}, not 200.";
        try
        {
            return (StrictJson.Parse(result.Body) as JsonObject)?["challenge"] is JsonValue v && v.TryGetValue<string>(out var back) && back == challenge
                ? null : "The answer does not hold the challenge.";
        }
        catch (JsonException)
        {
            return "The answer is not JSON.";
        }
    }
}
