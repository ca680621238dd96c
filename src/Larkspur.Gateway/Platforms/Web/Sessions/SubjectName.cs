using System.Globalization;
using System.Text;
using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>
/// Ids and names that issuers give people. An id is compared exactly, so nothing is taken in it that cannot be seen or that looks like
/// something else.
/// </summary>
internal static class SubjectName
{
    public const int Longest = 200;

    /// <summary>Emoji of several signs and some scripts are written with these.</summary>
    private const char NonJoiner = '\u200c';
    private const char Joiner = '\u200d';

    /// <summary>What a subject may look like, for refusals.</summary>
    public const string Rule = "A subject has up to 200 visible characters, blanks only between them; "
        + "no control or invisible characters, combining marks, or full-width letters and digits.";

    /// <summary>It is written in the one way that is taken.</summary>
    public static bool IsSound(string text) =>
        text.Length is > 0 and <= Longest && text == text.Trim() && text.EnumerateRunes().All(IsSeen);

    /// <summary>
    /// A name that people are shown: emoji and every script, but nothing that hides or turns round what stands beside it.
    /// </summary>
    public static bool IsShownName(string text) => text.Trim(NonJoiner, Joiner, ' ') == text.Trim() && text.EnumerateRunes().All(rune =>
        rune.Value is NonJoiner or Joiner || (!VisibleText.IsBlank(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)));

    private static bool IsSeen(Rune rune) => VisibleText.IsSeen(rune) && rune.Value is not (>= 0xff01 and <= 0xff5e)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark);
}
