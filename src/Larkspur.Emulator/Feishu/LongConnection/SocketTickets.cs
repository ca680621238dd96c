namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>What the bootstrap gave out and the handshake takes back: each opens one socket, once, within a minute.</summary>
/// <remarks>The life of the platform's own tickets is UNVERIFIED.</remarks>
public sealed class SocketTickets(EmulatorState state) : IResettableState
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(1);
    private const int Most = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SocketTicket> _tickets = [];
    private readonly Queue<string> _order = [];

    public SocketTicket Issue(string appId)
    {
        Span<byte> bytes = stackalloc byte[12];
        state.Ids.Fill(bytes);
        var ticket = new SocketTicket(
            state.Ids.Next("") + state.Ids.Next(""), appId, (BitConverter.ToUInt64(bytes) >> 2).ToString(),
            (int)(BitConverter.ToUInt32(bytes[8..]) % 90_000_000) + 10_000_000, state.Clock.GetUtcNow() + Life);
        lock (_gate)
        {
            _tickets.Add(ticket.Value, ticket);
            _order.Enqueue(ticket.Value);
            if (_order.Count > Most) _tickets.Remove(_order.Dequeue());
        }

        return ticket;
    }

    /// <summary><see langword="null"/> when it was never given out, is used, or too old.</summary>
    public SocketTicket? Take(string? value)
    {
        if (string.IsNullOrEmpty(value)) return null;
        lock (_gate)
        {
            return _tickets.Remove(value, out var ticket) && state.Clock.GetUtcNow() < ticket.Expires ? ticket : null;
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _tickets.Clear();
            _order.Clear();
        }
    }
}

/// <param name="DeviceId">A number that names the connection to come.</param>
/// <param name="ServiceId">What the client puts into <c>service</c> of its pings.</param>
public sealed record SocketTicket(string Value, string AppId, string DeviceId, int ServiceId, DateTimeOffset Expires);
