using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A question that the client asks before it acts.</summary>
/// <param name="Title">The question in short.</param>
/// <param name="Text">What will happen.</param>
public sealed record Confirm(I18nText Title, I18nText Text)
{
    internal void Write(CardWriter writer)
    {
        writer.Json.WriteStartObject("confirm"u8);
        writer.Text("title"u8, Title);
        writer.Text("text"u8, Text);
        writer.Json.WriteEndObject();
    }
}
