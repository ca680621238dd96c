using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Tables.Syncing.Cards;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>What the pages of syncs say of how one stands.</summary>
internal static partial class SyncsTexts
{
    public static LocalText StateOf(SyncSight sync) => FindState(sync.State) ?? LocalText.From(sync.State);

    /// <summary>A colour of <c>StateBadge</c>.</summary>
    public static string ColourOf(SyncSight sync) => sync.State switch
    {
        SyncStates.Paused when sync.IsPausedByPerson => "off",
        SyncStates.Paused => "bad",
        SyncStates.Away or SyncStates.Ready => "warn",
        SyncStates.Surveying or SyncStates.Copying => "busy",
        _ => NeedsSomebody(sync) ? "warn" : "good",
    };

    /// <summary>How it stands, in a sentence: the outcome, or why there is none.</summary>
    /// <param name="sync">The sync.</param>
    /// <param name="rows">How many rows it keeps equal.</param>
    public static LocalText HeadlineOf(SyncSight sync, long rows) => sync.State switch
    {
        SyncStates.Paused when sync.IsPausedByPerson => PausedByPerson,
        SyncStates.Paused => PausedBecause(AtSideOf(sync) + (SyncCardTexts.FindReason(sync.Row.Paused!) ?? sync.Row.Paused!)),
        SyncStates.Away => AwayBecause(AtSideOf(sync) + (FindAway(sync.Row.Away!) ?? sync.Row.Away!)),
        SyncStates.Surveying => sync.Row.Scan is null ? SurveyRuns : SurveyFor,
        SyncStates.Ready => SurveyDone,
        SyncStates.Copying => sync.Copy is { } copy ? CopyRuns(copy.Done, copy.Total, copy.Percent) : CopyBegins,
        _ => LiveOf(sync, rows),
    };

    /// <summary>What is to be done that it goes on; null: nothing, or nobody knows.</summary>
    public static LocalText? AdviceOf(SyncSight sync) => sync.Row.Paused is { } why ? FindAdvice(why) : null;

    public static LocalText SideOf(SideWord side) => FindSide(side.ToString())!;

    public static LocalText RunKindOf(string kind) => FindRunKind(kind) ?? LocalText.From(kind);

    private static LocalText LiveOf(SyncSight sync, long rows)
    {
        var what = new List<LocalText>();
        if (sync.Counts.Conflicts > 0) what.Add(ConflictsWait(sync.Counts.Conflicts));
        if (sync.Row.Asks > 0) what.Add(DeletionsWait(sync.Row.Asks));
        if (sync.Counts.Problems > 0) what.Add(ProblemsWait(sync.Counts.Problems));
        if (sync.Fields.Count(field => field.Paused is not null) is > 0 and var paused) what.Add(FieldsPaused(paused));
        if (what.Count > 0) return Attention(rows, LocalText.List(what));
        if (sync.Row.Scan is not null) return Comparing(rows);
        return sync.Counts.Waiting > 0 ? CatchingUp(rows, sync.Counts.Waiting) : Equal(rows);
    }

    private static bool NeedsSomebody(SyncSight sync) =>
        sync.Counts is not { Conflicts: 0, Problems: 0 } || sync.Row.Asks > 0 || sync.Fields.Any(field => field.Paused is not null);

    private static LocalText AtSideOf(SyncSight sync) => sync.Row.Side is { } side ? AtSide(SideOf(side)) : LocalText.From("");
}
