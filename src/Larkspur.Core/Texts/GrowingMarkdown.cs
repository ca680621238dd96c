namespace Larkspur;

/// <summary>Markdown that somebody reads while it is written.</summary>
public static class GrowingMarkdown
{
    /// <summary>Most characters that are held back: marks that were never meant to be closed keep a reader waiting no longer.</summary>
    public const int MostHeldBack = 120;

    /// <summary>The text so far without bold words or inline code at its end whose closing marks are not written yet.</summary>
    /// <remarks>
    /// Drawn as they stand, the marks would be seen as characters until the closing ones come. Closed here they would stand elsewhere in
    /// the next text, and clients that type a growing text out (Feishu's cards) go on only where the old text begins the new one.
    /// </remarks>
    /// <param name="text">Any beginning of a text.</param>
    /// <returns>A beginning of it; the whole when nothing is open in its last line.</returns>
    public static string WithoutOpenMarks(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Code in a block is shown as it grows.
        if (CodeFence.OpenIn(text) is not null) return text;
        var open = OpenAt(text, text.LastIndexOf('\n') + 1);
        return open >= 0 && text.Length - open <= MostHeldBack ? text[..open] : text;
    }

    /// <returns>Where the first mark stands that is still open; -1: all are closed.</returns>
    private static int OpenAt(string text, int from)
    {
        var bold = -1;
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '`')
            {
                var marks = Run(text, i);
                var end = Closing(text, i + marks, marks);
                if (end < 0) return bold >= 0 ? bold : i;
                i = end - 1;
            }
            else if (text[i] == '*')
            {
                var marks = Run(text, i);
                var isLast = i + marks == text.Length;
                if (bold >= 0 && marks >= 2 && !char.IsWhiteSpace(text[i - 1])) bold = -1;
                // A single one at the end may be half of two.
                else if (bold < 0 && (isLast ? i > from || marks > 1 : marks >= 2 && !char.IsWhiteSpace(text[i + marks]))) bold = i;
                i += marks - 1;
            }
        }

        return bold;
    }

    private static int Run(string text, int at)
    {
        var end = at;
        while (end < text.Length && text[end] == text[at]) end++;
        return end - at;
    }

    /// <returns>Behind the marks that close inline code; -1: they are not there yet.</returns>
    private static int Closing(string text, int from, int marks)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] != '`') continue;
            var run = Run(text, i);
            if (run == marks) return i + run;
            i += run - 1;
        }

        return -1;
    }
}
