using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>A sync with what waits at it, as the pages and their parts are given it.</summary>
public sealed class SyncSight
{
    internal SyncSight(SyncRecord row, SyncCounts counts, RunRow? lastRun)
    {
        (Row, Counts, LastRun) = (row, counts, lastRun);
        Report = SurveyReport.Read(row.Survey);
        Fields = row.Map is { } map ? StoredMap.Read(map).Fields : [];
    }

    internal SyncRecord Row { get; }

    internal SyncCounts Counts { get; }

    internal RunRow? LastRun { get; }

    internal SurveyReport Report { get; }

    /// <summary>Its fields as they were found; empty: nobody looked yet.</summary>
    internal IReadOnlyList<FieldMap> Fields { get; }

    /// <summary>What it does, or why it does nothing: a word.</summary>
    internal string State => Row switch
    {
        { Paused: not null } => SyncStates.Paused,
        { Away: not null } => SyncStates.Away,
        { Phase: Phases.SurveyTable or Phases.SurveySource } => SyncStates.Surveying,
        { Phase: Phases.Ready } => SyncStates.Ready,
        { Phase: Phases.CopySource or Phases.CopyTable } => SyncStates.Copying,
        _ => SyncStates.Live,
    };

    /// <summary>How far the first copy is; null: it does not run.</summary>
    internal CopyProgress? Copy => State == SyncStates.Copying && LastRun is { Kind: RunRow.Copy } run ? CopyProgress.Of(this, run) : null;

    /// <summary>Rows of both sides: as they were compared last, before that as they were surveyed.</summary>
    internal (long Table, long Source) Rows =>
        Row.ScannedAt is null ? (Report.TableRows, Report.SourceRows) : (Row.TableRows, Row.SourceRows);

    /// <summary>Nothing is wrong with it: somebody wants it to rest.</summary>
    internal bool IsPausedByPerson => Row.Paused == Problems.ByPerson;

    internal FieldMap? FieldOf(string? id) => Fields.FirstOrDefault(field => field.FieldId == id);
}

/// <summary>Words for what a sync does.</summary>
internal static class SyncStates
{
    public const string Paused = "paused";
    public const string Away = "away";
    public const string Surveying = "surveying";
    public const string Ready = "ready";
    public const string Copying = "copying";
    public const string Live = "live";
}
