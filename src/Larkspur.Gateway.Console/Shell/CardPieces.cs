using System.Net;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>A card's markdown as pieces of plain text, some of them strong. Other marks are shown as they were written.</summary>
internal static class CardPieces
{
    private const string Strong = "**";

    /// <summary>The pieces in their order. Values stand in markdown as entities, so that nothing in them is taken for a mark; here they are read back.</summary>
    public static IEnumerable<(string Text, bool Strong)> Of(string markdown)
    {
        var parts = markdown.Split(Strong);
        // A mark without its fellow is text.
        var pairs = parts.Length % 2 == 1 ? parts.Length : parts.Length - 1;
        for (var i = 0; i < parts.Length; i++)
        {
            var text = WebUtility.HtmlDecode(i < pairs ? parts[i] : Strong + parts[i]);
            if (text.Length > 0) yield return (text, i < pairs && i % 2 == 1);
        }
    }
}
