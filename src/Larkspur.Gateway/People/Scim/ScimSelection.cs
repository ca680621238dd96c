using System.Text.Json.Nodes;

namespace Larkspur.Gateway.People.Scim;

/// <summary><c>attributes</c> and <c>excludedAttributes</c> of a request (RFC 7644, section 3.9). Ids and schemas are always
/// there.</summary>
internal sealed class ScimSelection
{
    private const int Most = 100;

    private readonly IReadOnlyList<ScimPath> _only;
    private readonly IReadOnlyList<ScimPath> _without;

    private ScimSelection(IReadOnlyList<ScimPath> only, IReadOnlyList<ScimPath> without) => (_only, _without) = (only, without);

    public static ScimSelection Of(HttpRequest request) => new(Paths(request, "attributes"), Paths(request, "excludedAttributes"));

    /// <summary>Somebody wants to see the attribute: what takes long need not be read otherwise.</summary>
    public bool Shows(string name) => !_without.Any(p => p.Name == name && p.Sub is null)
        && (_only.Count == 0 || _only.Any(p => p.Name == name));

    public JsonObject Apply(JsonObject resource)
    {
        foreach (var (name, value) in resource.ToArray())
        {
            if (name is "id" or "schemas") continue;
            var lower = name == ScimSchemas.Enterprise ? "" : name.ToLowerInvariant();
            // Members of the enterprise extension are named without it.
            if (lower.Length == 0 && value is JsonObject extension && _only.Count > 0 && !_only.Any(p => p.Name.Length == 0))
            {
                foreach (var (part, _) in extension.ToArray())
                {
                    if (!Shows(part.ToLowerInvariant())) extension.Remove(part);
                }

                if (extension.Count == 0) resource.Remove(name);
                continue;
            }

            if (!Shows(lower)) resource.Remove(name);
            else Narrow(value, lower);
        }

        return resource;
    }

    private void Narrow(JsonNode? value, string name)
    {
        var only = _only.Where(p => p.Name == name).ToArray();
        foreach (var part in value is JsonArray several ? several.OfType<JsonObject>() : value is JsonObject one ? [one] : [])
        {
            foreach (var (sub, _) in part.ToArray())
            {
                var lower = sub.ToLowerInvariant();
                if (_without.Any(p => p.Name == name && p.Sub == lower)
                    || (only.Length > 0 && only.All(p => p.Sub is not null && p.Sub != lower))) part.Remove(sub);
            }
        }
    }

    private static IReadOnlyList<ScimPath> Paths(HttpRequest request, string name) =>
        [.. request.Query[name].ToString().Split(',', Most, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(ScimPath.Of)];
}
