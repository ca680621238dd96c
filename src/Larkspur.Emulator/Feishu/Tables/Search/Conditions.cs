using System.Globalization;
using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Search;

/// <summary>One condition by the type of its field. Source: bitable-v1/app-table-record/record-filter-guide.</summary>
/// <remarks>
/// <c>isEmpty</c> and <c>isNotEmpty</c> want an empty list. An empty cell is not anything and contains nothing. That several values of
/// <c>contains</c> mean any of them is UNVERIFIED. <c>like</c> and <c>in</c> are listed by the platform and not supported by it.
/// </remarks>
internal sealed class Conditions(TableBase home, RecordPeople people, DateTimeOffset now)
{
    private readonly TimeZoneInfo _zone = DateSpan.Zone(home.TimeZone);

    /// <returns>Null: the type has no such operator, or takes no such values.</returns>
    public Func<TableRecord, bool>? Read(TableField field, string op, IReadOnlyList<string> values)
    {
        if (field.Type is FieldTypes.Formula or FieldTypes.Lookup) return null;
        if (op is "isEmpty" or "isNotEmpty")
        {
            if (values.Count > 0 || field.Type == FieldTypes.Checkbox) return null;
            return r => IsEmpty(field, r) == (op == "isEmpty");
        }

        return field.Type switch
        {
            FieldTypes.Text or FieldTypes.Phone or FieldTypes.Url or FieldTypes.Location or FieldTypes.AutoNumber =>
                Text(field, op, values),
            FieldTypes.Number => Number(field, op, values),
            FieldTypes.SingleSelect or FieldTypes.MultiSelect => Set(op, values, r => Names(field, r)),
            FieldTypes.User => Set(op, values, r => Ids(field, r).Select(people.IdOf)),
            FieldTypes.GroupChat or FieldTypes.SingleLink or FieldTypes.DuplexLink => Set(op, values, r => Ids(field, r)),
            FieldTypes.CreatedUser => Set(op, values, r => [people.IdOf(r.CreatedBy)]),
            FieldTypes.ModifiedUser => Set(op, values, r => [people.IdOf(r.ModifiedBy)]),
            FieldTypes.Checkbox when op == "is" && values is ["true" or "false"] =>
                r => (r.Cells.GetValueOrDefault(field.FieldId) is FlagCell { On: true }) == (values[0] == "true"),
            FieldTypes.DateTime => Date(op, values, r => (r.Cells.GetValueOrDefault(field.FieldId) as TimeCell)?.Millis),
            FieldTypes.CreatedTime => Date(op, values, r => r.CreatedTime.ToUnixTimeMilliseconds()),
            FieldTypes.ModifiedTime => Date(op, values, r => r.ModifiedTime.ToUnixTimeMilliseconds()),
            _ => null,
        };
    }

    private static Func<TableRecord, bool>? Text(TableField field, string op, IReadOnlyList<string> values)
    {
        if (values is not [var wanted]) return null;
        return op switch
        {
            "is" => r => CellText.Of(field, r) == wanted,
            "isNot" => r => CellText.Of(field, r) != wanted,
            "contains" => r => CellText.Of(field, r).Contains(wanted, StringComparison.Ordinal),
            "doesNotContain" => r => !CellText.Of(field, r).Contains(wanted, StringComparison.Ordinal),
            _ => null,
        };
    }

    private static Func<TableRecord, bool>? Number(TableField field, string op, IReadOnlyList<string> values)
    {
        if (values is not [var text] || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted))
            return null;
        return op switch
        {
            "is" => r => Of(r) == wanted,
            "isNot" => r => Of(r) != wanted,
            "isGreater" => r => Of(r) > wanted,
            "isGreaterEqual" => r => Of(r) >= wanted,
            "isLess" => r => Of(r) < wanted,
            "isLessEqual" => r => Of(r) <= wanted,
            _ => null,
        };

        double? Of(TableRecord r) => (r.Cells.GetValueOrDefault(field.FieldId) as NumberCell)?.Number;
    }

    /// <summary>Options by name, people, groups and links by id: <c>is</c> and <c>isNot</c> take one.</summary>
    private static Func<TableRecord, bool>? Set(string op, IReadOnlyList<string> values, Func<TableRecord, IEnumerable<string>> of)
    {
        if (values.Count == 0 || (op is "is" or "isNot" && values.Count > 1)) return null;
        var wanted = values.ToHashSet(StringComparer.Ordinal);
        return op switch
        {
            "is" => r => wanted.SetEquals(of(r)),
            "isNot" => r => !wanted.SetEquals(of(r)),
            "contains" => r => of(r).Any(wanted.Contains),
            "doesNotContain" => r => !of(r).Any(wanted.Contains),
            _ => null,
        };
    }

    private Func<TableRecord, bool>? Date(string op, IReadOnlyList<string> values, Func<TableRecord, long?> of)
    {
        if (DateSpan.Of(values, _zone, now) is not { } span) return null;
        if (op != "is" && !DateSpan.IsDay(values[0])) return null;
        return op switch
        {
            "is" => r => of(r) is { } ms && ms >= span.From && ms < span.To,
            "isGreater" => r => of(r) >= span.To,
            "isLess" => r => of(r) < span.From,
            _ => null,
        };
    }

    private static bool IsEmpty(TableField field, TableRecord record) =>
        !FieldTypes.IsComputed(field.Type) && !record.Cells.ContainsKey(field.FieldId);

    private static IEnumerable<string> Ids(TableField field, TableRecord record) =>
        (record.Cells.GetValueOrDefault(field.FieldId) as IdsCell)?.Ids ?? [];

    private static IEnumerable<string> Names(TableField field, TableRecord record) =>
        Ids(field, record).Select(i => field.Option(i)?.Name).OfType<string>();
}
