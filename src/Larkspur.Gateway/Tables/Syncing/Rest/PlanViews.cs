using System.Text.Json.Nodes;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>What would come of a spec, or what the survey of a sync found. Nothing was written anywhere.</summary>
internal sealed record SyncPlanView
{
    /// <summary>True: a spec was sent, and is not kept.</summary>
    public required bool Draft { get; init; }

    /// <summary>Whether there is such a sync; false: it would be made.</summary>
    public required bool Exists { get; init; }

    /// <summary>True: it would begin anew, because table, source or key are others.</summary>
    public bool BeginsAnew { get; init; }

    /// <summary>What is wrong; a sync with one of these is refused.</summary>
    public required IReadOnlyList<SyncPlanProblemView> Problems { get; init; }

    /// <summary>Fields and columns, as what they are taken, and what may not survive.</summary>
    public required IReadOnlyList<SyncMappingView> Mapping { get; init; }

    /// <summary>Fields of the table that are not mapped.</summary>
    public required IReadOnlyList<string> UnmappedFields { get; init; }

    /// <summary>Columns of the source that are not mapped.</summary>
    public required IReadOnlyList<string> UnmappedColumns { get; init; }

    /// <summary>Rows of the table; null: not counted.</summary>
    public long? TableRows { get; init; }

    /// <summary>Rows of the source; null: not counted.</summary>
    public long? SourceRows { get; init; }

    /// <summary>What differs from the sync as it is; of a new one everything is added.</summary>
    public required IReadOnlyList<SyncDifferenceView> Differences { get; init; }

    /// <summary>What the survey found; null: a spec was sent, or nobody looked yet.</summary>
    public SyncSurveyView? Survey { get; init; }
}

/// <summary>Something that is wrong with a spec.</summary>
/// <param name="Pointer">Where.</param>
/// <param name="Reason">A word.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="MessageZh">The same in Chinese.</param>
internal sealed record SyncPlanProblemView(string Pointer, string Reason, string Message, string MessageZh);

/// <summary>A field and its column.</summary>
internal sealed record SyncMappingView
{
    public required string Field { get; init; }

    /// <summary>The field's type, in the platform's word.</summary>
    public required string FieldType { get; init; }

    public required string Column { get; init; }

    /// <summary>The column's type, in the source's word.</summary>
    public required string ColumnType { get; init; }

    /// <summary>What its values are taken for.</summary>
    public required string Kind { get; init; }

    public required string Direction { get; init; }

    public required string Conflict { get; init; }

    /// <summary>It is (a part of) the key.</summary>
    public required bool Key { get; init; }

    /// <summary>What may not survive the way over: <c>digits</c>, <c>microseconds</c>, <c>empty_text</c>, <c>unknown_boolean</c>,
    /// <c>length</c>.</summary>
    public required IReadOnlyList<SyncLossView> Losses { get; init; }

    /// <summary>Values of the first rows that cannot be read as this kind.</summary>
    public required IReadOnlyList<SyncUnreadableView> Unreadable { get; init; }

    /// <summary>Values of the table's first rows.</summary>
    public required IReadOnlyList<JsonNode?> TableExamples { get; init; }

    /// <summary>Values of the source's first rows.</summary>
    public required IReadOnlyList<JsonNode?> SourceExamples { get; init; }
}

/// <summary>What may not survive.</summary>
internal sealed record SyncLossView(string Loss, string Message, string MessageZh);

/// <summary>A value that cannot be read.</summary>
/// <param name="Side">Whose.</param>
/// <param name="Item">The row: the table's record, or the source's key.</param>
/// <param name="Detail">Why, in short.</param>
internal sealed record SyncUnreadableView(string Side, string Item, string Detail);

/// <summary>A difference.</summary>
/// <param name="Action"><c>add</c>, <c>change</c>, <c>remove</c>.</param>
/// <param name="What">The member, or the field.</param>
/// <param name="Before">As it is; null: new.</param>
/// <param name="After">As it would be; null: gone.</param>
internal sealed record SyncDifferenceView(string Action, string What, string? Before, string? After);

/// <summary>What was found of two sides that meet for the first time.</summary>
internal sealed record SyncSurveyView
{
    public required long TableRows { get; init; }

    public required long SourceRows { get; init; }

    /// <summary>Rows that both sides have with the same values.</summary>
    public required long Equal { get; init; }

    /// <summary>Rows that both sides have with other values.</summary>
    public required long Differing { get; init; }

    public required long OnlySource { get; init; }

    public required long OnlyTable { get; init; }

    /// <summary>Records without a key.</summary>
    public required long NoKey { get; init; }

    /// <summary>Records whose key another record has too.</summary>
    public required long KeyTwice { get; init; }

    /// <summary>Rows with values that cannot be read as what their field holds.</summary>
    public required long Unreadable { get; init; }

    public required IReadOnlyList<SyncSurveyExampleView> Examples { get; init; }
}

/// <summary>One row of which the survey speaks, as it is now.</summary>
/// <param name="Kind"><c>differing</c>, <c>only_source</c>, <c>no_key</c>, <c>key_twice</c>, <c>unreadable</c>.</param>
/// <param name="Item">Its key; of a record without one of its own, the record.</param>
/// <param name="Detail">More of it.</param>
/// <param name="Values">Its values by field; of one that differs, those that do.</param>
internal sealed record SyncSurveyExampleView(string Kind, string Item, string? Detail, IReadOnlyList<SyncExampleValueView> Values);

/// <summary>A value on both sides.</summary>
internal sealed record SyncExampleValueView(string Field, JsonNode? Table, JsonNode? Source);
