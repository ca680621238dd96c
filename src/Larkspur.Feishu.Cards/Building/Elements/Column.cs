using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A column of a <see cref="ColumnSet"/>.</summary>
/// <param name="Elements">What is inside.</param>
public sealed record Column(IReadOnlyList<CardElement> Elements)
{
    /// <summary>Id for later changes, as of any element.</summary>
    public string? ElementId { get; init => field = Guard.ElementId(value); }

    /// <summary>Auto, weighted, or 16 to 600 px.</summary>
    public CardLength? Width { get; init => field = value?.Check("Width", 16, 600, "auto", "weighted"); }

    /// <summary>Share of the room, 1 to 5, of a weighted column.</summary>
    public int? Weight { get; init => field = Guard.Between(value, 1, 5, "Weight"); }

    /// <summary>Colour of the ground.</summary>
    public CardColor? Background { get; init; }

    /// <summary>Below or beside each other.</summary>
    public Direction? Direction { get; init; }

    /// <summary>Space between elements side by side.</summary>
    public Spacing? HorizontalSpacing { get; init; }

    /// <summary>Place from left to right.</summary>
    public HorizontalAlign? HorizontalAlign { get; init; }

    /// <summary>Space between elements below each other.</summary>
    public Spacing? VerticalSpacing { get; init; }

    /// <summary>Place from top to bottom.</summary>
    public VerticalAlign? VerticalAlign { get; init; }

    /// <summary>Space inside of its edge, not negative.</summary>
    public CardBox? Padding { get; init => field = value?.NotNegative("A column's padding"); }

    /// <summary>Space around it.</summary>
    public CardBox? Margin { get; init; }

    /// <summary>Opened by a click on the column.</summary>
    public CardLink? Link { get; init; }

    internal void Write(CardWriter w)
    {
        w.Begin("column"u8);
        w.Id(ElementId);
        w.String("width"u8, Width?.ToString());
        w.Number("weight"u8, Weight);
        w.String("background_style"u8, Background?.ToString());
        w.Enum("direction"u8, Direction);
        w.String("horizontal_spacing"u8, HorizontalSpacing?.ToString());
        w.Enum("horizontal_align"u8, HorizontalAlign);
        w.String("vertical_spacing"u8, VerticalSpacing?.ToString());
        w.Enum("vertical_align"u8, VerticalAlign);
        w.String("padding"u8, Padding?.ToString());
        w.String("margin"u8, Margin?.ToString());
        Link?.WriteAction(w);
        w.ElementList(Elements);
        w.End();
    }
}
