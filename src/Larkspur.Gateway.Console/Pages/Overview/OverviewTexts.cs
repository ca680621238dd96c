using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Overview;

/// <summary>What the overview says.</summary>
internal static partial class OverviewTexts
{
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
