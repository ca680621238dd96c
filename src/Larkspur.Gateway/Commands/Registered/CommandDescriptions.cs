using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>Descriptions stand in the Markdown of <c>/help</c>: whoever wrote them writes words there, and no more.</summary>
internal static class CommandDescriptions
{
    private const string Marks = "\\`*_~[]<>#|!&";

    public static LocalText Safe(LocalText text) => text.Select(Safe);

    /// <summary>In wide letters, which no platform takes for markup; an address is no link.</summary>
    private static string Safe(string text) =>
        string.Concat(text.Replace("://", "：//", StringComparison.Ordinal).Select(c =>
            Marks.Contains(c, StringComparison.Ordinal) ? (char)(c - '!' + '！') : c));
}
