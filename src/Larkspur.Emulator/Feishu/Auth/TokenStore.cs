using System.Globalization;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.SignIn;

namespace Larkspur.Emulator.Feishu.Auth;

/// <summary>Issues and recognises access tokens by the platform's rules, on virtual time.</summary>
/// <remarks>
/// A token lives two hours. Asked again with 30 minutes or more left, the same token comes back with a smaller <c>expire</c>; with less, a
/// new one, while the old one serves on until its own end. (Platform page: access-token/tenant_access_token_internal.)
/// </remarks>
public sealed class TokenStore(VirtualClock clock, IdSource ids) : IResettableState
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);
    public static readonly TimeSpan RenewBelow = TimeSpan.FromMinutes(30);
    private const int MostTokens = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, IssuedToken> _tokens = [];
    private readonly Dictionary<string, IssuedToken> _latest = [];
    private readonly Dictionary<string, string> _tickets = [];

    /// <summary>The tenant's token; for a self-built app it is the app's token too.</summary>
    public (string Token, int Expire) Tenant(BotApp app) => Issue(app, "t-", app.Kind == AppKind.Custom ? TokenKinds.Tenant | TokenKinds.App : TokenKinds.Tenant);

    /// <summary>A store app's own token.</summary>
    public (string Token, int Expire) AppLevel(BotApp app) => app.Kind == AppKind.Custom ? Tenant(app) : Issue(app, "a-", TokenKinds.App);

    /// <summary>A person's token, in the present form of three base64url parts; no prefix tells it.</summary>
    /// <param name="scopes">What the person granted; <see langword="null"/>: whatever the app may.</param>
    /// <param name="old">In the form of the endpoints from before v2.</param>
    public (string Token, int Expire) User(BotApp app, string userId, IReadOnlySet<string>? scopes, bool old = false)
    {
        var token = old ? "u-" + SignInCodes.NewSecret(ids, 30) : UserTokens.NewJwt(ids);
        Keep(new IssuedToken(token, app.AppId, TokenKinds.User, clock.GetUtcNow() + Lifetime, userId, scopes));
        return (token, (int)Lifetime.TotalSeconds);
    }

    public IssuedToken? Find(string token)
    {
        lock (_gate) return _tokens.GetValueOrDefault(token);
    }

    /// <summary>The ticket that a store app needs for its first token.</summary>
    public string Ticket(string appId)
    {
        lock (_gate) return _tickets.TryGetValue(appId, out var ticket) ? ticket : _tickets[appId] = ids.Next("");
    }

    /// <summary>Ends tokens of people; they stay known as ended until they would have expired.</summary>
    /// <returns>Whose tokens still lived.</returns>
    public IReadOnlyList<(string AppId, string UserId)> EndOfPeople(Func<IssuedToken, bool> which)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var living = _tokens.Values.Where(t => t is { UserId: not null, Ended: false } && now < t.Expires && which(t)).ToArray();
            foreach (var token in living) _tokens[token.Token] = token with { Ended = true };
            return [.. living.Select(t => (t.AppId, t.UserId!)).Distinct()];
        }
    }

    public void Revoke(string token)
    {
        lock (_gate)
        {
            if (!_tokens.Remove(token, out var gone)) return;
            foreach (var key in _latest.Where(p => p.Value == gone).Select(p => p.Key).ToArray()) _latest.Remove(key);
        }
    }

    void IResettableState.Reset() => RevokeAll();

    public void RevokeAll()
    {
        lock (_gate)
        {
            _tokens.Clear();
            _latest.Clear();
            _tickets.Clear();
        }
    }

    private (string Token, int Expire) Issue(BotApp app, string prefix, TokenKinds kinds)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var key = prefix + app.AppId + "/" + app.TenantKey;
            if (_latest.TryGetValue(key, out var latest) && latest.Expires - now >= RenewBelow) return (latest.Token, Seconds(latest.Expires - now));
            var token = new IssuedToken(prefix + "g104" + ids.Next("").ToUpper(CultureInfo.InvariantCulture), app.AppId, kinds, now + Lifetime);
            _latest[key] = token;
            Keep(token);
            return (token.Token, Seconds(Lifetime));
        }
    }

    private void Keep(IssuedToken token)
    {
        lock (_gate)
        {
            if (_tokens.Count >= MostTokens)
            {
                var now = clock.GetUtcNow();
                foreach (var old in _tokens.Values.Where(t => t.Expires < now).ToArray()) _tokens.Remove(old.Token);
            }

            _tokens[token.Token] = token;
        }
    }

    private static int Seconds(TimeSpan time) => (int)time.TotalSeconds;
}

public sealed record IssuedToken(
    string Token, string AppId, TokenKinds Kinds, DateTimeOffset Expires, string? UserId = null, IReadOnlySet<string>? UserScopes = null,
    bool Ended = false);
