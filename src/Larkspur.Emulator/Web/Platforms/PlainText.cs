using System.Text.RegularExpressions;
using Larkspur.Emulator.Web.Cards;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Emulator.Web.Platforms;

/// <summary>Text as it was written: addresses become links, and WeCom's <c>&lt;a href&gt;</c> does; everything else is shown.</summary>
internal static partial class PlainText
{
    /// <param name="anchors"><c>&lt;a href="…"&gt;…&lt;/a&gt;</c> is a link.</param>
    public static MarkupString Markup(string text, bool anchors = false)
    {
        var html = new HtmlWriter();
        var from = 0;
        foreach (Match match in Pattern().Matches(text))
        {
            var isAnchor = match.Groups["href"].Success;
            var address = SafeLink.Check(isAnchor ? match.Groups["href"].Value : match.Value);
            if (address is null || (isAnchor && !anchors)) continue;
            html.Text(text[from..match.Index]).Link(address).Text(isAnchor ? match.Groups["label"].Value : match.Value).Close("a");
            from = match.Index + match.Length;
        }

        return html.Text(text[from..]).ToMarkup();
    }

    [GeneratedRegex("""<a[ ]+href=["'](?<href>[^"'<>]{1,2000})["'][ ]*>(?<label>[^<]{1,500})</a>|https?://[^\s<>"'\u3000-\u303F\uFF00-\uFFEF]{1,2000}[^\s<>"'.,;:!?)\u3000-\u303F\uFF00-\uFFEF]""", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Pattern();
}
