using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Handover;

/// <summary>Finds one kind of thing that stands open for a person and that somebody else has to take over when they leave.</summary>
/// <remarks>Registered by whoever keeps such things; see docs/extending.md.</remarks>
internal interface IHandoverPart
{
    /// <summary>At most so many of a kind are looked for.</summary>
    const int Most = 200;

    /// <summary>What there is, the newest first, <see cref="Most"/> at most. It may run inside the transaction in which the person leaves:
    /// it reads only, and quickly.</summary>
    ValueTask<IReadOnlyList<HandoverItem>> OfAsync(ISql sql, KnownPerson person);
}

/// <summary>Asks a platform for what stands open there: only when somebody wants to see it.</summary>
internal interface IHandoverPlatform
{
    /// <summary>As <see cref="PlatformIdentity.Platform"/> names it.</summary>
    string Platform { get; }

    /// <summary>What a key needs to have it asked.</summary>
    string Scope { get; }

    /// <summary>What there is, as far as some apps see it. Each look costs calls: the answer is kept for a minute.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="mayUse">The apps that may be asked.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="HandoverUnknownException">The platform did not say.</exception>
    Task<IReadOnlyList<HandoverItem>> OfAsync(KnownPerson person, Func<string, bool> mayUse, CancellationToken cancellation);
}

/// <summary>A platform did not say what stands open for a person.</summary>
/// <param name="message">Why.</param>
/// <param name="inner">What it answered.</param>
internal sealed class HandoverUnknownException(string message, Exception inner) : Exception(message, inner);
