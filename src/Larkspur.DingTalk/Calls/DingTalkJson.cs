using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.DingTalk;

/// <summary>How the SDK reads and writes the platform's JSON.</summary>
public static class DingTalkJson
{
    /// <summary>New calls, robots, cards and events: camelCase.</summary>
    public static JsonSerializerOptions New { get; } = PlatformJson.Create(JsonNamingPolicy.CamelCase, new TextJsonConverter(), new TruthJsonConverter());

    /// <summary>Old calls: snake_case.</summary>
    public static JsonSerializerOptions Old { get; } = PlatformJson.Create(JsonNamingPolicy.SnakeCaseLower, new TextJsonConverter(), new TruthJsonConverter());

    /// <summary>What comes from outside: no member twice (two readers that disagree about which one counts are how a check is passed with one value and acted on with another), bounded depth.</summary>
    internal static JsonDocumentOptions Strict { get; } = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    internal static JsonSerializerOptions Of(DingTalkForm form) => form == DingTalkForm.Old ? Old : New;

    /// <summary>A member's text when the element is an object that has it as a string or a number; else null.</summary>
    internal static string? Text(this JsonElement element, string name)
        => element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out JsonElement value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => value.Text(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };

    /// <summary>The element when it is a string; else null. One with half a surrogate pair is JSON and no text.</summary>
    internal static string? Text(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A member when the element is an object that has it; else an undefined one.</summary>
    internal static JsonElement Member(this JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : default;
}

/// <summary>Reads <c>"true"</c> and <c>"false"</c> as well as true and false: the examples of the contacts pages print them so.</summary>
internal sealed class TruthJsonConverter : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String when bool.TryParse(reader.GetString(), out bool truth) => truth,
        _ => throw new JsonException($"True or false is expected, not {reader.TokenType}."),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}
