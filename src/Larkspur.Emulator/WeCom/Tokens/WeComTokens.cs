using System.Security.Cryptography;
using System.Text;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Tokens;

/// <summary>What a secret belongs to.</summary>
/// <param name="AgentId"><see langword="null"/>: the address-book sync.</param>
internal sealed record TokenOwner(string Name, int? AgentId);

/// <summary>Access tokens: one a secret, the same until a minute before its end, 7200 s of virtual time.</summary>
internal sealed class WeComTokens(EmulatorState state, EmulatorSettings settings) : IResettableState
{
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(7200);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(60);
    /// <summary>A token is known as expired for so long after its end; then nobody knows it.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (TokenOwner Owner, DateTimeOffset Ends)> _tokens = new(StringComparer.Ordinal);

    /// <exception cref="WeComRefusal">40001: no such secret.</exception>
    public (string Token, int Seconds) Issue(string secret)
    {
        var owner = Owner(secret) ?? throw new WeComRefusal(40001, "invalid credential");
        var now = state.Clock.GetUtcNow();
        lock (_gate)
        {
            foreach (var (token, known) in _tokens)
            {
                if (known.Owner == owner && known.Ends - Renewal > now) return (token, (int)(known.Ends - now).TotalSeconds);
            }

            foreach (var old in _tokens.Where(t => t.Value.Ends + Memory < now).Select(t => t.Key).ToArray()) _tokens.Remove(old);
            var fresh = string.Concat(Enumerable.Range(0, 5).Select(_ => state.Ids.Next("")));
            _tokens[fresh] = (owner, now + Life);
            return (fresh, (int)Life.TotalSeconds);
        }
    }

    /// <exception cref="WeComRefusal">41001, 40014, 42001.</exception>
    public TokenOwner Identify(string token)
    {
        if (token.Length == 0) throw new WeComRefusal(41001, "access_token missing");
        lock (_gate)
        {
            if (!_tokens.TryGetValue(token, out var known)) throw new WeComRefusal(40014, "invalid access_token");
            return known.Ends > state.Clock.GetUtcNow() ? known.Owner : throw new WeComRefusal(42001, "access_token expired");
        }
    }

    void IResettableState.Reset() => Revoke();

    /// <summary>Every token is unknown from now on.</summary>
    public void Revoke()
    {
        lock (_gate) _tokens.Clear();
    }

    /// <summary>Every token is over, and known as such.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            foreach (var (token, known) in _tokens.ToArray()) _tokens[token] = known with { Ends = state.Clock.GetUtcNow() };
        }
    }

    private TokenOwner? Owner(string secret)
    {
        var corp = settings.WeCom;
        if (Same(secret, corp.Secret)) return new TokenOwner("app", corp.AgentId);
        return Same(secret, corp.ContactSecret) ? new TokenOwner("contacts", null) : null;
    }

    /// <summary>An empty secret is none at all.</summary>
    private static bool Same(string given, string secret) => secret.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(secret));
}
