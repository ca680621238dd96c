using System.Globalization;
using System.Text.Json.Nodes;

namespace Larkspur.Gateway.People.Scim;

/// <summary>A department, or a group that an upstream made.</summary>
/// <param name="Id">The department's number, which no other ever gets.</param>
/// <param name="Directory">The number of its directory.</param>
/// <param name="Key">Its key there.</param>
/// <param name="Upstream">The upstream that made it; null: a platform's directory tells of it.</param>
/// <param name="Name">What it is called.</param>
/// <param name="ExternalId">The upstream's id of it.</param>
/// <param name="ChangedAt">When it last changed, its members aside.</param>
internal sealed record ScimGroup(
    long Id, long Directory, string Key, string? Upstream, string? Name, string? ExternalId, DateTimeOffset ChangedAt)
{
    /// <summary>People by their ids, with their names; null: not asked for.</summary>
    public IReadOnlyList<(string Id, string? Name)>? Members { get; init; }

    public JsonObject View(HttpRequest request, string upstream)
    {
        var number = Id.ToString(CultureInfo.InvariantCulture);
        var group = new JsonObject { ["schemas"] = new JsonArray(ScimSchemas.Group), ["id"] = number };
        if (ExternalId is not null && Upstream == upstream) group["externalId"] = ExternalId;
        group["displayName"] = Name ?? Key;
        if (Members is not null)
        {
            group["members"] = new JsonArray([.. Members.Select(m =>
                (JsonNode?)ScimUserView.Of(("value", m.Id), ("display", m.Name), ("type", "User"),
                ("$ref", ScimAnswer.Address(request, "Users/" + m.Id).ToString())))]);
        }

        return ScimAnswer.WithMeta(group, "Group", ScimAnswer.Address(request, "Groups/" + number), null, ChangedAt);
    }
}
