using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>
/// One run: everybody is read and taken over, and only after all of it was read those are looked for who were not met. A run is complete or
/// has failed; nobody is taken for gone by one that has not seen everything.
/// </summary>
internal sealed partial class DirectorySync(IEnumerable<IDirectoryReader> readers, IDatabase database, RunStore runs,
    DepartmentImport departments, MemberImport members,
    DirectorySweep sweep, PersonMatches matches, AuditTrail audit, TimeProvider clock, ILogger<DirectorySync> logger)
{
    /// <summary>Parts: enough for 20 a second, where reading and writing one takes 0.4 s.</summary>
    private const int AtOnce = 8;

    /// <summary>Processes that may take a run before it is given up: what ends each of them is the run's own fault.</summary>
    private const int MostTakers = 20;

    private const int Tries = 5;
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    /// <summary>Does a run that this process took.</summary>
    public async Task RunAsync(RunRow run, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var work = new Work(run);
        var beating = BeatAsync(work, end);
        try
        {
            if (run.Token > MostTakers)
                throw new DirectoryUnreadableException("gave_up", "Each process that began it ended before it was done.");
            await ReadAsync(work, end.Token);
        }
        catch (RunLostException)
        {
            RunLost(run.Id);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            if (stopping.IsCancellationRequested) await runs.ReleaseAsync(run, CancellationToken.None);
            else RunLost(run.Id);
        }
        catch (Exception e) when (ReasonOf(e) is { } reason)
        {
            await FailAsync(work, reason, e.Message, CancellationToken.None);
        }
        finally
        {
            await end.CancelAsync();
            await beating;
        }
    }

    private async Task ReadAsync(Work work, CancellationToken cancellation)
    {
        var run = work.Run;
        var reader = readers.FirstOrDefault(r => r.Platform == run.Platform)
            ?? throw new DirectoryUnreadableException("unknown_platform", $"Nobody reads directories of {run.Platform}.");
        var reading = await reader.OpenAsync(run.App, cancellation);
        var directory = await database.TransactAsync(async unit =>
        {
            await RunStore.FenceAsync(unit, run);
            return await DirectoryRow.GetOrCreateAsync(unit, run.Platform, run.App, reading.Company);
        }, cancellation);

        // Other credentials may see another company, or another part of it: what would change is shown first.
        var isOther = directory.CompleteAt is not null && directory.Credentials != reading.Credentials && run.Confirms is null;
        var scope = new ImportScope
        {
            Directory = directory, Run = run.Id, IsDry = run.IsDry || isOther, Seen = work.Seen, Counts = work.Counts,
            Fence = unit => RunStore.FenceAsync(unit, run),
        };
        var askedAt = clock.GetUtcNow();
        var found = await ReadDepartmentsAsync(work, scope, reading, askedAt, cancellation);
        await ReadMembersAsync(work, scope, reading, found, cancellation);
        if (!work.Refused.IsEmpty) await FailAsync(work, "parts_refused", string.Join("; ", work.Refused.Take(10)), cancellation);
        else if (work.Counts.Members == 0)
            await FailAsync(work, "empty", "The platform told of nobody, without refusing anything.", cancellation);
        else await FinishAsync(work, scope, reading, found, askedAt, isOther, cancellation);
    }

    /// <summary>All departments; and the members of those that a reading finds early, meanwhile.</summary>
    private async Task<IReadOnlyList<DirectoryDepartment>> ReadDepartmentsAsync(
        Work work, ImportScope scope, IDirectoryReading reading, DateTimeOffset askedAt, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ready = Channel.CreateUnbounded<string>();
        var members = Parallel.ForEachAsync(ready.Reader.ReadAllAsync(end.Token), Bound(end.Token), async (part, limit) =>
        {
            if (work.IsOpen(part)) await ReadPartAsync(work, scope, reading, part, limit);
        });
        try
        {
            var found = await reading.DepartmentsAsync(part => ready.Writer.TryWrite(part), end.Token);
            ready.Writer.Complete();
            work.Counts.FoundDepartments(found.Count);
            foreach (var refused in reading.Refused) work.Refused.Add(refused);
            await departments.ApplyAsync(scope, found, askedAt, end.Token);
            await members;
            return found;
        }
        finally
        {
            await end.CancelAsync();
            await members.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ParallelOptions Bound(CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };

    /// <summary>All parts but the last beside each other: what the last one lists, the others may have told more of.</summary>
    private async Task ReadMembersAsync(Work work, ImportScope scope, IDirectoryReading reading, IReadOnlyList<DirectoryDepartment> found,
        CancellationToken cancellation)
    {
        var parts = reading.Parts(found);
        await Parallel.ForEachAsync(parts.SkipLast(1).Where(work.IsOpen).ToArray(), Bound(cancellation),
            async (part, limit) => await ReadPartAsync(work, scope, reading, part, limit));
        if (parts is [.., var last] && work.IsOpen(last)) await ReadPartAsync(work, scope, reading, last, cancellation);
    }

    private async Task ReadPartAsync(Work work, ImportScope scope, IDirectoryReading reading, string part, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await foreach (var page in reading.MembersAsync(part, cancellation))
                    await members.ApplyAsync(scope, page, stops: false, cancellation);
                work.Done[part] = true;
                return;
            }
            catch (Exception e) when (attempt < Tries && e is PlatformNetworkException or PlatformApiException { IsTransient: true })
            {
                await Task.Delay(TimeSpan.FromSeconds(1 << (attempt - 1)), clock, cancellation);
            }
            catch (PlatformApiException e) when (e.FailureKind is not (FailureKind.Authentication or FailureKind.Quota))
            {
                // The others are read all the same; but nobody is taken for gone.
                work.RefusedParts[part] = true;
                work.Refused.Add($"{part}: {e.Message}");
                return;
            }
        }
    }

    private async Task FinishAsync(Work work, ImportScope scope, IDirectoryReading reading, IReadOnlyList<DirectoryDepartment> found,
        DateTimeOffset askedAt, bool isOther, CancellationToken cancellation)
    {
        var run = work.Run;
        var question = await sweep.RunAsync(scope, run, reading, found, askedAt, cancellation);
        var counts = scope.Counts;
        // Of other credentials everything is asked together: nothing has changed yet.
        if (isOther && !run.IsDry && (question is not null || counts.Changes + counts.Left + counts.Hidden > 0))
            question = "credentials_changed";
        // Before it is said to be complete: whoever sees that it is finds them.
        if (question is null && !run.IsDry) await matches.FindAsync(scope.Directory.Id, cancellation);
        await database.TransactAsync(async unit =>
        {
            await RunStore.FenceAsync(unit, run);
            if (question is not null)
            {
                await runs.EndAsync(unit, run, RunStates.Waiting, work.Counts, question);
                await audit.AddAsync(unit, Actor.System, "directory.asked", run.Platform, Detail(run, work.Counts, question));
                return;
            }

            await runs.EndAsync(unit, run, RunStates.Complete, work.Counts);
            if (run.IsDry) return;
            await DirectoryRow.CompletedAsync(unit, scope.Directory.Id, reading, clock.GetUtcNow());
            await audit.AddAsync(unit, Actor.System, "directory.synced", run.Platform, Detail(run, work.Counts, null));
        }, cancellation);
        RunEnded(run.Id, run.Platform, run.App, question ?? RunStates.Complete, work.Counts.Members, work.Counts.Joined,
            work.Counts.Changed, work.Counts.Left);
    }

    private async Task FailAsync(Work work, string reason, string detail, CancellationToken cancellation)
    {
        var run = work.Run;
        try
        {
            await database.TransactAsync(async unit =>
            {
                await RunStore.FenceAsync(unit, run);
                await runs.EndAsync(unit, run, RunStates.Failed, work.Counts, reason, detail);
                await audit.AddAsync(unit, Actor.System, "directory.failed", run.Platform, Detail(run, work.Counts, reason));
            }, cancellation);
            RunFailed(run.Id, run.Platform, run.App, reason, detail);
        }
        catch (RunLostException)
        {
            RunLost(run.Id);
        }
    }

    /// <summary>Says that this process lives; ends the run here when it is another's.</summary>
    private async Task BeatAsync(Work work, CancellationTokenSource end)
    {
        using var timer = new PeriodicTimer(BeatEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(end.Token))
            {
                try
                {
                    if (!await runs.BeatAsync(work.Run, work.Progress, work.Counts, end.Token)) await end.CancelAsync();
                }
                catch (StorageUnavailableException e)
                {
                    BeatMissed(work.Run.Id, e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    private static JsonObject Detail(RunRow run, RunCounts counts, string? reason) => new()
    {
        ["app"] = run.App, ["run"] = run.Id, ["members"] = counts.Members, ["joined"] = counts.Joined, ["changed"] = counts.Changed,
            ["left"] = counts.Left, ["reason"] = reason,
    };

    /// <summary>Why a run failed, for people; null: it is this program's own fault, or the database's.</summary>
    private static string? ReasonOf(Exception e) => e switch
    {
        DirectoryUnreadableException own => own.Reason,
        PlatformApiException { FailureKind: FailureKind.Permission } => "no_permission",
        PlatformApiException { FailureKind: FailureKind.Authentication } => "bad_credentials",
        PlatformApiException { FailureKind: FailureKind.Quota } => "quota",
        PlatformApiException { FailureKind: FailureKind.RateLimited } => "too_fast",
        PlatformApiException => "refused",
        PlatformNetworkException => "unreachable",
        AggregateException { InnerException: { } inner } => ReasonOf(inner),
        _ => null,
    };

    [LoggerMessage(LogLevel.Information,
        "Run {Run} of the directory of {Platform} app {App}: {State}; {Members} members, {Joined} joined, {Changed} changed, {Left} left")]
    private partial void RunEnded(long run, string platform, string app, string state, long members, long joined, long changed, long left);
    [LoggerMessage(LogLevel.Warning, "Run {Run} of the directory of {Platform} app {App} failed ({Reason}): {Detail}")]
    private partial void RunFailed(long run, string platform, string app, string reason, string detail);
    [LoggerMessage(LogLevel.Warning, "Run {Run} of the directory is another process's by now")] private partial void RunLost(long run);
    [LoggerMessage(LogLevel.Warning, "Run {Run} of the directory could not say that it goes on: {Reason}")]
    private partial void BeatMissed(long run, string reason);

    /// <summary>A run under way.</summary>
    private sealed class Work(RunRow run)
    {
        public RunRow Run => run;

        public RunCounts Counts { get; } = run.Counts;

        public SeenMembers Seen { get; } = new(run.Progress?.Seen);

        public ConcurrentDictionary<string, bool> Done { get; } =
            new((run.Progress?.Done ?? []).Select(part => KeyValuePair.Create(part, true)), StringComparer.Ordinal);

        public ConcurrentBag<string> Refused { get; } = [];

        /// <summary>By this process: another one tries them again.</summary>
        public ConcurrentDictionary<string, bool> RefusedParts { get; } = new(StringComparer.Ordinal);

        public bool IsOpen(string part) => !Done.ContainsKey(part) && !RefusedParts.ContainsKey(part);

        public RunProgress Progress => new([.. Done.Keys], Seen.ToArray());
    }
}
