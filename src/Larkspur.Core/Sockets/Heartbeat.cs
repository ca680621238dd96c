namespace Larkspur.Sockets;

/// <summary>Pings of a session's own protocol, and how long the platform may be silent after one.</summary>
/// <param name="PingAsync">Sends a ping; any frame that comes afterwards is an answer.</param>
/// <param name="Timing">How often and how long, at this moment.</param>
/// <param name="PingsAtOnce">The first ping goes out when the connection is made, not an interval later.</param>
public sealed record Heartbeat(Func<Task> PingAsync, Func<HeartbeatTiming> Timing, bool PingsAtOnce);

/// <summary>The timing of a <see cref="Heartbeat"/>.</summary>
/// <param name="Interval">From one ping to the next.</param>
/// <param name="Patience">How long a ping may go without any frame from the platform.</param>
/// <param name="Changed">Ends when the timing is another one; null: it never is.</param>
public readonly record struct HeartbeatTiming(TimeSpan Interval, TimeSpan Patience, Task? Changed);
