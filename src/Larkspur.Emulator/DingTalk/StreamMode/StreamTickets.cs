using System.Collections.Immutable;

namespace Larkspur.Emulator.DingTalk.StreamMode;

/// <summary>What a client listens to.</summary>
/// <param name="Type"><see cref="StreamFrame.Event"/>, <see cref="StreamFrame.Callback"/> or <see cref="StreamFrame.System"/>.</param>
internal sealed record StreamSubscription(string Type, string Topic);

internal sealed record StreamTicket(string Value, ImmutableArray<StreamSubscription> Subscriptions, string UserAgent, string LocalIp, DateTimeOffset Expires);

/// <summary>Each opens one socket, once, within 90 seconds of virtual time.</summary>
internal sealed class StreamTickets(EmulatorState state) : IResettableState
{
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(90);
    private const int Most = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StreamTicket> _tickets = [];
    private readonly Queue<string> _order = [];

    /// <remarks>Hex: the official Node client puts it into the address as it is.</remarks>
    public StreamTicket Issue(ImmutableArray<StreamSubscription> subscriptions, string userAgent, string localIp)
    {
        var ticket = new StreamTicket(state.Ids.Next(""), subscriptions, userAgent, localIp, state.Clock.GetUtcNow() + Life);
        lock (_gate)
        {
            _tickets.Add(ticket.Value, ticket);
            _order.Enqueue(ticket.Value);
            if (_order.Count > Most) _tickets.Remove(_order.Dequeue());
        }

        return ticket;
    }

    /// <summary><see langword="null"/> when it was never given out, is used, or too old.</summary>
    public StreamTicket? Take(string? value)
    {
        if (string.IsNullOrEmpty(value)) return null;
        lock (_gate) return _tickets.Remove(value, out var ticket) && state.Clock.GetUtcNow() < ticket.Expires ? ticket : null;
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
