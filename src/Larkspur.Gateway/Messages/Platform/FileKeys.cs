using System.Text.Json;
using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Messages;

/// <summary>Keys of uploads in what is sent.</summary>
internal static partial class FileKeys
{
    private const int Deepest = 4;

    /// <summary>Each once. They are looked for in texts as the platform reads them: escapes resolved, and JSON within JSON opened.</summary>
    /// <param name="json">A message's content, a card or a part of one.</param>
    public static IReadOnlyCollection<string> In(string json)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Collect(json, found, 0);
        return found;
    }

    private static void Collect(string text, HashSet<string> found, int depth)
    {
        foreach (Match match in Key().Matches(text)) found.Add(match.Value);
        if (depth == Deepest || text.AsSpan().TrimStart() is not ['{' or '[' or '"', ..]) return;
        try
        {
            using var document = JsonDocument.Parse(text);
            Collect(document.RootElement, found, depth);
        }
        catch (JsonException)
        {
            // No JSON after all: it was searched as it is.
        }
    }

    private static void Collect(JsonElement element, HashSet<string> found, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    foreach (Match match in Key().Matches(member.Name)) found.Add(match.Value);
                    Collect(member.Value, found, depth);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Collect(item, found, depth);
                break;
            case JsonValueKind.String:
                Collect(element.GetString()!, found, depth + 1);
                break;
        }
    }

    [GeneratedRegex("(?:img|file)_[A-Za-z0-9_-]{6,}", RegexOptions.None, 10_000)]
    private static partial Regex Key();
}
