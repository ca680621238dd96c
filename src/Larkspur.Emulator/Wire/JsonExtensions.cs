using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Wire;

/// <summary>What handlers read from JSON and write into it over and over.</summary>
internal static class JsonExtensions
{
    /// <summary>A text, or a number or flag as it is written; empty where there is none.</summary>
    public static string TextOf(this JsonObject json, string name) =>
        json[name] is not JsonValue v ? "" : v.TryGetValue<string>(out var text) ? text : v.ToJsonString();

    public static JsonArray ToJson(this IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);

    public static JsonArray ToJson<T>(this IEnumerable<T> items, Func<T, JsonNode?> show) => new([.. items.Select(show)]);
}
