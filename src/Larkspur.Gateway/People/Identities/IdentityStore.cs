using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <inheritdoc cref="IIdentities"/>
internal sealed class IdentityStore(IDatabase database, FirstContacts contacts, LinkCodes codes, LinkDecisions decisions, TrustedIssuers trusted) : IIdentities
{
    public async ValueTask<KnownPerson> GetOrCreateAsync(PlatformAccount account, CancellationToken cancellation) =>
        trusted.Judge(await contacts.GetOrCreateAsync(account, cancellation));

    public async ValueTask<KnownPerson?> FindAsync(string personId, CancellationToken cancellation) =>
        KnownPerson.IsId(personId) ? Judged(await database.ReadAsync(sql => PersonRows.FindAsync(sql, personId), cancellation)) : null;

    public async ValueTask<KnownPerson?> FindAsync(PlatformIdentity identity, CancellationToken cancellation) =>
        identity.IsSound ? Judged(await database.ReadAsync(sql => PersonRows.FindAsync(sql, identity, IssuersOf(identity)), cancellation))
            : null;

    public async ValueTask<LinkBeginning> BeginLinkAsync(PlatformAccount by, LinkContact contact, CancellationToken cancellation) => await codes.BeginAsync(by, contact, cancellation);

    public async ValueTask<LinkResult> LinkAsync(PlatformAccount by, LinkContact contact, string code, CancellationToken cancellation) => await codes.LinkAsync(by, contact, code, cancellation);

    public async ValueTask<LinkResult> DecideLinkAsync(PlatformAccount by, string? request, string? chat, bool confirms, CancellationToken cancellation) =>
        await decisions.DecideAsync(by, request, chat, confirms, cancellation);

    public async ValueTask<LinkResult> UndoLinkAsync(PlatformAccount by, string? join, CancellationToken cancellation) => await decisions.UndoAsync(by, join, cancellation);

    private KnownPerson? Judged(KnownPerson? person) => person is null ? null : trusted.Judge(person);

    private IReadOnlyList<string> IssuersOf(PlatformIdentity identity) =>
        identity.Platform == PlatformIdentity.Email ? trusted.Of(identity.Compared) : [];
}
