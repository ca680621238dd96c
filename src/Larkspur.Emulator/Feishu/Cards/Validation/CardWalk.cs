using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Cards.Validation;

/// <summary>Where a component stands.</summary>
/// <param name="Kind"><c>root</c> or the tag of the container around it; <c>column_set</c> for a column and what it holds.</param>
/// <param name="InForm">There is a form around it, at any distance.</param>
/// <param name="Depth">Containers around it.</param>
internal readonly record struct CardPlace(string Kind, bool InForm = false, int Depth = 0);

/// <summary>Walks through a card and checks tags, places, properties and values against the catalogue.</summary>
internal sealed class CardWalk(CardGrammar grammar, JsonObject card, Findings findings, CardContents contents)
{
    private const string NoLonger = "cards of schema V2 no longer support this capability";

    /// <summary>Every text object knows these, whatever the page of the component around it names.</summary>
    private static readonly string[] TextProperties = ["tag", "element_id", "content", "text_size", "text_color", "text_align", "lines"];

    private static readonly HashSet<string> Containers = ["column_set", "form", "interactive_container", "collapsible_panel"];

    private readonly ValueRules _values = new(grammar, card, findings);
    private readonly HashSet<string> _elementIds = [];
    private int _elements;

    public void Run() => Properties(card, grammar.Root, "", new CardPlace("root"), strict: grammar.IsV2);

    private void Component(JsonObject element, string pointer, CardPlace place)
    {
        if (findings.IsFull) return;
        if (CardPart.Text(element, "tag") is not { Length: > 0 } tag)
        {
            findings.Structure(pointer, "property tag is required");
            return;
        }

        // JSON 1.0 lets bare text and icons stand in lists, a note's above all.
        if (!grammar.IsV2 && tag is "plain_text" or "lark_md" or "standard_icon" or "custom_icon") return;
        if (grammar.Component(tag) is not { } component || tag == "header")
        {
            if (grammar.IsV2 && CardGrammar.V1.Component(tag) is not null) findings.Add(200861, pointer, NoLonger, "unsupported tag " + tag);
            else findings.Structure(pointer, "unknown tag, tag: " + tag);
            return;
        }

        if (!MayStand(component, place)) findings.Structure(pointer, $"tag {tag} is not allowed in {place.Kind}");
        var inside = Containers.Contains(tag) ? place with { Kind = tag, Depth = place.Depth + 1, InForm = place.InForm || tag == "form" } : place;
        if (inside.Depth > CardGrammar.DeepestNesting)
        {
            findings.Add(11310, pointer, "nesting exceeds the limit", CardGrammar.DeepestNesting.ToString());
            return;
        }

        var fields = component.Fields;
        if (component.InForm.Count > 0) fields = Union(fields, component.InForm, place.InForm, grammar.IsV2);
        Properties(element, fields, pointer, tag == "column" ? place with { Kind = "column_set" } : inside, grammar.IsV2, component: true);
        contents.Component(element, tag, pointer);
        if (tag == "form") FormRules.Validate(element, pointer, grammar.IsV2, findings);
    }

    /// <summary>JSON 1.0: only what the pages state plainly; its matrix of nesting is read out of prose.</summary>
    private bool MayStand(CardComponent component, CardPlace place)
    {
        if (component.AllowedIn.Contains(place.Kind)) return true;
        if (place.InForm && component.AllowedIn.Contains("form")) return true;
        return !grammar.IsV2 && (component.Tag is not ("form" or "table" or "column") || place.Kind == "root");
    }

    private void Properties(JsonObject holder, IReadOnlyDictionary<string, CardField> fields, string pointer, CardPlace place, bool strict, bool component = false, bool text = false)
    {
        if (holder["tag"] is not null && CardPart.Text(holder, "tag") is not (null or "standard_icon" or "custom_icon" or "text_tag"))
        {
            if (++_elements == grammar.MaxElements + 1) findings.Add(11310, pointer, "element exceeds the limit", "", withPath: false, CardProblemKind.TooManyElements);
        }

        if (grammar.IsV2 && CardPart.Text(holder, "element_id") is { Length: > 0 } id && !_elementIds.Add(id))
        {
            findings.Add(300301, pointer, "Duplicate element_id in card component.", id, kind: CardProblemKind.DuplicateElementId);
        }

        foreach (var (name, node) in holder)
        {
            if (findings.IsFull) return;
            var here = $"{pointer}/{Escape(name)}";
            if (fields.TryGetValue(name, out var field))
            {
                if (node is not null) Value(field, node, here, place);
            }
            else if (strict && !IsShared(name, fields, component, text))
            {
                findings.Structure(here, $"unknown property, property: {name}");
            }
        }

        foreach (var field in fields.Values)
        {
            if (!field.Required || holder[field.Name] is not null || holder["i18n_" + field.Name] is not null) continue;
            findings.Structure(pointer, $"property {field.Name} is required");
        }
    }

