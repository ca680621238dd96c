using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Chats;

namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>How somebody let themselves in.</summary>
/// <param name="UserId">By <see cref="Person.UserId"/>.</param>
internal sealed record SignedInMember(string UserId)
{
    /// <summary>The application asked for details, which a ticket opens.</summary>
    public bool WithTicket { get; init; }
    /// <summary>They agreed to show them.</summary>
    public bool Shares { get; init; } = true;
    /// <summary>Where the code was sent to; <see langword="null"/>: nowhere.</summary>
    public Uri? Page { get; init; }
    /// <summary>The application whose page it was.</summary>
    public required int AgentId { get; init; }
}

/// <summary>Codes of one use and the tickets that they give. Virtual time.</summary>
internal sealed class SignInCodes(EmulatorState state, WeComIds ids, SignInRules rules, EmulatorSettings settings) : IResettableState
{
    public static readonly TimeSpan TicketLife = TimeSpan.FromSeconds(1800);
    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(5);
    private const int MostKept = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Code> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SignedInMember Who, DateTimeOffset Ends)> _tickets = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    public string Issue(SignedInMember who)
    {
        var code = ids.Code();
        lock (_gate)
        {
            _codes[code] = new Code(who, state.Clock.GetUtcNow() + CodeLife);
            Remember(code);
        }

        return code;
    }

    /// <exception cref="WeComRefusal">40029 unknown or another application's, 42022 used, 42003 too old, 50001 of a domain that is not
    /// trusted. (That another application's is 40029 is UNVERIFIED.)</exception>
    public SignedInMember Redeem(string code)
    {
        lock (_gate)
        {
            if (!_codes.TryGetValue(code, out var known) || known.Who.AgentId != settings.WeCom.AgentId)
                throw new WeComRefusal(40029, "invalid code");
            if (known.Used) throw new WeComRefusal(42022, "code was used already");
            if (known.Ends <= state.Clock.GetUtcNow()) throw new WeComRefusal(42003, "code expired");
            if (known.Who.Page is { } page && !rules.IsTrusted(page))
                throw new WeComRefusal(50001, "redirect_url is not in the trusted domains");
            _codes[code] = known with { Used = true };
            return known.Who;
        }
    }

    public string NewTicket(SignedInMember who)
    {
        var ticket = ids.Code();
        lock (_gate)
        {
            _tickets[ticket] = (who, state.Clock.GetUtcNow() + TicketLife);
            Remember(ticket);
        }

        return ticket;
    }

    /// <exception cref="WeComRefusal">84014: unknown or too old.</exception>
    public SignedInMember Ticket(string ticket)
    {
        lock (_gate)
        {
            return _tickets.TryGetValue(ticket, out var known) && known.Ends > state.Clock.GetUtcNow() ? known.Who
                : throw new WeComRefusal(84014, "user_ticket is expired");
        }
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

    private sealed record Code(SignedInMember Who, DateTimeOffset Ends, bool Used = false);
}
