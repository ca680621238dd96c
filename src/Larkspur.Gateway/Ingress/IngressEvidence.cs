using System.Collections.Concurrent;
using Larkspur.Feishu.Events;

namespace Larkspur.Gateway.Ingress;

/// <summary>What came in for each app since this process began: whether its keys are right shows in nothing else, the platform does not tell them.</summary>
/// <remarks>In memory, and bounded: apps are those of the settings, types those of verified events.</remarks>
internal sealed class IngressEvidence(TimeProvider clock)
{
    private const int MostTypes = 300;
    private readonly ConcurrentDictionary<string, App> _apps = new(StringComparer.Ordinal);

    public void Accepted(string app, string eventType)
    {
        var of = Of(app);
        var now = clock.GetUtcNow();
        lock (of)
        {
            of.Accepted++;
            of.AcceptedAt = now;
            foreach (var refused in of.Refusals.Values) refused.SinceAccepted = 0;
            if (of.Types.ContainsKey(eventType) || of.Types.Count < MostTypes) of.Types[eventType] = now;
        }
    }

    public void Refused(string app, FeishuRefusal why)
    {
        var of = Of(app);
        var now = clock.GetUtcNow();
        lock (of)
        {
            if (!of.Refusals.TryGetValue(why, out var refused)) of.Refusals[why] = refused = new Count();
            refused.All++;
            refused.SinceAccepted++;
            refused.At = now;
        }
    }

    /// <summary>Verified events of the app, and when the last came.</summary>
    public (long Accepted, DateTimeOffset? At) AcceptedBy(string app)
    {
        var of = Of(app);
        lock (of) return (of.Accepted, of.AcceptedAt);
    }

    /// <summary>When an event of the type last came; null: none did.</summary>
    public DateTimeOffset? LastOf(string app, string eventType)
    {
        var of = Of(app);
        lock (of) return of.Types.TryGetValue(eventType, out var at) ? at : null;
    }

    /// <summary>Refusals for these reasons together.</summary>
    public RefusalCount RefusedBy(string app, params ReadOnlySpan<FeishuRefusal> reasons)
    {
        var of = Of(app);
        var sum = new RefusalCount(0, 0, null);
        lock (of)
        {
            foreach (var reason in reasons)
            {
                if (!of.Refusals.TryGetValue(reason, out var one)) continue;
                sum = new RefusalCount(sum.All + one.All, sum.SinceAccepted + one.SinceAccepted, sum.At is { } at && at > one.At ? at : one.At);
            }
        }

        return sum;
    }

    private App Of(string app) => _apps.GetOrAdd(app, static _ => new App());

    private sealed class App
    {
        public long Accepted { get; set; }

        public DateTimeOffset? AcceptedAt { get; set; }

        public Dictionary<string, DateTimeOffset> Types { get; } = new(StringComparer.Ordinal);

        public Dictionary<FeishuRefusal, Count> Refusals { get; } = [];
    }

    private sealed class Count
    {
        public long All { get; set; }

        public long SinceAccepted { get; set; }

        public DateTimeOffset At { get; set; }
    }
}

/// <summary>Refused requests.</summary>
/// <param name="All">Since the process began.</param>
/// <param name="SinceAccepted">Of these, after the last verified event.</param>
/// <param name="At">The last one.</param>
internal sealed record RefusalCount(long All, long SinceAccepted, DateTimeOffset? At);
