using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>What is seen of a <see cref="CollapsiblePanel"/> while it is closed. A string converts to a plain title.</summary>
/// <param name="Title">The title.</param>
public sealed record PanelHeader(Text Title)
{
    /// <summary>Colour of its ground.</summary>
    public CardColor? Background { get; init; }

    /// <summary>Place from top to bottom.</summary>
    public VerticalAlign? VerticalAlign { get; init; }

    /// <summary>Space inside of its edge.</summary>
    public CardBox? Padding { get; init; }

    /// <summary>The sign that it opens.</summary>
    public CardIcon? Icon { get; init; }

    /// <summary>Where the sign is.</summary>
    public IconPosition? IconPosition { get; init; }

    /// <summary>Degrees by which the sign turns when the panel opens: -180, -90, 90 or 180.</summary>
    public int? IconExpandedAngle { get; init; }

    /// <summary>A header with a plain title.</summary>
    public static implicit operator PanelHeader(string title) => new((Text)title);

    internal void Write(CardWriter w)
    {
        w.Json.WriteStartObject("header"u8);
        w.Json.WritePropertyName("title"u8);
        w.Begin(Title.IsMarkdown ? "markdown"u8 : "plain_text"u8);
        w.Content(Title.Content);
        w.End();
        w.String("background_color"u8, Background?.ToString());
        w.Enum("vertical_align"u8, VerticalAlign);
        w.String("padding"u8, Padding?.ToString());
        Icon?.Write(w, "icon"u8);
        w.Enum("icon_position"u8, IconPosition);
        w.Number("icon_expanded_angle"u8, IconExpandedAngle);
        w.Json.WriteEndObject();
    }
}
