using System.Text;

namespace Larkspur.Gateway.Cards;

/// <summary>Markdown whose tags, embedded pictures and unsafe links are shown as they were typed: emphasis, lists, code and links to pages remain.</summary>
internal static class SafeMarkdown
{
    public static string Of(string markdown)
    {
        var safe = new StringBuilder(markdown.Length + 32);
        for (var i = 0; i < markdown.Length; i++)
        {
            var unit = markdown[i];
            // Mentions, colours, buttons and the like are tags; a person who is mentioned is told, and "all" is everybody.
            if (unit == '<') safe.Append("&#60;");
            else if (unit == '!' && i + 1 < markdown.Length && markdown[i + 1] == '[') safe.Append("&#33;");
            else if (unit == ']' && i + 1 < markdown.Length && markdown[i + 1] == '(' && !LeadsToPage(markdown, i + 2)) safe.Append("&#93;");
            else if (char.IsControl(unit) && unit is not ('\n' or '\t')) safe.Append(unit == '\r' ? "" : " ");
            else safe.Append(unit);
        }

        return safe.ToString();
    }

    private static bool LeadsToPage(string markdown, int from)
    {
        var end = markdown.AsSpan(from).IndexOfAny(')', '\n');
        return end > 0 && markdown[from + end] == ')' && CardUrls.IsSafe(markdown.Substring(from, end));
    }
}
