using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <inheritdoc cref="IIdentities"/>
internal sealed class IdentityBook(IDatabase database, FirstContacts contacts, LinkCodes codes, LinkDecisions decisions) : IIdentities
{
    public async ValueTask<KnownPerson> MeetAsync(PlatformAccount account, CancellationToken cancellation) => await contacts.MeetAsync(account, cancellation);

    public async ValueTask<KnownPerson?> FindAsync(string personId, CancellationToken cancellation) =>
        KnownPerson.IsId(personId) ? await database.ReadAsync(sql => PersonRows.FindAsync(sql, personId), cancellation) : null;

    public async ValueTask<KnownPerson?> FindAsync(PlatformIdentity identity, CancellationToken cancellation) =>
        identity.IsSound ? await database.ReadAsync(sql => PersonRows.FindAsync(sql, identity), cancellation) : null;

    public async ValueTask<LinkBeginning> BeginLinkAsync(PlatformAccount by, LinkContact contact, CancellationToken cancellation) => await codes.BeginAsync(by, contact, cancellation);

    public async ValueTask<LinkResult> LinkAsync(PlatformAccount by, LinkContact contact, string code, CancellationToken cancellation) => await codes.LinkAsync(by, contact, code, cancellation);

    public async ValueTask<LinkResult> DecideLinkAsync(PlatformAccount by, string? request, string? chat, bool confirms, CancellationToken cancellation) =>
        await decisions.DecideAsync(by, request, chat, confirms, cancellation);

    public async ValueTask<LinkResult> UndoLinkAsync(PlatformAccount by, string? join, CancellationToken cancellation) => await decisions.UndoAsync(by, join, cancellation);
}
