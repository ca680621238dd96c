using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Authorizations.Resuming;

/// <summary>A room whose work stops until a person has said yes, and goes on then. Registered once for each kind of work.</summary>
internal interface IAuthorizationResume
{
    /// <summary>The kind, a snake_case word.</summary>
    string Kind { get; }

    /// <summary>Does the work as far as it needs the platform. It may be called again, in another process too.</summary>
    /// <param name="given">What the person allowed.</param>
    /// <param name="payload">What was kept when it stopped.</param>
    /// <param name="cancellation">Ends with the process.</param>
    /// <returns>What is written in the transaction that ends it.</returns>
    /// <remarks>Whatever it throws, it is tried three times more within about a minute, and given up then.</remarks>
    Task<Func<IUnitOfWork, ValueTask>> PrepareAsync(UserAuthorization given, string payload, CancellationToken cancellation);

    /// <summary>The person said no: they are told that it does not go on.</summary>
    ValueTask RefusedAsync(IUnitOfWork unit, UserAuthorization refused, string payload);

    /// <summary>It could not be done although it was tried for a while: the person is told.</summary>
    ValueTask FailedAsync(IUnitOfWork unit, UserAuthorization given, string payload);
}
