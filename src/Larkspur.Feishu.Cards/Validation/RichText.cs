using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Markdown in cards: mentions, links, tables.</summary>
internal static class RichText
{
    /// <summary>Looks into an object that is text in markdown.</summary>
    public static void CheckObject(CardInspection c, JsonElement value)
    {
        if (!value.TryGetProperty("tag", out var tag) || tag.ValueKind != JsonValueKind.String || !(tag.ValueEquals("markdown") || tag.ValueEquals("lark_md"))) return;
        if (CardInspection.Text(value, "content") is { } content) CheckAt(c, "content", content);
        if (!value.TryGetProperty("i18n_content", out var translations) || translations.ValueKind != JsonValueKind.Object) return;
        c.Path.Push("i18n_content");
        foreach (var translation in translations.EnumerateObject())
        {
            if (translation.Value.ValueKind == JsonValueKind.String) CheckAt(c, translation.Name, translation.Value.GetString()!);
        }

        c.Path.Pop();
    }

    private static void CheckAt(CardInspection c, string name, string content)
    {
        c.Path.Push(name);
        Check(c, content, name == "content");
        c.Path.Pop();
    }

    /// <summary>Judges markdown; the tables of translations are not counted, since one language is shown.</summary>
    public static void Check(CardInspection c, string content, bool countTables = true)
    {
        if (content.AsSpan().IndexOfAny('<', '|', ']') < 0) return;
        var reader = new MarkdownReader(content);
        while (!c.IsFull && reader.Next())
        {
            switch (reader.Kind)
            {
                case MarkdownPart.Mention when reader.Id is null && reader.TextMessageId is not null:
                    c.Warn(CardRules.MentionSyntax, "<at user_id=…> is how text messages mention; in a card nobody is told.", "Write <at id=ou_…></at>.");
                    break;
                case MarkdownPart.Mention or MarkdownPart.Person when string.IsNullOrWhiteSpace(reader.Id):
                    c.Error(CardRules.MentionOfNobody, "A mention names nobody.", "Write <at id=ou_…></at>, <at id=all></at> or <at email=…></at>.");
                    break;
                case MarkdownPart.Link:
                    UrlCheck.Address(c, reader.Url!, inText: true);
                    break;
            }
        }

        if (!countTables || reader.Tables == 0) return;
        var limit = CardSchema.Instance.Limits.MaxTablesPerMarkdown;
        if (reader.Tables > limit) c.Error(CardRules.TooManyTables, $"The text has {reader.Tables} tables; {limit} are allowed in one markdown component.", "Use the table component, or several cards.");
        c.Tables += reader.Tables;
    }
}
