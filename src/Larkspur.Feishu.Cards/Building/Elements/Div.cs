using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A block of text, plain or in reduced markdown.</summary>
/// <param name="Content">What it says.</param>
public sealed record Div(Text Content) : CardElement
{
    /// <summary>Fill, auto, or 16 to 999 px.</summary>
    public CardLength? Width { get; init => field = value?.Check("Width", 16, 999, "fill", "auto"); }

    /// <summary>Size of the text.</summary>
    public TextSize? Size { get; init; }

    /// <summary>Colour of the text.</summary>
    public CardColor? Color { get; init; }

    /// <summary>Place of the text from left to right.</summary>
    public HorizontalAlign? Align { get; init; }

    /// <summary>Lines to show; what is longer ends in dots.</summary>
    public int? Lines { get; init; }

    /// <summary>A picture before the text.</summary>
    public CardIcon? Icon { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "div"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.String("width"u8, Width?.ToString());
        Icon?.Write(w, "icon"u8);
        WriteText(w);
    }

    private void WriteText(CardWriter w)
    {
        w.Json.WritePropertyName("text"u8);
        w.Begin(Content.IsMarkdown ? "lark_md"u8 : "plain_text"u8);
        w.Content(Content.Content);
        w.String("text_size"u8, Size?.ToString());
        w.String("text_color"u8, Color?.ToString());
        w.Enum("text_align"u8, Align);
        w.Number("lines"u8, Lines);
        w.End();
    }
}
