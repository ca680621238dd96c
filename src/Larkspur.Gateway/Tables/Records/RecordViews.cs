using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.Gateway.Tables.Records;

/// <summary>Tables of a base.</summary>
internal sealed record TableListView(IReadOnlyList<TableView> Items);

/// <summary>A table.</summary>
/// <param name="Id">The platform's id of it.</param>
/// <param name="Name">As people call it.</param>
/// <param name="Revision">Grows with its changes.</param>
internal sealed record TableView(string Id, string Name, long Revision);

/// <summary>A table's fields.</summary>
/// <param name="Table">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="TimeZone">The base's: a date without a time is midnight there.</param>
/// <param name="Items">The fields, in the platform's order.</param>
internal sealed record FieldListView(string Table, string Name, string TimeZone, IReadOnlyList<FieldView> Items);

/// <summary>A field.</summary>
internal sealed record FieldView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>text</c>, <c>number</c>, <c>single_select</c>, <c>date</c>, <c>people</c>, <c>files</c>…</summary>
    public required string Type { get; init; }

    /// <summary>How it is shown: <c>Email</c>, <c>Currency</c>, <c>Rating</c>…</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UiType { get; init; }

    /// <summary>The first field of each row.</summary>
    public required bool Primary { get; init; }

    /// <summary>The platform keeps it: it is not written.</summary>
    public required bool ReadOnly { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>Of a select: the names of its options.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>Of people, chats and links: whether more than one may be in a cell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Multiple { get; init; }

    /// <summary>Of a link: the table that it leads to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LinkedTable { get; init; }
}

/// <summary>A page of records.</summary>
/// <param name="Items">The records.</param>
/// <param name="Total">How many the search finds.</param>
/// <param name="Next">The cursor of the next page; absent when there is none.</param>
internal sealed record RecordListView(IReadOnlyList<RecordView> Items, int? Total,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <summary>A record.</summary>
/// <param name="Id">The platform's id of it.</param>
/// <param name="Fields">Its values by the names of fields; an empty cell is null.</param>
internal sealed record RecordView(string Id, JsonElement Fields);

/// <summary>What became of rows.</summary>
internal sealed record RowsView
{
    /// <summary>Nothing was written: this is what would have become of them.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Rows that are as they were asked to be (in a dry run: would be).</summary>
    public required int Done { get; init; }

    /// <summary>Rows that are not, or of which nobody knows.</summary>
    public required int Failed { get; init; }

    /// <summary>Each row, in the order in which they were sent.</summary>
    public required IReadOnlyList<RowView> Rows { get; init; }

    /// <summary>Why writing ended before all rows were tried.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StopView? Stopped { get; init; }
}

/// <summary>What became of a row.</summary>
internal sealed record RowView
{
    /// <summary>Its place among those that were sent, from 0.</summary>
    public required int Index { get; init; }

    /// <summary><c>created</c>, <c>updated</c>, <c>unchanged</c>, <c>exists</c>, <c>deleted</c>; <c>refused</c> (see the problems),
    /// <c>not_tried</c>, <c>unknown</c> (it was sent, and no answer came).</summary>
    public required string Outcome { get; init; }

    /// <summary>Its record, where it is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary>Why it was refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RowProblemView>? Problems { get; init; }
}

/// <summary>What is wrong with a row.</summary>
internal sealed record RowProblemView
{
    /// <summary>The field; absent when nobody knows which, or it is the row as a whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    /// <summary>A word: <c>unknown_field</c>, <c>wrong_type</c>, <c>unknown_option</c>, <c>bad_time</c>, <c>refused</c>…</summary>
    public required string Reason { get; init; }

    public required string Message { get; init; }

    public required string MessageZh { get; init; }

    /// <summary>Where it stands in the body.</summary>
    public required string Pointer { get; init; }

    /// <summary>The platform's code.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Code { get; init; }
}

/// <summary>Why writing ended early.</summary>
/// <param name="Error">A word, as of a refusal.</param>
/// <param name="Message">What happened.</param>
/// <param name="MessageZh">The same in Chinese.</param>
/// <param name="Code">The platform's code.</param>
internal sealed record StopView(string Error, string Message, string? MessageZh,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Code);
