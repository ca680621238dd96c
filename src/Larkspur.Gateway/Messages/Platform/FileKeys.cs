using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.Messages;

/// <summary>Keys of uploads in what is sent.</summary>
internal static partial class FileKeys
{
    private const int Deepest = 4;

    /// <summary>Each once. They are looked for in texts as the platform reads them: escapes of JSON and of Markdown resolved, and JSON within JSON
    /// opened.</summary>
    /// <param name="json">A message's content, a card or a part of one.</param>
    public static IReadOnlyCollection<string> In(string json)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Collect(json, found, 0);
        return found;
    }

    private static void Collect(string text, HashSet<string> found, int depth)
    {
        Find(text, found);
        if (depth == Deepest || text.AsSpan().TrimStart() is not ['{' or '[' or '"', ..]) return;
        try
        {
            using var document = JsonDocument.Parse(text, RequestJson.Stored);
            Collect(document.RootElement, found, depth);
        }
        catch (JsonException)
        {
            // No JSON after all: it was searched as it is.
        }
    }

    /// <summary>As it stands, and as Markdown reads it: an entity or a backslash may stand for or before any character.</summary>
    private static void Find(string text, HashSet<string> found)
    {
        foreach (Match match in Key().Matches(text)) found.Add(match.Value);
        if (!text.Contains('&', StringComparison.Ordinal) && !text.Contains('\\', StringComparison.Ordinal)) return;
        var read = WebUtility.HtmlDecode(text).Replace("&lowbar;", "_", StringComparison.Ordinal).Replace("&UnderBar;", "_", StringComparison.Ordinal)
            .Replace("\\", "", StringComparison.Ordinal);
        foreach (Match match in Key().Matches(read)) found.Add(match.Value);
    }

    private static void Collect(JsonElement element, HashSet<string> found, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    Find(member.Name, found);
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
