using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Keeps which rows were the former person's when two people became one, so that exactly these go back when it is
/// undone.</summary>
internal static class JoinRows
{
    /// <summary>Accounts of the former person.</summary>
    public const string Accounts = "account";

    /// <summary>Notes all rows of a table that are the former person's. To be called before they are moved.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="join">The join.</param>
    /// <param name="kind">Under which word they are found again.</param>
    /// <param name="table">The caller's own table, with the columns <c>id</c> and <c>person</c>.</param>
    public static async ValueTask NoteAsync(IUnitOfWork unit, PersonJoin join, string kind, string table) => await unit.ExecuteAsync(
        $"INSERT INTO person_join_row (join_id, kind, row_id) SELECT '{Known(join)}', '{kind}', id FROM {table} WHERE person = $1",
            join.Former);

    /// <summary>Notes something by name.</summary>
    public static async ValueTask NoteAsync(IUnitOfWork unit, PersonJoin join, string kind, long row, string name, string? value) =>
        await unit.ExecuteAsync(
        "INSERT INTO person_join_row (join_id, kind, row_id, name, value) VALUES ($1, $2, $3, $4, $5)", join.Id, kind, row, name, value);

    /// <summary>The numbers of what was noted, as a condition: <c>id IN (…)</c>.</summary>
    public static string Of(PersonJoin join, string kind) =>
        $"(SELECT row_id FROM person_join_row WHERE join_id = '{Known(join)}' AND kind = '{kind}')";

    /// <summary>What was noted by name, with its numbers.</summary>
    public static ValueTask<List<(long Row, string Name, string? Value)>> RowsAsync(ISql sql, PersonJoin join, string kind) =>
        sql.QueryAsync("SELECT row_id, name, value FROM person_join_row WHERE join_id = $1 AND kind = $2",
            static row => (row.GetInt64(0), row.GetString(1), row.Text(2)), join.Id, kind);

    public static ValueTask<List<(string Name, string? Value)>> NamedAsync(ISql sql, PersonJoin join, string kind) =>
        sql.QueryAsync("SELECT name, value FROM person_join_row WHERE join_id = $1 AND kind = $2 ORDER BY name",
            static row => (row.GetString(0), row.Text(1)), join.Id, kind);

    public static ValueTask<List<long>> NumbersAsync(ISql sql, PersonJoin join, string kind) =>
        sql.QueryAsync("SELECT row_id FROM person_join_row WHERE join_id = $1 AND kind = $2 ORDER BY row_id",
            static row => row.GetInt64(0), join.Id, kind);

    public static ValueTask<PersonJoin?> FindAsync(ISql sql, string id) =>
        sql.FirstAsync($"SELECT {PersonJoin.Columns} FROM person_join WHERE id = $1", PersonJoin.Read, id);

    /// <summary>Former ids of a person all of whose entries in directories are another's since an account was taken off.</summary>
    /// <param name="sql">The transaction.</param>
    /// <param name="from">Whom they became.</param>
    /// <param name="to">Who has the account now.</param>
    public static ValueTask<List<string>> FormerOfAsync(ISql sql, string from, string to) => sql.QueryAsync($"""
        SELECT DISTINCT j.former FROM person_join j JOIN person_alias x ON x.id = j.former AND x.person = $1
        JOIN person_join_row r ON r.join_id = j.id AND r.kind = '{Accounts}' JOIN person_account a ON a.id = r.row_id AND a.person = $2
        WHERE j.undone_at IS NULL AND NOT EXISTS (SELECT 1 FROM person_join_row o JOIN person_account b ON b.id = o.row_id
          JOIN directory_member m ON m.account = b.id WHERE o.join_id = j.id AND o.kind = '{Accounts}' AND b.person <> $2)
        """, static row => row.GetString(0), from, to);

    /// <summary>What can still be undone of a person, the newest first.</summary>
    public static async ValueTask<List<PersonJoin>> OpenOfAsync(ISql sql, string person, DateTimeOffset now) => await sql.QueryAsync($"""
        SELECT {PersonJoin.Columns} FROM person_join
        WHERE undone_at IS NULL AND undo_until > $2 AND former IN (SELECT id FROM person_alias WHERE person = $1)
        ORDER BY joined_at DESC, id
        """, PersonJoin.Read, person, now.ToUnixTimeMilliseconds());

    /// <summary>The last join by which an id became another's and that can be undone; null: there is none.</summary>
    public static ValueTask<PersonJoin?> FindOpenAsync(ISql sql, string former) => sql.FirstAsync(
        $"SELECT {PersonJoin.Columns} FROM person_join WHERE former = $1 AND undone_at IS NULL ORDER BY joined_at DESC LIMIT 1",
        PersonJoin.Read, former);

    public static async ValueTask AddAsync(IUnitOfWork unit, PersonJoin join, string who) => await unit.ExecuteAsync("""
        INSERT INTO person_join
          (id, person, former, how, joined_at, undo_until, former_seq, former_created_at, former_disabled_at, person_disabled_at, joined_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """, join.Id, join.Person, join.Former, join.How, join.JoinedAt.ToUnixTimeMilliseconds(), join.UndoUntil.ToUnixTimeMilliseconds(),
        join.FormerSeq, join.FormerCreatedAt.ToUnixTimeMilliseconds(), join.FormerDisabledAt?.ToUnixTimeMilliseconds(),
        join.PersonDisabledAt?.ToUnixTimeMilliseconds(), who);

    public static async ValueTask UndoneAsync(IUnitOfWork unit, PersonJoin join, string who, DateTimeOffset at)
    {
        await unit.ExecuteAsync(
            "UPDATE person_join SET undone_at = $2, undone_by = $3 WHERE id = $1", join.Id, at.ToUnixTimeMilliseconds(), who);
        await unit.ExecuteAsync("DELETE FROM person_join_row WHERE join_id = $1", join.Id);
    }

    /// <summary>Forgets what cannot be undone any more.</summary>
    public static async ValueTask PruneAsync(IUnitOfWork unit, DateTimeOffset now)
    {
        await unit.ExecuteAsync("DELETE FROM person_join_row WHERE join_id IN (SELECT id FROM person_join WHERE undo_until < $1)",
            now.ToUnixTimeMilliseconds());
        await unit.ExecuteAsync("DELETE FROM person_join WHERE undo_until < $1", now.ToUnixTimeMilliseconds());
    }

    /// <summary>The id stands in texts of statements, for one that selects what it inserts takes no value of an unknown type; it is
    /// digits, or nothing.</summary>
    private static string Known(PersonJoin join) => PersonJoin.IsId(join.Id)
        ? join.Id
        : throw new ArgumentException("A join's id is jo_ and 32 hex digits.", nameof(join));
}
