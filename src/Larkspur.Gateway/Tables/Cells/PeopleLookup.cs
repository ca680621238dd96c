using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Authorizations;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.People;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Tables.Cells;

/// <summary>Who people in cells are: from what a request names to the app's <c>open_id</c>s, and back to people of the gateway.</summary>
internal sealed class PeopleLookup(IIdentities identities, PersonSearch directory)
{
    /// <summary>Of a page; the others are told by their <c>open_id</c> alone.</summary>
    private const int MostTold = 500;

    /// <summary>Looks up all that values name.</summary>
    /// <param name="app">The app whose ids are wanted.</param>
    /// <param name="values">Values of fields of people.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<NamedPeople> FindAsync(FeishuApp app, IEnumerable<JsonElement> values, CancellationToken cancellation)
    {
        var names = values.Where(value => value.ValueKind != JsonValueKind.Null).SelectMany(value => NamedPeople.NamesIn(value) ?? [])
            .Where(name => name.Kind != PersonName.OpenId).ToHashSet();
        if (names.Count == 0) return NamedPeople.None;
        var found = new Dictionary<PersonName, string?>();
        var asked = new List<(PersonName Name, PersonAddress Address)>();
        foreach (var name in names)
        {
            if (name.Address is { } address) asked.Add((name, address));
            else if (await identities.FindAsync(name.Value, cancellation) is { } person) Add(name, person);
        }

        if (asked.Count > 0)
        {
            var matches = await directory.FindAsync(app, [.. asked.Select(a => a.Address)], cancellation);
            foreach (var (one, match) in asked.Zip(matches)) if (match.Person?.OpenId is { } id) found[one.Name] = id;
        }

        return new NamedPeople(found);

        void Add(PersonName name, KnownPerson person)
        {
            if (FeishuOpenIds.Of(person).Where(id => id.Scope == app.Name).Select(id => id.Value).FirstOrDefault() is { } openId)
                found[name] = openId;
            else if (person.Ids.FirstOrDefault(IsUnionId) is { Value: { Length: > 0 } union })
                asked.Add((name, new PersonAddress(AddressKind.UnionId, union)));
        }
    }

    /// <summary>What is known here of people, by their <c>open_id</c>s towards an app.</summary>
    public async Task<Func<string, JsonObject>> TellAsync(FeishuApp app, IEnumerable<string> openIds, CancellationToken cancellation)
    {
        var known = new Dictionary<string, KnownPerson>(StringComparer.Ordinal);
        foreach (var id in openIds.Distinct(StringComparer.Ordinal).Take(MostTold))
            if (await identities.FindAsync(FeishuOpenIds.Of(app.Name, id), cancellation) is { } person) known[id] = person;
        return id =>
        {
            var json = new JsonObject { ["open_id"] = id };
            if (!known.TryGetValue(id, out var person)) return json;
            json["person"] = person.Id;
            if (person.Name is { } name) json["name"] = name;
            return json;
        };
    }

    private static bool IsUnionId(PlatformIdentity id) => id is { Platform: PlatformNames.Feishu, Kind: "union_id" };
}
