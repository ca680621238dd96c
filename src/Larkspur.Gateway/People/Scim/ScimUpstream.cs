using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Scim;

/// <summary>
/// Who provisions: all keys of one system are one upstream, with a directory of its own. The key of LARKSPUR_API_KEY, which is no system's,
/// is the upstream <c>api</c>.
/// </summary>
/// <param name="Name">The key's system.</param>
/// <param name="Who">For the audit log.</param>
internal sealed record ScimUpstream(string Name, Actor Who)
{
    /// <summary>The platform of accounts and directories that upstreams make.</summary>
    public const string Platform = PlatformIdentity.Provisioned;

    /// <summary>Kinds of their accounts' ids, unique within one upstream.</summary>
    public const string UserName = "userName";
    public const string ExternalId = "externalId";

    /// <summary>What an account that its upstream has deleted keeps in place of its name, which is free again.</summary>
    public const string Deleted = "deleted";

    public static ScimUpstream Of(HttpContext http) =>
        Caller.Grant(http) is var grant && grant.Owner.Length > 0 ? new(grant.Owner, grant.Who) : new(Caller.RestKey, grant.Who);

    /// <summary>The one that writes.</summary>
    /// <exception cref="ScimRefusedException">403: its key may not.</exception>
    public static ScimUpstream Writing(HttpContext http) =>
        Caller.Grant(http) is var grant && (grant.Has(ApiScopes.PeopleProvision) || grant.Has(ApiScopes.PeopleWrite)) ? Of(http)
            : throw new ScimRefusedException(403, null, $"Writing takes a key with {ApiScopes.PeopleProvision}.");

    public PlatformIdentity Id(string kind, string value) => new(Platform, Name, kind, value);

    /// <summary>Its directory; it is made when there is none yet.</summary>
    public async ValueTask<ImportScope> ScopeAsync(IUnitOfWork unit) =>
        new() { Directory = await DirectoryRow.GetOrCreateAsync(unit, Platform, Name, Name) };
}
