using Larkspur.Emulator.WeCom.Chats;

namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>What pages sign with: one ticket of the corp and one of the application, 7200 s of virtual time.</summary>
internal sealed class JsTickets(EmulatorState state, WeComIds ids) : IResettableState
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(7200);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Ticket, DateTimeOffset Ends)> _tickets = new(StringComparer.Ordinal);

    public (string Ticket, int Seconds) Of(string owner)
    {
        var now = state.Clock.GetUtcNow();
        lock (_gate)
        {
            if (!_tickets.TryGetValue(owner, out var known) || known.Ends <= now) known = _tickets[owner] = (ids.Code(), now + Life);
            return (known.Ticket, (int)(known.Ends - now).TotalSeconds);
        }
    }

    public void Reset()
    {
        lock (_gate) _tickets.Clear();
    }
}
