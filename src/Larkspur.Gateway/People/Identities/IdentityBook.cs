using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <inheritdoc cref="IIdentities"/>
internal sealed class IdentityBook(IDatabase database, FirstContacts contacts, LinkCodes codes) : IIdentities
{
    public async ValueTask<KnownPerson> MeetAsync(PlatformAccount account, CancellationToken cancellation) => await contacts.MeetAsync(account, cancellation);

    public async ValueTask<KnownPerson?> FindAsync(string personId, CancellationToken cancellation) =>
        KnownPerson.IsId(personId) ? await database.ReadAsync(sql => PersonRows.FindAsync(sql, personId), cancellation) : null;

    public async ValueTask<KnownPerson?> FindAsync(PlatformIdentity identity, CancellationToken cancellation) =>
        identity.IsSound ? await database.ReadAsync(sql => PersonRows.FindAsync(sql, identity), cancellation) : null;

    public async ValueTask<LinkCode> BeginLinkAsync(string personId, CancellationToken cancellation) => await codes.BeginAsync(personId, cancellation);

    public async ValueTask<LinkResult> LinkAsync(PlatformAccount by, string code, CancellationToken cancellation) => await codes.LinkAsync(by, code, cancellation);
}
