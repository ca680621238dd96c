using System.Text;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>Splits what is too long for one message, at a paragraph, a line or a blank; code that is cut is closed and opened again.</summary>
internal static class MessageParts
{
    /// <summary>Of the 15 000 bytes that a message's parameters may have as JSON: room for title and names is left.</summary>
    public const int MaxBytes = 14_000;

    /// <summary>More than this nobody reads, and each is a call of the month.</summary>
    public const int MaxParts = 20;

    /// <summary>What closing a code block takes, the line break within a JSON text.</summary>
    private const int Reserve = CodeFence.MostMarks + 2;

    /// <summary>The parts in their order; one when it fits.</summary>
    /// <param name="text">Markdown or text.</param>
    /// <param name="cut">Ends the last part when there would be more than <see cref="MaxParts"/>.</param>
    /// <param name="most">Bytes of a part.</param>
    public static IReadOnlyList<string> Of(string text, string cut, int most = MaxBytes)
    {
        var parts = new List<string>();
        var rest = text;
        var opened = "";
        while (Bytes(opened + rest) > most)
        {
            if (parts.Count == MaxParts - 1)
            {
                var last = opened + rest[..Fitting(rest, most - Bytes(opened) - Bytes(cut) - Reserve)];
                parts.Add($"{last}{Closing(CodeFence.OpenIn(last))}\n\n{cut}");
                return parts;
            }

            var at = Boundary(rest, Fitting(rest, most - Bytes(opened) - Reserve));
            var part = opened + rest[..at];
            var block = CodeFence.OpenIn(part);
            parts.Add(part.TrimEnd() + Closing(block));
            opened = block is null ? "" : block.Line + "\n";
            rest = block is not null ? rest[at..].TrimStart('\n') : rest[at..].TrimStart();
        }

        if (rest.Length > 0 || parts.Count == 0) parts.Add(opened + rest);
        return parts;
    }

    /// <summary>Bytes as they are within a JSON text.</summary>
    public static int Bytes(string text) => text.Sum(static c => c switch { '"' or '\\' or '\n' or '\t' or '\r' => 2, < ' ' => 6, < '\u0080' => 1, < '\u0800' => 2, _ => 3 });

    /// <summary>Characters from the beginning that have room, at least one; never half of a pair.</summary>
    private static int Fitting(string text, int most)
    {
        var (bytes, length) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += Bytes(rune.ToString());
            if (bytes > most && length > 0) break;
            length += rune.Utf16SequenceLength;
        }

        return length;
    }

    private static int Boundary(string text, int at)
    {
        if (at >= text.Length) return text.Length;
        foreach (var (mark, after) in new[] { ("\n\n", 2), ("\n", 1), ("。", 1), (" ", 1) })
        {
            var found = text.LastIndexOf(mark, at - 1, at, StringComparison.Ordinal);
            // Not so near the beginning that parts become many.
            if (found >= at / 2) return Math.Min(found + after, at);
        }

        return at;
    }

    private static string Closing(CodeFence? block) => block is null ? "" : "\n" + block.Marks;
}
