using System.Runtime.CompilerServices;

namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>
/// Gives an app's streams their permits: first come, first served, each with one request at a time, so that all move alike. Permits
/// are spread evenly over the minute's window too: without that, five hundred streams would use a minute's calls up in twenty seconds
/// and stand still for forty.
/// </summary>
/// <remarks>A few streams are not held up: up to a second's worth of permits may be taken at once.</remarks>
internal sealed class FrameRateLimiter(FeishuClient client)
{
    private static readonly ConditionalWeakTable<FeishuClient, FrameRateLimiter> OfClients = [];

    private readonly Dictionary<string, Line> _lines = [];

    public static FrameRateLimiter Of(FeishuClient client) => OfClients.GetValue(client, static c => new FrameRateLimiter(c));

    /// <summary>Waits for the permit of one call, which starts at once then (<see cref="FeishuCallOptions.PermitAcquired"/>).</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the permit goes to the next.</exception>
    public async ValueTask TakeAsync(FeishuEndpoint endpoint, CancellationToken cancellation)
    {
        Line line;
        lock (_lines)
        {
            if (!_lines.TryGetValue(endpoint.Id, out line!)) _lines.Add(endpoint.Id, line = new Line());
        }

        await line.Gate.WaitAsync(cancellation);
        try
        {
            var budget = client.BudgetOf(endpoint);
            var wait = line.Next(budget.Limit, client.Clock);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, client.Clock, cancellation);
            await client.RateLimiter.WaitAsync(budget.Key, budget.Limit, cancellation);
            line.Taken(budget.Limit, client.Clock);
        }
        finally
        {
            line.Gate.Release();
        }
    }

    private sealed class Line
    {
        // Windows are kept two hundredths longer than documented, as the rate limiter does.
        private const double Minute = 61.2;

        private long? _next;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public TimeSpan Next(RateLimit limit, TimeProvider clock)
        {
            if (_next is not { } next) return TimeSpan.Zero;
            var (_, burst) = Spread(limit);
            var early = TimeSpan.FromSeconds((next - clock.GetTimestamp()) / (double)clock.TimestampFrequency) - burst;
            return early > TimeSpan.Zero ? early : TimeSpan.Zero;
        }

        public void Taken(RateLimit limit, TimeProvider clock)
        {
            var now = clock.GetTimestamp();
            var (spacing, _) = Spread(limit);
            _next = Math.Max(_next ?? now, now) + (long)(spacing.TotalSeconds * clock.TimestampFrequency);
        }

        /// <summary>Even distance under the minute's limit, and how far ahead of it a burst may run.</summary>
        private static (TimeSpan Spacing, TimeSpan Burst) Spread(RateLimit limit)
        {
            if (limit.PerMinute is not { } perMinute) return default;
            var burst = Math.Min(limit.PerSecond ?? perMinute / 20, perMinute / 20);
            var spacing = TimeSpan.FromSeconds(Minute / Math.Max(1, perMinute - burst));
            return (spacing, spacing * burst);
        }
    }
}
