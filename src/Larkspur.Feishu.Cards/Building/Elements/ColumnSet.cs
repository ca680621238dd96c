using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>Columns beside each other.</summary>
/// <param name="Columns">The columns.</param>
public sealed record ColumnSet(IReadOnlyList<Column> Columns) : CardElement
{
    /// <summary>Space between the columns.</summary>
    public Spacing? HorizontalSpacing { get; init; }

    /// <summary>Place of the columns.</summary>
    public HorizontalAlign? HorizontalAlign { get; init; }

    /// <summary>What they do on a narrow screen.</summary>
    public FlexMode? FlexMode { get; init; }

    /// <summary>Colour of the ground.</summary>
    public CardColor? Background { get; init; }

    /// <summary>Opened by a click on the columns.</summary>
    public CardLink? Link { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "column_set"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.String("horizontal_spacing"u8, HorizontalSpacing?.ToString());
        w.Enum("horizontal_align"u8, HorizontalAlign);
        w.Enum("flex_mode"u8, FlexMode);
        w.String("background_style"u8, Background?.ToString());
        Link?.WriteAction(w);
        w.Enter("column_set");
        w.Json.WriteStartArray("columns"u8);
        foreach (var column in Guard.Some(Columns, "The list of columns")) column.Write(w);
        w.Json.WriteEndArray();
        w.Leave();
    }
}
