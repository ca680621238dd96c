using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Messages;

/// <summary>Whom a message reaches, and which of the names were no names.</summary>
internal sealed record Receivers(IReadOnlyList<Person> People, IReadOnlyList<string> BadUsers, IReadOnlyList<string> BadParties, IReadOnlyList<string> BadTags)
{
    public const int MostUsers = 1000;
    public const int MostParties = 100;
    public const int MostTags = 100;

    /// <summary>From <c>touser</c>, <c>toparty</c>, <c>totag</c>, each joined by <c>|</c>.</summary>
    /// <exception cref="WeComRefusal">82001 nobody named, 40032, 82002, 82003 too many, 81013 nobody real.</exception>
    public static Receivers Of(WeComCorp corp, JsonObject body)
    {
        var (users, parties, tags) = (Split(body, "touser"), Split(body, "toparty"), Split(body, "totag"));
        if (users is ["@all"]) return new Receivers(corp.Members, [], [], []);
        return Find(corp, users, parties, tags);
    }

    /// <summary>From <c>userids</c>, <c>partyids</c>, <c>tagids</c>, all lists.</summary>
    /// <inheritdoc cref="Of"/>
    public static Receivers OfLists(WeComCorp corp, JsonObject body) =>
        WeComJson.Flag(body, "atall") ? new Receivers(corp.Members, [], [], []) : Find(corp, WeComJson.Texts(body, "userids"), WeComJson.Texts(body, "partyids"), WeComJson.Texts(body, "tagids"));

    private static Receivers Find(WeComCorp corp, IReadOnlyList<string> users, IReadOnlyList<string> parties, IReadOnlyList<string> tags)
    {
        if (users.Count + parties.Count + tags.Count == 0) throw new WeComRefusal(82001, "touser, toparty and totag are empty");
        if (users.Count > MostUsers) throw new WeComRefusal(40032, "invalid userid list size");
        if (parties.Count > MostParties) throw new WeComRefusal(82002, "invalid party list count");
        if (tags.Count > MostTags) throw new WeComRefusal(82003, "invalid tag list count");
        var people = new Dictionary<string, Person>(StringComparer.Ordinal);
        List<string> badUsers = [], badParties = [], badTags = [];
        foreach (var user in users)
        {
            if (corp.Member(user) is { } person) people[person.UserId] = person;
            else badUsers.Add(user.ToLowerInvariant());
        }

        foreach (var party in parties)
        {
            if (int.TryParse(party, CultureInfo.InvariantCulture, out var id) && corp.Branch(id).Count > 0) Add(corp.MembersOf(id, below: true));
            else badParties.Add(party);
        }

        foreach (var tag in tags)
        {
            if (int.TryParse(tag, CultureInfo.InvariantCulture, out var id) && corp.Tagged(id) is { Count: > 0 } tagged) Add(tagged.Select(corp.Member).OfType<Person>());
            else badTags.Add(tag);
        }

        return people.Count > 0 ? new Receivers([.. people.Values], badUsers, badParties, badTags) : throw new WeComRefusal(81013, "user & party & tag all invalid");

        void Add(IEnumerable<Person> more)
        {
            foreach (var person in more) people[person.UserId] = person;
        }
    }

    private static string[] Split(JsonObject body, string name) =>
        (body[name] is JsonValue v && v.TryGetValue<long>(out var number) ? number.ToString(CultureInfo.InvariantCulture) : WeComJson.Text(body, name) ?? "")
            .Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
