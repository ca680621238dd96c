namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>Tokens of people who signed in. While one lives it is given again and its life renewed. Virtual time.</summary>
/// <remarks>A refresh token stays good for its 30 days although each answer brings a new one (UNVERIFIED).</remarks>
internal sealed class PersonTokens(EmulatorState state) : IResettableState
{
    public static readonly TimeSpan RefreshLife = TimeSpan.FromDays(30);
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<SignIn, string> _present = [];
    private readonly Dictionary<string, (SignIn Who, DateTimeOffset Expires)> _access = [];
    private readonly Dictionary<string, (SignIn Who, DateTimeOffset Expires)> _refresh = [];

    public (string Access, string Refresh) For(SignIn who)
    {
        var now = state.Clock.GetUtcNow();
        lock (_gate)
        {
            if (_access.Count >= Most) ForgetAccess();
            if (_refresh.Count >= Most) _refresh.Clear();
            if (!_present.TryGetValue(who, out var access) || _access[access].Expires <= now) _present[who] = access = state.Ids.Next("");
            _access[access] = (who, now + AccessTokens.Life);
            var refresh = state.Ids.Next("");
            _refresh[refresh] = (who, now + RefreshLife);
            return (access, refresh);
        }
    }

    public SignIn? Of(string access) { lock (_gate) return Living(_access, access); }

    public SignIn? OfRefresh(string refresh) { lock (_gate) return Living(_refresh, refresh); }

    /// <param name="userId"><see langword="null"/>: of everybody.</param>
    /// <param name="onlyRefresh">The access tokens live on to their own end.</param>
    /// <returns>How many tokens ended.</returns>
    public int End(string? userId, bool onlyRefresh)
    {
        lock (_gate)
        {
            var ended = Remove(_refresh, userId);
            if (onlyRefresh) return ended;
            foreach (var who in _present.Keys.Where(w => (userId ?? w.UserId) == w.UserId).ToArray()) _present.Remove(who);
            return ended + Remove(_access, userId);
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            ForgetAccess();
            _refresh.Clear();
        }
    }

    private void ForgetAccess()
    {
        _access.Clear();
        _present.Clear();
    }

    private static int Remove(Dictionary<string, (SignIn Who, DateTimeOffset Expires)> tokens, string? userId)
    {
        var ended = tokens.Where(t => (userId ?? t.Value.Who.UserId) == t.Value.Who.UserId).Select(t => t.Key).ToArray();
        foreach (var token in ended) tokens.Remove(token);
        return ended.Length;
    }

    private SignIn? Living(Dictionary<string, (SignIn Who, DateTimeOffset Expires)> tokens, string token) =>
        tokens.TryGetValue(token, out var held) && held.Expires > state.Clock.GetUtcNow() ? held.Who : null;
}
