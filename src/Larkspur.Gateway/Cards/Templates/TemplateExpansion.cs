using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Cards;

/// <summary>Fills a template's body. Values are put in as JSON values, or made harmless for the text they stand in: none can change the card's structure.</summary>
/// <param name="template">The template.</param>
/// <param name="problems">Placeholders that lead nowhere. After a template was loaded there are none.</param>
internal sealed class TemplateExpansion(CardTemplate template, List<TemplateProblem> problems)
{
    private const string Each = "$each";
    private const string As = "$as";
    private const string Do = "$do";
    private const string If = "$if";

    private static readonly string[] UrlMembers = ["url", "default_url", "pc_url", "ios_url", "android_url"];
    private readonly TemplateBudget _budget = new();
    private TemplateText? _filling;
    private HashSet<string> _markdownColumns = [];

    private TemplateText Text => _filling ??= new TemplateText(template, problems, _budget);

    /// <summary>Fills it.</summary>
    /// <exception cref="RequestRefusedException"><c>template_too_large</c>: it makes more than <see cref="TemplateBudget.Most"/>.</exception>
    public JsonNode? Expand(IReadOnlyDictionary<string, TemplateValue> values) => Any(template.Body, new TemplateScope(template.Variables, values), TextPlace.Plain, "");

    private JsonNode? Any(JsonElement given, TemplateScope scope, TextPlace place, string at)
    {
        _budget.Spend(1);
        return given.ValueKind switch
        {
            JsonValueKind.Object => Object(given, scope, place, at),
            JsonValueKind.Array => List(given, scope, place, at),
            JsonValueKind.String => Text.Fill(given.GetString()!, scope, place, at),
            JsonValueKind.Null => null,
            _ => JsonNode.Parse(given.GetRawText()),
        };
    }

    private JsonObject? Object(JsonElement given, TemplateScope scope, TextPlace place, string at)
    {
        if (given.TryGetProperty(If, out var condition) && !IsGiven(condition, scope, at)) return null;
        var tag = !template.IsMessage && given.TryGetProperty("tag", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        var outer = _markdownColumns;
        if (tag == "table") _markdownColumns = MarkdownColumns(given);
        var filled = new JsonObject();
        foreach (var member in given.EnumerateObject())
        {
            if (member.Name == If) continue;
            var pointer = JsonFields.At(at, member.Name);
            var inside = PlaceOf(member.Name, tag, place);
            if (Any(member.Value, scope, inside, pointer) is { } value) filled[member.Name] = value;
            if (member.Name == "content" && !template.IsMessage && member.Value.ValueKind == JsonValueKind.String && !given.TryGetProperty("i18n_content", out _)
                && Text.Translations(member.Value.GetString()!, scope, inside) is { } both)
            {
                filled["i18n_content"] = new JsonObject { ["zh_cn"] = both.Chinese, ["en_us"] = both.English };
            }
        }

        _markdownColumns = outer;
        return filled;
    }

    private JsonArray List(JsonElement given, TemplateScope scope, TextPlace place, string at)
    {
        var filled = new JsonArray();
        var index = 0;
        foreach (var item in given.EnumerateArray())
        {
            var pointer = $"{at}/{index++}";
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty(Each, out _)) Repeat(filled, item, scope, place, pointer);
            else if (Any(item, scope, place, pointer) is { } value) filled.Add(value);
        }

        return filled;
    }

    private void Repeat(JsonArray into, JsonElement repeat, TemplateScope scope, TextPlace place, string at)
    {
        var name = repeat.GetProperty(Each) is { ValueKind: JsonValueKind.String } list ? list.GetString()! : "";
        var alias = repeat.TryGetProperty(As, out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "item";
        if (scope.Find(name) is not { Kind: VariableKind.List } variable)
        {
            problems.Add(new TemplateProblem($"{at}/{Each}", "template.bad-repetition", "It names no variable of type list.", "Write {\"$each\": \"lines\", \"$as\": \"line\", \"$do\": …}, where \"lines\" is a list."));
            return;
        }

        if (!repeat.TryGetProperty(Do, out var body) || repeat.EnumerateObject().Any(m => m.Name is not (Each or As or Do)))
        {
            problems.Add(new TemplateProblem(at, "template.bad-repetition", "A repetition has $each, $as and $do, and nothing else.", "Put what is repeated into $do: one element, or a list of them."));
            return;
        }

        foreach (var item in scope.Value(name)?.Items ?? [])
        {
            var inside = scope.With(alias, variable.Fields, item);
            if (body.ValueKind == JsonValueKind.Array)
            {
                foreach (var filled in List(body, inside, place, $"{at}/{Do}").ToArray()) into.Add(filled!.DeepClone());
            }
            else if (Any(body, inside, place, $"{at}/{Do}") is { } filled)
            {
                into.Add(filled);
            }
        }
    }

    private bool IsGiven(JsonElement condition, TemplateScope scope, string at)
    {
        var name = condition.ValueKind == JsonValueKind.String ? condition.GetString()! : "";
        if (scope.Find(name) is null) problems.Add(new TemplateProblem($"{at}/{If}", "template.unknown-variable", "It names no variable.", "Write the name of the variable without which this is left out."));
        return scope.Value(name) is { } value && value.Items is not { Count: 0 } && value.Text.Length > 0;
    }

    private TextPlace PlaceOf(string member, string? tag, TextPlace outer)
    {
        if (template.IsMessage) return member == "markdown" || outer == TextPlace.Markdown ? TextPlace.Markdown : member == "url" ? TextPlace.Url : TextPlace.Plain;
        if (UrlMembers.Contains(member)) return TextPlace.Url;
        if (member == "rows" && tag == "table") return TextPlace.Rows;
        if (outer == TextPlace.Rows) return _markdownColumns.Contains(member) ? TextPlace.Markdown : TextPlace.Plain;
        return tag is "markdown" or "lark_md" && (member is "content" or "i18n_content") ? TextPlace.Markdown
            : outer == TextPlace.Markdown ? TextPlace.Markdown
            : TextPlace.Plain;
    }

    private static HashSet<string> MarkdownColumns(JsonElement table) => table.TryGetProperty("columns", out var columns) && columns.ValueKind == JsonValueKind.Array
        ? [.. columns.EnumerateArray()
            .Where(c => c.ValueKind == JsonValueKind.Object && c.TryGetProperty("data_type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() is ("markdown" or "lark_md"))
            .Select(c => c.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "")]
        : [];
}

/// <summary>What a text is read as where it stands.</summary>
internal enum TextPlace
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>Markdown.</summary>
    Markdown,

    /// <summary>An address.</summary>
    Url,

    /// <summary>Rows of a table, whose columns say.</summary>
    Rows,
}
