using System.Text.RegularExpressions;

namespace Larkspur.Feishu.Messaging;

/// <summary>Text written by people, made harmless for places where the platform reads tags.</summary>
public static partial class MessageText
{
    /// <summary>
    /// The text as it stands, except that nothing in it mentions anybody, changes the style or becomes a link with a hidden address: an invisible
    /// character (U+200B) breaks what the platform would read as a tag.
    /// </summary>
    /// <remarks>
    /// The platform documents no escape for the text of messages, so there is nothing to escape with. Tags are <c>at b i u s</c> and
    /// <c>[text](link)</c>; entities that might be decoded first are broken as well (that they are is UNVERIFIED).
    /// </remarks>
    public static string Harmless(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Markup().Replace(text, static match => string.Concat(match.ValueSpan[..1], "\u200B", match.ValueSpan[1..]));
    }

    /// <summary>As <see cref="Harmless"/>, for places that know mentions but neither styles nor links.</summary>
    internal static string WithoutMentions(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Mentions().Replace(text, static match => string.Concat(match.ValueSpan[..1], "\u200B", match.ValueSpan[1..]));
    }

    /// <summary>A name inside a mention's tag.</summary>
    internal static string Name(string name) => name.Replace('<', '‹').Replace('>', '›').ReplaceLineEndings(" ");

    // Blanks stand in one place only until the slash is there: \s*/?\s* would try every way of sharing them out.
    [GeneratedRegex(@"<(?=\s*(?:/\s*)?at\b|/?[bius]\b)|&(?=(?:lt|#0*60|#x0*3c)\b)|\](?=\()", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Markup();

    [GeneratedRegex(@"<(?=\s*(?:/\s*)?at\b)|&(?=(?:lt|#0*60|#x0*3c)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Mentions();
}
