using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Masking;

/// <summary>A rule of one's own: words, or an expression, and what is shown in their place. Immutable.</summary>
internal sealed class CustomMask
{
    /// <summary>Rules a policy may have.</summary>
    public const int MaxRules = 32;

    /// <summary>Words a rule may have.</summary>
    public const int MaxWords = 1000;

    /// <summary>Longest word, in characters.</summary>
    public const int MaxWordLength = 64;

    /// <summary>Longest expression, in characters.</summary>
    public const int MaxPatternLength = 1000;

    /// <summary>Characters that counted repetitions (<c>{n}</c>, <c>{m,n}</c>) of an expression may come to: matched without backtracking each is a state, and a search that may begin anywhere keeps sets of them.</summary>
    public const int MaxRepeated = 200;

    /// <summary>Longest replacement, in characters.</summary>
    public const int MaxReplacementLength = 64;

    /// <summary>How long an expression's match may be when a rule does not say, in characters.</summary>
    public const int DefaultReach = 64;

    /// <summary>What is shown when a rule does not say.</summary>
    public const string DefaultReplacement = "***";

    /// <summary>How long a window of text may take when a rule does not say.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(1);

    private CustomMask(string name, string? replacement)
    {
        if (name is not { Length: > 0 and <= 40 } || !name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            throw new FormatException($"A masking rule's name has 1 to 40 characters of a-z, 0-9 and _; \"{Shown(name)}\" does not fit.");
        }

        if (PersonalDataNames.All.Any(kind => kind.Name() == name)) throw new FormatException($"A masking rule cannot be named \"{name}\": that is a kind of its own.");
        Name = name;
        Replacement = replacement ?? DefaultReplacement;
        if (Replacement.Length > MaxReplacementLength) throw new FormatException($"Masking rule \"{name}\": the replacement is longer than {MaxReplacementLength} characters.");
    }

    /// <summary>For metrics and logs.</summary>
    public string Name { get; }

    /// <summary>Shown in place of what is found, as it stands: <c>$1</c> is no group.</summary>
    public string Replacement { get; }

    /// <summary>The words, in the order given; empty for an expression.</summary>
    public IReadOnlyList<string> Words { get; private init; } = [];

    /// <summary>The expression; null for words.</summary>
    public Regex? Pattern { get; private init; }

    /// <summary>Length in characters up to which a match of the expression is certain to be found whole; a stream shows text later by as much and a quarter of it.</summary>
    public int Reach { get; private init; }

    /// <summary>Words, found without regard to case and width. A word that begins or ends in an ASCII letter or digit is found only where the word begins or ends.</summary>
    /// <exception cref="FormatException">Name, words or replacement are outside of their limits; the message says which.</exception>
    public static CustomMask OfWords(string name, IReadOnlyList<string> words, string? replacement = null)
    {
        var rule = new CustomMask(name, replacement) { Words = [.. words] };
        if (words.Count is 0 or > MaxWords) throw new FormatException($"Masking rule \"{name}\": 1 to {MaxWords} words, not {words.Count}.");
        var wrong = words.Any(static word => word is not { Length: > 0 and <= MaxWordLength } || word != word.Trim() || word.Contains('\0', StringComparison.Ordinal));
        return !wrong ? rule : throw new FormatException($"Masking rule \"{name}\": a word has 1 to {MaxWordLength} characters, and no blanks at its ends.");
    }

    /// <summary>An expression of .NET without what needs backtracking: no look-around, no back-references, no <c>$</c>, <c>\Z</c>, <c>\z</c>. <c>^</c> is a line's beginning. To <c>\b</c> a Chinese character is a letter.</summary>
    /// <param name="name">For metrics: a-z, 0-9, _.</param>
    /// <param name="pattern">The expression.</param>
    /// <param name="replacement">Shown instead; three stars by default.</param>
    /// <param name="reach">How long a match may be; 16 to 1,024 characters, 64 by default.</param>
    /// <param name="timeout">How long one window of text may take; 10 ms to 10 s, 1 s by default. What takes longer is masked, not shown.</param>
    /// <param name="ignoreCase">Without regard to case.</param>
    /// <exception cref="FormatException">It cannot be used; the message says why.</exception>
    public static CustomMask OfPattern(string name, string pattern, string? replacement = null, int reach = DefaultReach, TimeSpan? timeout = null, bool ignoreCase = false)
    {
        var rule = new CustomMask(name, replacement);
        if (pattern is not { Length: > 0 and <= MaxPatternLength }) throw new FormatException($"Masking rule \"{name}\": an expression has 1 to {MaxPatternLength} characters.");
        if (reach is < 16 or > 1024) throw new FormatException($"Masking rule \"{name}\": reach is from 16 to 1024 characters, not {reach}.");
        var limit = timeout ?? DefaultTimeout;
        if (limit < TimeSpan.FromMilliseconds(10) || limit > TimeSpan.FromSeconds(10)) throw new FormatException($"Masking rule \"{name}\": the time-out is from 10 ms to 10 s.");
        if (EndAnchor(pattern) is { } anchor)
        {
            throw new FormatException($"Masking rule \"{name}\": {anchor} cannot be used, because the end of a text that is still growing is not known.");
        }

        if (PatternSize.Repeated(pattern) is > MaxRepeated and var repeated) throw new FormatException($"Masking rule \"{name}\": the expression is too large: its counted repetitions come to {repeated} characters, more than {MaxRepeated}.");
        return new CustomMask(name, rule.Replacement) { Pattern = Compile(name, pattern, limit, ignoreCase), Reach = reach };
    }

    private static Regex Compile(string name, string pattern, TimeSpan timeout, bool ignoreCase)
    {
        try
        {
            var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture;
            var regex = new Regex(pattern, ignoreCase ? options | RegexOptions.IgnoreCase : options, timeout);
            return regex.IsMatch("") ? throw new FormatException($"Masking rule \"{name}\": the expression matches the empty text.") : regex;
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"Masking rule \"{name}\": not an expression: {e.Message}", e);
        }
        catch (NotSupportedException e)
        {
            throw new FormatException($"Masking rule \"{name}\": the expression needs backtracking or is too large: {e.Message}", e);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new FormatException($"Masking rule \"{name}\": the expression takes too long.", e);
        }
    }

    private static string? EndAnchor(string pattern)
    {
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\' when i + 1 < pattern.Length:
                    i++;
                    if (!inClass && pattern[i] is 'Z' or 'z') return "\\" + pattern[i];
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '$' when !inClass:
                    return "$";
            }
        }

        return null;
    }

    private static string Shown(string? name) => name is { Length: > 60 } ? name[..60] + "…" : name ?? "";
}
