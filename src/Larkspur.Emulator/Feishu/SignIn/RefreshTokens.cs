namespace Larkspur.Emulator.Feishu.SignIn;

internal enum RefreshState { Fresh, Used, Revoked }

/// <summary>With what an app fetches a person's next access token.</summary>
/// <param name="SignedIn">When the person last agreed; after a year they are asked again.</param>
/// <param name="IsOld">Of the endpoints from before v2, which do not take each other's.</param>
internal sealed record RefreshToken(Consent Consent, DateTimeOffset SignedIn, DateTimeOffset Expires, bool IsOld,
    RefreshState State = RefreshState.Fresh);

/// <summary>Refresh tokens: each is good once. Virtual time.</summary>
internal sealed class RefreshTokens(VirtualClock clock, IdSource ids) : IResettableState
{
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);
    public static readonly TimeSpan OldLife = TimeSpan.FromDays(30);
    /// <summary>How long a sign-in can be prolonged.</summary>
    public static readonly TimeSpan LongestSignIn = TimeSpan.FromDays(365);
    private const int Most = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RefreshToken> _tokens = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    /// <returns>The token and its life in seconds.</returns>
    public (string Token, int Seconds) Issue(Consent consent, DateTimeOffset signedIn, bool old)
    {
        var now = clock.GetUtcNow();
        var ends = now + (old ? OldLife : Life);
        if (ends > signedIn + LongestSignIn) ends = signedIn + LongestSignIn;
        var token = old ? "ur-" + SignInCodes.NewSecret(ids, 30) : UserTokens.NewJwt(ids);
        lock (_gate)
        {
            _tokens[token] = new RefreshToken(consent, signedIn, ends, old);
            _order.Enqueue(token);
            if (_order.Count > Most) _tokens.Remove(_order.Dequeue());
        }

        return (token, Math.Max(0, (int)(ends - now).TotalSeconds));
    }

    public RefreshToken? Find(string token) { lock (_gate) return _tokens.GetValueOrDefault(token); }

    public bool IsExpired(RefreshToken token) => clock.GetUtcNow() >= token.Expires;

    /// <returns>False when somebody was faster.</returns>
    public bool TryUse(string token)
    {
        lock (_gate)
        {
            if (!_tokens.TryGetValue(token, out var found) || found.State != RefreshState.Fresh) return false;
            _tokens[token] = found with { State = RefreshState.Used };
            return true;
        }
    }

    /// <returns>Whose app could still have refreshed.</returns>
    public IReadOnlyList<(string AppId, string UserId)> Revoke(Func<Consent, bool> which)
    {
        var now = clock.GetUtcNow();
        HashSet<(string, string)> ended = [];
        lock (_gate)
        {
            foreach (var (token, found) in _tokens.Where(t => t.Value.State == RefreshState.Fresh && which(t.Value.Consent)).ToArray())
            {
                _tokens[token] = found with { State = RefreshState.Revoked };
                if (now < found.Expires) ended.Add((found.Consent.AppId, found.Consent.UserId));
            }
        }

        return [.. ended];
    }

    public void Reset()
    {
        lock (_gate)
        {
            _tokens.Clear();
            _order.Clear();
        }
    }
}
