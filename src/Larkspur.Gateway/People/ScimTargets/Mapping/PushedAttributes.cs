using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Scim;

namespace Larkspur.Gateway.People.ScimTargets.Mapping;

/// <summary>What a resource has at a target: attributes by their paths, which are those of a PATCH. Without a value it is not to be
/// there.</summary>
internal sealed class PushedAttributes
{
    public const string ExternalId = "externalId";
    public const string UserName = "userName";
    public const string Active = "active";
    public const string DisplayName = "displayName";
    private const string Emails = "emails";

    private readonly SortedDictionary<string, JsonNode?> _values = new(StringComparer.Ordinal);

    private PushedAttributes(string schema) => Schema = schema;

    /// <summary>The schema of the resource.</summary>
    public string Schema { get; }

    public IEnumerable<string> Paths => _values.Keys;

    /// <summary>A person who may work.</summary>
    /// <param name="person">Who.</param>
    /// <param name="userName">Their name there.</param>
    public static PushedAttributes Of(ScimPerson person, string userName)
    {
        var made = new PushedAttributes(ScimSchemas.User);
        var name = person.DisplayName is { Length: > 0 } known ? known : userName;
        var (family, given) = NameParts.Of(name);
        var department = person.Field(ScimUserState.Department)
            ?? person.Accounts.SelectMany(a => a.Entry?.Groups ?? []).OrderBy(g => !g.IsMain).FirstOrDefault()?.Name;
        made._values[ExternalId] = person.Id;
        made._values[UserName] = userName;
        made._values[Active] = true;
        made._values[DisplayName] = name;
        made._values["name.formatted"] = person.Field(ScimUserState.Formatted) ?? name;
        made._values["name.familyName"] = person.Field(ScimUserState.FamilyName) ?? family;
        made._values["name.givenName"] = person.Field(ScimUserState.GivenName) ?? given;
        made._values["title"] = person.Field(DirectoryFields.JobTitle);
        made._values[Emails] = EmailsOf(person);
        made._values[ScimSchemas.Enterprise + ":employeeNumber"] = person.Field(DirectoryFields.EmployeeNo);
        made._values[ScimSchemas.Enterprise + ":department"] = department;
        return made;
    }

    /// <summary>A department.</summary>
    public static PushedAttributes Of(PushedGroup group)
    {
        var made = new PushedAttributes(ScimSchemas.Group);
        made._values[ExternalId] = group.ExternalId;
        made._values[DisplayName] = group.Name;
        return made;
    }

    /// <summary>Somebody who may not work any more: nothing else of them is said.</summary>
    public static PushedAttributes Off()
    {
        var made = new PushedAttributes(ScimSchemas.User);
        made._values[Active] = false;
        return made;
    }

    public JsonNode? this[string path] => _values[path]?.DeepClone();

    /// <summary>Hashes of those that have a value.</summary>
    public Dictionary<string, string> Hashes() => _values.Where(v => v.Value is not null)
        .ToDictionary(v => v.Key, v => HashOf(v.Value!), StringComparer.Ordinal);

    /// <summary>Paths of what is different from what was pushed.</summary>
    public string[] Differences(IReadOnlyDictionary<string, string> pushed) =>
        [.. _values.Where(v => (v.Value is { } value ? HashOf(value) : null) != pushed.GetValueOrDefault(v.Key)).Select(v => v.Key)];

    /// <summary>The whole resource, without an id.</summary>
    public JsonObject Resource()
    {
        var made = new JsonObject { ["schemas"] = new JsonArray(Schema) };
        foreach (var (path, value) in _values)
        {
            if (value is not null) Put(made, path, value.DeepClone());
        }

        return made;
    }

    /// <summary>Operations of a PATCH (RFC 7644, section 3.5.2).</summary>
    public JsonObject Patch(IEnumerable<string> paths) => ScimBodies.Patch(paths.Select(path => _values[path] is { } value
        ? new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value.DeepClone() }
        : new JsonObject { ["op"] = "remove", ["path"] = path }));

    /// <summary>Puts these attributes over what the target has, which keeps the rest: for a PUT.</summary>
    public void Over(JsonObject resource, IEnumerable<string> paths)
    {
        foreach (var path in paths) Put(resource, path, _values[path]?.DeepClone());
    }

    private static void Put(JsonObject resource, string path, JsonNode? value)
    {
        var (holder, name) = Place(path);
        var on = resource;
        if (holder is not null)
        {
            if (ScimBodies.Member(resource, holder) is not JsonObject inner)
            {
                if (value is null) return;
                Set(resource, holder, inner = []);
            }

            on = inner;
            if (holder == ScimSchemas.Enterprise) NameSchema(resource);
        }

        Set(on, name, value);
    }

    /// <summary>Where an attribute stands: in the resource, or in an object of it.</summary>
    internal static (string? Holder, string Name) Place(string path) =>
        path.StartsWith(ScimSchemas.Enterprise + ":", StringComparison.Ordinal)
            ? (ScimSchemas.Enterprise, path[(ScimSchemas.Enterprise.Length + 1)..])
            : path.IndexOf('.') is > 0 and var dot ? (path[..dot], path[(dot + 1)..]) : (null, path);

    private static void NameSchema(JsonObject resource)
    {
        if (ScimBodies.Member(resource, "schemas") is not JsonArray schemas) return;
        if (!schemas.Any(s => ScimBodies.TextOf(s) == ScimSchemas.Enterprise)) schemas.Add(ScimSchemas.Enterprise);
    }

    private static void Set(JsonObject on, string name, JsonNode? value)
    {
        if (on.FirstOrDefault(m => m.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Key is { } known) on.Remove(known);
        if (value is not null) on[name] = value;
    }

    /// <summary>As the directory tells it: nobody has proved that it is theirs, which targets are not told either way.</summary>
    private static JsonArray? EmailsOf(ScimPerson person)
    {
        var email = person.WorkEmail ?? person.Field(DirectoryFields.Email);
        return email is null ? null : [new JsonObject { ["value"] = email, ["type"] = "work", ["primary"] = true }];
    }

    private static string HashOf(JsonNode value) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value.ToJsonString())))[..16];
}

/// <summary>A department as a group at a target.</summary>
/// <param name="Number">The department's.</param>
/// <param name="Name">What the group is called; null: the department has no name.</param>
/// <param name="IsGone">The department is no more.</param>
internal sealed record PushedGroup(long Number, string? Name, bool IsGone)
{
    /// <summary>An upstream's, and no platform's: what it is called is that system's word alone.</summary>
    public bool IsUpstreams { get; init; }

    public string Item => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Its <c>externalId</c>, which no person's can be.</summary>
    public string ExternalId => "department-" + Item;
}
