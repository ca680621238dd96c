using System.Text;
using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>Markdown as DingTalk shows it. What a language model wrote may hold anything: pictures are loaded by the reader's client from wherever they say, and some links act in her name.</summary>
internal static partial class DingTalkMarkdown
{
    /// <summary>For the Markdown variable of a card: tables and code are shown; pictures become links, links of the client's own kinds (<c>dtmd:</c>, <c>dingtalk:</c>) become words.</summary>
    public static string ForCard(string text) => OutsideCode(text, Safe);

    /// <summary>For a message: besides, tables become lists (older clients show none), and a line break stays one (DingTalk wants two blanks before it).</summary>
    public static string ForMessage(string text) => OutsideCode(text, static part => Breaks(Tables(Safe(part))));

    /// <summary>The beginning in one line without markup, for lists of conversations.</summary>
    public static string Preview(string text, int length = 60)
    {
        var words = Markup().Replace(Link().Replace(text, "$2"), " ");
        var line = Blanks().Replace(words, " ").Trim();
        if (line.Length <= length) return line;
        return string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[length - 1]) ? length - 1 : length), "…");
    }

    /// <summary>Code between fences is left as it is.</summary>
    private static string OutsideCode(string text, Func<string, string> change)
    {
        var whole = new StringBuilder(text.Length + 64);
        var part = new StringBuilder();
        string? fence = null;
        foreach (var line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n'))
        {
            var mark = Fence().Match(line);
            var closes = fence is not null && mark.Success && mark.Value.Trim().StartsWith(fence, StringComparison.Ordinal);
            if (fence is null && mark.Success)
            {
                Flush();
                fence = mark.Groups[1].Value;
                whole.Append(line).Append('\n');
                continue;
            }

            (fence is null ? part : whole).Append(line).Append('\n');
            if (closes) fence = null;
        }

        Flush();
        return whole.Length == 0 ? "" : whole.ToString(0, whole.Length - 1);

        void Flush()
        {
            if (part.Length == 0) return;
            whole.Append(change(part.ToString()));
            part.Clear();
        }
    }

    private static string Safe(string text) => Link().Replace(text, static link =>
    {
        var (words, address) = (link.Groups[2].Value, link.Groups[3].Value.Trim());
        var harmless = address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase);
        if (!harmless) return words;
        return $"[{(words.Length == 0 ? address : words)}]({address})";
    });

    private static string Breaks(string text)
    {
        var lines = text.Split('\n');
        var broken = new StringBuilder(text.Length + lines.Length * 2);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd();
            broken.Append(line);
            if (i == lines.Length - 1) break;
            var breaks = line.Length > 0 && lines[i + 1].Trim().Length > 0 && !Block().IsMatch(line) && !Block().IsMatch(lines[i + 1]);
            broken.Append(breaks ? "  \n" : "\n");
        }

        return broken.ToString();
    }

    /// <summary>Each row becomes an entry: <c>- head: cell; head: cell</c>.</summary>
    private static string Tables(string text)
    {
        var lines = text.Split('\n');
        var made = new List<string>(lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            if (i + 1 >= lines.Length || !lines[i].Contains('|', StringComparison.Ordinal) || !Rule().IsMatch(lines[i + 1]))
            {
                made.Add(lines[i]);
                continue;
            }

            var heads = Cells(lines[i]);
            for (i += 2; i < lines.Length && lines[i].Contains('|', StringComparison.Ordinal); i++)
                made.Add("- " + string.Join("; ", Cells(lines[i]).Select((cell, n) => n < heads.Length && heads[n].Length > 0 ? $"{heads[n]}: {cell}" : cell)));
            i--;
        }

        return string.Join('\n', made);
    }

    private static string[] Cells(string row) => [.. row.Trim().Trim('|').Split('|').Select(c => c.Trim())];

    [GeneratedRegex(@"^ {0,3}(`{3,}|~{3,})")]
    private static partial Regex Fence();

    [GeneratedRegex(@"(!?)\[([^\[\]]{0,2000})\]\(([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,2000})?)(?:\s+""[^""]{0,200}"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\s*(#{1,6}\s|>|[-*+]\s|\d{1,3}[.)]\s|-{3,}\s*$|\*{3,}\s*$)")]
    private static partial Regex Block();

    [GeneratedRegex(@"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"[#>*_`~|\n]+")]
    private static partial Regex Markup();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