    /// <summary>What every component, every text, and every translatable property has beside its own page.</summary>
    private static bool IsShared(string name, IReadOnlyDictionary<string, CardField> fields, bool component, bool text) =>
        (component && name is ("element_id" or "margin"))
        || (text && TextProperties.Contains(name))
        || (name.StartsWith("i18n_", StringComparison.Ordinal) && fields.ContainsKey(name[5..]) && name[5..] is ("content" or "default_value" or "img_key" or "file_key"))
        // CONFLICT: the page of `div` has no `fields`, other sources and cards in the wild do.
        || (component && name == "fields" && fields.TryGetValue("tag", out var tag) && tag.Enum.Contains("div"));

    private void Value(CardField field, JsonNode node, string pointer, CardPlace place)
    {
        if (field.IsList)
        {
            if (node is not JsonArray list)
            {
                findings.Structure(pointer, $"invalid type, property: {field.Name}, expected: list");
                return;
            }

            if (field.MaxItems is { } most && list.Count > most) findings.Add(11310, pointer, $"{field.Name} exceeds the limit", most.ToString());
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i] is { } item) Single(field, item, $"{pointer}/{i}", place);
                else findings.Structure($"{pointer}/{i}", $"invalid type, property: {field.Name}, actual: null");
            }

            return;
        }

        Single(field, node, pointer, place);
    }

    private void Single(CardField field, JsonNode node, string pointer, CardPlace place)
    {
        if (!_values.Fits(field, node, pointer)) return;
        switch (node)
        {
            case JsonValue value:
                _values.Validate(field, value, pointer);
                break;
            case JsonObject inner when field.Type == "map":
                foreach (var (key, item) in inner) Entry(field, item, $"{pointer}/{Escape(key)}", place);
                break;
            case JsonObject inner when field.Ref == "header":
                Properties(inner, grammar.Component("header")!.Fields, pointer, place, grammar.IsV2);
                break;
            case JsonObject inner when field.Ref == "behavior":
                Behavior(inner, pointer, place);
                break;
            case JsonObject inner when field.Ref is "component" or "column":
                var (only, kind) = field.Ref == "column" ? (["column"], "column_set") : (field.Kinds, place.Kind);
                if (only.Count > 0 && CardPart.Text(inner, "tag") is { } tag && !only.Contains(tag)) findings.Structure(pointer, $"tag {tag} is not allowed in {field.Name}");
                else Component(inner, pointer, place with { Kind = kind });
                break;
            case JsonObject inner when field.Fields.Count > 0:
                Properties(inner, field.Fields, pointer, place, grammar.IsV2, text: field.IsText);
                contents.Part(inner, pointer);
                break;
        }
    }

    private void Entry(CardField field, JsonNode? item, string pointer, CardPlace place)
    {
        switch (field.ValueType)
        {
            case "string" when item?.GetValueKind() != System.Text.Json.JsonValueKind.String:
                findings.Structure(pointer, $"invalid type, property: {field.Name}, expected: string");
                break;
            case "object" when item is JsonObject inner:
                Properties(inner, field.Fields, pointer, place, grammar.IsV2);
                break;
            case "header" when item is JsonObject header:
                Properties(header, grammar.Component("header")!.Fields, pointer, place, grammar.IsV2);
                break;
            case "component[]" when item is JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (list[i] is JsonObject element) Component(element, $"{pointer}/{i}", place);
                    else findings.Structure($"{pointer}/{i}", "invalid type, expected: object");
                }

                break;
            case "object" or "header" or "component[]":
                findings.Structure(pointer, $"invalid type, property: {field.Name}");
                break;
        }
    }

    private void Behavior(JsonObject behavior, string pointer, CardPlace place)
    {
        if (CardPart.Text(behavior, "type") is not { } type) findings.Structure(pointer, "property type is required");
        else if (!grammar.Behaviors.TryGetValue(type, out var fields)) findings.Structure(pointer + "/type", $"invalid value, property: type, value: {type}");
        // The value of a callback is an object or a string, as the developer likes, or left away (interaction guide); its page says object.
        else Properties(behavior, Free(fields, "value"), pointer, place, grammar.IsV2);
    }

    private static Dictionary<string, CardField> Free(IReadOnlyDictionary<string, CardField> fields, string name) =>
        fields.ToDictionary(f => f.Key, f => f.Key == name ? f.Value with { Type = "any", AnyOf = ["string", "object"], Required = false } : f.Value);

    /// <summary>Outside a form a part may have a name, which its callback repeats, and nothing that submits.</summary>
    private static Dictionary<string, CardField> Union(IReadOnlyDictionary<string, CardField> own, IReadOnlyDictionary<string, CardField> more, bool inForm, bool isV2)
    {
        var all = new Dictionary<string, CardField>(own);
        foreach (var (name, field) in more)
        {
            if (inForm || !isV2 || name == "name") all[name] = inForm && isV2 ? field : field with { Required = false };
        }

        return all;
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
