using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.ScimTargets;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>Takes over what a directory says of departments.</summary>
internal sealed class DepartmentImport(IDatabase database, DirectoryWebhooks webhooks, TimeProvider clock)
{
    private const int AtOnce = 100;

    /// <summary>Takes departments over. Which are missing is another question (<see cref="MissingAsync"/>).</summary>
    public async Task ApplyAsync(ImportScope scope, IReadOnlyList<DirectoryDepartment> departments, DateTimeOffset askedAt,
        CancellationToken cancellation)
    {
        var known = await database.ReadAsync(sql => DepartmentRow.AllAsync(sql, scope.Directory.Id), cancellation);
        var news = departments.Where(d => d.Key.Length <= DirectoryDepartment.LongestKey)
            .Where(d => !known.TryGetValue(d.Key, out var row) || row.GoneAt is not null || row.Hash != d.Hash())
            .ToArray();
        foreach (var some in news.Chunk(AtOnce))
        {
            await database.TransactAsync(async unit =>
            {
                await PersonRows.LockAsync(unit);
                await scope.Fence(unit);
                foreach (var department in some) await WriteAsync(unit, scope, department.Checked(), askedAt);
            }, cancellation);
        }
    }

    /// <summary>Departments that were there and are not among these.</summary>
    public async Task<IReadOnlyList<DepartmentRow>> MissingAsync(ImportScope scope, IReadOnlyList<DirectoryDepartment> departments,
        CancellationToken cancellation)
    {
        var there = departments.Select(d => d.Key).ToHashSet(StringComparer.Ordinal);
        var known = await database.ReadAsync(sql => DepartmentRow.AllAsync(sql, scope.Directory.Id), cancellation);
        return [.. known.Values.Where(r => r.GoneAt is null && !there.Contains(r.Told.Key))];
    }

    /// <summary>Departments are no more, or not to be seen any more: which of the two the platform does not say.</summary>
    public async Task RemoveAsync(ImportScope scope, IReadOnlyList<DepartmentRow> gone, DateTimeOffset askedAt,
        CancellationToken cancellation)
    {
        foreach (var some in gone.Chunk(AtOnce))
        {
            await database.TransactAsync(async unit =>
            {
                await PersonRows.LockAsync(unit);
                await scope.Fence(unit);
                foreach (var department in some) await RemoveAsync(unit, scope, department, askedAt);
            }, cancellation);
        }
    }

    /// <summary>Takes one over, in the caller's transaction.</summary>
    public async ValueTask WriteAsync(IUnitOfWork unit, ImportScope scope, DirectoryDepartment told, DateTimeOffset askedAt)
    {
        var now = clock.GetUtcNow();
        var row = await DepartmentRow.FindAsync(unit, scope.Directory.Id, told.Key);
        // What was asked before the last word about it is older than that.
        if (row is not null && (row.ReadAt > askedAt || (row.Hash == told.Hash() && row.GoneAt is null))) return;
        // What is withheld now stays as it was told; its hash is of what was told now.
        var whole = row is null ? told : told with { Name = told.Name ?? row.Told.Name, EnName = told.EnName ?? row.Told.EnName,
            Leaders = told.Leaders ?? row.Told.Leaders };
        var differences = row is null || row.GoneAt is not null ? [] : DifferencesOf(row.Told, whole);
        var isNew = row is null || row.GoneAt is not null;
        if (!scope.IsDry) await DepartmentRow.WriteAsync(unit, scope.Directory.Id, whole, told.Hash(), askedAt, now);
        if (!isNew && differences.Count == 0) return;
        if (!scope.IsDry) await PushedChanges.OfDepartmentAsync(unit, scope.Directory.Id, told.Key, isNew || differences.Exists(d =>
            d.Name == "name"));
        var kind = isNew ? ChangeKinds.DepartmentMade : ChangeKinds.DepartmentChanged;
        await ChangeRows.AddAsync(unit, scope, new(kind, told.Key, whole.Name, null, differences), now, !scope.IsDry);
        if (!scope.IsDry) await webhooks.TellAsync(unit, scope, isNew
            ? DirectoryWebhooks.DepartmentMade : DirectoryWebhooks.DepartmentChanged, whole, differences, now);
    }

    /// <summary>One is no more, in the caller's transaction.</summary>
    public async ValueTask RemoveAsync(IUnitOfWork unit, ImportScope scope, DepartmentRow row, DateTimeOffset askedAt)
    {
        var now = clock.GetUtcNow();
        var current = await DepartmentRow.FindAsync(unit, scope.Directory.Id, row.Told.Key);
        if (current is null or { GoneAt: not null } || current.ReadAt > askedAt) return;
        if (!scope.IsDry)
        {
            await DepartmentRow.GoneAsync(unit, row.Id, askedAt, now);
            await PushedChanges.OfDepartmentAsync(unit, scope.Directory.Id, row.Told.Key, isRenamed: true);
            await webhooks.TellAsync(unit, scope, DirectoryWebhooks.DepartmentGone, row.Told, [], now);
        }

        await ChangeRows.AddAsync(unit, scope, new(ChangeKinds.DepartmentGone, row.Told.Key, row.Told.Name, null, []), now, !scope.IsDry);
    }

    private static List<FieldChange> DifferencesOf(DirectoryDepartment before, DirectoryDepartment now)
    {
        (string Name, string? From, string? To)[] fields =
        [
            ("name", before.Name, now.Name), ("en_name", before.EnName, now.EnName), ("parent", before.Parent, now.Parent),
            ("custom_id", before.CustomId, now.CustomId), ("leaders", Listed(before.Leaders), Listed(now.Leaders)),
        ];
        return [.. fields.Where(f => f.From != f.To).Select(f => new FieldChange(f.Name, f.From, f.To))];
    }

    private static string? Listed(IReadOnlyList<string>? leaders) => leaders is null ? null : string.Join(", ", leaders);
}
