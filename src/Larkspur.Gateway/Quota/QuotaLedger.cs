using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Quota;

/// <summary>Writes the counts every few seconds and when the gateway stops, reads what all processes have written, and raises the alarms that follow.</summary>
/// <remarks>A crash loses at most what was counted since the last write. A commit whose end is not known is written again: rather counted twice than not at all.</remarks>
internal sealed partial class QuotaLedger(
    AuditTrail audit,
    IDatabase database, QuotaStore store, QuotaRegistry book, QuotaAlarms alarms, QuotaCalendar calendar, QuotaOptions options, TimeProvider clock, ILogger<QuotaLedger> logger)
    : BackgroundService
{
    private static readonly TimeSpan PaceEvery = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _single = new(1);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private Dictionary<string, QuotaPace> _paces = [];
    private (long At, int Day)? _pacesRead;
    private bool _away;

    /// <summary>Writes and reads now.</summary>
    /// <exception cref="StorageUnavailableException">The database is away; what was counted waits in memory.</exception>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await _single.WaitAsync(cancellation);
        try
        {
            await ExchangeAsync(cancellation);
        }
        finally
        {
            _single.Release();
        }
    }

    /// <summary>Does what an administrator says: forgets the platform's refusal, and lets our own count hold nothing for the rest of the month.</summary>
    /// <exception cref="StorageUnavailableException">It could not be written.</exception>
    public async Task ResetAsync(Actor who, string app, CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        await database.TransactAsync(async unit =>
        {
            await QuotaStore.ResetAsync(unit, app, calendar.Month(clock.GetUtcNow()));
            await audit.AddAsync(unit, who, "quota.reset", app);
            return true;
        }, cancellation);
        await FlushAsync(cancellation);
    }

    /// <summary>What an earlier process learned is known before the first message leaves.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        book.Changed = Wake;
        await TryFlushAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await TryFlushAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LastCountsLost();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _single.Dispose();
        _wake.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task? woken = null;
        try
        {
            while (true)
            {
                woken ??= _wake.WaitAsync(stoppingToken);
                await Task.WhenAny(Task.Delay(options.FlushInterval, clock, stoppingToken), woken);
                stoppingToken.ThrowIfCancellationRequested();
                if (woken.IsCompleted) woken = null;
                await TryFlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; StopAsync writes what is left.
        }
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Awake already.
        }
        catch (ObjectDisposedException)
        {
            // A call that outlived the gateway; the next start learns it anew.
        }
    }

    private async Task TryFlushAsync(CancellationToken cancellation)
    {
        try
        {
            await FlushAsync(cancellation);
            _away = false;
        }
        catch (StorageUnavailableException e)
        {
            if (!_away) CountsWait(e.Message);
            _away = true;
        }
    }

    private async Task ExchangeAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var day = calendar.Day(now);
        var changes = book.Known.ToDictionary(app => app, app => book.Of(app).Change);
        var counts = book.Counts.Take();
        Dictionary<string, QuotaFacts> facts;
        try
        {
            if (counts.Count > 0 || changes.Values.Any(c => c is not null)) await database.TransactAsync(unit => WriteAsync(unit, counts, changes), CancellationToken.None);
        }
        catch
        {
            book.Counts.NotWritten();
            throw;
        }

        try
        {
            facts = await store.ReadAsync(day, cancellation);
            if (_pacesRead is not { } read || read.Day != day || clock.GetElapsedTime(read.At) >= PaceEvery)
            {
                _paces = await store.ReadPaceAsync(calendar.DaysBefore(now, 6), cancellation);
                _pacesRead = (clock.GetTimestamp(), day);
            }

            foreach (var app in book.Known.Union(facts.Keys))
            {
                var known = facts.GetValueOrDefault(app) ?? QuotaFacts.None with { Month = QuotaCalendar.MonthOf(day), Day = day };
                book.Of(app).Update(known with { Pace = _paces.GetValueOrDefault(app) }, changes.GetValueOrDefault(app));
            }
        }
        finally
        {
            // Only now: in between they would be neither in memory nor in the facts.
            book.Counts.Written();
        }

        foreach (var (app, known) in facts) await alarms.RaiseAsync(app, known, now);
    }

    private static async ValueTask<bool> WriteAsync(IUnitOfWork unit, IReadOnlyList<KeyValuePair<CallKey, CallTally>> counts, Dictionary<string, QuotaChange?> changes)
    {
        foreach (var (key, tally) in counts) await QuotaStore.AddAsync(unit, key, tally);
        foreach (var (app, change) in changes.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            if (change is not null) await QuotaStore.ChangeAsync(unit, app, change);
        }

        return true;
    }

    [LoggerMessage(LogLevel.Warning, "The last call counts were not written: the host had no more time")]
    private partial void LastCountsLost();
    [LoggerMessage(LogLevel.Warning, "Call counts wait in memory, the database does not take them: {Problem}")]
    private partial void CountsWait(string problem);
}
