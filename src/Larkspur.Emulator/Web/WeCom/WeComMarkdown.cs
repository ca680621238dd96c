using System.Text.RegularExpressions;
using Larkspur.Emulator.Web.Cards;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Emulator.Web.WeCom;

/// <summary>WeCom's own marks in a text, told in those that the page's renderer knows.</summary>
internal static partial class WeComMarkdown
{
    private const string ThinkOn = "<think>";
    private const string ThinkOff = "</think>";

    /// <summary>The three colours by the names of the page's palette, mentions as mentions.</summary>
    public static string Translate(string text)
    {
        text = Colour().Replace(text, m => $"<font color=\"{m.Groups["name"].Value switch { "info" => "green", "comment" => "grey", _ => "orange" }}\">");
        return Mention().Replace(text, m => $"<at id=\"{m.Groups["id"].Value}\"></at>");
    }

    /// <summary>What stands between the first <c>&lt;think&gt;</c> and its end, which may not have come yet, and the rest.</summary>
    public static (string Thought, string Said) Thought(string text)
    {
        var from = text.IndexOf(ThinkOn, StringComparison.Ordinal);
        if (from < 0) return ("", text);
        var to = text.IndexOf(ThinkOff, from, StringComparison.Ordinal);
        var thought = text[(from + ThinkOn.Length)..(to < 0 ? text.Length : to)].Trim();
        return (thought, text[..from] + (to < 0 ? "" : text[(to + ThinkOff.Length)..].TrimStart()));
    }

    /// <summary>A textcard's description: three kinds of lines, everything else as it was written.</summary>
    public static MarkupString Shaded(string text)
    {
        var html = new HtmlWriter();
        var from = 0;
        foreach (Match match in Shade().Matches(text))
        {
            html.Text(text[from..match.Index]).Open("span", "shade-" + match.Groups["kind"].Value).Text(match.Groups["text"].Value).Close("span");
            from = match.Index + match.Length;
        }

        return html.Text(text[from..]).ToMarkup();
    }

    [GeneratedRegex("""<font[ ]+color=["']?(?<name>info|comment|warning)["']?[ ]*>""", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Colour();

    [GeneratedRegex("<@(?<id>[0-9A-Za-z_.@-]{1,64})>", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Mention();

    [GeneratedRegex("""<div[ ]+class=["'](?<kind>gray|highlight|normal)["'][ ]*>(?<text>[^<]{0,512})</div>""", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Shade();
}
