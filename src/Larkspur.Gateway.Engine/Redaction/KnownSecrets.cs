using System.Buffers;
using System.Text;

namespace Larkspur.Gateway.Redaction;

/// <summary>Finds known secrets in texts, in one pass however many there are. Made anew when a secret changes.</summary>
internal sealed class KnownSecrets
{
    /// <summary>Shorter ones are words that stand in every sentence.</summary>
    public const int ShortestSecret = 4;

    /// <summary>Of a longer one its first characters are known, and what follows them without a break is hidden too.</summary>
    public const int LongestSecret = 4096;

    /// <summary>A shorter one counts where it stands alone, not within a word.</summary>
    private const int ShortestWithinWords = 8;

    /// <summary>Of a secret so long its beginning is enough: whoever quoted it may have cut it.</summary>
    private const int LeastToKnowByHead = 24;
    private const int Head = 16;

    private readonly SearchValues<string> _heads;
    private readonly Dictionary<char, KnownSecret[]> _byFirst;

    public KnownSecrets(IEnumerable<KnownSecret> secrets)
    {
        KnownSecret[] forms = [.. secrets.Where(s => IsLongEnough(s.Text)).SelectMany(s =>
            SecretForms.Of(s.Text.Length > LongestSecret ? s.Text[..LongestSecret] : s.Text).Select(form => s with { Text = form })).Distinct()];
        _byFirst = forms.GroupBy(f => f.Text[0]).ToDictionary(g => g.Key, g => g.OrderByDescending(f => f.Text.Length).ToArray());
        _heads = SearchValues.Create([.. forms.Select(HeadOf).Distinct(StringComparer.Ordinal)], StringComparison.Ordinal);
    }

    /// <summary>Nothing is known.</summary>
    public static KnownSecrets None { get; } = new([]);

    public static bool IsLongEnough(string? secret) => secret is { Length: >= ShortestSecret } && !string.IsNullOrWhiteSpace(secret);

    /// <summary>The text with each known secret hidden; the same object when there is none.</summary>
    public string Hide(string text)
    {
        if (_byFirst.Count == 0 || Next(text, 0) is not { } found) return text;
        var hidden = new StringBuilder(text.Length);
        var written = 0;
        while (true)
        {
            var (begin, end) = found;
            hidden.Append(text, written, begin - written).Append(SecretRegistry.Hidden);
            // Another one may begin within this one and reach farther.
            for (var at = begin + 1; at < end && Next(text, at) is { } within && within.Begin < end; at = within.Begin + 1)
                end = Math.Max(end, within.End);
            written = end;
            if (Next(text, written) is not { } next) break;
            found = next;
        }

        return hidden.Append(text, written, text.Length - written).ToString();
    }

    /// <summary>Where a secret begins that stands on both sides of this place; null: none does.</summary>
    public int? StraddledAt(ReadOnlySpan<char> text, int place)
    {
        for (var at = 0; Next(text, at) is { } found && found.Begin < place; at = found.Begin + 1)
        {
            if (found.End > place) return found.Begin;
        }

        return null;
    }

    private (int Begin, int End)? Next(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length)
        {
            var at = text[from..].IndexOfAny(_heads);
            if (at < 0) return null;
            var begin = from + at;
            if (LengthAt(text, begin) is > 0 and var length) return (begin, begin + length);
            from = begin + 1;
        }

        return null;
    }

    /// <summary>Of the longest that stands here.</summary>
    private int LengthAt(ReadOnlySpan<char> text, int begin)
    {
        var longest = 0;
        foreach (var form in _byFirst[text[begin]])
        {
            var whole = form.Text.Length;
            var length = text[begin..].CommonPrefixLength(form.Text);
            if (length <= longest || length < HeadOf(form).Length) continue;
            if (whole < ShortestWithinWords && !StandsAlone(text, begin, whole)) continue;
            longest = length == whole ? length : RunAt(text, begin, length);
        }

        return longest;
    }

    /// <summary>
    /// What follows a secret's beginning without a break, whether it goes on like the secret or not: hidden only as far as the two agree,
    /// a guesser would be told each character of the rest.
    /// </summary>
    private static int RunAt(ReadOnlySpan<char> text, int begin, int length)
    {
        while (begin + length < text.Length && (char.IsAsciiLetterOrDigit(text[begin + length]) || text[begin + length] is '-' or '_' or '+' or '/' or '=' or '.' or '%' or '~'))
            length++;
        return length;
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int begin, int length) =>
        (begin == 0 || !char.IsAsciiLetterOrDigit(text[begin - 1]))
        && (begin + length == text.Length || !char.IsAsciiLetterOrDigit(text[begin + length]));

    private static string HeadOf(KnownSecret form) => form.Text.Length >= LeastToKnowByHead && !form.OnlyWhole ? form.Text[..Head] : form.Text;
}

/// <summary>A text that is hidden.</summary>
/// <param name="Text">As it is used.</param>
/// <param name="OnlyWhole">Its beginning says nothing: somebody outside has chosen it, and would have hidden whatever begins like it.</param>
internal readonly record struct KnownSecret(string Text, bool OnlyWhole);
