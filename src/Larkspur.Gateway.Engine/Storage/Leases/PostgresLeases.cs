using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage.Migrations;
using Larkspur.Gateway.Storage.Postgres;

namespace Larkspur.Gateway.Storage.Leases;

/// <summary>
/// Divides the partitions among the processes that live: each keeps its share by renewing, takes what is free, and gives away what is too much.
/// A process that dies stops renewing; after <see cref="LeaseOptions.Lifetime"/> the others take its share.
/// </summary>
/// <remarks>
/// All times are the database's. A process that cannot reach it stops working by its own monotonic clock before its leases can be taken. What it had
/// begun meanwhile fails at the fence: every write names the token under which it was begun.
/// </remarks>
internal sealed partial class PostgresLeases(IDatabase database, LeaseOptions options, TimeProvider clock, ILogger<PostgresLeases> logger)
    : LeaseRegistry, IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private Task _running = Task.CompletedTask;
    private long _renewedAt;
    private volatile int _live = 1;
    private volatile string? _problem;

    public override bool IsShared => _live > 1;

    public override bool MayBeShared => true;

    public override string? Problem => _problem;

    /// <remarks>By the monotonic clock, which goes on while the process stands still; the next round may be long in coming.</remarks>
    public override Fence? FenceOf(int partition) =>
        clock.GetElapsedTime(Volatile.Read(ref _renewedAt)) < options.Lifetime - options.Interval ? base.FenceOf(partition) : null;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await RoundAsync(first: true);
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running;
        await LeaveAsync();
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stop.Dispose();
        _wake.Dispose();
    }

    /// <summary>Another process came, went or gave something away: look now.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount > 0) return;
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Two woke it at once; one round serves both.
        }
    }

    private async Task RunAsync()
    {
        var woken = _wake.WaitAsync(_stop.Token);
        var pause = options.Interval;
        try
        {
            while (true)
            {
                await Task.WhenAny(Task.Delay(pause, clock, _stop.Token), woken);
                _stop.Token.ThrowIfCancellationRequested();
                if (woken.IsCompleted) woken = _wake.WaitAsync(_stop.Token);
                // A connection that has gone silent costs one round; the next has another one, and comes before the leases run out.
                pause = await RoundAsync(first: false) ? options.Interval : options.Interval / 6;
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    /// <returns>False: it failed.</returns>
    private async Task<bool> RoundAsync(bool first)
    {
        var begun = clock.GetTimestamp();
        try
        {
            var round = await database.TransactAsync(RenewAsync).WaitAsync(options.Lifetime / 2, clock);
            if (round is not { } renewed)
            {
                await StandAsideAsync();
                return true;
            }

            _problem = null;
            Volatile.Write(ref _renewedAt, begun);
            _live = renewed.Live;
            // One that has another token was somebody else's in between: a renewal that was given up waiting for took it back.
            var lost = Held.Without(Partitions.From(renewed.Kept.Where(f => FenceOf(f.Partition) == f).Select(f => f.Partition)));
            if (!lost.IsEmpty)
            {
                PartitionsLost(lost.Size);
                _ = LoseAsync(lost);
            }

            // Also after an expiry that only this process believed in.
            Gained([.. renewed.Kept.Where(f => !Held.Contains(f.Partition))]);
            Gained(renewed.Taken);
            if (renewed.Taken.Count > 0) PartitionsTaken(renewed.Taken.Count, Held.Size, Partitions.Count, renewed.Live);
            if (renewed.Surplus > 0) await GiveAwayAsync(renewed.Surplus);
            return true;
        }
        // Whatever it is: without further rounds this process would go on for ever under leases that others have.
        catch (Exception e) when (!first)
        {
            if (e is not (StorageUnavailableException or TimeoutException)) RenewalFailed(e);
            var silent = clock.GetElapsedTime(_renewedAt);
            if (silent < options.Lifetime - options.Interval || Held.IsEmpty) return false;
            LeasesRunOut(silent, e.Message);
            _ = LoseAsync(Held);
            return false;
        }
    }

    private async ValueTask<Round?> RenewAsync(IUnitOfWork unit)
    {
        var schema = await unit.NumberAsync("SELECT MAX(number) FROM migration") ?? 0;
        if (schema > MigrationScript.Newest) return null;

        var lifetime = (long)options.Lifetime.TotalMilliseconds;
        await unit.ExecuteAsync($"""
            INSERT INTO node (id, host, version, newest_schema, started_at, expires_at) VALUES ($1, $2, $3, $4, {PostgresClock.Now}, {PostgresClock.Now} + $5)
            ON CONFLICT (id) DO UPDATE SET expires_at = EXCLUDED.expires_at
            """, Node, Environment.MachineName, SoleLeases.Version, MigrationScript.Newest, lifetime);
        await unit.ExecuteAsync($"DELETE FROM node WHERE expires_at < {PostgresClock.Now} - 3600000");
        var nodes = await unit.QueryAsync($"SELECT id FROM node WHERE expires_at > {PostgresClock.Now} ORDER BY id", static row => row.GetString(0));

        var kept = await unit.QueryAsync($"UPDATE lease SET expires_at = {PostgresClock.Now} + $2 WHERE node = $1 RETURNING partition, token",
            static row => new Fence(row.GetInt32(0), row.GetInt64(1)), Node, lifetime);
        var share = Share(nodes.Count, Math.Max(0, nodes.IndexOf(Node)));
        if (kept.Count >= share) return new Round(kept, [], nodes.Count, kept.Count - share);
        var taken = await unit.QueryAsync($"""
            UPDATE lease SET node = $1, token = token + 1, expires_at = {PostgresClock.Now} + $2
            WHERE partition IN (SELECT partition FROM lease WHERE (node IS NULL OR expires_at <= {PostgresClock.Now}) ORDER BY partition LIMIT $3 FOR UPDATE SKIP LOCKED)
            RETURNING partition, token
            """, static row => new Fence(row.GetInt32(0), row.GetInt64(1)), Node, lifetime, share - kept.Count);
        return new Round(kept, taken, nodes.Count, 0);
    }

    /// <summary>Shares differ by one at most and add up to all.</summary>
    private static int Share(int nodes, int index) => Partitions.Count / Math.Max(1, nodes) + (index < Partitions.Count % Math.Max(1, nodes) ? 1 : 0);

    private async Task GiveAwayAsync(int count)
    {
        var given = Partitions.From(Held.Each().TakeLast(count));
        try
        {
            await LoseAsync(given).WaitAsync(ReleasePatience, clock);
        }
        catch (TimeoutException)
        {
            // What still runs fails at the fence and runs again where the partition goes.
            WorkTakesLong();
        }

        await ReleaseAsync(given).WaitAsync(ReleasePatience, clock);
    }

    private Task ReleaseAsync(Partitions partitions) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync(
                "UPDATE lease SET node = NULL, expires_at = 0 WHERE node = $1 AND (($2 >> partition) & 1) = 1", Node, partitions.Value);
        unit.Announce(Topics.Leases, 0);
    });

    private async Task StandAsideAsync()
    {
        _problem = "the database was brought up to date by a newer Larkspur; update this process";
        if (Held.IsEmpty) return;
        ProgramOutdated();
        _ = LoseAsync(Held);
    }

    private async Task LeaveAsync()
    {
        try
        {
            await database.TransactAsync(async unit =>
            {
                await unit.ExecuteAsync(
                "UPDATE lease SET node = NULL, expires_at = 0 WHERE node = $1", Node);
                await unit.ExecuteAsync("DELETE FROM node WHERE id = $1", Node);
                unit.Announce(Topics.Leases, 0);
            }).WaitAsync(ReleasePatience, clock);
        }
        catch (Exception e) when (e is StorageUnavailableException or TimeoutException)
        {
            LeasesNotReturned(e.Message);
        }
    }

    private readonly record struct Round(List<Fence> Kept, List<Fence> Taken, int Live, int Surplus);

    [LoggerMessage(LogLevel.Warning, "{Count} partitions were taken by another process: this one was not heard of for too long")]
    private partial void PartitionsLost(int count);
    [LoggerMessage(LogLevel.Information, "Took {Count} partitions; this process now works on {Held} of {All}, {Live} processes live")]
    private partial void PartitionsTaken(int count, int held, int all, int live);
    [LoggerMessage(LogLevel.Error, "A renewal of the leases failed; the next round tries again")]
    private partial void RenewalFailed(Exception error);
    [LoggerMessage(LogLevel.Warning, "The leases could not be renewed for {Silent} ({Reason}); this process stops working until they are")]
    private partial void LeasesRunOut(TimeSpan silent, string reason);
    [LoggerMessage(LogLevel.Debug, "Work on given-away partitions takes long")] private partial void WorkTakesLong();
    [LoggerMessage(LogLevel.Error,
        "The database was brought up to date by a newer Larkspur while this process ran; it stops working. Update it")]
    private partial void ProgramOutdated();
    [LoggerMessage(LogLevel.Information, "The leases could not be returned ({Reason}); they run out by themselves")]
    private partial void LeasesNotReturned(string reason);
}

/// <summary>How processes share the work. Section <c>Larkspur:Leases</c>.</summary>
public sealed class LeaseOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Leases";

    /// <summary>How long a process may be silent before the others take its work. Default 6 s.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How often it is heard. Default 1.5 s; at most a third of the lifetime.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>What is wrong, with the settings' names.</summary>
    IEnumerable<string> ISectionOptions.Problems()
    {
        if (Interval <= TimeSpan.Zero) yield return "Larkspur:Leases:Interval: longer than 00:00:00";
        if (Interval * 3 > Lifetime) yield return "Larkspur:Leases:Interval: at most a third of Larkspur:Leases:Lifetime, else one late word costs a process its work";
    }
}
