using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>
/// Whose account a member's is. Who wrote to the bot before has one, found by an id of theirs; all others get one, and a person of their
/// own: an address or a number that two members share makes nobody one of two (<see cref="PersonMatches"/>).
/// </summary>
internal static class AccountImport
{
    /// <summary>Accounts of members who are new to the directory, by their keys; and of whom there was one before.</summary>
    public static async ValueTask<(Dictionary<string, long> Accounts, HashSet<string> Known)> OfNewAsync(
        IUnitOfWork unit, Dialect dialect, DirectoryRow directory, IReadOnlyList<DirectoryMember> members, DateTimeOffset now)
    {
        var accounts = new Dictionary<string, long>(StringComparer.Ordinal);
        var holders = await HoldersAsync(unit, dialect, directory.Platform, members);
        var unknown = new List<DirectoryMember>();
        foreach (var member in members)
        {
            var held = member.Ids.Select(i => holders.GetValueOrDefault((i.Scope, i.Kind, i.Compared))).FirstOrDefault(h => h != 0);
            if (held == 0)
            {
                unknown.Add(member);
                continue;
            }

            accounts[member.Key] = held;
            await LearnAsync(unit, held, member, holders);
        }

        var known = accounts.Keys.ToHashSet(StringComparer.Ordinal);
        await MakeAsync(unit, directory, unknown, accounts, now);
        return (accounts, known);
    }

    /// <summary>Notes what the directory says of an account: it is a member's, by this name and address, with these ids.</summary>
    public static async ValueTask UpdateAsync(IUnitOfWork unit, Dialect dialect, string platform, long account, DirectoryMember member) =>
        await LearnAsync(unit, account, member, await HoldersAsync(unit, dialect, platform, [member]));

    /// <summary>The key of somebody who has left is somebody else's from now on.</summary>
    public static async ValueTask GiveUpKeyAsync(IUnitOfWork unit, MemberRow former, IReadOnlyList<PlatformIdentity> ids)
    {
        await unit.ExecuteAsync(
            "UPDATE directory_member SET member_key = $2 WHERE id = $1", former.Id, $"{former.Key} (former {former.Id})");
        foreach (var id in ids)
        {
            await unit.ExecuteAsync("""
                UPDATE person_identity SET kind = $6, compared = $7
                WHERE account = $1 AND platform = $2 AND scope = $3 AND kind = $4 AND compared = $5
                """, former.Account, id.Platform, id.Scope, id.Kind, id.Compared, "former_" + id.Kind, $"{id.Compared} ({former.Id})");
        }
    }

    /// <summary>Who has the ids, by scope, kind and value.</summary>
    private static async ValueTask<Dictionary<(string Scope, string Kind, string Value), long>> HoldersAsync(
        ISql sql, Dialect dialect, string platform, IReadOnlyList<DirectoryMember> members)
    {
        var ids = members.SelectMany(m => m.Ids).ToArray();
        // All columns of the key are named: by the value alone all ids of the platform would be read.
        return (await sql.QueryAsync($"""
            SELECT scope, kind, compared, account FROM person_identity
            WHERE platform = $1 AND scope {IdList.In(dialect, "$2")} AND kind {IdList.In(dialect, "$3")}
              AND compared {IdList.In(dialect, "$4")}
            """, static row => (Id: (row.GetString(0), row.GetString(1), row.GetString(2)), Account: row.GetInt64(3)),
            platform, All(i => i.Scope), All(i => i.Kind), All(i => i.Compared)))
            .ToDictionary(h => h.Id, h => h.Account);

        object All(Func<PlatformIdentity, string> part) => IdList.Of(dialect, ids.Select(part).Distinct(StringComparer.Ordinal));
    }

    private static async ValueTask LearnAsync(IUnitOfWork unit, long account, DirectoryMember member,
        Dictionary<(string Scope, string Kind, string Value), long> holders)
    {
        await unit.ExecuteAsync("""
            UPDATE person_account SET name = COALESCE($2, name), email = COALESCE($3, email), is_external = 0 WHERE id = $1
            """, account, NameOf(member), EmailOf(member));
        var place = (int)(await unit.NumberAsync("SELECT MAX(place) + 1 FROM person_identity WHERE account = $1", account) ?? 0);
        foreach (var id in member.Ids)
        {
            // An id that another account has stays there: its person's messages come under it.
            if (!holders.ContainsKey((id.Scope, id.Kind, id.Compared))) await AddAsync(unit, account, id, place++);
        }
    }

    private static async ValueTask MakeAsync(IUnitOfWork unit, DirectoryRow directory, List<DirectoryMember> members,
        Dictionary<string, long> accounts, DateTimeOffset now)
    {
        if (members.Count == 0) return;
        var at = now.ToUnixTimeMilliseconds();
        var people = members.ToDictionary(_ => KnownPerson.NewId(), m => m, StringComparer.Ordinal);
        await unit.ExecuteAsync($"INSERT INTO person (id, created_at) VALUES {Places(people.Count, 2)}",
            [.. people.Keys.SelectMany(id => (object?[])[id, at])]);
        var made = await unit.QueryAsync(
            "INSERT INTO person_account (person, platform, app, name, email, created_at, seen_at, is_external) "
            + $"VALUES {Places(people.Count, 8)} RETURNING id, person",
            static row => (Id: row.GetInt64(0), Person: row.GetString(1)),
            [.. people.SelectMany(p =>
                (object?[])[p.Key, directory.Platform, directory.App, NameOf(p.Value), EmailOf(p.Value), at, at, 0])]);
        var ids = new List<object?>();
        foreach (var (account, person) in made)
        {
            var member = people[person];
            accounts[member.Key] = account;
            foreach (var (place, id) in member.Ids.Index())
                ids.AddRange([id.Platform, id.Scope, id.Kind, id.Compared, id.Value, account, place]);
        }

        await unit.ExecuteAsync(
            $"INSERT INTO person_identity (platform, scope, kind, compared, value, account, place) VALUES {Places(ids.Count / 7, 7)}",
            [.. ids]);
    }

    private static async ValueTask AddAsync(IUnitOfWork unit, long account, PlatformIdentity id, int place) => await unit.ExecuteAsync(
        "INSERT INTO person_identity (platform, scope, kind, compared, value, account, place) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id.Platform, id.Scope, id.Kind, id.Compared, id.Value, account, place);

    /// <summary><c>($1, $2), ($3, $4)</c>…</summary>
    internal static string Places(int rows, int columns) => string.Join(", ", Enumerable.Range(0, rows).Select(row =>
        $"({string.Join(", ", Enumerable.Range((row * columns) + 1, columns).Select(place => "$" + place))})"));

    private static string? NameOf(DirectoryMember member) => Told(member, DirectoryFields.Name) ?? Told(member, DirectoryFields.EnName);

    /// <summary>The mailbox that the company gave: the other address people may have written themselves.</summary>
    private static string? EmailOf(DirectoryMember member) => PlatformAccount.EmailOf(Told(member, DirectoryFields.WorkEmail));

    private static string? Told(DirectoryMember member, string field) => member.Fields.GetValueOrDefault(field) is { Length: > 0 } value
        ? value : null;
}
