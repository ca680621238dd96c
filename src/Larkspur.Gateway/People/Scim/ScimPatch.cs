using System.Text.Json;

namespace Larkspur.Gateway.People.Scim;

/// <summary>An operation of a PATCH.</summary>
/// <param name="Kind">add, replace or remove, in lower case.</param>
/// <param name="Path">What it changes.</param>
/// <param name="Value">To what; null: a removal that names nothing.</param>
internal sealed record ScimOperation(string Kind, ScimPath Path, JsonElement? Value)
{
    public bool Removes => Kind == "remove";
}

/// <summary>
/// Reads a PATCH (RFC 7644, section 3.5.2) as Entra and Okta write it: operations in any case, and without a path an object of several
/// attributes, whose keys can be dotted.
/// </summary>
internal static class ScimPatch
{
    private const int Most = 1000;

    /// <exception cref="ScimRefusedException"><c>invalidSyntax</c>, <c>invalidPath</c>, <c>noTarget</c>.</exception>
    public static IReadOnlyList<ScimOperation> Read(JsonElement body)
    {
        if (ScimValues.Member(body, "Operations") is not { ValueKind: JsonValueKind.Array } operations)
            throw ScimRefusedException.Syntax("Operations is a list.");
        if (operations.GetArrayLength() > Most) throw ScimRefusedException.Syntax($"There are at most {Most} operations.");
        var read = new List<ScimOperation>();
        foreach (var operation in operations.EnumerateArray())
        {
            var kind = ScimValues.Text(ScimValues.Member(operation, "op"), "op")?.ToLowerInvariant();
            if (kind is not ("add" or "replace" or "remove")) throw ScimRefusedException.Syntax("op is add, replace or remove.");
            var value = ScimValues.Member(operation, "value");
            if (ScimValues.Text(ScimValues.Member(operation, "path"), "path") is { Length: > 0 } path) read.Add(new(kind,
                ScimPath.Read(path), value));
            else if (kind == "remove") throw new ScimRefusedException(400, "noTarget", "What is removed needs a path.");
            else if (value is { ValueKind: JsonValueKind.Object } several)
                read.AddRange(several.EnumerateObject().Select(member => new ScimOperation(kind, PathOf(member.Name), member.Value)));
            else throw ScimRefusedException.Value("Without a path the value is an object.");
        }

        return read;
    }

    /// <summary>A key that cannot be a path is an attribute that is not known.</summary>
    private static ScimPath PathOf(string key) => key.Contains('[', StringComparison.Ordinal) ? ScimPath.Read(key) : ScimPath.Of(key);
}
