using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>
/// Who was there and was not met by a run that read everything, or whose account was stopped. A list is no snapshot, so each of them is
/// asked for once more; and where they are many, or the app sees less than before, an administrator is asked before anybody is taken for
/// gone.
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
            await AskAsync(scope, cancellation);
            return question;
        }

        // A dry run of very many asks for none of them one by one.
        if (missing > limit && scope.IsDry) await AskAsync(scope, cancellation);
        else await ForMissingAsync(scope, rows => SettleAsync(scope, reading, rows, cancellation), cancellation);
        await departments.RemoveAsync(scope, gone, askedAt, cancellation);
        return null;
    }

    /// <summary>Who is there, and how many have left, or were stopped, by events in the last hour.</summary>
    public async ValueTask<(long There, long Lately)> LatelyAsync(ISql sql, long directory)
    {
        var since = (clock.GetUtcNow() - Window).ToUnixTimeMilliseconds();
        var lately = await sql.NumberAsync(
            "SELECT COUNT(*) FROM directory_change WHERE run = 0 AND directory = $1 AND kind IN ($2, $3) AND at > $4",
            directory, ChangeKinds.Left, ChangeKinds.Frozen, since);
        return (await MemberRow.CountThereAsync(sql, directory), lately ?? 0);
    }

    /// <summary>A member is gone, or not to be seen any more.</summary>
    /// <exception cref="DirectoryUnreadableException">As <see cref="MemberImport.ApplyAsync"/>.</exception>
    public Task EndAsync(ImportScope scope, MemberRow row, LookedUp looked, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            await PersonRows.LockAsync(unit);
            await scope.Fence(unit);
            var now = clock.GetUtcNow();
            // An event may have told of them meanwhile.
            if (await MemberRow.NamedAsync(unit, scope.Directory.Id, row.Key) is not [var current]
                || MemberImport.IsOlder(scope, current, looked.AskedAt, now)) return;
            if (looked.Fate != MemberFate.Hidden) await changes.LeaveAsync(unit, scope, current, looked.AskedAt, now);
            else await MemberChanges.HideAsync(unit, scope, current, looked.AskedAt, now);
        }, cancellation);

    /// <summary>What became of members, by the platform's word for each of them.</summary>
    private async Task SettleAsync(
        ImportScope scope, IDirectoryReading reading, IReadOnlyList<MemberRow> rows, CancellationToken cancellation)
    {
        var byKey = rows.ToDictionary(r => r.Key, StringComparer.Ordinal);
        await foreach (var looked in reading.LookUpAsync([.. byKey.Keys], cancellation))
        {
            if (looked.There is not { } member) await EndAsync(scope, byKey[looked.Asked], looked, cancellation);
            else await members.ApplyAsync(scope, new DirectoryPage([member], looked.AskedAt), stops: true, cancellation);
        }
    }

    /// <summary>Notes who would go; nobody does. A run that was taken over asks once and not twice.</summary>
    private async Task AskAsync(ImportScope scope, CancellationToken cancellation)
    {
        await database.TransactAsync(async unit =>
        {
            await scope.Fence(unit);
            await ChangeRows.ForgetAskedAsync(unit, scope.Run);
            unit.AfterCommit(scope.Counts.ForgetLeft);
        }, cancellation);
        await ForMissingAsync(scope, rows => database.TransactAsync(async unit =>
        {
            await scope.Fence(unit);
            foreach (var row in rows) await MemberChanges.WouldLeaveAsync(unit, scope, row, clock.GetUtcNow());
        }, cancellation), cancellation);
    }

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
