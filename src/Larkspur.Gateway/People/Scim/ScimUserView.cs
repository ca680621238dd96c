using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Gateway.People.Directory.Reading;

namespace Larkspur.Gateway.People.Scim;

/// <summary>A person as a SCIM user. What is not known is absent.</summary>
internal static class ScimUserView
{
    /// <param name="person">Who.</param>
    /// <param name="request">What is answered: addresses are as its caller knows this gateway.</param>
    /// <param name="upstream">Whose <c>externalId</c> is shown: another upstream's means nothing to it.</param>
    public static JsonObject Of(ScimPerson person, HttpRequest request, string upstream)
    {
        var user = new JsonObject { ["schemas"] = new JsonArray(ScimSchemas.User, ScimSchemas.Enterprise), ["id"] = person.Id };
        if (person.Of(upstream)?.ExternalId is { } external) user["externalId"] = external;
        user["userName"] = person.UserName;
        var name = Of(("formatted", person.Field(ScimUserState.Formatted) ?? person.DisplayName),
            ("familyName", person.Field(ScimUserState.FamilyName)),
            ("givenName", person.Field(ScimUserState.GivenName)));
        if (name.Count > 0) user["name"] = name;
        if (person.DisplayName is { } display) user["displayName"] = display;
        if (person.Field(DirectoryFields.JobTitle) is { } title) user["title"] = title;
        user["active"] = person.IsActive;
        Several(user, "emails", ("work", person.WorkEmail),
            ("other", person.Field(DirectoryFields.Email) is { } other && other != person.WorkEmail ? other : null));
        Several(user, "phoneNumbers", ("work", person.Field(ScimUserState.Phone)), ("mobile", person.Field(DirectoryFields.Mobile)));
        var groups = person.Accounts.SelectMany(a => a.Entry?.Groups ?? []).ToArray();
        if (groups.Length > 0)
        {
            user["groups"] = new JsonArray([.. groups.Select(g =>
                (JsonNode?)Of(("value", g.Id.ToString(CultureInfo.InvariantCulture)), ("display", g.Name),
                ("$ref", ScimAnswer.Address(request, $"Groups/{g.Id.ToString(CultureInfo.InvariantCulture)}").ToString()),
                    ("type", "direct")))]);
        }

        var department = person.Field(ScimUserState.Department) ?? groups.OrderBy(g => !g.IsMain).FirstOrDefault()?.Name;
        var work = Of(("employeeNumber", person.Field(DirectoryFields.EmployeeNo)), ("department", department));
        if (person.Manager is { } manager) work["manager"] = Of(("value", manager));
        if (work.Count > 0) user[ScimSchemas.Enterprise] = work;
        return ScimAnswer.WithMeta(user, "User", ScimAnswer.Address(request, "Users/" + person.Id), person.CreatedAt, person.ChangedAt);
    }

    /// <summary>An object of what is known.</summary>
    public static JsonObject Of(params ReadOnlySpan<(string Name, string? Value)> members)
    {
        var made = new JsonObject();
        foreach (var (name, value) in members)
        {
            if (value is not null) made[name] = value;
        }

        return made;
    }

    private static void Several(JsonObject user, string name, params ReadOnlySpan<(string Type, string? Value)> values)
    {
        var list = new JsonArray();
        foreach (var (type, value) in values)
        {
            if (value is not null) list.Add(new JsonObject { ["value"] = value, ["type"] = type, ["primary"] = list.Count == 0 });
        }

        if (list.Count > 0) user[name] = list;
    }
}
