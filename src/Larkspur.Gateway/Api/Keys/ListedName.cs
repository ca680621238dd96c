using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>
/// Names that people tell apart in lists: of keys and of business systems. Two that look alike would be taken for one another, and one that
/// turns its surroundings round would say something else.
/// </summary>
internal static class ListedName
{
    /// <summary>What such a name may look like, for refusals.</summary>
    public const string Rule = "A name has letters, digits and signs of any script, and blanks only between them; "
        + "no control characters, and none that cannot be seen or that change the direction of what stands beside them.";

    /// <summary>Everything in it is seen, and stands where it is written.</summary>
    public static bool IsSound(string text) => text.Length > 0 && text == text.Trim() && text.EnumerateRunes().All(VisibleText.IsSeen);
}
