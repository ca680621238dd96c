namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>The <c>c-</c> tokens of card callbacks: 30 minutes, two uses.</summary>
public sealed class CardTokens(VirtualClock clock, IdSource ids) : IResettableState
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    public const int Uses = 2;
    private const int MostTokens = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, CardToken> _tokens = [];

    public string Mint(string appId, string messageId, string userId)
    {
        var token = ids.Next("c-");
        lock (_gate)
        {
            if (_tokens.Count >= MostTokens)
            {
                // An expired token is kept for a day so that it can be told from a wrong one.
                var old = clock.GetUtcNow() - TimeSpan.FromDays(1);
                foreach (var gone in _tokens.Where(t => t.Value.Expires < old).Select(t => t.Key).ToArray()) _tokens.Remove(gone);
            }

            _tokens[token] = new CardToken(appId, messageId, userId, clock.GetUtcNow() + Lifetime, Uses);
        }

        return token;
    }

    public CardToken? Find(string token)
    {
        lock (_gate) return _tokens.GetValueOrDefault(token);
    }

    /// <returns>False when it is used up.</returns>
    public bool Use(string token)
    {
        lock (_gate)
        {
            if (!_tokens.TryGetValue(token, out var known) || known.UsesLeft == 0) return false;
            _tokens[token] = known with { UsesLeft = known.UsesLeft - 1 };
            return true;
        }
    }

    public void Reset()
    {
        lock (_gate) _tokens.Clear();
    }
}

public sealed record CardToken(string AppId, string MessageId, string UserId, DateTimeOffset Expires, int UsesLeft);
