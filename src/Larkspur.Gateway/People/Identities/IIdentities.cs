using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>One id per person over all platforms.</summary>
internal interface IIdentities
{
    /// <summary>Finds the person of an account, or makes one; concurrent first contacts make one person.</summary>
    /// <remarks>
    /// New ids of a known account are added to it. An id that belongs to another person is not moved: it stands in the log, the audit log and at the account as a conflict, until an
    /// administrator merges the two. With <see cref="PeopleOptions.LinkByVerifiedEmail"/> a new account goes to the one person who has its mail address in another platform's directory.
    /// </remarks>
    /// <exception cref="ArgumentException">The account is none (<see cref="PlatformAccount.Checked"/>).</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    ValueTask<KnownPerson> MeetAsync(PlatformAccount account, CancellationToken cancellation);

    /// <summary>The person of an id, also of one that became another; null: there is none.</summary>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    ValueTask<KnownPerson?> FindAsync(string personId, CancellationToken cancellation);

    /// <summary>Who has an id on a platform, or a mail address in a directory; null: nobody, or (mail) several.</summary>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    ValueTask<KnownPerson?> FindAsync(PlatformIdentity identity, CancellationToken cancellation);

    /// <summary>Makes a one-time code that the person types on the other platform. It holds for ten minutes; the one before it does not count any more.</summary>
    /// <exception cref="KeyNotFoundException">There is no such person, or they are shut out.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    ValueTask<LinkCode> BeginLinkAsync(string personId, CancellationToken cancellation);

    /// <summary>Somebody typed a code: they and the one who made it become one person, under the id that is older.</summary>
    /// <remarks>Five wrong codes of one person in ten minutes; after that none is looked at.</remarks>
    /// <exception cref="ArgumentException">The account is none.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    ValueTask<LinkResult> LinkAsync(PlatformAccount by, string code, CancellationToken cancellation);
}

/// <summary>Told of people who become one, and of accounts that become people of their own. Registered by whoever keeps rows under a person's id.</summary>
/// <remarks>Called inside the transaction, which may be undone and run again: it must have no effect outside of it, and be quick.</remarks>
internal interface IPersonMerged
{
    /// <summary><paramref name="from"/> is no id of anybody any more; what belongs to it belongs to <paramref name="into"/>.</summary>
    ValueTask MergedAsync(IUnitOfWork unit, string from, string into);

    /// <summary>An account of <paramref name="from"/> is the new person <paramref name="to"/>. What was made until now stays where it is.</summary>
    ValueTask UnlinkedAsync(IUnitOfWork unit, string from, string to, IReadOnlyList<PlatformIdentity> ids);

    /// <summary><paramref name="person"/> is shut out. Nothing that stood open for them opens again when they are let in.</summary>
    ValueTask DisabledAsync(IUnitOfWork unit, Actor who, string person) => ValueTask.CompletedTask;
}
