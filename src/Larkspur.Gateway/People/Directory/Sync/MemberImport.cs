using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>Takes over what a directory says of members. What is as it was costs no write.</summary>
internal sealed class MemberImport(IDatabase database, MemberChanges changes, TimeProvider clock)
{
    /// <summary>Takes a page over; a member who was met in this run before is left out.</summary>
    /// <remarks>Of whom it says that they have left, or that their account was stopped, is as good as not told: how many of them there
    /// may be at once is another question (<see cref="DirectorySweep"/>).</remarks>
    /// <param name="scope">On whose behalf.</param>
    /// <param name="page">What the platform told.</param>
    /// <param name="stops">That question was answered: accounts that were stopped are.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="DirectoryUnreadableException">An event's member was told of by a process whose clock is ahead.</exception>
    public async Task ApplyAsync(ImportScope scope, DirectoryPage page, bool stops, CancellationToken cancellation)
    {
        var members = page.Members.Where(m => m.Status != MemberStatus.Left).Select(m => m.Checked()).OfType<DirectoryMember>()
            .DistinctBy(m => m.Key, StringComparer.Ordinal).ToArray();
        if (members.Length == 0) return;
        var hashes = members.ToDictionary(m => m.Key, m => m.Hash(), StringComparer.Ordinal);
        var known = await database.ReadAsync(
            sql => MemberRow.FindAsync(sql, database.Dialect, scope.Directory.Id, hashes.Keys), cancellation);
        var news = members.Where(m => (stops || !IsStopped(m, known.GetValueOrDefault(m.Key)))
            && IsNews(scope, m, hashes[m.Key], known.GetValueOrDefault(m.Key))).ToArray();
        if (news.Length == 0) return;
        var met = await database.TransactAsync(unit => WriteAsync(unit, scope, news, hashes, page.AskedAt), cancellation);
        foreach (var id in met) scope.Seen?.Add(id);
    }

    /// <summary>Their account works as far as is known, and the platform says that it was stopped.</summary>
    public static bool IsStopped(DirectoryMember member, MemberRow? row) =>
        member.Status == MemberStatus.Frozen && row is { IsThere: true, Status: not MemberRow.Frozen };

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
    private async ValueTask<IReadOnlyList<long>> WriteAsync(
        IUnitOfWork unit, ImportScope scope, DirectoryMember[] members, Dictionary<string, string> hashes, DateTimeOffset askedAt)
    {
        await PersonRows.LockAsync(unit);
        await scope.Fence(unit);
        var now = clock.GetUtcNow();
        var met = new List<long>();
        var joining = new List<DirectoryMember>();
        // Anew: another part, or an event, may have told of them meanwhile.
        var rows = await MemberRow.FindAsync(unit, database.Dialect, scope.Directory.Id, members.Select(m => m.Key));
        foreach (var member in members)
        {
            if (!rows.TryGetValue(member.Key, out var row) || await IsSomebodyElseAsync(unit, scope, row, member))
            {
                joining.Add(member);
                continue;
            }

            met.Add(row.Id);
            if (scope.Seen?.Contains(row.Id) == true) continue;
            unit.AfterCommit(() => scope.Counts.FoundMembers(1));
            if (row.Hash == hashes[member.Key] && row.LeftAt is null && row.Status != MemberRow.Hidden) continue;
            if (IsOlder(scope, row, askedAt, now)) continue;
            await changes.UpdateAsync(unit, scope, row, member, hashes[member.Key], askedAt, now);
        }

        if (joining.Count > 0) met.AddRange(await changes.JoinAsync(unit, scope, joining, hashes, askedAt, now));
        return met;
    }

    /// <summary>What was asked before the last word about somebody is older than it.</summary>
    /// <exception cref="DirectoryUnreadableException">That word is from the future: an event's question is asked again when it is past,
    /// for nobody else asks it before the night.</exception>
    internal static bool IsOlder(ImportScope scope, MemberRow row, DateTimeOffset askedAt, DateTimeOffset now) =>
        scope.Run == 0 && row.ReadAt > now
            ? throw new DirectoryUnreadableException("clock_behind", $"The last word about member {row.Id} is from the future.")
            : row.ReadAt > askedAt;

    /// <summary>A newcomer has the key of somebody who has left, where the platform allows that: by another name they are not who comes
    /// back. The former owner keeps what was theirs.</summary>
    private static async ValueTask<bool> IsSomebodyElseAsync(IUnitOfWork unit, ImportScope scope, MemberRow row, DirectoryMember member)
    {
        if (row.IsThere || !member.IsKeyReusable) return false;
        var (before, now) = (row.Fields.GetValueOrDefault(DirectoryFields.Name), member.Fields.GetValueOrDefault(DirectoryFields.Name));
        if (before is not { Length: > 0 } || now is not { Length: > 0 } || before == now) return false;
        if (!scope.IsDry) await AccountImport.GiveUpKeyAsync(unit, row, member.Ids);
        return true;
    }
}
