using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Larkspur.Emulator.Wire;

/// <summary>Reads foreign JSON: no equal keys, at most 64 levels, and every text in it can be read.</summary>
/// <remarks>The reader of the framework finds broken UTF-8 and lone surrogates only when a value is asked for; here they are found at once.</remarks>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <exception cref="JsonException">It is not JSON, or nothing that can be handled.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) throw new JsonException("not UTF-8");
        try
        {
            var node = JsonNode.Parse(utf8, documentOptions: Options);
            Touch(node);
            return node;
        }
        catch (Exception unreadable) when (unreadable is InvalidOperationException or ArgumentException)
        {
            throw new JsonException("a text cannot be read", unreadable);
        }
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static JsonNode? Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    private static void Touch(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (_, value) in o) Touch(value);
                break;
            case JsonArray a:
                foreach (var item in a) Touch(item);
                break;
            case JsonValue v when v.GetValueKind() == JsonValueKind.String:
                v.GetValue<string>();
                break;
        }
    }
}
