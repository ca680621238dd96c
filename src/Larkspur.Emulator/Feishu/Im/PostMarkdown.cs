using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>What receivers get instead of a post's <c>md</c> paragraph.</summary>
/// <remarks>The platform does not say how it divides markdown; lines, code, rules, links, mentions and styles are told apart here (UNVERIFIED), the rest stays text.</remarks>
internal static partial class PostMarkdown
{
    public static IEnumerable<JsonArray> Expand(string markdown, MentionList mentions)
    {
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, i + 1, l => l.StartsWith("```", StringComparison.Ordinal));
                if (end < 0) end = lines.Length;
                yield return [new JsonObject { ["tag"] = "code_block", ["language"] = line[3..].Trim().ToUpperInvariant(), ["text"] = string.Join('\n', lines[(i + 1)..end]) }];
                i = end;
            }
            else if (Rule().IsMatch(line))
            {
                yield return [new JsonObject { ["tag"] = "hr" }];
            }
            else
            {
                yield return Inline(line, mentions);
            }
        }
    }

    private static JsonArray Inline(string line, MentionList mentions)
    {
        var heading = Heading().Match(line);
        if (heading.Success) return [Text(line[heading.Length..], "bold")];
        var parts = new JsonArray();
        var from = 0;
        foreach (Match match in Pieces().Matches(line))
        {
            if (match.Index > from) parts.Add(Text(line[from..match.Index]));
            from = match.Index + match.Length;
            parts.Add(Piece(match, mentions));
        }

        if (from < line.Length || parts.Count == 0) parts.Add(Text(line[from..]));
        return parts;
    }

    private static JsonObject Piece(Match match, MentionList mentions)
    {
        if (match.Groups["at"] is { Success: true } at)
        {
            var key = mentions.Add(at.Value);
            return new JsonObject { ["tag"] = "at", ["user_id"] = key ?? at.Value, ["user_name"] = key is null ? "" : mentions.NameOf(key) };
        }

        if (match.Groups["label"] is { Success: true } label)
        {
            return new JsonObject { ["tag"] = "a", ["href"] = match.Groups["href"].Value, ["text"] = label.Value, ["style"] = new JsonArray() };
        }

        return match.Groups["bold"] is { Success: true } bold ? Text(bold.Value, "bold")
            : match.Groups["strike"] is { Success: true } strike ? Text(strike.Value, "lineThrough")
            : Text(match.Groups["italic"].Value, "italic");
    }

    private static JsonObject Text(string text, string? style = null) =>
        new() { ["tag"] = "text", ["text"] = text, ["style"] = style is null ? [] : new JsonArray(style) };

    [GeneratedRegex(@"^\s*(?:---+|\*\*\*+)\s*$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^#{1,6}\s+")]
    private static partial Regex Heading();

    [GeneratedRegex("""
        <at\s+(?:user_)?id=["']?(?<at>[^"'\s>]{1,128})["']?\s*>[^<]{0,128}</at> | \[(?<label>[^\]\n]{1,500})\]\((?<href>[^)\s]{1,2000})\)
        | \*\*(?<bold>[^*\n]{1,2000})\*\* | ~~(?<strike>[^~\n]{1,2000})~~ | (?<![*\w])\*(?<italic>[^*\n]{1,2000})\*(?![*\w])
        """, RegexOptions.IgnorePatternWhitespace, 500)]
    private static partial Regex Pieces();
}
