using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.Cards;

/// <summary>A value in its type. <paramref name="Items"/> are a list's objects.</summary>
internal sealed record TemplateValue(VariableKind Kind, JsonElement Json, IReadOnlyList<IReadOnlyDictionary<string, TemplateValue>>? Items = null)
{
    /// <summary>As it stands inside of a text.</summary>
    public string Text => Json.ValueKind == JsonValueKind.String ? Json.GetString()! : Json.GetRawText();

    public JsonNode Node => JsonNode.Parse(Json.GetRawText())!;
}

/// <summary>Checks what is given for a template's variables, all of it, and says of each what is wrong.</summary>
internal static partial class TemplateValues
{
    private const int MostItems = 200;

    /// <summary>Of unknown names, and of names that there are: more help nobody.</summary>
    private const int MostNamed = 20;

    /// <summary>Problems after which nothing more is looked for.</summary>
    private const int MostProblems = 100;

    public static IReadOnlyDictionary<string, TemplateValue> Check(IReadOnlyList<TemplateVariable> variables, JsonElement? given, string pointer, List<TemplateProblem> problems)
    {
        var values = new Dictionary<string, TemplateValue>(StringComparer.Ordinal);
        var left = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (given is { ValueKind: JsonValueKind.Object } members)
        {
            foreach (var member in members.EnumerateObject()) left[member.Name] = member.Value;
        }
        else if (given is { ValueKind: not JsonValueKind.Null })
        {
            problems.Add(new TemplateProblem(pointer, "template.wrong-type", "The variables are no object.", "Give them by name: {\"name\": …}."));
            return values;
        }

        foreach (var variable in variables)
        {
            if (problems.Count >= MostProblems) return values;
            var at = $"{pointer}/{variable.Name}";
            var value = left.Remove(variable.Name, out var found) && found.ValueKind != JsonValueKind.Null ? found : variable.Default;
            if (value is { } present)
            {
                if (Read(variable, present, at, problems) is { } read) values[variable.Name] = read;
            }
            else if (variable.Required)
            {
                var what = variable.Kind == VariableKind.List ? "Give a list of objects." : $"Give a value of type {Word(variable.Kind)}.";
                problems.Add(new TemplateProblem(at, "template.missing-variable", $"\"{variable.Name}\" is missing.", what));
            }
        }

        if (left.Count == 0) return values;
        var fix = variables.Count == 0 ? "The template has none."
            : $"It has {string.Join(", ", variables.Take(MostNamed).Select(v => v.Name))}{(variables.Count > MostNamed ? ", …" : ".")}";
        foreach (var shown in left.Keys.Take(MostNamed).Select(name => JsonFields.Shown(name)))
            problems.Add(new TemplateProblem($"{pointer}/{shown}", "template.unknown-variable", $"There is no variable \"{shown}\".", fix));
        return values;
    }

    public static string Word(VariableKind kind) => kind == VariableKind.List ? "list of objects" : kind.ToString().ToLowerInvariant();

    private static TemplateValue? Read(TemplateVariable variable, JsonElement value, string at, List<TemplateProblem> problems)
    {
        if (variable.Kind == VariableKind.List) return ReadList(variable, value, at, problems);
        if (variable.Kind == VariableKind.Number ? value.ValueKind != JsonValueKind.Number : value.ValueKind != JsonValueKind.String)
            return Wrong("template.wrong-type", $"It is of the JSON type {value.ValueKind.ToString().ToLowerInvariant()}.",
                variable.Kind == VariableKind.Number ? "Give a number, without quotes."
                : $"Give a value of type {Word(variable.Kind)}, as a JSON string.");
        if (variable.Kind == VariableKind.Number) return new TemplateValue(variable.Kind, value);
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Wrong("template.bad-text", "The text holds half a character (an unpaired surrogate).", "Cut texts at whole characters.");
        }

        return variable.Kind switch
        {
            _ when text.Length > variable.MaxLength => Wrong("template.too-long", $"It has {text.Length.ToString(CultureInfo.InvariantCulture)} characters.", $"Shorten it to {variable.MaxLength.ToString(CultureInfo.InvariantCulture)}."),
            VariableKind.Date when !IsDate(text) => Wrong("template.bad-date", "It is no date.", "Write it like 2026-04-01, or 2026-04-01T09:30:00+08:00."),
            VariableKind.Person when !PersonId().IsMatch(text) => Wrong("template.bad-person", "It is no person's id.", "Give an open id (ou_…), union id or user id."),
            VariableKind.Url when !CardUrls.IsSafe(text) => Wrong("template.bad-url", "It is no address that a card may open.", "Give a complete one: https, http, lark or feishu, without a name or password in it."),
            _ => new TemplateValue(variable.Kind, value),
        };

        TemplateValue? Wrong(string rule, string message, string fix)
        {
            problems.Add(new TemplateProblem(at, rule, $"\"{variable.Name}\": {message}", fix));
            return null;
        }
    }

    private static TemplateValue? ReadList(TemplateVariable variable, JsonElement value, string at, List<TemplateProblem> problems)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MostItems)
        {
            problems.Add(new TemplateProblem(at, "template.wrong-type", $"\"{variable.Name}\" is no list, or too long a one.", $"Give a list of up to {MostItems.ToString(CultureInfo.InvariantCulture)} objects."));
            return null;
        }

        var items = new List<IReadOnlyDictionary<string, TemplateValue>>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (problems.Count >= MostProblems) break;
            var place = $"{at}/{items.Count.ToString(CultureInfo.InvariantCulture)}";
            if (item.ValueKind != JsonValueKind.Object) problems.Add(new TemplateProblem(place, "template.wrong-type", "It is no object.", "Give an object with the list's fields."));
            items.Add(item.ValueKind == JsonValueKind.Object ? Check(variable.Fields, item, place, problems) : new Dictionary<string, TemplateValue>());
        }

        return new TemplateValue(VariableKind.List, value, items);
    }

    private static bool IsDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        || text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    [GeneratedRegex(@"^[A-Za-z0-9_\-.]{1,128}\z", RegexOptions.None, 10_000)]
    private static partial Regex PersonId();
}
