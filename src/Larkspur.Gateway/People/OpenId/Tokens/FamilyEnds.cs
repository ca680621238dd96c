using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn;

namespace Larkspur.Gateway.People.OpenId.Tokens;

/// <summary>How long what somebody gave a client may hold. Of whom a directory knows it tells when they leave; of whom an identity provider
/// alone knows nobody does, so they prove who they are as often as for a session.</summary>
internal sealed class FamilyEnds(IIdentities identities, SignInOptions options)
{
    /// <param name="person">Who.</param>
    /// <param name="provedAt">When they proved who they are.</param>
    /// <param name="wanted">As the client has it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<DateTimeOffset> OfAsync(string person, DateTimeOffset provedAt, DateTimeOffset wanted, CancellationToken cancellation)
    {
        var longest = provedAt + options.Longest;
        if (wanted <= longest || await identities.FindAsync(person, cancellation) is not { } known) return wanted;
        return known.Accounts.Any(IsInADirectory) ? wanted : longest;
    }

    private static bool IsInADirectory(KnownAccount account) =>
        account.Platform is not (PlatformIdentity.IdentityProvider or PlatformIdentity.Web) && !account.IsExternal;
}
