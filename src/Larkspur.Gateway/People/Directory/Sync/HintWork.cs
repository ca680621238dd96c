using System.Globalization;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>Asks the platform for what events named, and takes over what it says.</summary>
internal sealed partial class HintWork(IEnumerable<IDirectoryReader> readers, IDatabase database, DirectoryHints hints, RunStore runs,
    DepartmentImport departments, MemberImport members, DirectorySweep sweep, DirectoryOptions options, TimeProvider clock,
    ILogger<HintWork> logger)
{
    private const int AtOnce = 100;

    /// <summary>More than these of one app: everything is read anew instead.</summary>
    private const int MostWaiting = 1000;

    /// <summary>Of what no answer of the platform explains: then the run of the night makes up for it.</summary>
    private const int MostTries = 8;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>From one run that was asked for to the next, while none ends well.</summary>
    private static readonly TimeSpan BetweenRuns = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan MostBetweenRuns = TimeSpan.FromHours(6);

    /// <summary>Works on the next hints.</summary>
    /// <returns>False: there are none.</returns>
    public async Task<bool> NextAsync(CancellationToken cancellation)
    {
        if (!await database.ReadAsync(hints.IsAnyDueAsync, cancellation)) return false;
        var taken = await database.TransactAsync(unit => hints.TakeAsync(unit, AtOnce), cancellation);
        if (taken.Count > 0) await TryAsync(taken, cancellation);
        return taken.Count > 0;
    }

    private async Task TryAsync(IReadOnlyList<DirectoryHint> taken, CancellationToken cancellation)
    {
        try
        {
            var done = await WorkAsync(taken[0].Platform, taken[0].App, taken, cancellation);
            if (done) await DoneAsync(taken, cancellation);
        }
        catch (Exception e) when (e is PlatformApiException or PlatformNetworkException or DirectoryUnreadableException)
        {
            // Who has left meanwhile is asked for when the platform is back, however long that takes.
            HintsPostponed(taken[0].Platform, taken[0].App, taken.Count, e.Message);
            await LaterAsync(taken, PauseOf(taken), cancellation);
        }
        catch (Exception e) when (e is not (OperationCanceledException or StorageUnavailableException))
        {
            // One that cannot be worked on keeps no other waiting.
            if (taken.Count > 1)
            {
                foreach (var one in taken) await TryAsync([one], cancellation);
                return;
            }

            HintFailed(taken[0].Kind, taken[0].Item, taken[0].Platform, taken[0].App, e);
            if (taken[0].Tries >= MostTries) await DoneAsync(taken, cancellation);
            else await LaterAsync(taken, PauseOf(taken), cancellation);
        }
    }

    /// <returns>False: a run was asked for, and they wait until one has read everything.</returns>
    private async Task<bool> WorkAsync(string platform, string app, IReadOnlyList<DirectoryHint> taken, CancellationToken cancellation)
    {
        // Who was never read is not kept up to date: somebody begins with a run.
        var found = await database.ReadAsync(sql => DirectoryRow.FindAsync(sql, platform, app), cancellation);
        if (found is not { CompleteAt: not null } directory
            || readers.FirstOrDefault(r => r.Platform == platform) is not { } reader) return true;
        var waiting = await database.ReadAsync(sql => DirectoryHints.WaitingAsync(sql, platform, app), cancellation);
        if (waiting > MostWaiting || taken.Any(h => h.Kind == DirectoryHints.All)) return await AskForRunAsync(taken, cancellation);
        // Once for an outage: whoever has read everything since then has read what it missed.
        if (LatestOf(taken) is { } missedAt && missedAt > directory.CompleteAt)
            return await AskForRunAsync(taken, cancellation, missedAt);

        var reading = await reader.OpenAsync(app, cancellation);
        // Other credentials may see another company: that is for a run to find out.
        if (directory.Credentials != reading.Credentials) return await AskForRunAsync(taken, cancellation);
        var scope = new ImportScope { Directory = directory };
        foreach (var key in Named(taken, DirectoryHints.Department)) await LookAtDepartmentAsync(scope, reading, key, cancellation);
        return await LookAtMembersAsync(scope, reading, Named(taken, DirectoryHints.Member), cancellation)
            || await AskForRunAsync(taken, cancellation);
    }

    /// <summary>When the last of those happened that came late; null: none did.</summary>
    private static DateTimeOffset? LatestOf(IReadOnlyList<DirectoryHint> taken) => taken.Where(h => h.Kind == DirectoryHints.Late)
        .Select(h => (DateTimeOffset?)DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(h.Item, CultureInfo.InvariantCulture))).Max();

    private static string[] Named(IReadOnlyList<DirectoryHint> taken, string kind) =>
        [.. taken.Where(h => h.Kind == kind).Select(h => h.Item).Distinct(StringComparer.Ordinal)];

    private async Task LookAtDepartmentAsync(ImportScope scope, IDirectoryReading reading, string key, CancellationToken cancellation)
    {
        var askedAt = clock.GetUtcNow();
        if (await reading.DepartmentAsync(key, cancellation) is { } told)
        {
            await departments.ApplyAsync(scope, [told], askedAt, cancellation);
            return;
        }

        var known = await database.ReadAsync(sql => DepartmentRow.FindAsync(sql, scope.Directory.Id, key), cancellation);
        if (known is { GoneAt: null }) await departments.RemoveAsync(scope, [known], askedAt, cancellation);
    }

    /// <returns>False: so many would go that a run has to look at the whole, and ask.</returns>
    private async Task<bool> LookAtMembersAsync(
        ImportScope scope, IDirectoryReading reading, IReadOnlyList<string> named, CancellationToken cancellation)
    {
        if (named.Count == 0) return true;
        var ending = new List<(MemberRow Row, LookedUp Looked)>();
        await foreach (var looked in reading.LookUpAsync(named, cancellation))
        {
            var rows = await database.ReadAsync(sql => MemberRow.NamedAsync(sql, scope.Directory.Id, looked.Asked), cancellation);
            if (looked.There is not { } member) ending.AddRange(rows.Select(row => (row, looked)));
            else if (rows.Find(r => r.Key == member.Key) is { } row && MemberImport.IsStopped(member, row)) ending.Add((row, looked));
            else await members.ApplyAsync(scope, new DirectoryPage([member], looked.AskedAt), stops: false, cancellation);
        }

        if (ending.Count == 0) return true;
        var (there, lately) = await database.ReadAsync(sql => sweep.LatelyAsync(sql, scope.Directory.Id), cancellation);
        if (lately + ending.Count(e => e.Looked.Fate != MemberFate.Hidden) > options.LimitOf(there + lately)) return false;
        foreach (var (row, looked) in ending)
        {
            if (looked.There is not { } member) await sweep.EndAsync(scope, row, looked, cancellation);
            else await members.ApplyAsync(scope, new DirectoryPage([member], looked.AskedAt), stops: true, cancellation);
        }

        return true;
    }

    /// <summary>A run looks at the whole. The hints stay until one has: it may fail, as long as the platform is away.</summary>
    private async Task<bool> AskForRunAsync(IReadOnlyList<DirectoryHint> taken, CancellationToken cancellation,
        DateTimeOffset? missedAt = null)
    {
        var pause = BetweenRuns * Math.Pow(2, Math.Min(taken.Max(h => h.Tries) - 1, 10));
        await database.TransactAsync(async unit =>
        {
            await runs.AskAsync(unit, Actor.System, taken[0].Platform, taken[0].App,
                missedAt is null ? RunCauses.Events : RunCauses.Outage, dry: false, missedAt: missedAt);
            await hints.LaterAsync(unit, database.Dialect, taken.Select(h => h.Id), pause < MostBetweenRuns ? pause : MostBetweenRuns);
        }, cancellation);
        return false;
    }

    private Task DoneAsync(IReadOnlyList<DirectoryHint> taken, CancellationToken cancellation) =>
        database.TransactAsync(unit => DirectoryHints.DoneAsync(unit, database.Dialect, taken.Select(h => h.Id)), cancellation);

    private Task LaterAsync(IReadOnlyList<DirectoryHint> taken, TimeSpan pause, CancellationToken cancellation) =>
        database.TransactAsync(unit => hints.LaterAsync(unit, database.Dialect, taken.Select(h => h.Id), pause), cancellation);

    private static TimeSpan PauseOf(IReadOnlyList<DirectoryHint> taken)
    {
        var pause = TimeSpan.FromSeconds(1 << Math.Min(taken.Max(h => h.Tries), 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    [LoggerMessage(LogLevel.Warning,
        "{Count} changes of the directory of {Platform} app {App} could not be looked at: {Reason}; trying again")]
    private partial void HintsPostponed(string platform, string app, int count, string reason);
    [LoggerMessage(LogLevel.Error, "The change of {Kind} {Item} in the directory of {Platform} app {App} cannot be worked on")]
    private partial void HintFailed(string kind, string item, string platform, string app, Exception error);
}
