using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A line of an <see cref="Overflow"/> menu.</summary>
/// <param name="Label">What is shown, 100 characters at most.</param>
public sealed record OverflowOption(I18nText Label)
{
    /// <summary>Comes back when it is chosen.</summary>
    public string? Value { get; init; }

    /// <summary>Opened when it is chosen.</summary>
    public CardLink? Link { get; init; }

    internal void Write(CardWriter w)
    {
        w.Json.WriteStartObject();
        w.Text("text"u8, Guard.MaxLength(Label, 100, "An option's label"));
        Link?.Write(w, "multi_url"u8);
        w.String("value"u8, Value);
        w.Json.WriteEndObject();
    }
}
