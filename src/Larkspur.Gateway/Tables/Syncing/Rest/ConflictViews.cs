using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Conflicts, page by page.</summary>
/// <param name="Items">This page's.</param>
/// <param name="Next">The next page; absent: there is none.</param>
internal sealed record SyncConflictListView(IReadOnlyList<SyncConflictView> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <summary>What a person decides, or has decided.</summary>
internal sealed record SyncConflictView
{
    public required long Id { get; init; }

    /// <summary>The row's key.</summary>
    public string? Key { get; init; }

    /// <summary><c>values</c>: both sides changed one value. <c>deleted_edited</c>: one side deleted the row, the other changed it.
    /// <c>overwritten</c>: an edit in the table was overwritten while it was made; its value is kept here.</summary>
    public required string Kind { get; init; }

    /// <summary>The field's name; null: the whole row.</summary>
    public string? Field { get; init; }

    /// <summary>What its values are.</summary>
    public string? ValueKind { get; init; }

    /// <summary>The table's value; null: none.</summary>
    public JsonNode? Table { get; init; }

    /// <summary>The source's value; null: none.</summary>
    public JsonNode? Source { get; init; }

    /// <summary>What both sides had in common last; null: nothing.</summary>
    public JsonNode? Base { get; init; }

    /// <summary>Of <c>deleted_edited</c>: the side that deleted it.</summary>
    public string? GoneFrom { get; init; }

    /// <summary>Who changed it in the table, where that is known: the platform's id.</summary>
    public string? TableBy { get; init; }

    public DateTimeOffset? TableAt { get; init; }

    public DateTimeOffset? SourceAt { get; init; }

    public required DateTimeOffset FoundAt { get; init; }

    /// <summary>Which decisions it takes.</summary>
    public required IReadOnlyList<string> Takes { get; init; }

    /// <summary>How it was, or will be, decided: <c>table</c>, <c>source</c>, <c>value</c>, <c>keep</c>, <c>delete</c>, <c>equal</c> (it
    /// became so by itself).</summary>
    public string? Decision { get; init; }

    public string? DecidedBy { get; init; }

    /// <summary>When the decision was carried out; null: it is open, or about to be.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    public static SyncConflictView Of(ConflictRow row, IReadOnlyDictionary<string, FieldMap> fields)
    {
        var field = fields.GetValueOrDefault(row.Field);
        var kind = field?.Kind ?? Syncs.Values.ValueKind.Text;
        return new()
        {
            Id = row.Id, Key = row.Key, Kind = row.Kind, Field = field?.Field ?? (row.Field.Length > 0 ? row.Field : null),
            ValueKind = field is null ? null : SpecNames.Of(kind), Table = FieldValues.Shown(kind, row.TableValue),
            Source = FieldValues.Shown(kind, row.SourceValue), Base = FieldValues.Shown(kind, row.BaseValue),
            GoneFrom = row.GoneFrom?.ToString(), TableBy = row.TableBy, TableAt = row.TableAt, SourceAt = row.SourceAt,
            FoundAt = row.FoundAt, Takes = TakenBy(row), Decision = row.Decision, DecidedBy = row.DecidedBy, DecidedAt = row.DecidedAt,
        };
    }

    /// <summary>The decisions that a conflict takes.</summary>
    public static string[] TakenBy(ConflictRow row) => row.Kind == ConflictRow.DeletedEdited
        ? [Decisions.Keep, Decisions.Delete] : [Decisions.Table, Decisions.Source, Decisions.Value];
}

/// <summary>What came of one decision of several conflicts.</summary>
/// <param name="Decided">So many are decided.</param>
/// <param name="Skipped">Those that are over, or are about other values by now.</param>
internal sealed record SyncDecisionsView(int Decided, IReadOnlyList<long> Skipped);

/// <summary>Rows that do not get on.</summary>
/// <param name="Items">This page's.</param>
/// <param name="Next">The next page; absent: there is none.</param>
internal sealed record SyncProblemListView(IReadOnlyList<SyncProblemView> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <summary>A row that does not get on: the rest of the table goes on without it.</summary>
/// <param name="Id">By which it is looked at again.</param>
/// <param name="Side">Whose row the id is of.</param>
/// <param name="Item">The side's id of the row: the table's record, or the source's key.</param>
/// <param name="Key">The row's key; null: it has none.</param>
/// <param name="Reason">Why: a word.</param>
/// <param name="Field">The field that it is about; null: the row.</param>
/// <param name="Message">Why, and what to do.</param>
/// <param name="MessageZh">The same in Chinese.</param>
/// <param name="Detail">In the side's own words.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="NextTryAt">It is tried again then; null: when something of the row changes, or somebody asks.</param>
/// <param name="Since">Since when.</param>
internal sealed record SyncProblemView(long Id, string Side, string Item, string? Key, string Reason, string? Field, string Message,
    string MessageZh, string? Detail, int Tries, DateTimeOffset? NextTryAt, DateTimeOffset Since)
{
    public static SyncProblemView Of(ProblemRow row, IReadOnlyDictionary<string, FieldMap> fields)
    {
        var text = SyncSentences.Row(row.Reason);
        return new(row.Id, new SideWord(row.Side).ToString(), row.Item, row.Key, row.Reason,
            row.Field is { } id ? fields.GetValueOrDefault(id)?.Field ?? id : null, text.English, text.Chinese, row.Detail, row.Tries,
            row.NotBefore, row.Since);
    }
}

/// <summary>Rows that are looked at again.</summary>
/// <param name="Retried">So many.</param>
internal sealed record SyncRetryView(int Retried);

/// <summary>What a sync wrote into a row, the newest first.</summary>
internal sealed record SyncHistoryView(string Key, IReadOnlyList<SyncChangeView> Items);

/// <summary>One value that was written, or a row that was made or deleted.</summary>
/// <param name="Run">In which run.</param>
/// <param name="Side">The side that was written.</param>
/// <param name="Kind"><c>create</c>, <c>update</c>, <c>delete</c>.</param>
/// <param name="Field">The field; null: the row.</param>
/// <param name="Before">What was there; of a row its values by field.</param>
/// <param name="After">What was written.</param>
/// <param name="Lost">True: nobody on the other side had seen what was overwritten.</param>
/// <param name="At">When.</param>
internal sealed record SyncChangeView(
    long Run, string Side, string Kind, string? Field, JsonNode? Before, JsonNode? After, bool Lost, DateTimeOffset At)
{
    public static SyncChangeView Of(ChangeRow row, IReadOnlyDictionary<string, FieldMap> fields)
    {
        var field = fields.GetValueOrDefault(row.Field);
        return new(row.Run, new SideWord(row.Side).ToString(), row.Kind, field?.Field ?? (row.Field.Length > 0 ? row.Field : null),
            Shown(row.Before), Shown(row.After), row.IsLoss, row.At);

        JsonNode? Shown(string? value) => value is null ? null : row.Field.Length > 0
            ? FieldValues.Shown(field?.Kind ?? Syncs.Values.ValueKind.Text, value)
            : FieldValues.Shown(fields, Syncs.Looking.ValuesJson.Read(value));
    }
}
