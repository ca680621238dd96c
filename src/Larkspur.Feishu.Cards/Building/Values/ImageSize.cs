using System.Globalization;

namespace Larkspur.Feishu.Cards;

/// <summary>Size of a picture's place.</summary>
public readonly record struct ImageSize
{
    private readonly string? _text;

    private ImageSize(string text) => _text = text;

    /// <summary>The whole width.</summary>
    public static ImageSize Stretch => new("stretch");

    /// <summary>160 px square.</summary>
    public static ImageSize Large => new("large");

    /// <summary>80 px square.</summary>
    public static ImageSize Medium => new("medium");

    /// <summary>40 px square.</summary>
    public static ImageSize Small => new("small");

    /// <summary>16 px square.</summary>
    public static ImageSize Tiny => new("tiny");

    /// <summary>Width and height, 1 to 1,000 px each.</summary>
    /// <exception cref="ArgumentException">One of them is not.</exception>
    public static ImageSize Px(int width, int height) => width is >= 1 and <= 1000 && height is >= 1 and <= 1000
        ? new(string.Create(CultureInfo.InvariantCulture, $"{width}px {height}px"))
        : throw new ArgumentException($"A picture is 1 to 1,000 px wide and high, not {width} x {height}.");

    /// <inheritdoc/>
    public override string ToString() => _text ?? "stretch";
}
