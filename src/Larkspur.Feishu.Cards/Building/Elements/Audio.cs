using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A sound that was uploaded by this app (opus).</summary>
/// <param name="FileKey">Key of the upload, file_…</param>
public sealed record Audio(string FileKey) : CardElement
{
    /// <summary>Id of the sound in the card.</summary>
    public string? AudioId { get; init; }

    /// <summary>It is shown and cannot be used.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Shown under the pointer while it is disabled.</summary>
    public I18nText? DisabledTips { get; init; }

    /// <summary>The bar is shown.</summary>
    public bool? ShowProgressBar { get; init; }

    /// <summary>The time is shown.</summary>
    public bool? ShowTime { get; init; }

    /// <summary>Which times.</summary>
    public TimeDisplay? Time { get; init; }

    /// <summary>Where.</summary>
    public TimePosition? TimePlace { get; init; }

    /// <summary>Look.</summary>
    public AudioStyle? Style { get; init; }

    /// <summary>Space inside of its edge.</summary>
    public CardBox? Padding { get; init; }

    /// <summary>Colour of the ground.</summary>
    public CardColor? Background { get; init; }

    /// <summary>Colour of the bar.</summary>
    public CardColor? FillColor { get; init; }

    /// <summary>Default, fill, or 100 px and more.</summary>
    public CardLength? Width { get; init => field = value?.Check("Width", 100, int.MaxValue, "default", "fill"); }

    private protected override ReadOnlySpan<byte> Tag => "audio"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.String("audio_id"u8, AudioId);
        w.Bool("disabled"u8, Disabled);
        w.Text("disabled_tips"u8, DisabledTips);
        w.Bool("show_progress_bar"u8, ShowProgressBar);
        w.Bool("show_time"u8, ShowTime);
        w.Enum("time_display"u8, Time);
        w.Enum("time_position"u8, TimePlace);
        w.Enum("style"u8, Style);
        w.String("padding"u8, Padding?.ToString());
        w.String("background_style"u8, Background?.ToString());
        w.String("fill_color"u8, FillColor?.ToString());
        w.String("width"u8, Width?.ToString());
        if (w.MayBeForwarded) throw new ArgumentException("A card with a sound cannot be forwarded; say so: Config(new CardConfig { EnableForward = false }).");
        w.Json.WriteString("file_key"u8, Guard.NotEmpty(FileKey, "The file key"));
    }
}
