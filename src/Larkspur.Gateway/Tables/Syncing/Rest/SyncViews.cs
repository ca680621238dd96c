using System.Text.Json.Serialization;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Syncs by name.</summary>
internal sealed record SyncListView(IReadOnlyList<SyncView> Items);

/// <summary>A sync, and how it stands.</summary>
internal sealed record SyncView
{
    public required string Name { get; init; }

    /// <summary>The business system whose it is; empty: the administrators'.</summary>
    public required string System { get; init; }

    /// <summary><c>surveying</c>: both sides are read, nothing is written. <c>ready</c>: it waits for its start. <c>copying</c>: the first
    /// copy. <c>live</c>: changes go over as they come. <c>away</c>: a side is away, it is tried again. <c>paused</c>: until somebody does
    /// something.</summary>
    public required string State { get; init; }

    /// <summary>How far the survey or the copy is; null: it is live, or waits.</summary>
    public SyncProgressView? Progress { get; init; }

    public required SyncCountsView Counts { get; init; }

    /// <summary>Why it is paused or away: a word.</summary>
    public string? Reason { get; init; }

    /// <summary>Whose fault it is: <c>table</c>, <c>source</c>.</summary>
    public string? Side { get; init; }

    /// <summary>The same as a sentence, with what to do; also what it waits for.</summary>
    public string? Message { get; init; }

    /// <summary>The same in Chinese.</summary>
    public string? MessageZh { get; init; }

    /// <summary>It is tried again then.</summary>
    public DateTimeOffset? NextTryAt { get; init; }

    /// <summary>So many seconds ago both sides were last asked what changed; null: it is not live yet.</summary>
    public long? LagSeconds { get; init; }

    /// <summary>When everything was compared last.</summary>
    public DateTimeOffset? ComparedAt { get; init; }

    /// <summary>Fields that are left alone, because one side lost them or changed their type.</summary>
    public required IReadOnlyList<SyncPausedFieldView> PausedFields { get; init; }

    /// <summary>As it was asked for.</summary>
    public required SyncSpecView Spec { get; init; }

    /// <summary>The last of its runs, the newest first.</summary>
    public required IReadOnlyList<SyncRunView> Runs { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }
}

/// <summary>How far it is.</summary>
/// <param name="Step"><c>survey_table</c>, <c>survey_source</c>, <c>copy_source</c>, <c>copy_table</c>.</param>
/// <param name="Done">Rows that are done.</param>
/// <param name="Total">Of so many; null: not known yet.</param>
/// <param name="PerSecond">Rows a second since it began; null: it began just now.</param>
/// <param name="SecondsLeft">About so long; null: nobody knows yet.</param>
internal sealed record SyncProgressView(string Step, long Done, long? Total, double? PerSecond, long? SecondsLeft);

/// <summary>Numbers of a sync.</summary>
internal sealed record SyncCountsView
{
    /// <summary>Rows of the table when all were last read.</summary>
    public required long TableRows { get; init; }

    /// <summary>Rows of the source when all were last read.</summary>
    public required long SourceRows { get; init; }

    /// <summary>Rows that belong together on both sides.</summary>
    public required long Linked { get; init; }

    /// <summary>Rows that were heard of and are looked at next.</summary>
    public required long Waiting { get; init; }

    /// <summary>Open conflicts.</summary>
    public required long Conflicts { get; init; }

    /// <summary>Rows that do not get on.</summary>
    public required long Problems { get; init; }

    /// <summary>Rows that wait for a yes before they are deleted.</summary>
    public required long DeletionsWaiting { get; init; }
}

/// <summary>A field that is left alone.</summary>
internal sealed record SyncPausedFieldView(string Field, string Column, string Reason, string Message, string MessageZh);

/// <summary>A sync as it was asked for.</summary>
internal sealed record SyncSpecView
{
    public required SyncTableView Table { get; init; }

    public required SyncSourceView Source { get; init; }

    public required IReadOnlyList<string> Key { get; init; }

    public required string Direction { get; init; }

    public required string Conflict { get; init; }

    public required IReadOnlyList<SyncFieldView> Fields { get; init; }

    public required SyncDeletesView Deletes { get; init; }

    public string? ChangedColumn { get; init; }

    public string? Sentinel { get; init; }

    public required string NewKeys { get; init; }

    public required bool NewOptions { get; init; }

    public string? Notify { get; init; }

    public static SyncSpecView Of(SyncSpec spec) => new()
    {
        Table = new(spec.Table.Base, spec.Table.Table), Source = new(spec.Source.Connection, spec.Source.Table), Key = spec.Key,
        Direction = SpecNames.Of(spec.Direction), Conflict = SpecNames.Of(spec.Conflict),
        Fields = [.. spec.Fields.Select(field => new SyncFieldView(field.Field, field.Column,
            SpecNames.Of(field.Direction ?? spec.Direction), SpecNames.Of(field.Conflict ?? spec.Conflict), field.As))],
        Deletes = new(SpecNames.Of(spec.Deletes.InTable), SpecNames.Of(spec.Deletes.InSource), spec.Deletes.MarkColumn,
            (long)spec.Deletes.After.TotalSeconds, spec.Deletes.Most, (int)Math.Round(spec.Deletes.MostShare * 100)),
        ChangedColumn = spec.ChangedColumn, Sentinel = spec.Sentinel, NewKeys = SpecNames.Of(spec.NewKeys), NewOptions = spec.NewOptions,
        Notify = spec.Notify,
    };
}

/// <summary>A table of a base.</summary>
internal sealed record SyncTableView(string Base, string Table);

/// <summary>A table of a connection.</summary>
internal sealed record SyncSourceView(string Connection, string Table);

/// <summary>A field and its column.</summary>
internal sealed record SyncFieldView(string Field, string Column, string Direction, string Conflict, string? As);

/// <summary>What becomes of deleted rows.</summary>
internal sealed record SyncDeletesView(
    string InTable, string InSource, string? MarkColumn, long AfterSeconds, int Most, int MostPercent);

/// <summary>Runs, the newest first.</summary>
/// <param name="Items">This page's.</param>
/// <param name="Next">The next page; absent: there is none.</param>
internal sealed record SyncRunListView(IReadOnlyList<SyncRunView> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <summary>A piece of work of a sync.</summary>
/// <param name="Id">By which it is undone.</param>
/// <param name="Kind"><c>survey</c>, <c>copy</c>, <c>changes</c>, <c>compare</c>, <c>undo</c>.</param>
/// <param name="BeganAt">When it began.</param>
/// <param name="EndedAt">When it ended; null: it goes on.</param>
/// <param name="ToTable">Rows of the table that it wrote.</param>
/// <param name="ToSource">Rows of the source that it wrote.</param>
/// <param name="Conflicts">Conflicts that it found.</param>
/// <param name="Problems">Rows that did not get on.</param>
/// <param name="ReadRows">Rows that it looked at.</param>
/// <param name="UndoneAt">When it was undone; null: it was not.</param>
internal sealed record SyncRunView(long Id, string Kind, DateTimeOffset BeganAt, DateTimeOffset? EndedAt, long ToTable, long ToSource,
    long Conflicts, long Problems, long ReadRows, DateTimeOffset? UndoneAt)
{
    public static SyncRunView Of(RunRow run) => new(run.Id, run.Kind, run.BeganAt, run.EndedAt, run.ToTable, run.ToSource, run.Conflicts,
        run.Problems, run.ReadRows, run.UndoneAt);
}
