namespace Larkspur.Gateway.People.Identities;

/// <summary>Who an account is. A web session that a business system began for a known person names the person itself: <c>("web", "", "person", "pe_…")</c>.</summary>
internal sealed class UserResolver(IIdentities identities)
{
    public const string PersonKind = "person";

    /// <summary>The account of a session that was begun for a person.</summary>
    public static PlatformAccount OfPerson(string app, string personId) => new() { Platform = "web", App = app, Ids = [new PlatformIdentity("web", "", PersonKind, personId)] };

    /// <exception cref="KeyNotFoundException">The named person is forgotten.</exception>
    public async ValueTask<KnownPerson> OfAsync(PlatformAccount account, CancellationToken cancellation) => IsNamed(account)
        ? await identities.FindAsync(account.Ids[0].Value, cancellation) ?? throw new KeyNotFoundException("The person of this session is not known any more.")
        : await identities.GetOrCreateAsync(account, cancellation);

    /// <summary>It names a person, and is no account that could be linked.</summary>
    public static bool IsNamed(PlatformAccount account) => account is { Platform: "web", Ids: [{ Kind: PersonKind }] };
}
