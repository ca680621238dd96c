using System.Globalization;
using Larkspur.Gateway.Channels.Feishu;

namespace Larkspur.Gateway.Messages;

/// <summary>The reasons of outbox rows in plain words.</summary>
internal static class FailureWords
{
    /// <summary>The platform's code in a reason like <c>invalid_230099</c>, or null.</summary>
    public static int? CodeOf(string reason) =>
        reason.LastIndexOf('_') is >= 0 and var at && int.TryParse(reason.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : null;

    public static MessageFailure Of(string reason, string? detail) => new(reason, CodeOf(reason), Sentence(reason), detail);

    private static string Sentence(string reason)
    {
        if (CodeOf(reason) is { } code && MessageRefusals.Find(code) is { } known) return known.Sentence;
        return reason.Split('_')[0] switch
        {
            "timed" => "The platform did not answer in time.",
            "no" when reason == "no_connection" => "The platform could not be reached.",
            "expired" => "The platform did not take it for too long; it was given up.",
            "unsure" => "It may have arrived: the answer was lost, and the platform no longer remembers whether. It was not sent twice.",
            "quota" => "The app's calls of this month are used up.",
            "app" => "The app is not configured any more.",
            "bot" => "The bot was removed from the chat.",
            "chat" => "The chat was disbanded.",
            "ratelimited" => "The platform takes no more for now.",
            "transient" => "The platform has trouble of its own.",
            "authentication" => "The platform does not accept the app's credentials.",
            "permission" => "The app or the person may not: a permission is missing.",
            "notfound" => "The receiver or the message does not exist.",
            "invalid" => "The platform refused what was asked for.",
            _ => "It could not be sent.",
        };
    }
}
