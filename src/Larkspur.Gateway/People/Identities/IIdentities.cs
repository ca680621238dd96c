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
    ValueTask<KnownPerson> GetOrCreateAsync(PlatformAccount account, CancellationToken cancellation);

    /// <summary>The person of an id, also of one that became another; null: there is none.</summary>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    ValueTask<KnownPerson?> FindAsync(string personId, CancellationToken cancellation);

    /// <summary>Who has an id on a platform, or a mail address in a directory; null: nobody, or (mail) several.</summary>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    ValueTask<KnownPerson?> FindAsync(PlatformIdentity identity, CancellationToken cancellation);

    /// <summary>Makes a one-time code that the person types on the other platform. It holds for ten minutes; the one before it does not count any more.</summary>
    /// <remarks>While the account is asked about somebody who typed its last code there is no new one: it is asked again.</remarks>
    /// <exception cref="ArgumentException">The account is none.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    ValueTask<LinkBeginning> BeginLinkAsync(PlatformAccount by, LinkContact contact, CancellationToken cancellation);

    /// <summary>Somebody typed a code: the account that made it is asked whether the two are one person. Nothing is joined yet.</summary>
    /// <remarks>Five wrong codes of one person in ten minutes; after that none is looked at.</remarks>
    /// <exception cref="ArgumentException">The account is none.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    ValueTask<LinkResult> LinkAsync(PlatformAccount by, LinkContact contact, string code, CancellationToken cancellation);

    /// <summary>The account that made a code confirms that the two are one person, or refuses it.</summary>
    /// <param name="by">Who says so.</param>
    /// <param name="request">Which request, by its id; null: the one that this account is asked about.</param>
    /// <param name="chat">The chat in which it is said; null: not told.</param>
    /// <param name="confirms">They are one.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ArgumentException">The account is none.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    ValueTask<LinkResult> DecideLinkAsync(PlatformAccount by, string? request, string? chat, bool confirms, CancellationToken cancellation);

    /// <summary>One of a person's accounts undoes a join of the last 24 hours.</summary>
    /// <param name="by">Who wants it.</param>
    /// <param name="join">Which, by its id; null: the newest.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ArgumentException">The account is none.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    ValueTask<LinkResult> UndoLinkAsync(PlatformAccount by, string? join, CancellationToken cancellation);
}

/// <summary>Told of people who become one, and of accounts that become people of their own. Registered by whoever keeps rows under a person's id.</summary>
/// <remarks>Called inside the transaction, which may be undone and run again: it must have no effect outside of it, and be quick.</remarks>
internal interface IPersonMerged
{
    /// <summary><see cref="PersonJoin.Former"/> is no id of anybody any more; what belongs to it belongs to <see cref="PersonJoin.Person"/>. What moves is noted (<see cref="JoinRows"/>).</summary>
    ValueTask MergedAsync(IUnitOfWork unit, PersonJoin join);

    /// <summary>They are two again: what was noted goes back, what came since goes to whose account it came from.</summary>
    ValueTask UndoneAsync(IUnitOfWork unit, JoinUndo undo);

    /// <summary>An account of <paramref name="from"/> is the new person <paramref name="to"/>. What was made until now stays where it is.</summary>
    ValueTask UnlinkedAsync(IUnitOfWork unit, string from, string to, IReadOnlyList<PlatformIdentity> ids);

    /// <summary><paramref name="person"/> is shut out. Nothing that stood open for them opens again when they are let in.</summary>
    ValueTask DisabledAsync(IUnitOfWork unit, Actor who, string person) => ValueTask.CompletedTask;
}
