using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources;
using Larkspur.Gateway.Tables.Syncing.Cards;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>What the page of syncs says of connections.</summary>
internal static partial class ConnectionsTexts
{
    public static LocalText KindWordOf(string kind) => FindKindOf(kind) ?? LocalText.From(kind);

    public static LocalText CaptureOf(string capture) => FindCapture(capture) ?? LocalText.From(capture);

    public static LocalText Of(CaptureRefusal refused) => RefusedBecause(FindCaptureName(refused.Capture) ?? refused.Capture,
        (FindReason(refused.Reason) ?? refused.Reason) + (refused.Detail is { Length: > 0 } detail ? $" ({detail})" : ""));

    /// <summary>A side did not answer.</summary>
    public static LocalText Of(SideAwayException e) =>
        SideAway(SyncRowsTexts.SideOf(e.Side ?? SideName.Source), e.Detail ?? e.Reason);

    /// <summary>A side said no.</summary>
    public static LocalText Of(SideStoppedException e) => SideStopped(SyncRowsTexts.SideOf(e.Side ?? SideName.Source),
        SyncCardTexts.FindReason(e.Reason) ?? SyncRowsTexts.ReasonOf(e.Reason), e.Detail ?? "");
}
