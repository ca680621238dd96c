using System.Text.Json;
using Larkspur.Feishu.Cards.PlainText;
using Larkspur.Feishu.Cards.Validation;

namespace Larkspur.Feishu.Cards;

/// <summary>
/// The facts of a card as plain text: for a message in place of a card that the platform refused, for notifications, for clients that show no cards.
/// Title, texts, fields, rows of tables, addresses behind buttons stay; buttons and inputs that need the card are named as such.
/// </summary>
public static class CardText
{
    /// <summary>Longest text that comes out, in UTF-16 units; what is longer ends in "…".</summary>
    public const int MaxLength = 20_000;

    /// <summary>Longest card that is read, in UTF-16 units: more than any that the platform takes.</summary>
    private const int MaxInput = 1_000_000;

    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = CardJson.MaxDepth, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The card as text. Never throws: what is no card gives an empty text.</summary>
    /// <param name="cardJson">Content of an interactive message: card JSON 2.0 or 1.0. Of a template the values of its variables are known, of an entity nothing.</param>
    /// <param name="locale">Language to choose where the card has translations; what begins with <c>zh</c> also gets the hints in Chinese, others in English.</param>
    public static string Of(string cardJson, string locale = "zh_cn")
    {
        if (string.IsNullOrEmpty(cardJson) || cardJson.Length > MaxInput || CardJson.HasLoneSurrogate(cardJson)) return "";
        try
        {
            using var document = JsonDocument.Parse(cardJson, Lenient);
            return new CardTextWriter(string.IsNullOrEmpty(locale) ? "zh_cn" : locale).Write(document.RootElement);
        }
        catch (JsonException)
        {
            // Not a card: there are no facts in it that could be told.
            return "";
        }
    }

    /// <summary>Markdown of a card as plain text: no marks, entities as their characters, links as <c>words (address)</c>.</summary>
    /// <param name="markdown">Content of a markdown element.</param>
    /// <param name="locale">What begins with <c>zh</c> names everybody in Chinese, others in English.</param>
    public static string OfMarkdown(string markdown, string locale = "zh_cn")
    {
        ArgumentNullException.ThrowIfNull(markdown);
        var chinese = locale?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) != false;
        return markdown.Length > MaxInput ? markdown : PlainText.MarkdownText.Plain(markdown, chinese);
    }
}
