using System.Diagnostics.Metrics;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Operations.Figures;

/// <summary>What waits and what was given up, as the database tells: by partial indexes, and at most every few seconds, however often it is asked for.</summary>
internal sealed class Backlog : IDisposable
{
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly IInboxStore _inbox;
    private readonly IOutboxStore _outbox;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _single = new(1);
    private long? _triedAt;
    private volatile BacklogCount? _last;

    public Backlog(IInboxStore inbox, IOutboxStore outbox, Meter meter, TimeProvider clock)
    {
        _inbox = inbox;
        _outbox = outbox;
        _clock = clock;
        Gauge("larkspur_open_rows", "Rows that wait, by box.", box => box.Open);
        Gauge("larkspur_dead_letters", "Rows that were given up and are kept for somebody to look at, by box.", box => box.Dead);
        Gauge("larkspur_oldest_unprocessed_seconds", "Age of the oldest row that waits, by box; 0 when none does.", box => AgeOf(box)?.TotalSeconds ?? 0);

        void Gauge(string name, string description, Func<BoxCount, double?> read) => meter.CreateObservableGauge(name, () => Measure(read), null, description);
    }

    /// <summary>The last count, or null when the database never answered.</summary>
    public BacklogCount? Last => _last;

    /// <summary>How long the oldest row of a box has waited by now; null when none waits.</summary>
    public TimeSpan? AgeOf(BoxCount box) => box.Oldest is not { } oldest ? null : _clock.GetUtcNow() is var now && now > oldest ? now - oldest : TimeSpan.Zero;

    /// <summary>Counts, unless that was done a moment ago. A database that is away leaves the last count.</summary>
    /// <returns>False when the database did not answer this time.</returns>
    public async Task<bool> RefreshAsync(CancellationToken cancellation)
    {
        await _single.WaitAsync(cancellation);
        try
        {
            if (_triedAt is { } tried && _clock.GetElapsedTime(tried) < Keep) return _last?.CountedAt is { } at && _clock.GetUtcNow() - at < Keep + Keep;
            _triedAt = _clock.GetTimestamp();
            var inbox = await _inbox.CountAsync(cancellation).WaitAsync(Patience, _clock, cancellation);
            var outbox = await _outbox.CountAsync(cancellation).WaitAsync(Patience, _clock, cancellation);
            _last = new BacklogCount(new BoxCount("inbox", inbox.Open, inbox.Oldest, inbox.Dead), new BoxCount("outbox", outbox.Open, outbox.Oldest, outbox.Dead), _clock.GetUtcNow());
            return true;
        }
        catch (Exception e) when (e is StorageUnavailableException or TimeoutException or System.Data.Common.DbException)
        {
            // Readiness tells that the database is away, and the age of the last count grows on.
            return false;
        }
        finally
        {
            _single.Release();
        }
    }

    public void Dispose() => _single.Dispose();

    private IEnumerable<Measurement<double>> Measure(Func<BoxCount, double?> read)
    {
        if (_last is not { } last) yield break;
        foreach (var box in (BoxCount[])[last.Inbox, last.Outbox])
        {
            if (read(box) is { } value) yield return new Measurement<double>(value, new KeyValuePair<string, object?>("box", box.Name));
        }
    }
}

/// <summary>Both boxes at one time.</summary>
internal sealed record BacklogCount(BoxCount Inbox, BoxCount Outbox, DateTimeOffset CountedAt);

/// <summary>Rows of a box.</summary>
/// <param name="Name"><c>inbox</c> or <c>outbox</c>.</param>
/// <param name="Open">Rows that wait.</param>
/// <param name="Oldest">Since when the oldest waits.</param>
/// <param name="Dead">Rows given up and kept.</param>
internal sealed record BoxCount(string Name, long Open, DateTimeOffset? Oldest, long Dead);
