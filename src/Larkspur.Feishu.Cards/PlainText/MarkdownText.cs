using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Larkspur.Feishu.Cards.PlainText;

/// <summary>Card markdown without its marks. Links keep their address, mentions their id.</summary>
internal static class MarkdownText
{
    public static string Plain(string markdown, bool chinese)
    {
        if (markdown.AsSpan().IndexOfAny("<*_~`[&#\\") < 0) return markdown;
        var text = markdown;
        text = Mention.Replace(text, m => "@" + (m.Groups["id"].Value is "all" ? (chinese ? "所有人" : "all") : m.Groups["id"].Value));
        text = TaggedLink.Replace(text, m => Link(m.Groups["text"].Value, m.Groups["url"].Value));
        text = LocalTime.Replace(text, m => Time(m.Groups["ms"].Value));
        text = Image.Replace(text, m => m.Groups["alt"].Length == 0 ? "" : $"[{m.Groups["alt"].Value}]");
        text = BracketLink.Replace(text, m => Link(m.Groups["text"].Value, m.Groups["url"].Value));
        text = KnownTag.Replace(text, "");
        text = Marks.Replace(text, "${inner}");
        text = Heading.Replace(text, "");
        text = Escape.Replace(text, "${mark}");
        return WebUtility.HtmlDecode(text);
    }

    private static string Link(string text, string url) => text.Length == 0 || text == url ? url : $"{text} ({url})";

    private static string Time(string milliseconds) => long.TryParse(milliseconds, out var value) ? Dates.Of(value, "HH:mm") : milliseconds;

    // NonBacktracking: the text comes from others and must cost time in proportion to its length.
    private const RegexOptions Linear = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    private static readonly Regex Mention = new("""<(?:at|person)\s[^<>]*?\b(?:id|ids|email|user_id)\s?=\s?["']?(?<id>[^\s"'<>/]+)["']?[^<>]*>(?:[^<]*</(?:at|person)>)?""", Linear);

    private static readonly Regex TaggedLink = new("""<(?:link|a)\s[^<>]*?\b(?:url|href)\s?=\s?["']?(?<url>[^\s"'<>]+)["']?[^<>]*>(?<text>[^<]*)</(?:link|a)>""", Linear);

    private static readonly Regex LocalTime = new("""<local_datetime\s[^<>]*?\bmillisecond\s?=\s?["']?(?<ms>\d+)["']?[^<>]*>(?:[^<]*</local_datetime>)?""", Linear);

    private static readonly Regex Image = new("""!\[(?<alt>[^\]]*)\]\([^)]*\)""", Linear);

    private static readonly Regex BracketLink = new("""\[(?<text>[^\[\]]*)\]\((?<url>[^()\s]+)\)""", Linear);

    private static readonly Regex KnownTag = new("""</?(?:font|text_tag|number_tag|record|audio|b|i|br)\b[^<>]*>""", Linear);

    private static readonly Regex Marks = new("""(?:\*\*\*|\*\*|~~|`{1,3})(?<inner>[^*~`]+)(?:\*\*\*|\*\*|~~|`{1,3})""", Linear);

    private static readonly Regex Heading = new("""^#{1,6}\s""", Linear | RegexOptions.Multiline);

    private static readonly Regex Escape = new("""\\(?<mark>[*_~`\[\]()<>#+!|\\-])""", Linear);
}
