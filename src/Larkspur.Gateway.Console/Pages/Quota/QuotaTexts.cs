using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Console.Pages.Quota;

/// <summary>What the page of the quota says.</summary>
internal static partial class QuotaTexts
{
    /// <summary>An app by its platform and its name in the settings.</summary>
    public static LocalText App(string app) => app.StartsWith("dingtalk:", StringComparison.Ordinal)
        ? DingTalk(app[9..]) : Feishu(app);

    public static LocalText OfMode(string mode) => FindMode(mode) ?? LocalText.From(mode);

    public static string KindOf(string mode) => mode switch
    {
        "normal" => "good",
        "economy" => "warn",
        _ => "bad",
    };

    /// <summary>What follows from the mode; null: nothing.</summary>
    public static LocalText? ModeNote(AppQuotaAnswer now, int economyFrom) => now switch
    {
        { Lifted: true, Mode: not "exhausted" } => ModeLifted,
        { Mode: "economy" } => ModeEconomy(economyFrom),
        { Mode: "exhausted" } => ModeExhausted,
        _ => null,
    };

    public static LocalText OfQuota(AppQuotaAnswer now) => now.Cap is { } cap
        ? OfQuotaUsed(cap, Percent(now.Used, cap)) : NoQuota;

    /// <summary>Whether the quota lasts.</summary>
    public static LocalText Ends(AppQuotaAnswer now, string? runsOutOn) => now switch
    {
        { Cap: null } => EndsUnknown,
        { Cap: { } cap } when now.Used >= cap => EndsUsedUp,
        _ when runsOutOn is not null => EndsOn(runsOutOn),
        _ => EndsNever,
    };

    public static LocalText ResetQuestion(string app) => ResetQuestionOf(App(app));

    /// <summary>What the picture shows, in words.</summary>
    public static LocalText Summary(AppMonth month)
    {
        var (now, most) = (month.Now, month.Days.MaxBy(d => d.Counted));
        var busiest = most is { Counted: > 0 } ? $"{most.Day / 100 % 100:00}-{most.Day % 100:00}" : null;
        var quota = now.Cap is { } cap ? SummaryQuota(cap) : LocalText.From("");
        var busy = busiest is null ? LocalText.From("") : SummaryBusiest(busiest, most!.Counted);
        return SummaryUsed(now.Used, month.Today) + quota + SummaryExpected(now.Forecast) + busy;
    }

    /// <summary>What raised an alarm: <c>80</c>, <c>refused-1</c>, <c>day-20261121-im.v1.message.create-100</c>.</summary>
    public static LocalText Occasion(string occasion)
    {
        if (occasion.StartsWith("refused-", StringComparison.Ordinal))
            return OccasionRefused;
        if (occasion.Split('-', 3) is ["day", { Length: 8 } day, var rest] && rest.LastIndexOf('-') is > 0 and var dash)
        {
            var (on, api, percent) = ($"{day[4..6]}-{day[6..]}", rest[..dash], rest[(dash + 1)..]);
            return OccasionDay(percent, api, on);
        }

        return OccasionPercent(occasion);
    }

    private static string Percent(long used, long cap) =>
        ((decimal)used * 100 / cap).ToString(used * 10m < cap ? "0.#" : "0", System.Globalization.CultureInfo.InvariantCulture);
}
