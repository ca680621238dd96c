using System.Text.Json;

namespace Larkspur.Gateway.Console.Pages.Audit;

/// <summary>A line's detail without the braces: a change as <c>before → after</c>, everything else as names and values.</summary>
internal static class AuditDetail
{
    private const string Nothing = "—";

    /// <summary>The parts of it; a name may be empty. What is no object is shown as it stands.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(string? detail)
    {
        if (string.IsNullOrEmpty(detail)) return [];
        try
        {
            using var document = JsonDocument.Parse(detail);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root ? Of(root) : [("", detail)];
        }
        catch (JsonException)
        {
            return [("", detail)];
        }
    }

    private static List<(string Name, string Value)> Of(JsonElement detail)
    {
        var parts = new List<(string Name, string Value)>();
        var isChange = detail.TryGetProperty("from", out var from) & detail.TryGetProperty("to", out var to);
        if (isChange) parts.Add(("", $"{Text(from)} → {Text(to)}"));
        foreach (var member in detail.EnumerateObject())
        {
            if (isChange && member.Name is "from" or "to") continue;
            if (member.Value.ValueKind != JsonValueKind.Null) parts.Add((member.Name, Text(member.Value)));
        }

        return parts;
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => Nothing,
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : Nothing,
        JsonValueKind.Array when value.GetArrayLength() == 0 => Nothing,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        _ => value.GetRawText(),
    };
}
