using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Says whose accounts only an administrator joins with others: whoever becomes one with them gets what they may.</summary>
internal interface IJoinGuard
{
    /// <summary>The person has something that must not go to whoever talked them into a link.</summary>
    ValueTask<bool> IsGuardedAsync(ISql sql, string person);
}
