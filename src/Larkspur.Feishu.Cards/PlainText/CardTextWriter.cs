using System.Text;
using System.Text.Json;

namespace Larkspur.Feishu.Cards.PlainText;

/// <summary>Walks a card and writes what it says, a line per thing.</summary>
internal sealed partial class CardTextWriter(string locale)
{
    /// <summary>Source: card-schema.json, table, columns.</summary>
    private const int MostColumns = 50;

    private readonly StringBuilder _text = new();
    private readonly List<string> _actions = [];
    private readonly bool _chinese = locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase);

    public string Write(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return "";
        if (Object(root, "data") is { } data && String(root, "type") is "template" or "raw") return Write(String(root, "type")!, data);
        Header(Translated(root, "i18n_header") ?? Object(root, "header"));
        Elements(Translated(root, "i18n_elements", JsonValueKind.Array) ?? Array(root, "elements") ?? (Object(root, "body") is { } body ? Array(body, "elements") : null));
        if (_actions.Count > 0) Line(Hint(_actions));
        if (Object(root, "card_link") is { } link && Address(link) is { } address && !_text.ToString().Contains(address, StringComparison.Ordinal)) Line(address);
        if (_text.Length == 0 && Object(root, "config") is { } config && Object(config, "summary") is { } summary) Line(Content(summary));
        return Finish();
    }

    private string Write(string type, JsonElement data)
    {
        if (type == "raw") return new CardTextWriter(locale).Write(data);
        if (Object(data, "template_variable") is not { } variables) return "";
        foreach (var variable in variables.EnumerateObject())
        {
            if (variable.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number) Line($"{variable.Name}: {MarkdownText.Plain(variable.Value.ToString(), _chinese)}");
        }

        return Finish();
    }

    private string Finish()
    {
        while (_text.Length > 0 && char.IsWhiteSpace(_text[^1])) _text.Length--;
        if (_text.Length <= CardText.MaxLength) return _text.ToString();
        var end = CardText.MaxLength - 1;
        if (char.IsHighSurrogate(_text[end - 1])) end--;
        return _text.ToString(0, end) + "…";
    }

    private string Hint(IEnumerable<string> actions) => _chinese ? $"（请在卡片中操作：{string.Join(" / ", actions)}）" : $"(in the card: {string.Join(" / ", actions)})";

    private void Line(string? line)
    {
        if (_text.Length > CardText.MaxLength || string.IsNullOrWhiteSpace(line)) return;
        _text.Append(line.Trim()).Append('\n');
    }

    private void Header(JsonElement? header)
    {
        if (header is not { } value) return;
        var tags = Translated(value, "i18n_text_tag_list", JsonValueKind.Array) ?? Array(value, "text_tag_list");
        var marks = tags?.EnumerateArray().Select(tag => TextOf(tag, "text")).Where(text => text.Length > 0).Select(text => $"[{text}]");
        Line(string.Join(' ', (marks ?? []).Prepend(TextOf(value, "title"))));
        Line(TextOf(value, "subtitle"));
    }

    private void Elements(JsonElement? elements)
    {
        if (elements is not { } list) return;
        foreach (var element in list.EnumerateArray())
        {
            if (_text.Length > CardText.MaxLength) return;
            if (element.ValueKind == JsonValueKind.Object) Element(element);
        }
    }

    private void Element(JsonElement element)
    {
        switch (String(element, "tag"))
        {
            case "markdown" or "lark_md" or "plain_text":
                Line(Content(element));
                break;
            case "div":
                Div(element);
                break;
            case "note":
                Line(string.Join(' ', Items(element, "elements").Select(item => Content(item)).Where(text => text.Length > 0)));
                break;
            case "column_set":
                foreach (var column in Items(element, "columns")) Elements(Array(column, "elements"));
                Line(Object(element, "action") is { } action ? Address(action) : null);
                break;
            case "collapsible_panel":
                if (Object(element, "header") is { } header) Line(TextOf(header, "title"));
                Elements(Array(element, "elements"));
                break;
            case "form" or "interactive_container":
                Elements(Array(element, "elements"));
                Line(Address(element));
                break;
            case "action":
                Elements(Array(element, "actions"));
                break;
            case "table":
                Table(element);
                break;
            case "hr":
                Line("———");
                break;
            default:
                Leaf(element);
                break;
        }
    }

    private void Div(JsonElement div)
    {
        Line(TextOf(div, "text"));
        foreach (var field in Items(div, "fields")) Line(TextOf(field, "text"));
        if (Object(div, "extra") is { } extra) Element(extra);
    }

    private void Table(JsonElement table)
    {
        // A cell is told once, however often its column stands there, and a table has no more columns than the platform takes: a row never outgrows the card.
        var columns = Items(table, "columns").Where(c => c.ValueKind == JsonValueKind.Object).DistinctBy(c => String(c, "name")).Take(MostColumns).ToList();
        Line(string.Join(" | ", columns.Select(c => String(c, "display_name") ?? String(c, "name") ?? "")));
        foreach (var row in Items(table, "rows"))
        {
            if (_text.Length > CardText.MaxLength) return;
            if (row.ValueKind == JsonValueKind.Object) Line(string.Join(" | ", columns.Select(c => Cell(row, c))));
        }
    }

    private string Cell(JsonElement row, JsonElement column)
    {
        if (String(column, "name") is not { } name || !row.TryGetProperty(name, out var value)) return "";
        var type = String(column, "data_type");
        return value.ValueKind switch
        {
            JsonValueKind.Number when type == "date" && value.TryGetInt64(out var milliseconds) => Dates.Of(milliseconds, String(column, "date_format")),
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(item => item.ValueKind switch
            {
                JsonValueKind.Object => String(item, "text") ?? String(item, "id") ?? "",
                JsonValueKind.String when type == "persons" => "@" + item.GetString(),
                _ => item.ToString(),
            })),
            JsonValueKind.String when type == "persons" => "@" + value.GetString(),
            JsonValueKind.String => MarkdownText.Plain(value.GetString()!, _chinese).ReplaceLineEndings(" "),
            JsonValueKind.Number => Object(column, "format") is { } format && String(format, "symbol") is { } symbol ? symbol + value.GetRawText() : value.GetRawText(),
            JsonValueKind.Null => "",
            _ => value.ToString(),
        };
    }
}
