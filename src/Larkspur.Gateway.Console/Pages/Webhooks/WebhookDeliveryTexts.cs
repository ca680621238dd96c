using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Webhooks;

/// <summary>What the list of a webhook's deliveries says.</summary>
internal static partial class WebhookDeliveryTexts
{
    public static LocalText ResentMany(int count, bool more) => count == 0
        ? NothingFailedInThisTime
        : more ? SentAgainWithMore(count) : SentAgain(count);

    /// <summary>How an attempt ended.</summary>
    public static LocalText OfAttempt(int? status, string? reason) => (status, reason) switch
    {
        ({ } code, null) => LocalText.From($"{code}"),
        ({ } code, _) => LocalText.From($"{code}"),
        _ => WebhooksTexts.OfReason(reason),
    };

    /// <summary>A duration.</summary>
    public static LocalText Took(long milliseconds) => milliseconds < 1000
        ? Ms(milliseconds)
        : S(milliseconds / 1000.0);
}
