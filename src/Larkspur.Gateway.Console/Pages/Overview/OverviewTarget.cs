using System.Globalization;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Operations.Figures;

namespace Larkspur.Gateway.Console.Pages.Overview;

/// <summary>A success figure beside what was promised of it. Judged once there is enough of it: a fresh process has fetched its one token, which is no problem.</summary>
/// <param name="Title">What is counted.</param>
/// <param name="Bound">The promise, as people read it.</param>
/// <param name="Recent">Of the last five minutes; null: there was nothing.</param>
/// <param name="Since">Since the start; null: there was nothing.</param>
/// <param name="Met">Whether the last five minutes kept the promise; null: there was nothing.</param>
/// <param name="Count">What the last five minutes counted.</param>
public sealed record OverviewTarget(LocalText Title, string Bound, string? Recent, string? Since, bool? Met, long Count)
{
    /// <summary>Fewer are a start or a single mistake: one of a hundred is what the strictest promise but one allows.</summary>
    private const long Enough = 100;

    /// <summary>Null: too little to judge by.</summary>
    public bool? Judged => Count < Enough && Met == false ? null : Met;

    /// <summary>The promise is not kept.</summary>
    public bool IsMissed => Judged == false;

    /// <summary>The four that the product promises.</summary>
    internal static IReadOnlyList<OverviewTarget> Of(WindowFigures recent, WindowFigures since) =>
    [
        new(OverviewTexts.ApiCalls, "> 99.5 %", Share(recent.ApiCalls.Share), Share(since.ApiCalls.Share), recent.ApiCalls.Share is { } calls ? calls > 0.995 : null, recent.ApiCalls.Total),
        new(OverviewTexts.Latency, "< 2 s", Seconds(recent.PushToEffect.P99), Seconds(since.PushToEffect.P99), recent.PushToEffect.P99 is { } seconds ? seconds < 2 : null, recent.PushToEffect.Count),
        new(OverviewTexts.Tokens, "> 95 %", Share(recent.TokenReads.Share), Share(since.TokenReads.Share), recent.TokenReads.Share is { } hits ? hits > 0.95 : null, recent.TokenReads.Total),
        new(OverviewTexts.Cards, "100 %", Share(recent.Cards.AcceptanceRatio), Share(since.Cards.AcceptanceRatio), recent.Cards.AcceptanceRatio is { } cards ? cards >= 1 : null,
            recent.Cards.Accepted + recent.Cards.Refused + recent.Cards.Failed),
    ];

    private static string? Share(double? share) => share is { } s ? (s * 100).ToString(s is 1 or 0 ? "0" : "0.0#", CultureInfo.InvariantCulture) + " %" : null;

    private static string? Seconds(double? seconds) => seconds switch
    {
        null => null,
        < 1 => (seconds.Value * 1000).ToString("0", CultureInfo.InvariantCulture) + " ms",
        _ => seconds.Value.ToString("0.0#", CultureInfo.InvariantCulture) + " s",
    };
}
