using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Console.Pages.Webhooks;

/// <summary>What the webhooks page says.</summary>
internal static partial class WebhooksTexts
{
    public static LocalText PlatformEvents(int chosen) => chosen == 0 ? FeishuEvents : FeishuEventsChosen(chosen);

    public static LocalText FailedSince(long attempts, string? reason) => FailedSinceOf(attempts, OfReason(reason));

    public static LocalText TooMany => TooManyOf(WebhookEndpointStore.Most, WebhookEndpointStore.MostOfSystem);
    public static LocalText BadTimeout =>
        BadTimeoutOf(WebhookEndpointRules.LeastTimeout.TotalSeconds, WebhookEndpointRules.MostTimeout.TotalSeconds);

    public static LocalText BadAddress(string problem) => new(BadAddressOf, "The address " + problem);

    public static LocalText BadEvent(string type, string problem)
    {
        var shown = type.Length <= 60 ? type : type[..60] + "…";
        var meant = problem.IndexOf("mean \"", StringComparison.Ordinal) is >= 0 and var at
            ? BadEventMeant(problem[(at + 6)..].TrimEnd('?', '"')) : "";
        return BadEventOf(shown) + new LocalText(meant, " " + problem);
    }

    public static LocalText DeleteQuestion(string name, long waiting) => 
        waiting == 0 ? DeleteQuestionOf(name) : DeleteQuestionWaiting(name, waiting);

    /// <summary>A test's result.</summary>
    public static LocalText Of(WebhookTestView test) => test.State switch
    {
        "delivered" => Delivered,
        "failed" => Failed(OfReason(test.Reason)),
        _ => NotTried,
    };

    /// <summary>Why an attempt failed.</summary>
    public static LocalText OfReason(string? reason) => reason switch
    {
        "timed_out" => ReasonTimedOut,
        "no_connection" => ReasonNoConnection,
        "tls_failed" => ReasonTlsFailed,
        "address_refused" => ReasonAddressRefused,
        "redirect_refused" => ReasonRedirectRefused,
        "gone" => ReasonGone,
        { } http when http.StartsWith("http_", StringComparison.Ordinal) => ReasonHttp(http[5..]),
        { } other => LocalText.From(other),
        null => ReasonUnknown,
    };

    public static string KindOf(WebhookView hook) => hook switch
    {
        { State: not "active" } => "bad",
        { Circuit: "open" } => "warn",
        { Circuit: "half_open" } => "busy",
        _ => "good",
    };

    public static LocalText StateOf(WebhookView hook) => hook switch
    {
        { State: "cannot_decrypt" } => CannotBeDecrypted,
        { State: "gone" } => Gone,
        { State: "failing_off" } => FailingOff,
        { Circuit: "open" } => Away,
        { Circuit: "half_open" } => TryingAgain,
        _ => Working,
    };

    public static string KindOfDelivery(string state) => state switch
    {
        "delivered" => "good",
        "waiting" => "busy",
        "dead" => "bad",
        _ => "off",
    };

    public static LocalText OfDelivery(string state) => FindDelivery(state) ?? LocalText.From(state);
}
