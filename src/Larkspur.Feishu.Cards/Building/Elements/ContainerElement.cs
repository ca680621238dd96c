using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>What the containers have in common: how the elements inside are laid out.</summary>
public abstract record ContainerElement : CardElement
{
    private protected ContainerElement()
    {
    }

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

    /// <summary>Space inside of its edge.</summary>
    public CardBox? Padding { get; init; }

    private protected void WriteLayout(CardWriter w)
    {
        w.Enum("direction"u8, Direction);
        w.String("horizontal_spacing"u8, HorizontalSpacing?.ToString());
        w.Enum("horizontal_align"u8, HorizontalAlign);
        w.String("vertical_spacing"u8, VerticalSpacing?.ToString());
        w.Enum("vertical_align"u8, VerticalAlign);
        w.String("padding"u8, Padding?.ToString());
    }
}
