using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Contacts;

/// <summary>Tags: everybody reads them, the address-book secret writes them.</summary>
internal sealed class TagsApi(WeComCorp corp, WeComTags tags, ContactEvents events) : IWeComArea
{
    private const int MostUsers = 1000;
    private const int MostDepartments = 100;
    private const int MostName = 32;

    public void Register(WeComHandlers on)
    {
        on.Post("/cgi-bin/tag/create", Create);
        on.Post("/cgi-bin/tag/update", call =>
        {
            ContactSyncRights.Only(call);
            var tag = Tag(WeComJson.Number(call.Body, "tagid"));
            tags.Put(tag with { Name = Name(call, tag.Id) });
            return WeComAnswer.Ok();
        });
        on.Get("/cgi-bin/tag/delete", call =>
        {
            ContactSyncRights.Only(call);
            tags.Remove(Tag(Asked(call)).Id);
            return WeComAnswer.Ok();
        });
        on.Get("/cgi-bin/tag/list", _ => WeComAnswer.Ok(new JsonObject { ["taglist"] = WeComJson.List(tags.All.Select(t => new JsonObject { ["tagid"] = t.Id, ["tagname"] = t.Name })) }));
        on.Get("/cgi-bin/tag/get", call => WeComAnswer.Ok(Show(Tag(Asked(call)))));
        on.Post("/cgi-bin/tag/addtagusers", call => Change(call, adds: true));
        on.Post("/cgi-bin/tag/deltagusers", call => Change(call, adds: false));
    }

    private static long? Asked(WeComCall call) => long.TryParse(call.Asked("tagid"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private WeComTag Tag(long? id) => id is >= 0 and <= int.MaxValue && tags.Find((int)id) is { } tag ? tag : throw new WeComRefusal(40068, "invalid tagid");

    private JsonObject Show(WeComTag tag) => new()
    {
        ["tagname"] = tag.Name,
        ["userlist"] = WeComJson.List(tag.UserIds.Select(corp.Known).OfType<State.Person>()
        .Select(p => new JsonObject { ["userid"] = p.PresentUserId, ["name"] = p.Name })),
        ["partylist"] = new JsonArray([.. tag.Departments.Select(d => (JsonNode?)d)]),
    };

    private ApiAnswer Create(WeComCall call)
    {
        ContactSyncRights.Only(call);
        var id = WeComJson.Number(call.Body, "tagid");
        if (id is < 0 or > int.MaxValue) throw new WeComRefusal(40068, "invalid tagid");
        var tag = tags.Add((int?)id, Name(call, null)) ?? throw new WeComRefusal(40068, "invalid tagid: it is taken, or there are too many");
        return WeComAnswer.Ok(new JsonObject { ["tagid"] = tag.Id });
    }

    private string Name(WeComCall call, int? own)
    {
        var name = call.Text("tagname") ?? "";
        if (name.Length is 0 or > MostName) throw new WeComRefusal(40072, "invalid tagname size");
        return tags.All.Any(t => t.Name == name && t.Id != own) ? throw new WeComRefusal(40071, "invalid tagname: it exists") : name;
    }

    /// <remarks>Partly wrong lists are done as far as they are right, and what is wrong is named; a list with nothing right in it is refused.</remarks>
    private ApiAnswer Change(WeComCall call, bool adds)
    {
        ContactSyncRights.Only(call);
        var tag = Tag(WeComJson.Number(call.Body, "tagid"));
        var (users, parties) = (WeComJson.Texts(call.Body, "userlist"), WeComJson.Texts(call.Body, "partylist"));
        if (users.Count > MostUsers || parties.Count > MostDepartments) throw new WeComRefusal(81014, "too many users or parties");
        var known = corp.Departments.Select(d => d.Id.ToString(CultureInfo.InvariantCulture)).ToHashSet(StringComparer.Ordinal);
        var goodUsers = users.Select(u => corp.Member(u)?.UserId).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var goodParties = parties.Where(known.Contains).Select(p => int.Parse(p, CultureInfo.InvariantCulture)).Distinct().ToArray();
        if (goodUsers.Length + goodParties.Length == 0) throw new WeComRefusal(40070, "invalid userlist and partylist");
        var changedUsers = goodUsers.Where(u => tag.UserIds.Contains(u) != adds).ToArray();
        var changedParties = goodParties.Where(p => tag.Departments.Contains(p) != adds).ToArray();
        tags.Put(adds
            ? tag with { UserIds = tag.UserIds.Union(goodUsers), Departments = tag.Departments.Union(goodParties) }
            : tag with { UserIds = tag.UserIds.Except(goodUsers), Departments = tag.Departments.Except(goodParties) });
        if (changedUsers.Length + changedParties.Length > 0) events.TagChanged(tag.Id, changedUsers, changedParties, adds);
        var answer = new JsonObject();
        if (users.Where(u => corp.Member(u) is null).ToArray() is { Length: > 0 } badUsers) answer["invalidlist"] = string.Join('|', badUsers);
        if (parties.Where(p => !known.Contains(p)).ToArray() is { Length: > 0 } badParties) answer["invalidparty"] = new JsonArray([.. badParties.Select(Shown)]);
        return WeComAnswer.Ok(answer);
    }

    /// <summary>As a number, when it is one.</summary>
    private static JsonNode? Shown(string id) => long.TryParse(id, CultureInfo.InvariantCulture, out var number) ? number : id;
}
