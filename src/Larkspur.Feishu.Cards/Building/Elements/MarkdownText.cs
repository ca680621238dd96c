using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>Text in markdown. Texts of people go through <see cref="CardMarkdown.Escape"/> first.</summary>
/// <param name="Content">What it says.</param>
public sealed record MarkdownText(I18nText Content) : CardElement
{
    /// <summary>Place from left to right.</summary>
    public HorizontalAlign? Align { get; init; }

    /// <summary>Size of the text.</summary>
    public TextSize? Size { get; init; }

    /// <summary>A picture before the text.</summary>
    public CardIcon? Icon { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "markdown"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.Enum("text_align"u8, Align);
        w.String("text_size"u8, Size?.ToString());
        Icon?.Write(w, "icon"u8);
        w.Content(Content);
    }
}
