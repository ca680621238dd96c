using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>How the elements of a card lie.</summary>
public sealed record CardBody
{
    /// <summary>Below or beside each other.</summary>
    public Direction? Direction { get; init; }

    /// <summary>Space inside of the card's edge, not negative.</summary>
    public CardBox? Padding { get; init => field = value?.NotNegative("The card's padding"); }

    /// <summary>Space between elements side by side.</summary>
    public Spacing? HorizontalSpacing { get; init; }

    /// <summary>Place from left to right.</summary>
    public HorizontalAlign? HorizontalAlign { get; init; }

    /// <summary>Space between elements below each other.</summary>
    public Spacing? VerticalSpacing { get; init; }

    /// <summary>Place from top to bottom.</summary>
    public VerticalAlign? VerticalAlign { get; init; }

    internal void Write(CardWriter w)
    {
        w.Enum("direction"u8, Direction);
        w.String("padding"u8, Padding?.ToString());
        w.String("horizontal_spacing"u8, HorizontalSpacing?.ToString());
        w.Enum("horizontal_align"u8, HorizontalAlign);
        w.String("vertical_spacing"u8, VerticalSpacing?.ToString());
        w.Enum("vertical_align"u8, VerticalAlign);
    }
}
