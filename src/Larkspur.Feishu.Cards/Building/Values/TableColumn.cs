using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A column of a <see cref="Table"/>.</summary>
/// <param name="Name">Key of its cells in the rows.</param>
/// <param name="Type">What the cells hold.</param>
/// <param name="Title">What is shown above it; the name when null.</param>
public sealed record TableColumn(string Name, ColumnDataType Type = ColumnDataType.Text, string? Title = null)
{
    /// <summary>Auto, 80 to 600 px, or 1 to 100 per cent.</summary>
    public CardLength? Width { get; init => field = value?.Check("A table column's width", 80, 600, "auto", "%"); }

    /// <summary>Place from top to bottom.</summary>
    public VerticalAlign? VerticalAlign { get; init; }

    /// <summary>Place from left to right.</summary>
    public HorizontalAlign? HorizontalAlign { get; init; }

    /// <summary>Numbers: decimals, 0 to 10.</summary>
    public int? Precision { get; init => field = Guard.Between(value, 0, 10, "Precision"); }

    /// <summary>Numbers: a sign before them, for example a currency's.</summary>
    public string? Symbol { get; init; }

    /// <summary>Numbers: thousands are separated.</summary>
    public bool? Separator { get; init; }

    /// <summary>Dates: made of YYYY, MM, DD, HH, mm, ss.</summary>
    public string? DateFormat { get; init; }

    internal void Write(CardWriter w)
    {
        w.Json.WriteStartObject();
        w.Json.WriteString("name"u8, Guard.NotEmpty(Name, "A table column's name"));
        w.String("display_name"u8, Title);
        w.Enum("data_type"u8, (ColumnDataType?)Type);
        w.String("width"u8, Width?.ToString());
        w.Enum("vertical_align"u8, VerticalAlign);
        w.Enum("horizontal_align"u8, HorizontalAlign);
        w.String("date_format"u8, DateFormat);
        if (Precision is not null || Symbol is not null || Separator is not null)
        {
            w.Json.WriteStartObject("format"u8);
            w.Number("precision"u8, Precision);
            w.String("symbol"u8, Symbol);
            w.Bool("separator"u8, Separator);
            w.Json.WriteEndObject();
        }

        w.Json.WriteEndObject();
    }
}
