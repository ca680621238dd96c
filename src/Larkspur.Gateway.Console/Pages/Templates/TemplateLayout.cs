using System.Text.Encodings.Web;
using System.Text.Json;

namespace Larkspur.Gateway.Console.Pages.Templates;

/// <summary>A template's text laid out: indented, and in one line what is short and holds nothing nested deeper than once.</summary>
internal static class TemplateLayout
{
    private const int Width = 100;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static string Of(string text)
    {
        using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 100 });
        return Of(json.RootElement, "", isRoot: true) + "\n";
    }

    private static string Of(JsonElement value, string indent, bool isRoot = false)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) return JsonSerializer.Serialize(value, Relaxed);
        var isObject = value.ValueKind == JsonValueKind.Object;
        var (open, close) = isObject ? ("{", "}") : ("[", "]");
        var inner = indent + "  ";
        string[] items = isObject ? [.. value.EnumerateObject().Select(m =>
            $"{JsonSerializer.Serialize(m.Name, Relaxed)}: {Of(m.Value, inner)}")]
            : [.. value.EnumerateArray().Select(item => Of(item, inner))];
        var line = $"{open}{string.Join(", ", items)}{close}";
        if (items.Length == 0 || (!isRoot && line.Length + indent.Length <= Width
            && !line.Contains('\n', StringComparison.Ordinal))) return line;
        return $"{open}\n{inner}{string.Join($",\n{inner}", items)}\n{indent}{close}";
    }
}
