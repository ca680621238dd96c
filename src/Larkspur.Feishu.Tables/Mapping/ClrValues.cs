using System.Collections;
using System.Globalization;

namespace Larkspur.Feishu.Tables;

/// <summary>Values of C# as cells, and back.</summary>
internal static class ClrValues
{
    /// <summary>What a value of C# is in a field.</summary>
    /// <param name="field">The field.</param>
    /// <param name="value">The value; null: an empty cell, and false for a checkbox.</param>
    /// <param name="zone">The base's time zone, where dates without a time occur.</param>
    /// <exception cref="TableCellException">It does not go into a field of this type.</exception>
    public static CellValue ToCell(TableField field, object? value, TimeZoneInfo? zone) => value switch
    {
        null => CellReader.Read(field, default),
        CellValue cell => cell,
        Enum option => Text(field, OptionNames.Of(option)),
        string text => Text(field, text),
        Guid id => Text(field, id.ToString()),
        Uri link => Text(field, link.OriginalString),
        bool tick => new CheckboxCell(tick),
        decimal number => new NumberCell(number),
        double number => new NumberCell(number),
        float number => new NumberCell(number),
        long number => new NumberCell(number),
        ulong number => new NumberCell((decimal)number),
        int or short or byte or uint or ushort or sbyte => new NumberCell(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        DateTimeOffset instant => new DateTimeCell(instant),
        DateTime { Kind: not DateTimeKind.Unspecified } instant => new DateTimeCell(new DateTimeOffset(instant)),
        DateTime => throw Wrong(field, "a DateTime that is neither UTC nor local"),
        DateOnly date => DateTimeCell.Of(date, zone ?? throw Wrong(field, "a date while the base's time zone is not known")),
        IEnumerable list => List(field,
            [.. list.Cast<object?>().Select(item => item is Enum option ? OptionNames.Of(option) : item as string)]),
        _ => throw Wrong(field, $"a {value.GetType().Name}"),
    };

    /// <summary>A cell as a type of C#. False: it is not of that type.</summary>
    public static bool TryFrom(CellValue cell, Type type, TimeZoneInfo? zone, out object? value)
    {
        value = null;
        if (type.IsInstanceOfType(cell))
        {
            value = cell;
            return true;
        }

        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (cell is ComputedCell computed && !ClrKinds.IsList(bare)) cell = computed.Single;
        if (cell.IsEmpty)
        {
            value = ClrKinds.IsList(bare) ? ClrKinds.NewList(bare, [])
                : bare == type && type.IsValueType ? type == typeof(bool) ? false : null : null;
            return value is not null || !type.IsValueType || bare != type;
        }

        value = ClrKinds.IsList(bare) ? AsList(cell, bare) : Scalar(cell, bare, zone);
        return value is not null;
    }

    private static object? Scalar(CellValue cell, Type type, TimeZoneInfo? zone) => cell switch
    {
        NumberCell number => Number(number, type),
        CheckboxCell tick when type == typeof(bool) => tick.Value,
        DateTimeCell time when type == typeof(DateTimeOffset) => time.Instant,
        DateTimeCell time when type == typeof(DateTime) => time.Instant.UtcDateTime,
        DateTimeCell time when type == typeof(DateOnly) && zone is not null => time.ToDate(zone),
        _ when AsText(cell) is { } text => type switch
        {
            _ when type == typeof(string) => text,
            _ when type.IsEnum => OptionNames.Find(type, text),
            _ when type == typeof(Uri) => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var link) ? link : null,
            _ when type == typeof(Guid) => Guid.TryParse(text, out var id) ? id : null,
            _ => null,
        },
        _ => null,
    };

    private static string? AsText(CellValue cell) => cell switch
    {
        TextCell text => text.Text,
        SelectCell option => option.Name,
        PhoneCell phone => phone.Number,
        UrlCell url => url.Link,
        IdCell { Ids.Count: 1 } one => one.Ids[0],
        _ => null,
    };

    /// <summary>Only numbers that the type holds: a fraction is no int.</summary>
    private static object? Number(NumberCell number, Type type)
    {
        if (type == typeof(double)) return number.Value;
        if (type == typeof(float)) return (float)number.Value;
        if (!number.TryGetDecimal(out var value)) return null;
        if (type == typeof(decimal)) return value;
        if (value != decimal.Truncate(value) || !ClrKinds.IsNumber(type)) return null;
        try
        {
            return Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static object? AsList(CellValue cell, Type type)
    {
        string[]? texts = cell switch
        {
            MultiSelectCell options => [.. options.Names],
            IdCell ids => [.. ids.Ids],
            ComputedCell { Values: [IdCell or MultiSelectCell] } one => null,
            ComputedCell several => [.. several.Values.Select(AsText).OfType<string>()],
            _ when AsText(cell) is { } text => [text],
            _ => null,
        };
        return texts is null ? cell is ComputedCell { Values: [var only] } ? AsList(only, type) : null : ClrKinds.NewList(type, texts);
    }

    private static CellValue Text(TableField field, string text) => field.Type switch
    {
        TableFieldType.SingleSelect => new SelectCell(text),
        TableFieldType.MultiSelect => new MultiSelectCell([text]),
        TableFieldType.Phone => new PhoneCell(text),
        TableFieldType.Url => new UrlCell(text),
        _ when IsOfIds(field.Type) => List(field, [text]),
        _ => new TextCell(text),
    };

    private static CellValue List(TableField field, string?[] items)
    {
        if (items.Contains(null)) throw Wrong(field, "a list of something that is not text");
        return field.Type switch
        {
            TableFieldType.MultiSelect => new MultiSelectCell(items!),
            TableFieldType.User => new PeopleCell(items!),
            TableFieldType.GroupChat => new GroupsCell(items!),
            TableFieldType.SingleLink or TableFieldType.DuplexLink => new LinksCell(items!),
            TableFieldType.Attachment => new AttachmentsCell(items!),
            _ => throw Wrong(field, "a list"),
        };
    }

    private static bool IsOfIds(TableFieldType type) => type is TableFieldType.User or TableFieldType.GroupChat or TableFieldType.SingleLink
        or TableFieldType.DuplexLink or TableFieldType.Attachment;

    private static TableCellException Wrong(TableField field, string what) =>
        new(new(field.Name, CellRefusal.WrongType, $"{what} does not go into a field of type {field.Type}"));
}
