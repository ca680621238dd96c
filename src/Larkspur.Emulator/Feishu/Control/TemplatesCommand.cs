using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Cards.Templates;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>What the card builder does: templates, their versions, who may use them.</summary>
internal sealed partial class TemplatesCommand(EmulatorState state)
{
    private const int MostVersions = 50;
    private const int MostVariables = 200;

    public JsonObject Put(ControlInput input)
    {
        input.Only("template_id", "name", "apps", "versions");
        var id = input.Need("template_id");
        if (!Id().IsMatch(id)) throw new ControlRefusal("\"template_id\" is up to 64 letters, digits, - and _.");
        if (input.Body["versions"] is not JsonArray { Count: > 0 and <= MostVersions } versions) throw new ControlRefusal($"\"versions\" must be a list of 1 to {MostVersions}.");
        var template = new CardTemplate
        {
            TemplateId = id, Name = input.Text("name") ?? id, Apps = input.Texts("apps")?.ToImmutableHashSet(), Versions = [.. versions.Select(Version)],
        };
        if (!state.Put(template)) throw new ControlRefusal("There are too many templates.");
        return Show(template);
    }

    public JsonObject Remove(string id) => state.RemoveCardTemplate(id) ? ControlEndpoints.Done() : throw new ControlRefusal($"There is no template {id}.", 404);

    public JsonObject List() => new() { ["templates"] = new JsonArray([.. state.CardTemplates.Select(t => (JsonNode)Show(t))]) };

    public static JsonObject Show(CardTemplate t) => new()
    {
        ["template_id"] = t.TemplateId,
        ["name"] = t.Name,
        ["apps"] = t.Apps is null ? null : new JsonArray([.. t.Apps.Order(StringComparer.Ordinal).Select(a => (JsonNode?)a)]),
        ["versions"] = new JsonArray([.. t.Versions.Select(v => (JsonNode)new JsonObject
        {
            ["name"] = v.Name,
            ["published"] = v.Published,
            ["card"] = JsonNode.Parse(v.Json),
            ["variables"] = new JsonArray([.. v.Variables.Select(x => (JsonNode)new JsonObject
            {
                ["name"] = x.Name, ["type"] = x.Type, ["default"] = x.Default is null ? null : JsonNode.Parse(x.Default),
            })]),
        })]),
    };

    private static CardTemplateVersion Version(JsonNode? node)
    {
        var version = new ControlInput(node?.DeepClone() as JsonObject ?? throw new ControlRefusal("A version must be an object."));
        version.Only("name", "card", "variables", "published");
        var variables = version.Body["variables"] switch
        {
            null => [],
            JsonArray { Count: <= MostVariables } list => list.Select(Variable).ToImmutableArray(),
            _ => throw new ControlRefusal($"\"variables\" must be a list of up to {MostVariables}."),
        };
        return new CardTemplateVersion(version.Text("name") ?? "1.0.0", CanonicalJson.Write(Card(version.Body["card"])), variables, version.Flag("published", true));
    }

    private static JsonObject Card(JsonNode? given)
    {
        try
        {
            var card = given is JsonValue text && text.TryGetValue<string>(out var json) ? StrictJson.Parse(json) : given;
            return card as JsonObject ?? throw new ControlRefusal("\"card\" must be a card: a JSON object, or a string that holds one.");
        }
        catch (JsonException)
        {
            throw new ControlRefusal("\"card\" is not valid JSON.");
        }
    }

    private static CardTemplateVariable Variable(JsonNode? node)
    {
        var variable = new ControlInput(node?.DeepClone() as JsonObject ?? throw new ControlRefusal("A variable must be an object."));
        variable.Only("name", "type", "default");
        var type = variable.Text("type") ?? "string";
        if (!TemplateVariables.Types.Contains(type)) throw new ControlRefusal($"\"type\" of a variable must be one of {string.Join(", ", TemplateVariables.Types)}.");
        return new CardTemplateVariable(variable.Need("name"), type, variable.Body["default"] is { } value ? CanonicalJson.Write(value) : null);
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex Id();
}
