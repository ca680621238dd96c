using System.Globalization;
using System.Text.Json;

namespace Larkspur.Feishu.Cards;

/// <summary>A cell of a <see cref="Table"/>. Texts, numbers and times convert to it.</summary>
public readonly record struct TableCell
{
    private readonly object? _value;

    private TableCell(object? value) => _value = value;

    /// <summary>Coloured tags, for a column of options.</summary>
    public static TableCell Options(params IReadOnlyList<(string Text, CardColor Color)> options) => new(options);

    /// <summary>People, for a column of persons: open_id, union_id or user_id of each.</summary>
    public static TableCell Persons(params IReadOnlyList<string> ids) => new(ids);

    /// <summary>A text, plain or markdown by its column.</summary>
    public static implicit operator TableCell(string? text) => new(text);

    /// <summary>A number.</summary>
    public static implicit operator TableCell(int number) => new((decimal)number);

    /// <summary>A number.</summary>
    public static implicit operator TableCell(long number) => new((decimal)number);

    /// <summary>A number.</summary>
    public static implicit operator TableCell(decimal number) => new(number);

    /// <summary>A number; not a NaN and not infinite.</summary>
    public static implicit operator TableCell(double number) => new(number);

    /// <summary>A moment, for a column of dates; each reader sees it in their time zone.</summary>
    public static implicit operator TableCell(DateTimeOffset moment) => new(moment);

    internal bool IsEmpty => _value is null;

    internal void Write(Utf8JsonWriter json, TableColumn column)
    {
        switch (_value, column.Type)
        {
            case (string text, ColumnDataType.Text or ColumnDataType.LarkMd or ColumnDataType.Markdown):
                json.WriteStringValue(text);
                break;
            case (decimal number, ColumnDataType.Number):
                json.WriteNumberValue(number);
                break;
            case (double number, ColumnDataType.Number) when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case (DateTimeOffset moment, ColumnDataType.Date):
                json.WriteNumberValue(moment.ToUnixTimeMilliseconds());
                break;
            case (IReadOnlyList<string> ids, ColumnDataType.Persons):
                json.WriteStartArray();
                foreach (var id in ids) json.WriteStringValue(id);
                json.WriteEndArray();
                break;
            case (IReadOnlyList<(string Text, CardColor Color)> options, ColumnDataType.Options):
                WriteOptions(json, options);
                break;
            default:
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Column \"{column.Name}\" of type {column.Type} cannot hold {_value} ({_value?.GetType().Name}); give a cell of its type."));
        }
    }

    private static void WriteOptions(Utf8JsonWriter json, IReadOnlyList<(string Text, CardColor Color)> options)
    {
        json.WriteStartArray();
        foreach (var (text, color) in options)
        {
            json.WriteStartObject();
            json.WriteString("text"u8, text);
            json.WriteString("color"u8, color.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
