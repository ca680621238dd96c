using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>
/// Who was there and was not met by a run that read everything. A list is no snapshot, so each of them is asked for once more; and where
/// they
/// are many, or the app sees less than before, an administrator is asked before anybody is taken for gone.
/// </summary>
internal sealed class DirectorySweep(IDatabase database, DepartmentImport departments, MemberImport members, MemberChanges changes,
    DirectoryOptions options, TimeProvider clock)
{
    private const int Chunk = 200;

    /// <summary>Leavers by events are counted together within this time.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <returns>What is asked: a word of <c>DirectoryTexts.json</c>; null: it is done.</returns>
    public async Task<string?> RunAsync(ImportScope scope, RunRow run, IDirectoryReading reading,
        IReadOnlyList<DirectoryDepartment> found, DateTimeOffset askedAt, CancellationToken cancellation)
    {
        var gone = await departments.MissingAsync(scope, found, cancellation);
        var confirmed = run.Confirms is { } asked ? await database.ReadAsync(sql => ChangeRows.AskedAsync(sql, asked), cancellation) : null;
        var (missing, unexpected) = (0L, 0L);
        await ForMissingAsync(scope, rows =>
        {
            missing += rows.Count;
            unexpected += confirmed is null ? rows.Count : rows.Count(r => !confirmed.Contains(r.Key));
            return Task.CompletedTask;
        }, cancellation);

        // Who has just left by events counts too: a limit is none that is met piece by piece.
        var (there, lately) = await database.ReadAsync(sql => LatelyAsync(sql, scope.Directory.Id), cancellation);
        var limit = options.LimitOf(there + lately);
        var isLess = confirmed is null && scope.Directory.Range.Except(reading.Range, StringComparer.Ordinal).Any()
            && (missing > 0 || gone.Count > 0);
        var question = isLess ? "range_shrank" : unexpected > 0 && unexpected + lately > limit ? "many_missing" : null;
        if (question is not null && !run.IsDry)
        {
            await ForMissingAsync(scope, rows => AskAsync(scope, rows, cancellation), cancellation);
            return question;
        }

        // A dry run of very many asks for none of them one by one.
        if (missing > limit && scope.IsDry) await ForMissingAsync(scope, rows => AskAsync(scope, rows, cancellation), cancellation);
        else await ForMissingAsync(scope, rows => SettleAsync(scope, reading, rows, cancellation), cancellation);
        await departments.RemoveAsync(scope, gone, askedAt, cancellation);
        return null;
    }

    /// <summary>Who is there, and how many have left by events in the last hour.</summary>
    public async ValueTask<(long There, long Lately)> LatelyAsync(ISql sql, long directory) =>
        (await MemberRow.CountThereAsync(sql, directory),
        await sql.NumberAsync("SELECT COUNT(*) FROM directory_change WHERE run = 0 AND directory = $1 AND kind = $2 AND at > $3",
            directory, ChangeKinds.Left, (clock.GetUtcNow() - Window).ToUnixTimeMilliseconds()) ?? 0);

    /// <summary>What became of members, by the platform's word for each of them.</summary>
    public async Task SettleAsync(ImportScope scope, IDirectoryReading reading, IReadOnlyList<MemberRow> rows,
        CancellationToken cancellation)
    {
        var byKey = rows.ToDictionary(r => r.Key, StringComparer.Ordinal);
        await foreach (var looked in reading.LookUpAsync([.. byKey.Keys], cancellation))
        {
            if (looked.There is { } member) await members.ApplyAsync(scope, new DirectoryPage([member], looked.AskedAt), cancellation);
            else await EndAsync(scope, byKey[looked.Asked], looked, cancellation);
        }
    }

    /// <summary>A member is gone, or not to be seen any more.</summary>
    public Task EndAsync(ImportScope scope, MemberRow row, LookedUp looked, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
    {
        await PersonRows.LockAsync(unit);
        await scope.Fence(unit);
        // An event may have told of them meanwhile.
        if (await MemberRow.NamedAsync(unit, scope.Directory.Id, row.Key) is not [var current] || current.ReadAt > looked.AskedAt) return;
        if (looked.Fate != MemberFate.Hidden) await changes.LeaveAsync(unit, scope, current, looked.AskedAt, clock.GetUtcNow());
        else await MemberChanges.HideAsync(unit, scope, current, looked.AskedAt, clock.GetUtcNow());
    }, cancellation);

    /// <summary>Notes who would go; nobody does.</summary>
    private Task AskAsync(ImportScope scope, IReadOnlyList<MemberRow> rows, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
    {
        await scope.Fence(unit);
        foreach (var row in rows) await MemberChanges.WouldLeaveAsync(unit, scope, row, clock.GetUtcNow());
    }, cancellation);

    private async Task ForMissingAsync(ImportScope scope, Func<IReadOnlyList<MemberRow>, Task> each, CancellationToken cancellation)
    {
        for (long after = 0; ;)
        {
            var rows = await database.ReadAsync(sql => MemberRow.ThereAsync(sql, scope.Directory.Id, after, Chunk), cancellation);
            if (rows.Count == 0) return;
            after = rows[^1].Id;
            if (rows.Where(r => !scope.Seen!.Contains(r.Id)).ToArray() is { Length: > 0 } missing) await each(missing);
        }
    }
}
