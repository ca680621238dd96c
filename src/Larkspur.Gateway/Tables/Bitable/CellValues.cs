using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Tables.Bitable;

/// <summary>Cells as the canonical values of a sync, and back.</summary>
/// <param name="map">The sync's fields.</param>
/// <param name="zone">The base's time zone: a date is midnight there.</param>
internal sealed class CellValues(RowMap map, TimeZoneInfo zone)
{
    /// <summary>A record as a row of the sync. Fields that are not there any more read as empty; they are paused.</summary>
    public SideRow Row(TableRecord record)
    {
        var values = new string?[map.Fields.Count];
        Dictionary<int, string>? unreadable = null;
        for (var i = 0; i < values.Length; i++)
        {
            var field = map.Fields[i];
            values[i] = Canonical.Nothing(field.Kind);
            if (field.Paused is not null) continue;
            // A field that is gone, or holds something else by now, is not empty: it is paused when the sync is opened next.
            if (record.Fields.ById(field.FieldId) is not { } there || !FieldKinds.Column(there).Kinds.Contains(field.Kind))
            {
                (unreadable ??= [])[i] = "the field is gone, or of another type";
                continue;
            }

            var cell = record[there.Name];
            if (cell.IsEmpty) continue;
            if (Value(field.Kind, cell) is { } value) values[i] = value;
            else (unreadable ??= [])[i] = cell is RawCell raw ? raw.Reason : $"{cell.GetType().Name}";
        }

        var row = new SideRow(record.Id, values) { ChangedAt = record.ModifiedAt, ChangedBy = record.ModifiedBy, Native = record };
        return unreadable is null ? row : row with { Unreadable = unreadable };
    }

    /// <summary>A cell's value; null: it is none of this kind.</summary>
    public string? Value(ValueKind kind, CellValue cell) => (kind, cell) switch
    {
        (_, ComputedCell { Single: var one }) when !one.IsEmpty => Value(kind, one),
        (ValueKind.Text, TextCell text) => Canonical.Text(text.Text),
        (ValueKind.Text, PhoneCell phone) => Canonical.Text(phone.Number),
        (ValueKind.Text or ValueKind.Choice, SelectCell { Option.Name: { } name }) => Canonical.Text(name),
        (ValueKind.Text, NumberCell number) => Canonical.Number(number.Value),
        (ValueKind.Number, NumberCell number) => Canonical.Number(number.Value),
        (ValueKind.Boolean, CheckboxCell tick) => Canonical.Boolean(tick.Value),
        (ValueKind.Instant, DateTimeCell time) when IsInCalendar(time) => Canonical.Instant(time.Instant),
        (ValueKind.Date, DateTimeCell time) when IsInCalendar(time) => Canonical.Date(time.ToDate(zone)),
        (ValueKind.Choices, MultiSelectCell options) when options.Options.All(option => option.Name is not null) =>
            Canonical.Set(options.Names),
        (ValueKind.People, PeopleCell people) => Canonical.Set(people.Ids),
        (ValueKind.Link, UrlCell link) => Canonical.Text(link.Link),
        _ => null,
    };

    /// <summary>What is written of a value; null clears the cell.</summary>
    public object? Cell(int field, string? value) => value is null ? null : map.Fields[field].Kind switch
    {
        ValueKind.Number => new NumberCell(Canonical.AsNumber(value)),
        ValueKind.Boolean => value == Canonical.True,
        ValueKind.Instant => new DateTimeCell(Canonical.AsInstant(value)),
        ValueKind.Date => DateTimeCell.Of(Canonical.AsDate(value), zone),
        ValueKind.Choice => new SelectCell(value),
        ValueKind.Choices => new MultiSelectCell(Canonical.AsSet(value)),
        ValueKind.People => new PeopleCell(Canonical.AsSet(value)),
        _ => value,
    };

    private static bool IsInCalendar(DateTimeCell time) => time.Milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
        && time.Milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
