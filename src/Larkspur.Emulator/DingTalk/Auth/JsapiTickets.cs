namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>What pages inside the client sign with. The same ticket while it lives; each request renews it for two hours, up to a day in all. Virtual time.</summary>
internal sealed class JsapiTickets(EmulatorState state) : IResettableState
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(7200);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private (string Ticket, DateTimeOffset Made, DateTimeOffset Ends)? _present;

    public (string Ticket, int Seconds) Get()
    {
        var now = state.Clock.GetUtcNow();
        lock (_gate)
        {
            var (ticket, made) = _present is { } held && held.Ends > now ? (held.Ticket, held.Made) : (state.Ids.Next("") + state.Ids.Next(""), now);
            var ends = now + Life < made + Longest ? now + Life : made + Longest;
            _present = (ticket, made, ends);
            return (ticket, (int)(ends - now).TotalSeconds);
        }
    }

    public void Reset()
    {
        lock (_gate) _present = null;
    }
}
