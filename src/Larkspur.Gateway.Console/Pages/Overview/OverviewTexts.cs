using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Overview;

/// <summary>What the overview says.</summary>
internal static partial class OverviewTexts
{
    public static LocalText LatencyTotal(double? p50, double? p99) => p50 is null
        ? NoData
        : P50P99(Seconds(p50), Seconds(p99));
    private static string Seconds(double? seconds) => seconds is { } s ? s < 1 ? $"{s * 1000:0} ms" : $"{s:0.0} s" : "—";

    public static LocalText Of(OverviewProblem problem) => problem.What switch
    {
        "database" => Database,
        "warm_up" => WarmUp,
        "leases" => Leases,
        "feishu" => Feishu,
        "late:inbox" => LateInbox,
        "late:outbox" => LateOutbox,
        var what when what.StartsWith("long_connection:", StringComparison.Ordinal) => LongConnectionFailed(what[16..]),
        var what => LocalText.From(what),
    };
}
