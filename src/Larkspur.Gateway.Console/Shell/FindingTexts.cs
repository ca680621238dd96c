using System.Text.RegularExpressions;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Findings in both languages. The rules of the other rooms speak English and put the names that subject between quotation marks; the Chinese sentence takes those over.</summary>
internal static partial class FindingTexts
{
    /// <summary>What is wrong.</summary>
    /// <param name="rule">The rule's stable id.</param>
    /// <param name="english">Its sentence.</param>
    public static LocalText Of(string rule, string english) =>
        Choice().Match(english) is { Success: true } choice
        ? new(NotAllowed(choice.Groups[1].Value, choice.Groups[2].Value.Replace(", ", Between, StringComparison.Ordinal)), english)
        : (FindFinding(rule) ?? FindGeneral(rule.Split('.')[0])) is { } chinese ? new(Named(chinese, english), english)
            : LocalText.From(english);

    /// <summary>What to do about it; empty in Chinese where the sentence says it already. Of a rule that has no Chinese words the English remedy is better than none.</summary>
    public static LocalText FixOf(string rule, string english) => Remedy(rule, english) is { } remedy ? new(remedy, english)
        : FindFinding(rule) is null ? LocalText.From(english) : new("", english);

    private static string Named(string chinese, string english)
    {
        string[] names = [.. Quoted().Matches(english).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal).Take(3)];
        return names.Length == 0 ? chinese : WithNames(chinese, string.Join(Between, names));
    }

    private static string? Remedy(string rule, string english) =>
        FindRemedy(rule) ?? (rule.StartsWith("variable.", StringComparison.Ordinal) ? OfKind(english) : null);

    /// <summary>How a variable's value is written. The English sentence names the type.</summary>
    private static string? OfKind(string english) =>
        Kind().Match(english) is { Success: true } kind ? FindKind(kind.Groups[1].Value) : null;

    [GeneratedRegex("^\"([^\"]*)\" is none of (.+)\\.$")]
    private static partial Regex Choice();

    [GeneratedRegex("\"([^\"]{1,60})\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("^(?:Its type is|Give a value of type) ([a-z]+)\\b")]
    private static partial Regex Kind();
}
