using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>Judges a card that an app sends.</summary>
/// <remarks>
/// JSON, version, tags, and for JSON 2.0 the properties of each component. Values inside a component are not judged yet. JSON 1.0 ignores
/// what it does not know.
/// </remarks>
internal static class CardContent
{
    public const int MostBytes = 30 * 1024;

    /// <summary>Properties that hold further components.</summary>
    private static readonly string[] Containers = ["elements", "actions", "columns"];

    public static CardState? Read(string content, out CardProblem? problem)
    {
        problem = null;
        JsonObject card;
        try
        {
            card = StrictJson.Parse(content) as JsonObject ?? throw new JsonException("not an object");
        }
        catch (JsonException)
        {
            problem = new CardProblem(200621, null, "parse card json err, please check whether the card json is correct", Cut(content));
            return null;
        }

        var isV2 = (card["schema"] as JsonValue)?.TryGetValue<string>(out var schema) == true && schema == "2.0";
        problem = isV2 ? CheckV2(card) : CheckV1(card);
        if (problem is not null) return null;
        var shared = isV2 || (card["config"]?["update_multi"] is JsonValue multi && multi.GetValueKind() == JsonValueKind.True);
        return new CardState { Json = content, IsV2 = isV2, Shared = shared };
    }

    public static bool TooLarge(string content) => Encoding.UTF8.GetByteCount(content) > MostBytes;

    private static CardProblem? CheckV2(JsonObject card)
    {
        foreach (var (name, _) in card)
        {
            if (!CardSchema.V2.Root.Contains(name)) return Unknown("ROOT", name);
        }

        if (RepeatedElementId(card["body"], []) is { } twice)
        {
            return new CardProblem(300301, null, "Duplicate element_id in card component.", twice) { Kind = CardProblemKind.DuplicateElementId };
        }

        if (card["body"] is not JsonObject body) return card["body"] is null ? null : new CardProblem(200621, "ROOT -> body", "body must be an object", "body");
        var count = 0;
        return Walk(CardSchema.V2, body["elements"], "ROOT -> body -> elements", strict: true, ref count);
    }

    private static string? RepeatedElementId(JsonNode? node, HashSet<string> seen) => node switch
    {
        JsonObject o => CardPart.Text(o, "element_id") is { Length: > 0 } id && !seen.Add(id) ? id
            : o.Select(p => RepeatedElementId(p.Value, seen)).FirstOrDefault(static id => id is not null),
        JsonArray list => list.Select(i => RepeatedElementId(i, seen)).FirstOrDefault(static id => id is not null),
        _ => null,
    };

    private static CardProblem? CheckV1(JsonObject card)
    {
        var count = 0;
        if (Walk(CardSchema.V1, card["elements"], "ROOT -> elements", strict: false, ref count) is { } problem) return problem;
        foreach (var (locale, elements) in card["i18n_elements"] as JsonObject ?? [])
        {
            if (Walk(CardSchema.V1, elements, $"ROOT -> i18n_elements -> {locale}", strict: false, ref count) is { } other) return other;
        }

        return null;
    }

    private static CardProblem? Walk(CardSchema schema, JsonNode? list, string path, bool strict, ref int count)
    {
        if (list is null) return null;
        if (list is not JsonArray elements) return new CardProblem(200621, path, "elements must be a list", Cut(list.ToJsonString()));
        for (var i = 0; i < elements.Count; i++)
        {
            var here = $"{path} -> {i}";
            if (elements[i] is not JsonObject element) return new CardProblem(200621, here, "element must be an object", Cut(elements[i]?.ToJsonString() ?? "null"));
            if (++count > schema.MaxElements) return new CardProblem(11310, here, "card components exceed the limit", schema.MaxElements.ToString()) { Kind = CardProblemKind.TooManyElements };
            var tag = (element["tag"] as JsonValue)?.TryGetValue<string>(out var t) == true ? t : "";
            // A column set's columns, and text inside a note, may leave the tag out or are no components.
            var isPart = tag is "plain_text" or "lark_md" or "standard_icon" or "custom_icon";
            if (!isPart && schema.Properties(tag) is not { } properties)
            {
                return strict && CardSchema.V1.Properties(tag) is not null
                    ? new CardProblem(200861, here, "cards of schema V2 no longer support this capability", "unsupported tag " + tag)
                    : new CardProblem(200621, here, "unknown tag", "tag " + tag);
            }

            if (strict && !isPart)
            {
                foreach (var (name, _) in element)
                {
                    if (!schema.Properties(tag)!.Contains(name)) return Unknown(here, name);
                }
            }

            foreach (var inner in Containers)
            {
                if (Walk(schema, element[inner], $"{here} -> {inner}", strict, ref count) is { } problem) return problem;
            }
        }

        return null;
    }

    private static CardProblem Unknown(string path, string name) => new(200621, path, "unknown property", name);

    private static string Cut(string text) => text.Length <= 100 ? text : text[..100];
}

/// <summary>Why a card is refused; its text is what the platform puts behind code 230099.</summary>
internal sealed record CardProblem(int SubCode, string? Path, string Message, string Value)
{
    public CardProblemKind Kind { get; init; }

    /// <summary>Without the code, as the calls of CardKit say it.</summary>
    public string Detail => $"{(Path is null ? "" : $"ErrPath: {Path}; ")}ErrMsg: {Message}; ErrorValue: {Value}; ";

    public override string ToString() => $"Failed to create card content, ext=ErrCode: {SubCode}; {Detail}";
}

/// <summary>What CardKit answers with codes of its own.</summary>
internal enum CardProblemKind { Other, TooManyElements, DuplicateElementId }
