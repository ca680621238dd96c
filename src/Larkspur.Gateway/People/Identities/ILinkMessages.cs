using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Says to people what becomes of their accounts, in the transaction that does it.</summary>
internal interface ILinkMessages
{
    /// <summary>Asks the account that made a code, in its own chat, whether the other one is theirs.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="other">The account that typed the code.</param>
    /// <param name="key">Said once under it.</param>
    ValueTask AskAsync(IUnitOfWork unit, LinkRequest request, KnownAccount other, string key);

    /// <summary>Tells who typed the code that the other side said no.</summary>
    ValueTask RefusedAsync(IUnitOfWork unit, LinkRequest request);

    /// <summary>Tells all accounts of a person that two have become one, and how that is undone.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="join">What happened.</param>
    /// <param name="person">Who they are now.</param>
    /// <param name="former">The accounts that came to them.</param>
    ValueTask JoinedAsync(IUnitOfWork unit, PersonJoin join, KnownPerson person, IReadOnlyList<KnownAccount> former);

    /// <summary>Tells all accounts of both that they are two again.</summary>
    ValueTask UndoneAsync(IUnitOfWork unit, PersonJoin join, KnownPerson person, KnownPerson former);
}
