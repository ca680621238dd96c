using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>The head of a card.</summary>
/// <param name="Title">The title.</param>
public sealed record CardHeader(Text Title)
{
    /// <summary>A second line.</summary>
    public Text? Subtitle { get; init; }

    /// <summary>Colour of the ground.</summary>
    public HeaderTemplate? Template { get; init; }

    /// <summary>A picture before the title.</summary>
    public CardIcon? Icon { get; init; }

    /// <summary>Tags after the title, three at most.</summary>
    /// <exception cref="ArgumentException">More than three.</exception>
    public IReadOnlyList<TextTag> Tags
    {
        get;
        init => field = value.Count <= 3 ? value : throw new ArgumentException($"A header takes 3 tags, not {value.Count}; leave the others.", nameof(value));
    } = [];

    /// <summary>Space inside of its edge.</summary>
    public CardBox? Padding { get; init; }

    internal void Write(CardWriter w)
    {
        w.Json.WriteStartObject("header"u8);
        w.Text("title"u8, Title);
        w.Text("subtitle"u8, Subtitle);
        w.Enum("template"u8, Template);
        Icon?.Write(w, "icon"u8);
        w.String("padding"u8, Padding?.ToString());
        if (Tags.Count > 0)
        {
            w.Json.WriteStartArray("text_tag_list"u8);
            foreach (var tag in Tags) tag.Write(w);
            w.Json.WriteEndArray();
        }

        w.Json.WriteEndObject();
    }
}

/// <summary>A tag after the title.</summary>
/// <param name="Label">What it says.</param>
/// <param name="Color">Its colour.</param>
public sealed record TextTag(Text Label, TagColor? Color = null)
{
    /// <summary>Id for later changes.</summary>
    public string? ElementId { get; init => field = Guard.ElementId(value); }

    internal void Write(CardWriter w)
    {
        w.Begin("text_tag"u8);
        w.Id(ElementId);
        w.Text("text"u8, Label);
        w.Enum("color"u8, Color);
        w.End();
    }
}
