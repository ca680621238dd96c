using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>Asks the platform for what events named, and takes over what it says.</summary>
internal sealed partial class HintWork(IEnumerable<IDirectoryReader> readers, IDatabase database, DirectoryHints hints, RunStore runs,
    DepartmentImport departments, MemberImport members,
    DirectorySweep sweep, DirectoryOptions options, TimeProvider clock, ILogger<HintWork> logger)
{
    private const int AtOnce = 100;

    /// <summary>More than these of one app: everything is read anew instead.</summary>
    private const int MostWaiting = 1000;

    private const int MostTries = 8;

    /// <summary>Works on the next hints.</summary>
    /// <returns>False: there are none.</returns>
    public async Task<bool> NextAsync(string node, CancellationToken cancellation)
    {
        if (!await database.ReadAsync(hints.IsAnyDueAsync, cancellation)) return false;
        var taken = await database.TransactAsync(unit => hints.TakeAsync(unit, node, AtOnce), cancellation);
        if (taken is not [var first, ..]) return false;
        try
        {
            await WorkAsync(first.Platform, first.App, taken, cancellation);
            await database.TransactAsync(unit => DirectoryHints.DoneAsync(unit, database.Dialect, taken.Select(h => h.Id)), cancellation);
        }
        catch (Exception e) when (e is PlatformApiException or PlatformNetworkException or DirectoryUnreadableException)
        {
            HintsPostponed(first.Platform, first.App, taken.Count, e.Message);
            await PostponeAsync(first, taken, cancellation);
        }

        return true;
    }

    private async Task WorkAsync(string platform, string app, IReadOnlyList<DirectoryHint> taken, CancellationToken cancellation)
    {
        var all = await database.ReadAsync(DirectoryRow.AllAsync, cancellation);
        // Who was never read is not kept true: somebody begins with a run.
        if (all.FirstOrDefault(d => d.Platform == platform && d.App == app && d.CompleteAt is not null) is null
            || readers.FirstOrDefault(r => r.Platform == platform) is not { } reader) return;
        if (taken.Any(h => h.Kind == DirectoryHints.All) || await database.ReadAsync(sql =>
            DirectoryHints.WaitingAsync(sql, platform, app), cancellation) > MostWaiting)
        {
            await AskForRunAsync(platform, app, cancellation);
            return;
        }

        var reading = await reader.OpenAsync(app, cancellation);
        // Other credentials may see another company: that is for a run to find out.
        if (all.FirstOrDefault(d => d.Platform == platform && d.App == app && d.Company == reading.Company) is not { } directory
            || directory.Credentials != reading.Credentials)
        {
            await AskForRunAsync(platform, app, cancellation);
            return;
        }

        var scope = new ImportScope { Directory = directory };
        foreach (var key in taken.Where(h => h.Kind == DirectoryHints.Department).Select(h =>
            h.Item).Distinct(StringComparer.Ordinal)) await LookAtDepartmentAsync(scope, reading, key, cancellation);
        await LookAtMembersAsync(scope, reading,
            [.. taken.Where(h => h.Kind == DirectoryHints.Member).Select(h => h.Item).Distinct(StringComparer.Ordinal)], cancellation);
    }

    private async Task LookAtDepartmentAsync(ImportScope scope, IDirectoryReading reading, string key, CancellationToken cancellation)
    {
        var askedAt = clock.GetUtcNow();
        if (await reading.DepartmentAsync(key, cancellation) is { } told) await departments.ApplyAsync(scope, [told], askedAt,
            cancellation);
        else if (await database.ReadAsync(sql => DepartmentRow.FindAsync(sql, scope.Directory.Id, key),
            cancellation) is { GoneAt: null } row) await departments.RemoveAsync(scope, [row], askedAt, cancellation);
    }

    private async Task LookAtMembersAsync(ImportScope scope, IDirectoryReading reading, IReadOnlyList<string> named,
        CancellationToken cancellation)
    {
        if (named.Count == 0) return;
        var ending = new List<(MemberRow Row, LookedUp Looked)>();
        await foreach (var looked in reading.LookUpAsync(named, cancellation))
        {
            if (looked.There is { } member) await members.ApplyAsync(scope, new DirectoryPage([member], looked.AskedAt), cancellation);
            else foreach (var row in await database.ReadAsync(sql => MemberRow.NamedAsync(sql, scope.Directory.Id, looked.Asked),
                cancellation)) ending.Add((row, looked));
        }

        if (ending.Count == 0) return;
        var (there, lately) = await database.ReadAsync(sql => sweep.LatelyAsync(sql, scope.Directory.Id), cancellation);
        if (lately + ending.Count(e => e.Looked.Fate != MemberFate.Hidden) > options.LimitOf(there + lately))
        {
            // Many at once: a run looks at the whole, and asks before anybody is taken for gone.
            await AskForRunAsync(scope.Directory.Platform, scope.Directory.App, cancellation);
            return;
        }

        foreach (var (row, looked) in ending) await sweep.EndAsync(scope, row, looked, cancellation);
    }

    private Task AskForRunAsync(string platform, string app, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await runs.AskAsync(unit, Actor.System, platform, app, RunCauses.Events, dry: false);
        await DirectoryHints.ForgetAsync(unit, platform, app);
    }, cancellation);

    private Task PostponeAsync(DirectoryHint first, IReadOnlyList<DirectoryHint> taken, CancellationToken cancellation) =>
        taken.Max(h => h.Tries) >= MostTries
        ? AskForRunAsync(first.Platform, first.App, cancellation)
        : database.TransactAsync(unit =>
            hints.LaterAsync(unit, database.Dialect, taken.Select(h => h.Id), TimeSpan.FromSeconds(1 << first.Tries)), cancellation);

    [LoggerMessage(LogLevel.Warning,
        "{Count} changes of the directory of {Platform} app {App} could not be looked at: {Reason}; trying again")]
    private partial void HintsPostponed(string platform, string app, int count, string reason);
}
