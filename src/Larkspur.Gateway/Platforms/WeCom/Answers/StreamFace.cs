using System.Text;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>What a stream shows of a text: at most 20,480 bytes.</summary>
internal static class StreamFace
{
    /// <summary>What a line of our own below the text takes at most.</summary>
    private const int Line = 200;

    /// <summary>A stream is closed so long before the platform takes no more: the last frame may have to wait for its turn.</summary>
    public static TimeSpan Margin { get; } = TimeSpan.FromSeconds(20);

    /// <summary>While it is written.</summary>
    public static string Growing(string text, Language language)
    {
        text = Safe(GrowingMarkdown.WithoutOpenMarks(text));
        if (string.IsNullOrWhiteSpace(text)) return WeComTexts.Thinking.In(language);
        return Fits(text) ? text : First(text) + "\n\n" + WeComTexts.Continues.In(language);
    }

    /// <summary>Its time is over and the answer is not whole.</summary>
    /// <returns>What is shown, and how much of the text that is.</returns>
    public static (string Face, string Shown) Closing(string text, Language language)
    {
        text = Safe(text);
        if (string.IsNullOrWhiteSpace(text)) return (WeComTexts.Continues.In(language), "");
        var shown = First(text);
        // A code block that is cut is closed in the stream; the rest begins after what was shown, which such an end is no part of.
        return (shown + "\n\n" + WeComTexts.Continues.In(language), text.StartsWith(shown, StringComparison.Ordinal) ? shown : "");
    }

    /// <summary>The whole answer with its small print.</summary>
    public static string Whole(string text, string? note)
    {
        var whole = new StringBuilder(Safe(text).TrimEnd());
        if (!string.IsNullOrWhiteSpace(note)) whole.Append("\n\n> ").Append(Safe(note).Trim().ReplaceLineEndings("\n").Replace("\n", "\n> ", StringComparison.Ordinal));
        return whole.Length > 0 ? whole.ToString() : WeComTexts.Nothing;
    }

    /// <summary>The text in messages; the first is the stream's.</summary>
    public static IReadOnlyList<string> Pages(string text) => WeComPages.Split(text, AiBotLimits.ContentBytes);

    /// <summary>What is still to be said after the stream was closed early: the rest where the answer begins with what was shown, else all of it.</summary>
    public static IReadOnlyList<string> Rest(string text, string shown)
    {
        var rest = text.StartsWith(shown, StringComparison.Ordinal) ? text[shown.Length..].TrimStart('\n') : text;
        return string.IsNullOrWhiteSpace(rest) ? [] : Pages(rest);
    }

    /// <summary>The one message that can still be sent, when there is more.</summary>
    public static string CutShort(string page, string text) =>
        First(page) + "\n\n" + WeComTexts.Cut.In(Languages.Of(text) ?? Language.Chinese);

    /// <summary>A backend's words call nobody: <c>&lt;@userid&gt;</c> is a mention to the platform.</summary>
    public static string Safe(string text) => text.Replace("<@", "＜@", StringComparison.Ordinal);

    private static bool Fits(string text) => Encoding.UTF8.GetByteCount(text) <= AiBotLimits.ContentBytes;

    private static string First(string text) => WeComPages.Split(text, AiBotLimits.ContentBytes - Line)[0];
}
