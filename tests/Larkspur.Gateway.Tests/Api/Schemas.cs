using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>The schemas of a description: what they take, and what they should not.</summary>
internal sealed partial class Schemas(JsonElement document)
{
    /// <summary>A member that no schema has.</summary>
    public const string Nobodys = "nobodys";

    private const int Longest = 100_000;

    /// <summary>A body that one thing is wrong with.</summary>
    public sealed record BrokenBody(string What, string Pointer, JsonObject Body);

    /// <summary>The JSON bodies of all operations.</summary>
    public IEnumerable<(string Name, string Method, string Path, JsonElement Body)> Bodies() =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Value.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out _)
        select (operation.Value.GetProperty("operationId").GetString()!, operation.Name, Step().Replace(path.Name, "1"),
            operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema"));

    /// <summary>The schema itself, wherever it stands and whether null is taken too.</summary>
    public JsonElement Resolve(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Resolve(document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]));
        return schema.TryGetProperty("oneOf", out var choices)
            ? Resolve(choices.EnumerateArray().First(c => !c.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "null"))
            : schema;
    }

    /// <summary>Its members are all that is taken.</summary>
    public bool IsDeclared(JsonElement schema) =>
        Resolve(schema).TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.False;

    /// <summary>For each bound of an object's schema, and of those in it, an object that fits but for it.</summary>
    public IEnumerable<BrokenBody> Broken(JsonElement schema)
    {
        yield return With("an unknown member", Nobodys, 1);
        foreach (var name in Required(schema))
        {
            var body = Sample(schema);
            body.Remove(name);
            yield return new BrokenBody("a missing member", "/" + name, body);
        }

        foreach (var (name, member) in Members(schema))
        {
            foreach (var (what, value, below) in Wrong(member)) yield return With(what, name, value, below);
            if (TypeOf(member) != "object") continue;
            foreach (var inner in Broken(member)) yield return With(inner.What, name, inner.Body, inner.Pointer);
        }

        BrokenBody With(string what, string name, JsonNode? value, string below = "")
        {
            var body = Sample(schema);
            body[name] = value;
            return new BrokenBody(what, $"/{name}{below}", body);
        }
    }

    /// <summary>Values that a member should not take, and where within them that is said.</summary>
    private IEnumerable<(string What, JsonNode Value, string Below)> Wrong(JsonElement member)
    {
        var type = TypeOf(member);
        // A text without a bound is what a grammar reads.
        if (type is null || (type == "string" && Bound(member, "maxLength") is null && !member.TryGetProperty("format", out _))) yield break;
        if (type != "object") yield return ("another type", new JsonObject(), "");
        if (type != "array") yield return ("a list", new JsonArray(), "");
        if (Bound(member, "maxLength") is > 0 and < Longest and var longest) yield return ("a long text", new string('x', longest + 1), "");
        if (Bound(member, "minLength") > 0) yield return ("an empty text", " ", "");
        if (Bound(member, "minimum") is { } least) yield return ("too small a number", least - 1, "");
        if (Bound(member, "maximum") is { } most) yield return ("too great a number", most + 1, "");
        if (Bound(member, "minItems") > 0) yield return ("an empty list", new JsonArray(), "");
        if (type != "array") yield break;
        var items = Resolve(member.GetProperty("items"));
        if (Bound(member, "maxItems") is { } many) yield return ("a long list", Items(items, many + 1), "");
        yield return ("an item of another type", new JsonArray(JsonValue.Create(true)), "/0");
        if (Bound(items, "maxLength") is > 0 and < Longest and var each) yield return ("a long item", new JsonArray(new string('x', each + 1)), "/0");
        if (TypeOf(items) != "object") yield break;
        foreach (var inner in Broken(items)) yield return (inner.What, new JsonArray(inner.Body), "/0" + inner.Pointer);
    }

    private JsonArray Items(JsonElement schema, int count) => new([.. Enumerable.Range(0, count).Select(_ => SampleOf(schema))]);

    private JsonObject Sample(JsonElement schema) => new(Members(schema).Where(m => Required(schema).Contains(m.Name))
        .Select(m => KeyValuePair.Create(m.Name, SampleOf(m.Schema))));

    private JsonNode? SampleOf(JsonElement schema) => TypeOf(schema) switch
    {
        "object" => Sample(schema),
        "array" => Items(Resolve(schema.GetProperty("items")), 1),
        "integer" => Bound(schema, "minimum") ?? 1,
        "boolean" => true,
        _ => schema.TryGetProperty("format", out var format) && format.GetString() == "date-time" ? "2026-01-05T09:00:00Z" : "x",
    };

    private static int? Bound(JsonElement schema, string name) => schema.TryGetProperty(name, out var bound) ? bound.GetInt32() : null;

    private static string[] Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var names) ? [.. names.EnumerateArray().Select(n => n.GetString()!)] : [];

    private IEnumerable<(string Name, JsonElement Schema)> Members(JsonElement schema) =>
        schema.TryGetProperty("properties", out var members) ? members.EnumerateObject().Select(m => (m.Name, Resolve(m.Value))) : [];

    /// <summary>Null: anything.</summary>
    private static string? TypeOf(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? null
        : type.ValueKind == JsonValueKind.String ? type.GetString()
        : type.EnumerateArray().Select(t => t.GetString()).First(t => t != "null");

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Step();
}
