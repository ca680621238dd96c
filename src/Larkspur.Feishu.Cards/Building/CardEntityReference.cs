using System.Text;
using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A card entity of CardKit: content of an interactive message. An entity can be sent once, and lives 14 days.</summary>
/// <param name="CardId">What <c>POST /open-apis/cardkit/v1/cards</c> answered.</param>
public sealed record CardEntityReference(string CardId)
{
    /// <summary>The content.</summary>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    public string ToJson()
    {
        using var writer = CardWriter.Rent();
        writer.Json.WriteStartObject();
        writer.Json.WriteString("type"u8, "card"u8);
        writer.Json.WriteStartObject("data"u8);
        writer.Json.WriteString("card_id"u8, Guard.NotEmpty(CardId, "The card's id"));
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
        return Encoding.UTF8.GetString(writer.Written);
    }
}
