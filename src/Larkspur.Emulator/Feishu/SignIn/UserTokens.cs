using System.Collections.Immutable;
using Larkspur.Emulator.Feishu.Auth;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>What an app gets for a sign-in.</summary>
/// <param name="Refresh"><see langword="null"/>: the app may not stay signed in.</param>
internal sealed record UserTokenPair(string Access, int Seconds, string? Refresh, int RefreshSeconds, string Scope);

/// <summary>Makes the tokens of people.</summary>
internal sealed class UserTokens(VirtualClock clock, TokenStore access, RefreshTokens refresh)
{
    /// <summary>As v2 gives them: a refresh token only to who may stay signed in.</summary>
    /// <param name="consent">What the access token is good for, and its successors.</param>
    /// <param name="narrowed">Less, for this access token alone; <see langword="null"/>: everything of the consent.</param>
    /// <param name="signedIn">When the person agreed; <see langword="null"/>: now.</param>
    public UserTokenPair New(BotApp app, Consent consent, ImmutableSortedSet<string>? narrowed = null, DateTimeOffset? signedIn = null)
    {
        var scopes = narrowed ?? consent.Scopes;
        var (token, seconds) = access.User(app, consent.UserId, scopes);
        var (next, life) = scopes?.Contains(Consent.OfflineAccess) == true
            ? refresh.Issue(consent, signedIn ?? clock.GetUtcNow(), old: false) : (null, 0);
        return new UserTokenPair(token, seconds, next, life, Text(scopes));
    }

    /// <summary>As the endpoints from before v2 give them: always with a refresh token.</summary>
    /// <inheritdoc cref="New"/>
    public UserTokenPair Old(BotApp app, Consent consent, DateTimeOffset? signedIn = null)
    {
        var (token, seconds) = access.User(app, consent.UserId, consent.Scopes, old: true);
        var (next, life) = refresh.Issue(consent, signedIn ?? clock.GetUtcNow(), old: true);
        return new UserTokenPair(token, seconds, next, life, Text(consent.Scopes));
    }

    /// <summary>Three parts in base64url, of about the length of the platform's (1 to 2 KB).</summary>
    internal static string NewJwt(IdSource ids) =>
        $"eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.{SignInCodes.NewSecret(ids, 690)}.{SignInCodes.NewSecret(ids, 64)}";

    private static string Text(ImmutableSortedSet<string>? scopes) => scopes is null ? "" : string.Join(' ', scopes);
}
