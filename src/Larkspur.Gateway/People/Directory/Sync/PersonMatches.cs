using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>
/// Two people, each in the directory of another platform, who may be one: they have the same staff number or the same address. Nothing
/// follows from that by itself; an administrator says so.
/// </summary>
internal sealed class PersonMatches(IDatabase database, PersonJoining joining, TimeProvider clock)
{
    private const int MostAtOnce = 5000;

    /// <summary>What two are taken for one by, and the column that has it.</summary>
    private static readonly string[] Columns = ["employee_no", "email"];

    /// <summary>Notes pairs that are new: all of them, so that a run without changes finds none.</summary>
    public async Task FindAsync(long directory, CancellationToken cancellation)
    {
        foreach (var column in Columns)
        {
            List<(string, string, string)> pairs;
            do
            {
                pairs = await database.ReadAsync(sql => NewAsync(sql, directory, column), cancellation);
                if (pairs.Count > 0) await NoteAsync(column, pairs, cancellation);
            }
            while (pairs.Count == MostAtOnce);
        }
    }

    /// <summary>Pairs that were not noted before, at most so many.</summary>
    private static ValueTask<List<(string One, string Other, string Value)>> NewAsync(ISql sql, long directory, string column)
    {
        // A value that two members of one directory share is nobody's own.
        var own = $"left_at IS NULL AND {column} IS NOT NULL";
        return sql.QueryAsync($"""
            SELECT a.person, b.person, m.{column}
            FROM (SELECT {column}, MIN(account) AS account FROM directory_member
              WHERE directory = $1 AND {own} GROUP BY {column} HAVING COUNT(*) = 1) m
            JOIN (SELECT directory, {column}, MIN(account) AS account FROM directory_member
              WHERE directory <> $1 AND {own} GROUP BY directory, {column} HAVING COUNT(*) = 1) o ON o.{column} = m.{column}
            JOIN directory e ON e.id = o.directory AND e.platform <> (SELECT platform FROM directory WHERE id = $1)
            JOIN person_account a ON a.id = m.account
            JOIN person_account b ON b.id = o.account AND b.person <> a.person
            WHERE NOT EXISTS (SELECT 1 FROM directory_match k
              WHERE (k.person = a.person AND k.other = b.person) OR (k.person = b.person AND k.other = a.person))
            LIMIT {MostAtOnce}
            """, static row => (row.GetString(0), row.GetString(1), row.GetString(2)), directory);
    }

    /// <summary>Pairs without an answer, under the ids that the two have today; who became one meanwhile is no pair any more.</summary>
    private const string Open = """
        FROM directory_match k LEFT JOIN person_alias x ON x.id = k.person LEFT JOIN person_alias y ON y.id = k.other
        JOIN person p ON p.id = COALESCE(x.person, k.person) JOIN person o ON o.id = COALESCE(y.person, k.other)
        WHERE k.outcome IS NULL AND p.id <> o.id
        """;

    /// <summary>Pairs that wait for an answer, the oldest first.</summary>
    public static ValueTask<List<PersonMatch>> OpenAsync(ISql sql, long after, int limit) => sql.QueryAsync(
        $"SELECT k.id, p.id, o.id, k.reason, k.value, k.created_at {Open} AND k.id > $1 ORDER BY k.id LIMIT {limit}",
        static row => new PersonMatch(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
            row.Time(5)), after);

    /// <summary>How many wait for an answer.</summary>
    public static async ValueTask<long> CountOpenAsync(ISql sql) => await sql.NumberAsync($"SELECT COUNT(*) {Open}") ?? 0;

    /// <summary>An administrator says whether two people are one.</summary>
    /// <returns>False: nothing of this number waits for an answer.</returns>
    public Task<bool> DecideAsync(Actor who, long id, bool areOne, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await PersonRows.LockAsync(unit);
        var pair = await unit.FirstAsync("""
            UPDATE directory_match SET outcome = $2, decided_at = $3, decided_by = $4 WHERE id = $1 AND outcome IS NULL
            RETURNING person, other
            """, static row => new Pair(row.GetString(0), row.GetString(1)), id, areOne ? "joined" : "dismissed",
            clock.GetUtcNow().ToUnixTimeMilliseconds(), who.Name);
        if (pair is null) return false;
        if (!areOne || await PersonRows.FindAsync(unit, pair.Person) is not { } one
            || await PersonRows.FindAsync(unit, pair.Other) is not { } other || one.Id == other.Id) return true;
        var (from, into) = PersonJoining.Order(one, other);
        await joining.MergeAsync(unit, who, PersonJoining.ByAdministrator, from, into);
        return true;
    }, cancellation);

    private Task NoteAsync(string reason, List<(string One, string Other, string Value)> pairs, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            foreach (var (one, other, value) in pairs)
            {
                var (first, second) = string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);
                await unit.ExecuteAsync("""
                    INSERT INTO directory_match (person, other, reason, value, created_at) VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (person, other) DO NOTHING
                    """, first, second, reason, value, clock.GetUtcNow().ToUnixTimeMilliseconds());
            }
        }, cancellation);

    private sealed record Pair(string Person, string Other);
}

/// <summary>Two people who may be one.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Person">One of them.</param>
/// <param name="Other">The other one.</param>
/// <param name="Reason"><c>employee_no</c>, <c>email</c>.</param>
/// <param name="Value">What both have.</param>
/// <param name="FoundAt">When it was noticed.</param>
internal sealed record PersonMatch(long Id, string Person, string Other, string Reason, string Value, DateTimeOffset FoundAt);
