using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>Codes of one use and the tickets that they give.</summary>
internal sealed class SignInCodes(EmulatorState state, WeComIds ids) : IResettableState
{
    public static readonly TimeSpan TicketLife = TimeSpan.FromSeconds(1800);
    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(5);
    private const int MostKept = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Code> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string UserId, DateTimeOffset Ends)> _tickets = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    /// <param name="userId">Who let themselves in.</param>
    /// <param name="withTicket">The person granted their private data.</param>
    public string Issue(string userId, bool withTicket)
    {
        var code = ids.Code();
        lock (_gate)
        {
            _codes[code] = new Code(userId, withTicket, state.Clock.GetUtcNow() + CodeLife);
            Remember(code);
        }

        return code;
    }

    /// <exception cref="WeComRefusal">40029 unknown, 42022 used, 42003 too old.</exception>
    public (string UserId, string? Ticket) Redeem(string code)
    {
        lock (_gate)
        {
            if (!_codes.TryGetValue(code, out var known)) throw new WeComRefusal(40029, "invalid code");
            if (known.Used) throw new WeComRefusal(42022, "code was used already");
            if (known.Ends <= state.Clock.GetUtcNow()) throw new WeComRefusal(42003, "code expired");
            _codes[code] = known with { Used = true };
            if (!known.WithTicket) return (known.UserId, null);
            var ticket = ids.Code();
            _tickets[ticket] = (known.UserId, state.Clock.GetUtcNow() + TicketLife);
            Remember(ticket);
            return (known.UserId, ticket);
        }
    }

    /// <exception cref="WeComRefusal">84014: unknown or too old.</exception>
    public string Ticket(string ticket)
    {
        lock (_gate) return _tickets.TryGetValue(ticket, out var known) && known.Ends > state.Clock.GetUtcNow() ? known.UserId : throw new WeComRefusal(84014, "user_ticket is expired");
    }

    public void Reset()
    {
        lock (_gate)
        {
            _codes.Clear();
            _tickets.Clear();
            _order.Clear();
        }
    }

    private void Remember(string key)
    {
        _order.Enqueue(key);
        if (_order.Count <= MostKept) return;
        var oldest = _order.Dequeue();
        _codes.Remove(oldest);
        _tickets.Remove(oldest);
    }

    private sealed record Code(string UserId, bool WithTicket, DateTimeOffset Ends)
    {
        public bool Used { get; init; }
    }
}
