using System.Text.Json;
using Larkspur.Gateway.People.Directory.Reading;

namespace Larkspur.Gateway.People.Scim;

/// <summary>What an upstream says of a user, while a request changes it. What it does not know is ignored, <c>password</c> too: nothing
/// keeps it.</summary>
internal sealed class ScimUserState
{
    public const string FamilyName = DirectoryFields.Custom + "family_name";
    public const string GivenName = DirectoryFields.Custom + "given_name";
    public const string Formatted = DirectoryFields.Custom + "formatted_name";
    public const string Phone = DirectoryFields.Custom + "work_phone";
    public const string Department = DirectoryFields.Custom + "department";

    /// <summary>Attributes and the fields that keep them.</summary>
    private static readonly Dictionary<string, string> Simple = new(StringComparer.Ordinal)
    {
        ["displayname"] = DirectoryFields.Name, ["title"] = DirectoryFields.JobTitle, ["employeenumber"] = DirectoryFields.EmployeeNo,
        ["department"] = Department, ["manager"] = DirectoryFields.Leader, ["name.formatted"] = Formatted, ["name.familyname"] = FamilyName,
        ["name.givenname"] = GivenName,
    };

    public string? UserName { get; set; }

    public string? ExternalId { get; set; }

    public bool IsActive { get; set; } = true;

    /// <summary>By the names of <see cref="DirectoryFields"/>.</summary>
    public Dictionary<string, string?> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>Sets an attribute.</summary>
    /// <param name="path">Which.</param>
    /// <param name="value">To what; null takes it away.</param>
    /// <param name="adds">Further values of it stay.</param>
    /// <exception cref="ScimRefusedException"><c>invalidValue</c>.</exception>
    public void Set(ScimPath path, JsonElement? value, bool adds = false)
    {
        switch (path)
        {
            case { Name: "username", Sub: null }: UserName = ScimValues.Text(value, "userName"); break;
            case { Name: "externalid", Sub: null }: ExternalId = ScimValues.Text(value, "externalId"); break;
            case { Name: "active", Sub: null }:
                if (value is { ValueKind: not JsonValueKind.Null })
                    IsActive = ScimValues.Truth(ScimValues.Text(value, "active")!)
                        ?? throw ScimRefusedException.Value("active is true or false.");
                break;
            case { Name: "emails" }: SetSeveral(path, value, DirectoryFields.WorkEmail, DirectoryFields.Email, static t =>
                t is null or "work", adds); break;
            case { Name: "phonenumbers" }: SetSeveral(path, value, Phone, DirectoryFields.Mobile, static t => t != "mobile", adds); break;
            case { Name: "" or "name", Sub: null }:
                if (value is { ValueKind: JsonValueKind.Object } parts)
                {
                    foreach (var part in parts.EnumerateObject())
                        Set(path.Name.Length == 0 ? ScimPath.Of(part.Name) : path with { Sub = part.Name.ToLowerInvariant() }, part.Value);
                }

                break;
            case { Name: "manager", Sub: null or "value" }:
                Fields[DirectoryFields.Leader] = ScimValues.Text(value is { ValueKind: JsonValueKind.Object } manager
                    ? ScimValues.Member(manager, "value") : value, "manager");
                break;
            default:
                if (Simple.TryGetValue(path.Sub is null ? path.Name : $"{path.Name}.{path.Sub}",
                    out var field)) Fields[field] = ScimValues.Text(value, path.Name);
                break;
        }
    }

    /// <summary>Takes everything over that an object says.</summary>
    public void SetAll(JsonElement body)
    {
        foreach (var member in body.EnumerateObject())
        {
            // A name that cannot be a path is not known either.
            if (member.Name.Length <= ScimPath.Longest) Set(ScimPath.Of(member.Name), member.Value);
        }
    }

    /// <summary>One value of a kind at work and one besides are kept; of further ones the first counts.</summary>
    private void SetSeveral(ScimPath path, JsonElement? value, string work, string besides, Func<string?, bool> isWork, bool adds)
    {
        if (path.Sub is not (null or "value")) return;
        if (path.Type is { } type)
        {
            Fields[isWork(type) ? work : besides] = ValueOf(value is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray()
                .FirstOrDefault() : value);
            return;
        }

        if (!adds) (Fields[work], Fields[besides]) = (null, null);
        var items = ScimValues.Items(value).ToArray();
        foreach (var item in items.OrderBy(i => ScimValues.Member(i, "primary") is not { ValueKind: JsonValueKind.True }))
        {
            var told = ScimValues.Text(ScimValues.Member(item, "type"), "type")?.ToLowerInvariant();
            var field = isWork(told) || (items.Length == 1 && work == DirectoryFields.WorkEmail) ? work : besides;
            var former = Fields.GetValueOrDefault(field);
            Fields[field] = adds ? ValueOf(item) : former ?? ValueOf(item);
        }

        string? ValueOf(JsonElement? item) =>
            ScimValues.Text(item is { ValueKind: JsonValueKind.Object } one ? ScimValues.Member(one, "value") : item, path.Name);
    }
}
