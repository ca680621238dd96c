using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>How the client treats the card.</summary>
public sealed record CardConfig
{
    /// <summary>The text in the list of chats and in notifications; the card's beginning when null.</summary>
    public I18nText? Summary { get; init; }

    /// <summary>The card may be forwarded (the default).</summary>
    public bool? EnableForward { get; init; }

    /// <summary>A forwarded card may still be clicked.</summary>
    public bool? EnableForwardInteraction { get; init; }

    /// <summary>Width of the card.</summary>
    public CardWidthMode? WidthMode { get; init; }

    /// <summary>Only the card's own translations are used, none by machine.</summary>
    public bool? UseCustomTranslation { get; init; }

    /// <summary>Languages that the card has; null for all that it uses.</summary>
    public IReadOnlyList<string>? Locales { get; init; }

    /// <summary>Text is still being written (CardKit). Closed by the platform after ten minutes.</summary>
    public bool? StreamingMode { get; init; }

    /// <summary>The pace of streamed text.</summary>
    public StreamingSpeed? Streaming { get; init; }

    internal void Write(CardWriter w, IReadOnlyDictionary<string, DeclaredTextSize> sizes, IReadOnlyDictionary<string, DeclaredColor> colors)
    {
        w.Json.WriteStartObject("config"u8);
        w.Bool("streaming_mode"u8, StreamingMode);
        Streaming?.Write(w);
        if (Summary is not null)
        {
            w.Json.WriteStartObject("summary"u8);
            w.Content(Summary);
            w.Json.WriteEndObject();
        }

        WriteLocales(w);
        w.Bool("enable_forward"u8, EnableForward);
        w.Bool("enable_forward_interaction"u8, EnableForwardInteraction);
        w.Json.WriteBoolean("update_multi"u8, true);
        w.Enum("width_mode"u8, WidthMode);
        w.Bool("use_custom_translation"u8, UseCustomTranslation);
        WriteStyle(w, sizes, colors);
        w.Json.WriteEndObject();
    }

    private void WriteLocales(CardWriter w)
    {
        if (Locales is null) return;
        w.Json.WriteStartArray("locales"u8);
        foreach (var locale in Locales)
        {
            if (!Schema.CardSchema.Instance.Locales.Contains(locale)) throw new ArgumentException($"\"{locale}\" is no language of cards; use zh_cn, en_us, ja_jp or another of the platform's.");
            w.Json.WriteStringValue(locale);
        }

        w.Json.WriteEndArray();
    }

    private static void WriteStyle(CardWriter w, IReadOnlyDictionary<string, DeclaredTextSize> sizes, IReadOnlyDictionary<string, DeclaredColor> colors)
    {
        if (sizes.Count + colors.Count == 0) return;
        w.Json.WriteStartObject("style"u8);
        if (sizes.Count > 0)
        {
            w.Json.WriteStartObject("text_size"u8);
            foreach (var (name, size) in sizes) size.Write(w, name);
            w.Json.WriteEndObject();
        }

        if (colors.Count > 0)
        {
            w.Json.WriteStartObject("color"u8);
            foreach (var (name, color) in colors) color.Write(w, name);
            w.Json.WriteEndObject();
        }

        w.Json.WriteEndObject();
    }
}

/// <summary>A size that a card declares: one per kind of client.</summary>
internal sealed record DeclaredTextSize(TextSize Default, TextSize? Pc, TextSize? Mobile)
{
    public void Write(CardWriter w, string name)
    {
        w.Json.WriteStartObject(name);
        w.Json.WriteString("default"u8, Default.Name);
        w.String("pc"u8, Pc?.ToString());
        w.String("mobile"u8, Mobile?.ToString());
        w.Json.WriteEndObject();
    }
}

/// <summary>A colour that a card declares: one per theme.</summary>
internal sealed record DeclaredColor(string Light, string Dark)
{
    public void Write(CardWriter w, string name)
    {
        w.Json.WriteStartObject(name);
        w.Json.WriteString("light_mode"u8, Light);
        w.Json.WriteString("dark_mode"u8, Dark);
        w.Json.WriteEndObject();
    }
}
