using System.Globalization;

namespace Larkspur.Feishu.Cards;

/// <summary>Margins or paddings on four sides, in pixels, −99 to 99.</summary>
public readonly record struct CardBox
{
    /// <summary>Four sides.</summary>
    /// <exception cref="ArgumentException">A side is not −99 to 99.</exception>
    public CardBox(int top, int right, int bottom, int left)
    {
        foreach (var side in (ReadOnlySpan<int>)[top, right, bottom, left])
        {
            if (side is < -99 or > 99) throw new ArgumentException($"A margin or padding is −99 to 99 px, not {side}.");
        }

        (Top, Right, Bottom, Left) = (top, right, bottom, left);
    }

    /// <summary>Pixels above.</summary>
    public int Top { get; }

    /// <summary>Pixels on the right.</summary>
    public int Right { get; }

    /// <summary>Pixels below.</summary>
    public int Bottom { get; }

    /// <summary>Pixels on the left.</summary>
    public int Left { get; }

    /// <summary>The same on all sides.</summary>
    public static CardBox All(int pixels) => new(pixels, pixels, pixels, pixels);

    /// <summary>Above and below, right and left.</summary>
    public static CardBox Of(int vertical, int horizontal) => new(vertical, horizontal, vertical, horizontal);

    internal CardBox NotNegative(string what) => Top >= 0 && Right >= 0 && Bottom >= 0 && Left >= 0
        ? this
        : throw new ArgumentException($"{what} cannot be negative; choose 0 to 99 px.");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Top}px {Right}px {Bottom}px {Left}px");
}
