using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.People.Directory.Rest;
using Larkspur.Gateway.People.Handover;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Permissions;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Pages.People;

/// <summary>What the pages ask about people, and do with them, under the rules of the REST API.</summary>
internal sealed class PeoplePageService(
    PersonAdministration people, PermissionStore rules, IPermissions permissions, AssistantRoutes routes, PeopleList list,
    HandoverList handover, IDatabase database, TimeProvider clock)
{
    private const int OnPage = 50;

    /// <summary>More departments than a list to choose from has; they are chosen in their tree.</summary>
    private const int MostChoices = 200;

    /// <summary>What an administrator may write of a person.</summary>
    public static IReadOnlyList<string> OwnFields => PeopleList.OwnFields;

    /// <summary>A page of people, the newest first, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<KnownPerson> Items, long? Next)> ListAsync(PersonFilter filter, CancellationToken cancellation)
    {
        var rows = await people.ListAsync(filter with { Limit = OnPage + 1 }, cancellation);
        return rows.Count > OnPage ? (rows[..OnPage], rows[OnPage - 1].Seq) : (rows, null);
    }

    /// <summary>What directories and administrators say of people.</summary>
    public Task<IReadOnlyList<KnownPersonView>> ViewsAsync(IReadOnlyList<KnownPerson> of, CancellationToken cancellation) =>
        list.ViewAsync(of, cancellation);

    /// <inheritdoc cref="ViewsAsync"/>
    public async Task<KnownPersonView> ViewAsync(KnownPerson person, CancellationToken cancellation) =>
        (await list.ViewAsync([person], cancellation))[0];

    /// <summary>What stands open for somebody, whoever's it is.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="isAuditor">The reader sees no approvals of the platform, as nowhere else.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<HandoverView> HandoverAsync(string person, bool isAuditor, CancellationToken cancellation)
    {
        var scopes = isAuditor ? ApiScopes.All.Where(s => s != ApiScopes.ApprovalsRead).ToHashSet(StringComparer.Ordinal) : null;
        return await people.FindAsync(person, cancellation) is { } found
            ? await handover.ReadAsync(found, new KeyGrant(Actor.System, scopes), cancellation) : new HandoverView([], []);
    }

    /// <summary>Names of people by their ids of today or of former days; who is not known is absent.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> NamesAsync(IEnumerable<string> ids, CancellationToken cancellation)
    {
        var names = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            if (await FindAsync(id, cancellation) is { } person) names[id] = person.Name;
        }

        return names;
    }

    /// <summary>Departments to choose from, and the one that is chosen already; too many are none.</summary>
    /// <returns>They, and whether there are too many.</returns>
    public Task<(IReadOnlyList<DepartmentView> Items, bool TooMany)> DepartmentsAsync(long? chosen, CancellationToken cancellation) =>
        database.ReadAsync<(IReadOnlyList<DepartmentView>, bool)>(async sql =>
        {
            var found = await DepartmentList.ReadAsync(sql, null, null, null, null, MostChoices + 1);
            if (found.Count <= MostChoices) return (found, false);
            return (chosen is { } id && await DepartmentList.FindAsync(sql, id) is { } one ? [one] : [], true);
        }, cancellation);

    /// <summary>Writes what an administrator says of a person; null takes a field away.</summary>
    /// <exception cref="ActionRefusedException">There is no such person any more.</exception>
    public async Task ChangeAsync(Actor who, string id, IReadOnlyDictionary<string, string?> fields, CancellationToken cancellation)
    {
        if (await list.ChangeAsync(who, id, fields, cancellation) is null) throw new ActionRefusedException(PeopleTexts.Missing);
    }

    /// <summary>Somebody, also by an id from before a join.</summary>
    public Task<KnownPerson?> FindAsync(string id, CancellationToken cancellation) =>
        KnownPerson.IsId(id) ? people.FindAsync(id, cancellation) : Task.FromResult<KnownPerson?>(null);

    /// <summary>What can still be undone of a person, the newest first.</summary>
    public Task<List<PersonJoin>> JoinsAsync(string person, CancellationToken cancellation) => people.JoinsAsync(person, cancellation);

    /// <summary>All roles, by name.</summary>
    public async Task<IReadOnlyList<PermissionRole>> RolesAsync(CancellationToken cancellation) =>
        (await rules.LookAsync(cancellation)).Roles;

    /// <summary>Whether a person has a role: also by an id from before a join.</summary>
    public static bool Has(KnownPerson person, PermissionRole role) =>
        role.People.Contains(person.Id) || person.FormerIds.Any(role.People.Contains);

    /// <summary>What a person may use now, feature by feature, where they were seen last. Their departments are not asked for.</summary>
    public async Task<IReadOnlyList<(string Feature, Permission Answer)>> FeaturesAsync(KnownPerson person, CancellationToken cancellation)
    {
        if (person.Accounts.MaxBy(a => a.SeenAt) is not { } account) return [];
        var context = new PermissionContext(account.Platform, account.App, null, clock.GetUtcNow());
        var features = rules.Now.Rules.Select(r => r.Feature).Where(f => f != PermissionRule.AnyFeature)
            .Concat(routes.Features).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var answers = new List<(string, Permission)>();
        foreach (var feature in features) answers.Add((feature, await permissions.CheckAsync(feature, person, context, cancellation)));
        return answers;
    }

    /// <summary>Gives somebody a role, or takes it away, as it stands now.</summary>
    public async Task SetRoleAsync(Actor who, KnownPerson person, string name, bool has, CancellationToken cancellation)
    {
        var role = (await rules.LookAsync(cancellation)).Roles.FirstOrDefault(r => r.Name == name)
            ?? throw new ActionRefusedException(PeopleTexts.NoSuchRole);
        var left = role.People.Where(id => id != person.Id && !person.FormerIds.Contains(id));
        await rules.SaveRoleAsync(who, name, has ? [.. left, person.Id] : [.. left], role.Version, cancellation);
    }

    /// <summary>Shuts a person out everywhere, or lets them in again.</summary>
    public Task DisableAsync(Actor who, string id, bool disabled, CancellationToken cancellation) =>
        people.DisableAsync(who, id, disabled, cancellation);

    /// <summary>Makes an account a person of its own.</summary>
    public Task UnlinkAsync(Actor who, string id, long account, CancellationToken cancellation) => people.UnlinkAsync(who, id, account,
        cancellation);

    /// <summary>Makes two of a person that was made of two.</summary>
    public Task UndoAsync(Actor who, string id, string join, CancellationToken cancellation) => people.UndoAsync(who, id, join,
        cancellation);

    /// <summary>Makes one person of two.</summary>
    public Task MergeAsync(Actor who, string from, string into, CancellationToken cancellation) => people.MergeAsync(who, from, into,
        cancellation);
}
