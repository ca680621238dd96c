using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Contacts;

/// <summary>A tag.</summary>
public sealed record Tag([property: JsonPropertyName("tagid")] long Id, [property: JsonPropertyName("tagname")] string Name);

/// <summary>Who has a tag.</summary>
/// <param name="Name">Its name.</param>
/// <param name="UserIds">People of its own, as far as the app sees them.</param>
/// <param name="Departments">Departments, with all in them.</param>
public sealed record TagMembers(string Name, IReadOnlyList<string> UserIds, IReadOnlyList<long> Departments);

/// <summary>What of a change was not done, because nobody has that id.</summary>
/// <param name="InvalidUsers">Userids.</param>
/// <param name="InvalidDepartments">Departments.</param>
public sealed record TagChange(WeComIds InvalidUsers, WeComIds InvalidDepartments)
{
    /// <summary>All of it was done.</summary>
    public bool IsWhole => InvalidUsers.Count == 0 && InvalidDepartments.Count == 0;
}

/// <summary>Tags of the address book. Writes want the address-book-sync secret (48002 otherwise), or the app that made the tag.</summary>
public sealed class WeComTags
{
    /// <summary>People that one call adds or removes.</summary>
    public const int MostUsers = 1000;

    /// <summary>Departments that one call adds or removes.</summary>
    public const int MostDepartments = 100;

    private static readonly WeComEndpoint Create = WeComEndpoint.Write("tag.create", "/cgi-bin/tag/create");
    private static readonly WeComEndpoint Update = WeComEndpoint.Write("tag.update", "/cgi-bin/tag/update") with { IsRepeatable = true };
    private static readonly WeComEndpoint Delete = new("tag.delete", HttpMethod.Get, "/cgi-bin/tag/delete");
    private static readonly WeComEndpoint List = WeComEndpoint.Get("tag.list", "/cgi-bin/tag/list");
    private static readonly WeComEndpoint Get = WeComEndpoint.Get("tag.get", "/cgi-bin/tag/get");
    private static readonly WeComEndpoint Add = WeComEndpoint.Write("tag.addtagusers", "/cgi-bin/tag/addtagusers") with { IsRepeatable = true };
    private static readonly WeComEndpoint Remove = WeComEndpoint.Write("tag.deltagusers", "/cgi-bin/tag/deltagusers") with { IsRepeatable = true };

    private readonly WeComClient _client;

    internal WeComTags(WeComClient client) => _client = client;

    /// <summary>Makes a tag.</summary>
    /// <param name="name">1 to 32 characters, unique.</param>
    /// <param name="id">Its id; null: the platform's choice.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="WeComContentException">The name is missing or too long; nothing was sent.</exception>
    /// <exception cref="WeComApiException">40071 (<see cref="FailureKind.Conflict"/>): a tag has this name.</exception>
    public async Task<long> CreateAsync(string name, long? id = null, CancellationToken cancellationToken = default)
        => (await _client.SendAsync<Made>(new WeComRequest(Create) { Body = new { tagname = Named(name), tagid = id } }, cancellationToken: cancellationToken)).Id;

    /// <summary>Names a tag anew.</summary>
    /// <inheritdoc cref="CreateAsync" path="/exception"/>
    public Task RenameAsync(long id, string name, CancellationToken cancellationToken = default)
        => _client.SendAsync(new WeComRequest(Update) { Body = new { tagid = id, tagname = Named(name) } }, cancellationToken: cancellationToken);

    /// <summary>Deletes a tag.</summary>
    public Task DeleteAsync(long id, CancellationToken cancellationToken = default)
        => _client.SendAsync(new WeComRequest(Delete) { Query = [new("tagid", id.ToString())] }, cancellationToken: cancellationToken);

    /// <summary>All tags.</summary>
    public async Task<IReadOnlyList<Tag>> ListAsync(CancellationToken cancellationToken = default)
        => [.. (await _client.SendAsync<Tags>(new WeComRequest(List), cancellationToken: cancellationToken)).TagList.OfType<Tag>()];

    /// <summary>Who has a tag.</summary>
    /// <exception cref="WeComApiException">40068: there is no such tag.</exception>
    public async Task<TagMembers> MembersAsync(long id, CancellationToken cancellationToken = default)
    {
        Held held = await _client.SendAsync<Held>(new WeComRequest(Get) { Query = [new("tagid", id.ToString())] }, cancellationToken: cancellationToken);
        return new TagMembers(held.TagName ?? "", [.. (held.UserList ?? []).OfType<Holder>().Select(u => u.UserId).OfType<string>()], held.PartyList ?? []);
    }

    /// <summary>Gives people and departments the tag. Who is unknown is named in the result; when all are, the call is refused with 40070.</summary>
    /// <exception cref="WeComContentException">Nobody, or too many; nothing was sent.</exception>
    public Task<TagChange> AddAsync(long id, IReadOnlyCollection<string>? userIds = null, IReadOnlyCollection<long>? departments = null, CancellationToken cancellationToken = default)
        => ChangeAsync(Add, id, userIds, departments, cancellationToken);

    /// <summary>Takes the tag away.</summary>
    /// <inheritdoc cref="AddAsync" path="/exception"/>
    public Task<TagChange> RemoveAsync(long id, IReadOnlyCollection<string>? userIds = null, IReadOnlyCollection<long>? departments = null, CancellationToken cancellationToken = default)
        => ChangeAsync(Remove, id, userIds, departments, cancellationToken);

    private async Task<TagChange> ChangeAsync(WeComEndpoint endpoint, long id, IReadOnlyCollection<string>? userIds, IReadOnlyCollection<long>? departments, CancellationToken cancellationToken)
    {
        var problems = new ContentProblems();
        problems.Count("userlist", userIds, 0, MostUsers);
        problems.Count("partylist", departments, 0, MostDepartments);
        if ((userIds?.Count ?? 0) + (departments?.Count ?? 0) == 0) problems.Add("userlist and partylist", "are both empty");
        problems.ThrowIfAny();
        Changed changed = await _client.SendAsync<Changed>(new WeComRequest(endpoint) { Body = new { tagid = id, userlist = userIds, partylist = departments } }, cancellationToken: cancellationToken);
        return new TagChange(changed.InvalidList ?? WeComIds.Empty, changed.InvalidParty ?? WeComIds.Empty);
    }

    private static string Named(string name)
    {
        var problems = new ContentProblems();
        problems.Required("tagname", name);
        if (name is { Length: > 32 }) problems.Add("tagname", $"has {name.Length} characters, and 32 are taken");
        problems.ThrowIfAny();
        return name;
    }

    private sealed record Made([property: JsonPropertyName("tagid"), JsonRequired] long Id);

    private sealed record Tags([property: JsonPropertyName("taglist"), JsonRequired, JsonConverter(typeof(StrictJsonConverter<IReadOnlyList<Tag?>>))] IReadOnlyList<Tag?> TagList);

    private sealed record Held(
        [property: JsonPropertyName("tagname")] string? TagName, [property: JsonPropertyName("userlist")] IReadOnlyList<Holder?>? UserList, [property: JsonPropertyName("partylist")] IReadOnlyList<long>? PartyList);

    private sealed record Holder([property: JsonPropertyName("userid")] string? UserId);

    private sealed record Changed([property: JsonPropertyName("invalidlist")] WeComIds? InvalidList, [property: JsonPropertyName("invalidparty")] WeComIds? InvalidParty);
}
