using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>Takes over what a directory says of members. What is as it was costs no write.</summary>
internal sealed class MemberImport(IDatabase database, MemberChanges changes, TimeProvider clock)
{
    /// <summary>Takes a page over; a member who was met in this run before is left out. Of whom it says that they have left is as good as
    /// not
    /// told: how many may leave at once is another question (<see cref="DirectorySweep"/>).</summary>
    public async Task ApplyAsync(ImportScope scope, DirectoryPage page, CancellationToken cancellation)
    {
        var members = page.Members.Where(m => m.Status != MemberStatus.Left).DistinctBy(m => m.Key, StringComparer.Ordinal).ToArray();
        if (members.Length == 0) return;
        var hashes = members.ToDictionary(m => m.Key, m => m.Hash(), StringComparer.Ordinal);
        var known = await database.ReadAsync(sql => MemberRow.FindAsync(sql, database.Dialect, scope.Directory.Id, hashes.Keys),
            cancellation);
        var news = members.Where(m => IsNews(scope, m, hashes[m.Key], known.GetValueOrDefault(m.Key))).ToArray();
        if (news.Length == 0) return;
        var met = await database.TransactAsync(unit => WriteAsync(unit, scope, news, hashes, page.AskedAt), cancellation);
        foreach (var id in met) scope.Seen?.Add(id);
    }

    private static bool IsNews(ImportScope scope, DirectoryMember member, string hash, MemberRow? row)
    {
        if (row is null)
        {
            lock (scope.WouldJoin) return !scope.IsDry || !scope.WouldJoin.Contains(member.Key);
        }

        if (row.Hash != hash || row.LeftAt is not null || row.Status == MemberRow.Hidden) return scope.Seen?.Contains(row.Id) != true;
        if (scope.Seen?.Add(row.Id) != false) scope.Counts.FoundMembers(1);
        return false;
    }

    /// <returns>Rows that were met.</returns>
    private async ValueTask<IReadOnlyList<long>> WriteAsync(IUnitOfWork unit, ImportScope scope, DirectoryMember[] members,
        Dictionary<string, string> hashes, DateTimeOffset askedAt)
    {
        await PersonRows.LockAsync(unit);
        await scope.Fence(unit);
        var now = clock.GetUtcNow();
        var met = new List<long>();
        // Anew: another part, or an event, may have told of them meanwhile.
        var rows = await MemberRow.FindAsync(unit, database.Dialect, scope.Directory.Id, members.Select(m => m.Key));
        foreach (var member in members)
        {
            if (!rows.TryGetValue(member.Key, out var row)) continue;
            met.Add(row.Id);
            if (scope.Seen?.Contains(row.Id) == true) continue;
            unit.AfterCommit(() => scope.Counts.FoundMembers(1));
            // What was asked before the last word about them is older than it.
            if (row.ReadAt > askedAt || (row.Hash == hashes[member.Key] && row.LeftAt is null && row.Status != MemberRow.Hidden)) continue;
            await changes.UpdateAsync(unit, scope, row, member, hashes[member.Key], askedAt, now);
        }

        var joining = members.Where(m => !rows.ContainsKey(m.Key)).ToArray();
        if (joining.Length > 0) met.AddRange(await changes.JoinAsync(unit, scope, joining, hashes, askedAt, now));
        return met;
    }
}
