using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Cards;

/// <summary>Fills the placeholders of one text: <c>${name}</c>, <c>${item.field}</c>, <c>${strings.key}</c>; <c>$${</c> is a mere <c>${</c>.</summary>
internal sealed partial class TemplateText(CardTemplate template, List<TemplateProblem> problems, TemplateBudget budget)
{
    private const string StringsPrefix = "strings.";

    /// <summary>The text filled; a placeholder that is the whole text becomes the value itself. Null: it has no value.</summary>
    public JsonNode? Fill(string text, TemplateScope scope, TextPlace place, string at)
    {
        budget.Spend(text.Length + 1);
        if (!text.Contains("${", StringComparison.Ordinal)) return JsonValue.Create(text);
        if (Whole().Match(text) is { Success: true } whole && !whole.Groups[1].Value.StartsWith(StringsPrefix, StringComparison.Ordinal))
            return WholeValue(whole.Groups[1].Value, scope, place, at);
        var chinese = Join(text, scope, place, at, t => t.Chinese);
        if (!template.IsMessage || !UsesStrings(text)) return JsonValue.Create(chinese);
        return new JsonObject { ["zh"] = chinese, ["en"] = Join(text, scope, place, at, t => t.English) };
    }

    /// <summary>Both languages of a text that uses the template's strings, or null.</summary>
    public LocalText? Translations(string text, TemplateScope scope, TextPlace place) =>
        UsesStrings(text) ? new LocalText(Join(text, scope, place, null, t => t.Chinese), Join(text, scope, place, null, t => t.English)) : null;

    private static bool UsesStrings(string text) => text.Contains("${" + StringsPrefix, StringComparison.Ordinal);

    private JsonNode? WholeValue(string name, TemplateScope scope, TextPlace place, string at)
    {
        if (Known(name, scope, at) is not { } variable) return null;
        if (place == TextPlace.Url && variable.Kind != VariableKind.Url)
            problems.Add(new TemplateProblem(at, "template.wrong-type", $"\"{name}\" is the whole address and is a {TemplateValues.Word(variable.Kind)}.", "Give the variable the type url."));
        if (scope.Value(name) is not { } value) return null;
        budget.Spend(value.Json.GetRawText().Length);
        if (value.Items is { } items && place != TextPlace.Markdown)
            return new JsonArray([.. items.Select(item => (JsonNode)new JsonObject(item.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value.Node))))]);
        return place == TextPlace.Markdown ? JsonValue.Create(Harmless(value, place)) : value.Node;
    }

    private string Join(string text, TemplateScope scope, TextPlace place, string? at, Func<LocalText, string> language, bool inString = false) => Placeholder().Replace(text, found =>
    {
        if (found.Value == "$${") return "${";
        var name = found.Groups[1].Value;
        if (name.StartsWith(StringsPrefix, StringComparison.Ordinal) && !inString)
        {
            if (template.Strings.TryGetValue(name[StringsPrefix.Length..], out var local))
            {
                budget.Spend(language(local).Length);
                return Join(language(local), scope, place, at, language, inString: true);
            }

            Report(at, "template.unknown-string", $"There is no string \"{name}\".", "Add it to \"strings\".");
            return "";
        }

        if (name.Length == 0)
        {
            Report(at, "template.bad-placeholder", "A placeholder is not closed, or has no name.", "Write ${name}; a mere ${ is written $${.");
            return "";
        }

        if (Known(name, scope, at) is { Kind: VariableKind.List }) Report(at, "template.wrong-type", $"\"{name}\" is a list and stands within a text.", "Repeat over it: {\"$each\": …}.");
        if (scope.Value(name) is not { Items: null } value) return "";
        budget.Spend(value.Text.Length);
        return Harmless(value, place);
    });

    /// <summary>The value as it may stand in such a text.</summary>
    private static string Harmless(TemplateValue value, TextPlace place) => (place, value.Kind) switch
    {
        (TextPlace.Markdown, VariableKind.Markdown) => SafeMarkdown.Of(value.Text),
        (TextPlace.Markdown, VariableKind.Person) => CardMarkdown.At(value.Text),
        // Within markdown an address stands in parentheses, which it must not close.
        (TextPlace.Markdown, VariableKind.Url) => value.Text.Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal)
            .Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal).Replace("[", "%5B", StringComparison.Ordinal).Replace("]", "%5D", StringComparison.Ordinal),
        (TextPlace.Markdown, _) => CardMarkdown.Escape(value.Text),
        (TextPlace.Url, VariableKind.Url) => value.Text,
        (TextPlace.Url, _) => Uri.EscapeDataString(value.Text),
        _ => value.Text,
    };

    private TemplateVariable? Known(string name, TemplateScope scope, string? at)
    {
        if (scope.Find(name) is { } variable) return variable;
        Report(at, "template.unknown-variable", $"There is no variable \"{name}\" here.", "Add it to \"variables\", or mend its name; fields of a list are known inside of its repetition alone.");
        return null;
    }

    private void Report(string? at, string rule, string message, string fix)
    {
        if (at is not null) problems.Add(new TemplateProblem(at, rule, message, fix));
    }

    [GeneratedRegex(@"^\$\{([A-Za-z_][A-Za-z0-9_]{0,63}(?:\.[A-Za-z_][A-Za-z0-9_\-]{0,63})?)\}\z", RegexOptions.None, 10_000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]{0,63}(?:\.[A-Za-z_][A-Za-z0-9_\-]{0,63})?)\}|\$\{", RegexOptions.None, 10_000)]
    private static partial Regex Placeholder();
}
