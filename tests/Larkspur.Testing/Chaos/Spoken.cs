using System.Globalization;
using System.Text.RegularExpressions;

namespace Larkspur.Testing.Chaos;

/// <summary>A message of the load. Its number stands in its text, and so in the answer, which repeats the text.</summary>
/// <param name="Number">Counts from 0 in the order of sending.</param>
internal sealed record Spoken(int Number, string ChatId, string MessageId, bool InGroup);

/// <summary>Numbers in texts.</summary>
internal static partial class Marker
{
    public static string Of(int number) => $"m{number:0000000}.";

    /// <summary>The first marker in a text.</summary>
    public static int? In(string text) => Pattern().Match(text) is { Success: true } found ? int.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"\bm(\d{7})\.")]
    private static partial Regex Pattern();
}
