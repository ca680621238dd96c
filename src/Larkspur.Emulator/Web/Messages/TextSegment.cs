using System.Text.RegularExpressions;
using Larkspur.Emulator.Web.Cards;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Emulator.Web.Messages;

internal enum SegmentKind { Plain, Mention, Link, StyleOn, StyleOff }

/// <summary>A piece of a text message: the platform knows mentions, links and four style tags in it, nothing else.</summary>
internal readonly partial record struct TextSegment(SegmentKind Kind, string Text, string Value = "")
{
    public static IEnumerable<TextSegment> Split(string text, Message message, Viewer viewer) => Split(text, id => Named(id, message, viewer));

    public static MarkupString Markup(string text, Message message, Viewer viewer)
    {
        var html = new HtmlWriter();
        var open = new Stack<string>();
        foreach (var segment in Split(text, message, viewer))
        {
            switch (segment.Kind)
            {
                case SegmentKind.Mention:
                    html.Open("span", segment.Value == "me" ? "mention me" : "mention").Text(segment.Text).Close("span");
                    break;
                case SegmentKind.Link:
                    html.Link(segment.Value).Text(segment.Text).Close("a");
                    break;
                case SegmentKind.StyleOn:
                    html.Open(segment.Value);
                    open.Push(segment.Value);
                    break;
                case SegmentKind.StyleOff when open.Contains(segment.Value):
                    while (open.TryPop(out var tag))
                    {
                        html.Close(tag);
                        if (tag == segment.Value) break;
                    }

                    break;
                case SegmentKind.Plain:
                    html.Text(segment.Text);
                    break;
            }
        }

        while (open.TryPop(out var left)) html.Close(left);
        return html.ToMarkup();
    }

    private static (string Text, bool Me) Named(string id, Message message, Viewer viewer)
    {
        var mention = message.Mentions.FirstOrDefault(m => m.Key == id);
        if (id is "all" or "@_all" || mention?.Kind == MentionKind.All) return ("@" + viewer.Texts.Everyone, true);
        var personId = mention?.Id ?? viewer.Find(id)?.Key;
        var name = mention is not null ? viewer.NameOf(mention.Id) : viewer.Find(id)?.Name;
        return ("@" + (name is null || name == viewer.Texts.UnknownPerson ? mention?.Name ?? viewer.Texts.UnknownPerson : name), personId == viewer.Me.UserId);
    }

    private static IEnumerable<TextSegment> Split(string text, Func<string, (string Text, bool Me)> named)
    {
        var from = 0;
        foreach (Match match in Pattern().Matches(text))
        {
            if (match.Index > from) yield return new TextSegment(SegmentKind.Plain, text[from..match.Index]);
            from = match.Index + match.Length;
            yield return Piece(match, named);
        }

        if (from < text.Length) yield return new TextSegment(SegmentKind.Plain, text[from..]);
    }

    private static TextSegment Piece(Match match, Func<string, (string Text, bool Me)> named)
    {
        if (match.Groups["at"] is { Success: true } at || match.Groups["key"] is { Success: true } && (at = match.Groups["key"]).Success)
        {
            var (name, me) = named(at.Value);
            return new TextSegment(SegmentKind.Mention, name, me ? "me" : "");
        }

        if (match.Groups["on"] is { Success: true } on) return new TextSegment(SegmentKind.StyleOn, "", on.Value);
        if (match.Groups["off"] is { Success: true } off) return new TextSegment(SegmentKind.StyleOff, "", off.Value);

        var address = match.Groups["href"] is { Success: true } href ? href.Value : match.Groups["url"].Value;
        var label = match.Groups["label"] is { Success: true } text ? text.Value : address;
        return SafeLink.Check(address) is { } safe ? new TextSegment(SegmentKind.Link, label, safe) : new TextSegment(SegmentKind.Plain, match.Value);
    }

    [GeneratedRegex("""
        <at[ ]+(?:user_id|id|open_id)=["']?(?<at>[^"'<> ]{1,128})["']?[ ]*/?>(?:[^<]{0,128}</at>)? | (?<key>@_user_[0-9]+|@_all)
        | <(?<on>[bius])> | </(?<off>[bius])> | \[(?<label>[^\]\n]{1,200})\]\((?<href>[^)\s]{1,2000})\) | (?<url>https?://[^\s<>"'\u3000-\u303F\uFF00-\uFFEF]{1,2000}[^\s<>"'.,;:!?)\u3000-\u303F\uFF00-\uFFEF])
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant, 500)]
    private static partial Regex Pattern();
}
