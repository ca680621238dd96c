using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A picture that was uploaded (image_type message).</summary>
/// <param name="ImageKey">Key of the upload, img_…</param>
/// <param name="Alt">What it shows, for who cannot see it.</param>
public sealed record Image(string ImageKey, I18nText Alt) : CardElement
{
    /// <summary>A line above the picture.</summary>
    public Text? Title { get; init; }

    /// <summary>Roundness in pixels, 0 and more.</summary>
    public int? CornerRadius { get; init => field = Guard.Between(value, 0, int.MaxValue, "CornerRadius"); }

    /// <summary>How it fills its place.</summary>
    public ScaleType? Scale { get; init; }

    /// <summary>How large its place is.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>No grey ground under transparent pictures.</summary>
    public bool? Transparent { get; init; }

    /// <summary>A click enlarges it.</summary>
    public bool? Preview { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "img"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.Text("title"u8, Title);
        w.Enum("scale_type"u8, Scale);
        w.String("size"u8, Size?.ToString());
        w.Bool("transparent"u8, Transparent);
        w.Bool("preview"u8, Preview);
        w.Json.WriteString("img_key"u8, Guard.ImageKey(ImageKey));
        w.Text("alt"u8, Alt);
        if (CornerRadius is { } radius) w.Json.WriteString("corner_radius"u8, $"{radius}px");
    }
}
