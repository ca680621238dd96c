using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Common Markdown in what an application message shows: headings, bold, links, inline code and quotations. The rest gets the plainest form that keeps its sense.</summary>
/// <remarks>Lists keep their marks as text, a table becomes a line per row, a code block becomes a quotation, a picture its link. Source: page 90236.</remarks>
internal static partial class WeComMarkdown
{
    public static string Reduce(string markdown)
    {
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        var shown = new List<string>(lines.Length);
        CodeFence? open = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var (before, after) = (open, CodeFence.After(open, line));
            open = after;
            if (before is null != after is null) continue;
            if (open is not null) shown.Add("> " + line);
            else if (IsRow(line)) shown.Add(Row(line));
            else if (i == 0 || !IsRow(lines[i - 1]) || !Rule().IsMatch(line)) shown.Add(Inline(line));
        }

        return string.Join('\n', shown).Trim('\n');
    }

    private static bool IsRow(string line) => line.AsSpan().Trim() is { Length: > 1 } row && row[0] == '|' && row[^1] == '|' && !Rule().IsMatch(line);

    private static string Row(string line) => string.Join("　", line.Trim().Trim('|').Split('|').Select(cell => Inline(cell.Trim())));

    private static string Inline(string line)
    {
        if (Divider().IsMatch(line)) return "————";
        line = Bullet().Replace(line, "$1• ");
        line = Image().Replace(line, m => m.Groups[1].Length > 0 ? $"[{m.Groups[1].Value}]({m.Groups[2].Value})" : $"[{m.Groups[2].Value}]({m.Groups[2].Value})");
        line = Struck().Replace(line, "$1");
        return Underlined().Replace(line, "**$1**");
    }

    [GeneratedRegex(@"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)+\|?\s*$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^\s*([-*_])\s*(\1\s*){2,}$")]
    private static partial Regex Divider();

    [GeneratedRegex(@"^(\s*)[-*+]\s+(?:\[[ xX]\]\s+)?")]
    private static partial Regex Bullet();

    [GeneratedRegex(@"!\[([^\]\n]{0,200})\]\(([^)\s]{1,2000})\)")]
    private static partial Regex Image();

    [GeneratedRegex(@"~~([^~\n]{1,2000})~~")]
    private static partial Regex Struck();

    [GeneratedRegex(@"(?<![\w_])__([^_\n]{1,2000})__(?![\w_])")]
    private static partial Regex Underlined();
}
