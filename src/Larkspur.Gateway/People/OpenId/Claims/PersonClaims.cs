using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.Permissions;
using Larkspur.Gateway.People.Scim;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Claims;

/// <summary>What clients are told of a person, by the scopes that they were given.</summary>
internal sealed class PersonClaims(IDatabase database, UserNameStore names, PermissionStore permissions)
{
    public static readonly string[] All =
    [
        "sub", "name", "given_name", "family_name", "preferred_username", "locale", "updated_at", "email", "email_verified",
        "phone_number", "groups",
    ];

    /// <summary>The claims; a claim of which nothing is known is absent.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="scopes">Which were given.</param>
    /// <param name="settings">The client's switches.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<Dictionary<string, object>> OfAsync(
        string person, IReadOnlyCollection<string> scopes, ClientSettings settings, CancellationToken cancellation)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal);
        if (scopes.All(s => s is OpenIdScopes.OpenId or OpenIdScopes.OfflineAccess) && settings.PolicyClaim is null) return claims;
        var known = await database.ReadAsync(sql => ScimPeople.FindAsync(sql, database.Dialect, person), cancellation);
        if (known is null) return claims;
        if (scopes.Contains(OpenIdScopes.Profile)) await AddProfileAsync(claims, known, cancellation);
        if (scopes.Contains(OpenIdScopes.Email)) await AddEmailAsync(claims, known, settings, cancellation);
        if (scopes.Contains(OpenIdScopes.Phone)) Add(claims, "phone_number", known.Field(DirectoryFields.Mobile));
        if (scopes.Contains(OpenIdScopes.Groups)) claims["groups"] = GroupsOf(known, settings.Groups).ToArray();
        if (settings.PolicyClaim is { } policy && settings.Policies.Count > 0) claims[policy] = settings.Policies.ToArray();
        // Of groups nobody is told who was not allowed to ask for them: by an administrator, or by the person.
        else if (settings.PolicyClaim is { } own && (settings.Trusted || scopes.Contains(OpenIdScopes.Groups)))
            claims[own] = GroupsOf(known, settings.Groups).ToArray();
        return claims;
    }

    /// <summary>The client takes these people.</summary>
    public async Task<bool> MaySignInAsync(string person, ClientSettings settings, CancellationToken cancellation)
    {
        if (settings.AllowedGroups.Count == 0) return true;
        var known = await database.ReadAsync(sql => ScimPeople.FindAsync(sql, database.Dialect, person), cancellation);
        return known is not null && GroupsOf(known, GroupForms.Names).Concat(GroupsOf(known, GroupForms.Ids))
            .Any(g => settings.AllowedGroups.Contains(g, StringComparer.Ordinal));
    }

    private async Task AddProfileAsync(Dictionary<string, object> claims, ScimPerson person, CancellationToken cancellation)
    {
        Add(claims, "name", person.DisplayName);
        Add(claims, "given_name", person.Field(ScimUserState.GivenName));
        Add(claims, "family_name", person.Field(ScimUserState.FamilyName));
        claims["preferred_username"] = await names.OfAsync(person, cancellation);
        Add(claims, "locale", person.Field("locale"));
        claims["updated_at"] = person.ChangedAt.ToUnixTimeSeconds();
    }

    /// <summary>The address as a directory tells it. That it is verified is said of domains that the client's administrator answers for,
    /// of addresses that a platform's own directory gives to one person alone; of others nothing is said.</summary>
    private async Task AddEmailAsync(
        Dictionary<string, object> claims, ScimPerson person, ClientSettings settings, CancellationToken cancellation)
    {
        // Not the private one, which people write themselves on some platforms.
        if (PlatformAccount.EmailOf(person.WorkEmail) is not { } email) return;
        claims["email"] = email;
        var domain = email[(email.IndexOf('@') + 1)..];
        if (!settings.VerifiedEmailDomains.Contains(domain, StringComparer.OrdinalIgnoreCase)) return;
        var isDirectorys = person.Accounts.Any(a => a.Platform is not (PlatformIdentity.Web or PlatformIdentity.Provisioned)
            && a.Entry is { HasLeft: false } && Told(a).Any(t => PlatformAccount.EmailOf(t) == email));
        if (isDirectorys && await database.ReadAsync(sql => PersonRows.WithEmailAsync(sql, email, [], person.Id), cancellation) is [])
            claims["email_verified"] = true;
    }

    private static string?[] Told(ScimAccount account) =>
        [account.Email, account.Entry!.Fields.GetValueOrDefault(DirectoryFields.WorkEmail)];

    /// <summary>Departments and roles, each once.</summary>
    private IEnumerable<string> GroupsOf(ScimPerson person, string form)
    {
        var places = person.Accounts.Where(a => a.Entry is { HasLeft: false, IsHidden: false }).SelectMany(a => a.Entry!.Groups);
        var roles = permissions.Now.Roles.Where(r => r.People.Contains(person.Id)).Select(r => r.Name);
        return form == GroupForms.Ids
            ? places.Select(p => $"department-{p.Id}").Concat(roles.Select(r => "role-" + r)).Distinct(StringComparer.Ordinal)
            : places.Select(p => p.Name).OfType<string>().Concat(roles).Where(n => !string.IsNullOrWhiteSpace(n))
                .Distinct(StringComparer.Ordinal);
    }

    private static void Add(Dictionary<string, object> claims, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value)) claims[name] = value;
    }
}
