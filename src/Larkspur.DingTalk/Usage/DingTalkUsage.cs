using Microsoft.Extensions.Logging;

namespace Larkspur.DingTalk;

/// <summary>One app's part in what its organisation has for a calendar month.</summary>
/// <remarks>
/// <para>The platform counts for all apps of the organisation together and tells nobody: what this app sees is its own part. The months are taken in China's time
/// (the platform does not say in which; UNVERIFIED).</para>
/// <para>Counted: calls that the platform answered, refusals included, and those that left and had no answer. Not counted, as the platform says: tokens, sign-in and contacts; calls that were too fast;
/// calls that never left; events of contacts.</para>
/// <para>Thread-safe. Counter <c>larkspur.dingtalk.uses</c> by <c>kind</c>.</para>
/// </remarks>
public sealed class DingTalkUsage
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    private readonly DingTalkOptions _options;
    private readonly TimeProvider _clock;
    private readonly IDingTalkUsageObserver? _observer;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[Enum.GetValues<DingTalkUseKind>().Length];
    private DateOnly _month;

    internal DingTalkUsage(DingTalkOptions options, TimeProvider clock, IDingTalkUsageObserver? observer, ILogger logger)
    {
        (_options, _clock, _observer, _logger) = (options, clock, observer, logger);
        _month = MonthOf(clock.GetUtcNow());
    }

    /// <summary>First day of the present month in China's time.</summary>
    public DateOnly Month => MonthOf(_clock.GetUtcNow());

    /// <summary>Uses of a kind in this month.</summary>
    public long this[DingTalkUseKind kind]
    {
        get
        {
            lock (_gate)
            {
                ResetIfNewMonth();
                return _counts[(int)kind];
            }
        }
    }

    /// <summary>Adds what an earlier process, or another one, counted. What belongs to another month than the present one is left.</summary>
    public void Restore(DateOnly month, DingTalkUseKind kind, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (_gate)
        {
            ResetIfNewMonth();
            if (month.Year == _month.Year && month.Month == _month.Month) _counts[(int)kind] += count;
        }
    }

    /// <summary>Events that are free: contacts, roles, administrators.</summary>
    internal static bool IsFreeEvent(string type) => type.StartsWith("user_", StringComparison.Ordinal) && type.EndsWith("_org", StringComparison.Ordinal)
        || type.StartsWith("org_dept_", StringComparison.Ordinal) || type == "org_change"
        || type.StartsWith("label_", StringComparison.Ordinal) || type.StartsWith("org_admin_", StringComparison.Ordinal);

    internal void Count(DingTalkUseKind kind, string what)
    {
        DingTalkUse use;
        lock (_gate)
        {
            ResetIfNewMonth();
            long allowed = kind switch { DingTalkUseKind.Call => _options.MonthlyCalls, DingTalkUseKind.Delivery => _options.MonthlyDeliveries, _ => 0 };
            use = new(_options.ClientId, kind, what, _month, ++_counts[(int)kind], allowed);
        }

        DingTalkTelemetry.Uses.Add(1, new KeyValuePair<string, object?>("kind", DingTalkTelemetry.Label(kind)));
        if (_observer is null) return;
        try
        {
            _observer.OnUsed(use);
        }
        catch (Exception exception)
        {
            // Bookkeeping that fails must not turn a message that was sent into one that was not.
            DingTalkLog.ObserverFailed(_logger, what, exception);
        }
    }

    private static DateOnly MonthOf(DateTimeOffset time)
    {
        DateTimeOffset there = time.ToOffset(China);
        return new DateOnly(there.Year, there.Month, 1);
    }

    private void ResetIfNewMonth()
    {
        DateOnly now = MonthOf(_clock.GetUtcNow());
        if (now == _month) return;
        _month = now;
        Array.Clear(_counts);
    }
}
