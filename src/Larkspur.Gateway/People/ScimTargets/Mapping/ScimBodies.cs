using System.Text.Json.Nodes;
using Larkspur.Gateway.People.ScimTargets.Calls;

namespace Larkspur.Gateway.People.ScimTargets.Mapping;

/// <summary>What is sent to targets and answered by them, as JSON. Names of members count in any case (RFC 7643, section 2.1).</summary>
internal static class ScimBodies
{
    /// <summary>Characters of an id or a name: it is kept, and stands in addresses.</summary>
    private const int LongestName = 1000;

    /// <summary>A PATCH of these operations.</summary>
    public static JsonObject Patch(IEnumerable<JsonObject> operations) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
        ["Operations"] = new JsonArray([.. operations.Select(o => (JsonNode?)o)]),
    };

    /// <summary>Members join a group.</summary>
    public static JsonObject Join(IEnumerable<string> ids) => Patch([new JsonObject
    {
        ["op"] = "add", ["path"] = "members", ["value"] = new JsonArray([.. ids.Select(id =>
            (JsonNode?)new JsonObject { ["value"] = id })]),
    }]);

    /// <summary>Members leave a group.</summary>
    public static JsonObject Leave(IEnumerable<string> ids) => Patch(ids.Select(id =>
        new JsonObject { ["op"] = "remove", ["path"] = $"members[value eq {Literal(id)}]" }));

    /// <summary>A text in a filter.</summary>
    public static string Literal(string text) => JsonValue.Create(text).ToJsonString(Relaxed);

    /// <summary>A member, whatever the case of its name; null: there is none.</summary>
    public static JsonNode? Member(JsonNode? of, string name) => of is JsonObject json
        ? json.TryGetPropertyValue(name, out var value) ? value
            : json.FirstOrDefault(m => m.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value
        : null;

    /// <summary>A text or a number as a text; null: it is neither.</summary>
    public static string? TextOf(JsonNode? value) => value is not JsonValue plain ? null
        : plain.TryGetValue<string>(out var text) ? text
        : plain.GetValueKind() == System.Text.Json.JsonValueKind.Number ? plain.ToJsonString() : null;

    public static string? Text(JsonNode? of, string name) => TextOf(Member(of, name)) is { Length: > 0 } text ? text : null;

    /// <summary>The target's id of a resource; null: it has none.</summary>
    /// <exception cref="ScimCallException"><c>bad_answer</c>: it is longer than any is.</exception>
    public static string? Id(JsonNode? of) => Short(of, "id");

    /// <summary>An id or a name.</summary>
    /// <exception cref="ScimCallException"><c>bad_answer</c>: it is longer than any is.</exception>
    public static string? Short(JsonNode? of, string name) => Text(of, name) is not { } text ? null
        : text.Length <= LongestName ? text : throw new ScimCallException("bad_answer");

    public static long? Number(JsonNode? of, string name) =>
        long.TryParse(TextOf(Member(of, name)), System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Truth, also where it is written as a text.</summary>
    public static bool? Truth(JsonNode? value) => value is not JsonValue plain ? null
        : plain.TryGetValue<bool>(out var truth) ? truth
        : plain.TryGetValue<string>(out var text) && bool.TryParse(text, out truth) ? truth : null;

    /// <summary>What is different at the target from what should be there.</summary>
    public static string[] Differences(PushedAttributes wanted, JsonNode found) =>
        [.. wanted.Paths.Where(path => !IsSame(wanted[path], At(found, path), path))];

    private static JsonNode? At(JsonNode found, string path)
    {
        var (holder, name) = PushedAttributes.Place(path);
        return Member(holder is null ? found : Member(found, holder), name);
    }

    private static bool IsSame(JsonNode? wanted, JsonNode? found, string path) => wanted switch
    {
        null => found is null || TextOf(found) is "" || found is JsonArray { Count: 0 },
        JsonArray list => found is JsonArray there && list.All(w => there.Any(t =>
            string.Equals(Text(w, "value"), Text(t, "value"), StringComparison.OrdinalIgnoreCase)
            && string.Equals(Text(w, "type"), Text(t, "type"), StringComparison.OrdinalIgnoreCase))),
        _ when path == PushedAttributes.Active => Truth(found) == wanted.GetValue<bool>(),
        // A target may write it as it likes: it is the same name.
        _ when path == PushedAttributes.UserName =>
            string.Equals(TextOf(found), TextOf(wanted), StringComparison.OrdinalIgnoreCase),
        _ => TextOf(found) == TextOf(wanted),
    };

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
