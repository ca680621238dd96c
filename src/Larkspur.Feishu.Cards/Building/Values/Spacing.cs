using System.Globalization;

namespace Larkspur.Feishu.Cards;

/// <summary>Space between elements.</summary>
public readonly record struct Spacing
{
    private readonly string? _text;

    private Spacing(string text) => _text = text;

    /// <summary>4 px.</summary>
    public static Spacing Small => new("small");

    /// <summary>8 px.</summary>
    public static Spacing Medium => new("medium");

    /// <summary>12 px.</summary>
    public static Spacing Large => new("large");

    /// <summary>16 px.</summary>
    public static Spacing ExtraLarge => new("extra_large");

    /// <summary>0 to 99 pixels.</summary>
    /// <exception cref="ArgumentException">Not 0 to 99.</exception>
    public static Spacing Px(int pixels) => pixels is >= 0 and <= 99
        ? new(pixels.ToString(CultureInfo.InvariantCulture) + "px")
        : throw new ArgumentException($"A spacing is 0 to 99 px, not {pixels}.", nameof(pixels));

    /// <inheritdoc/>
    public override string ToString() => _text ?? "medium";
}
