using System.Text.Json.Nodes;

namespace Larkspur.Testing;

/// <summary>What the buttons of a card say to whoever made it.</summary>
public static class CardButtons
{
    /// <summary>The value of the button with this action; null: there is none.</summary>
    /// <param name="card">A card 2.0, or any part of one.</param>
    /// <param name="action">The member <c>action</c> of the value.</param>
    public static JsonNode? Find(JsonNode? card, string action) => card switch
    {
        JsonArray list => list.Select(part => Find(part, action)).FirstOrDefault(found => found is not null),
        JsonObject part when part["tag"]?.ToString() == "button" && part["behaviors"]?[0]?["value"] is { } value
            && value["action"]?.ToString() == action => value.DeepClone(),
        JsonObject part => part.Select(member => Find(member.Value, action)).FirstOrDefault(found => found is not null),
        _ => null,
    };
}
