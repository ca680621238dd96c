using System.Text.Json.Nodes;

namespace Larkspur.Gateway.People.Scim;

/// <summary>What this server can do (RFC 7643, sections 5 to 7; RFC 7644, section 4). A filter on it is refused with 403.</summary>
internal static class ScimDescriptions
{
    public static IResult Config(HttpContext http)
    {
        DemandNoFilter(http.Request);
        var config = new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"),
            ["patch"] = new JsonObject { ["supported"] = true },
            ["bulk"] = new JsonObject { ["supported"] = false, ["maxOperations"] = 0, ["maxPayloadSize"] = ScimBody.Largest },
            ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = ScimQuery.MostOnPage },
            ["changePassword"] = new JsonObject { ["supported"] = false },
            ["sort"] = new JsonObject { ["supported"] = false },
            ["etag"] = new JsonObject { ["supported"] = false },
            ["authenticationSchemes"] = new JsonArray(new JsonObject
            {
                ["type"] = "oauthbearertoken", ["name"] = "API key", ["description"] = "An API key of the gateway as bearer token",
                    ["primary"] = true,
            }),
        };
        return new ScimAnswer(200, ScimAnswer.WithMeta(config, "ServiceProviderConfig",
            ScimAnswer.Address(http.Request, "ServiceProviderConfig"), null, null));
    }

    public static IResult List(HttpContext http, IReadOnlyList<JsonObject> all)
    {
        DemandNoFilter(http.Request);
        return new ScimAnswer(200, new JsonObject
        {
            ["schemas"] = new JsonArray(ScimSchemas.List), ["totalResults"] = all.Count, ["startIndex"] = 1, ["itemsPerPage"] = all.Count,
            ["Resources"] = new JsonArray([.. all]),
        });
    }

    public static IResult One(HttpContext http, IReadOnlyList<JsonObject> all, string id)
    {
        DemandNoFilter(http.Request);
        return new ScimAnswer(200, all.FirstOrDefault(d => id.Equals(d["id"]!.GetValue<string>(), StringComparison.OrdinalIgnoreCase))
            ?? throw ScimRefusedException.Missing());
    }

    public static IReadOnlyList<JsonObject> Types(HttpRequest request) =>
    [
        Type(request, "User", ScimSchemas.User,
            new JsonArray(new JsonObject { ["schema"] = ScimSchemas.Enterprise, ["required"] = false })),
        Type(request, "Group", ScimSchemas.Group, []),
    ];

    public static IReadOnlyList<JsonObject> Schemas(HttpRequest request) =>
    [
        Schema(request, ScimSchemas.User, "User", [Text("userName", true), Text("displayName"), Text("title"), Truth("active"),
            Complex("name", false, "formatted", "familyName", "givenName"), Complex("emails", true, "value", "type"),
                Complex("phoneNumbers", true, "value", "type"),
            Complex("groups", true, "value", "display")]),
        Schema(request, ScimSchemas.Group, "Group", [Text("displayName", true), Complex("members", true, "value", "display", "type")]),
        Schema(request, ScimSchemas.Enterprise, "EnterpriseUser",
            [Text("employeeNumber"), Text("department"), Complex("manager", false, "value")]),
    ];

    private static JsonObject Type(HttpRequest request, string name, string schema, JsonArray extensions) =>
        ScimAnswer.WithMeta(new JsonObject
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ResourceType"), ["id"] = name, ["name"] = name,
            ["endpoint"] = $"/{name}s",
        ["schema"] = schema, ["schemaExtensions"] = extensions,
    }, "ResourceType", ScimAnswer.Address(request, "ResourceTypes/" + name), null, null);

    private static JsonObject Schema(HttpRequest request, string id, string name, JsonArray attributes) =>
        ScimAnswer.WithMeta(new JsonObject
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Schema"), ["id"] = id, ["name"] = name, ["description"] = name,
            ["attributes"] = attributes,
    }, "Schema", ScimAnswer.Address(request, "Schemas/" + id), null, null);

    private static JsonObject Text(string name, bool required = false) => Attribute(name, "string", false, required);

    private static JsonObject Truth(string name) => Attribute(name, "boolean", false, false);

    private static JsonObject Complex(string name, bool several, params string[] parts)
    {
        var made = Attribute(name, "complex", several, false);
        made["subAttributes"] = new JsonArray([.. parts.Select(p => (JsonNode?)Text(p))]);
        if (name == "groups") made["mutability"] = "readOnly";
        return made;
    }

    private static JsonObject Attribute(string name, string type, bool several, bool required) => new()
    {
        ["name"] = name, ["type"] = type, ["multiValued"] = several, ["description"] = name, ["required"] = required, ["caseExact"] = false,
        ["mutability"] = "readWrite", ["returned"] = "default", ["uniqueness"] = name == "userName" ? "server" : "none",
    };

    private static void DemandNoFilter(HttpRequest request)
    {
        if (request.Query.ContainsKey("filter")) throw new ScimRefusedException(403, null,
            "What this server can do is not filtered (RFC 7644, section 4).");
    }
}
