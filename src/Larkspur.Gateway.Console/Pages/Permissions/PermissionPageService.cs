using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Permissions;

namespace Larkspur.Gateway.Console.Pages.Permissions;

/// <summary>What the page does with rules and roles, under the rules of the REST API.</summary>
internal sealed class PermissionPageService(PermissionStore store, PersonAdministration people)
{
    /// <summary>As every process has changed them.</summary>
    public Task<PermissionState> LookAsync(CancellationToken cancellation) => store.LookAsync(cancellation);

    /// <summary>Names of people by their ids, of those who have one.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(IEnumerable<string> ids, CancellationToken cancellation)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in ids.Where(KnownPerson.IsId).Distinct(StringComparer.Ordinal))
            if (await people.FindAsync(id, cancellation) is { Name: { } name }) names[id] = name;
        return names;
    }

    /// <summary>Adds a rule, or replaces the one that the form began with.</summary>
    /// <exception cref="ActionRefusedException">A field does not fit, or somebody changed it meanwhile.</exception>
    public Task SaveAsync(Actor who, RuleDraft draft, CancellationToken cancellation) => RefusingAsync(async () =>
        _ = await store.SaveAsync(who, draft.Rule(), draft.IsNew, draft.Version, cancellation)
            ?? throw new ActionRefusedException(PermissionsTexts.Missing));

    /// <summary>Forgets a rule.</summary>
    public Task DeleteAsync(Actor who, PermissionRule rule, CancellationToken cancellation) =>
        RefusingAsync(() => store.DeleteAsync(who, rule.Name, rule.Version, cancellation));

    /// <summary>Defines a role that nobody has yet.</summary>
    public Task AddRoleAsync(Actor who, string name, CancellationToken cancellation) => RefusingAsync(async () =>
    {
        RuleReader.Name(name, "/name");
        if ((await store.LookAsync(cancellation)).Roles.Any(role =>
            role.Name == name)) throw new ActionRefusedException(PermissionsTexts.RoleTaken);
        await store.SaveRoleAsync(who, name, [], null, cancellation);
    });

    /// <summary>Forgets a role.</summary>
    /// <exception cref="ActionRefusedException">A rule names it.</exception>
    public Task DeleteRoleAsync(Actor who, PermissionRole role, CancellationToken cancellation) =>
        RefusingAsync(() => store.DeleteRoleAsync(who, role.Name, role.Version, cancellation));

    private static async Task RefusingAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (RequestRefusedException e)
        {
            throw new ActionRefusedException(PermissionsTexts.Of(e));
        }
    }
}
