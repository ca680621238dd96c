using System.Collections.Frozen;

namespace Larkspur.Gateway.Masking.Scanning;

/// <summary>A mail address as people write it: RFC 5321's lengths, letters, digits and <c>. _ % + - '</c> before the at sign, a domain of at least two labels after it.</summary>
internal static class EmailAddress
{
    private const int MaxLocal = 64;
    private const int MaxDomain = 253;
    private const int MaxLabel = 63;
    private const int MaxTopLabel = 24;

    // What stands after the last dot in names of files (icon@2x.png) and is no top-level domain.
    private static readonly FrozenSet<string> FileEndings = new[]
    {
        "png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "ico", "js", "css", "json", "html", "htm", "xml", "txt", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "csv", "log", "yaml", "yml",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> FileEndingsOf = FileEndings.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads an address that begins here.</summary>
    /// <param name="window">The text.</param>
    /// <param name="at">The first letter or digit of a run of characters that addresses are made of.</param>
    /// <returns>Where the address ends, or -1.</returns>
    public static int Read(ref TextWindow window, int at)
    {
        var sign = at;
        while (sign - at <= MaxLocal && Folding.IsLocal(window[sign])) sign++;
        if (sign - at > MaxLocal || window[sign] != '@' || IsService(ref window, at, sign)) return -1;
        return Domain(ref window, sign + 1);
    }

    // git@github.com:… is the address of a repository; the account is everybody's.
    private static bool IsService(ref TextWindow window, int at, int sign) =>
        sign - at == 3 && char.ToLowerInvariant(window[at]) == 'g' && char.ToLowerInvariant(window[at + 1]) == 'i' && char.ToLowerInvariant(window[at + 2]) == 't';

    // The longest run of labels whose last one is a top-level domain.
    private static int Domain(ref TextWindow window, int from)
    {
        var end = -1;
        var label = from;
        for (var labels = 1; ; labels++)
        {
            var at = label;
            while (at - from < MaxDomain && at - label <= MaxLabel && window[at] is var c && (char.IsAsciiLetterOrDigit(c) || c == '-')) at++;
            if (at == label || window[label] == '-' || at - label > MaxLabel || at - from >= MaxDomain) return end;
            if (labels > 1 && Top(ref window, label, at) is > 0 and var top) end = top;
            if (window[at] != '.' || window[at - 1] == '-') return end;
            label = at + 1;
        }
    }

    // Where the top-level domain at the label's beginning ends, or -1. What follows it after a hyphen is somebody's words: li@example.com-work.
    private static int Top(ref TextWindow window, int from, int to)
    {
        Span<char> label = stackalloc char[MaxLabel];
        for (var i = from; i < to; i++) label[i - from] = char.ToLowerInvariant(window[i]);
        label = label[..(to - from)];
        if (label.StartsWith("xn--")) return label[^1] == '-' ? -1 : to;
        var letters = label.IndexOfAnyExceptInRange('a', 'z') is >= 0 and var other ? other : label.Length;
        if (letters is < 2 or > MaxTopLabel) return -1;
        // So is a number that was written without a gap after it, where the name is one that no longer one begins with.
        if (letters < label.Length && label[letters] != '-' && label[..letters] is not ("com" or "cn" or "net" or "org")) return -1;
        return FileEndingsOf.Contains(label[..letters]) ? -1 : from + letters;
    }
}
