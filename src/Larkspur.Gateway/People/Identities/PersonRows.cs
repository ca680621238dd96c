using System.Data.Common;
using System.Text.Json;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Reads people, their accounts and ids.</summary>
internal static class PersonRows
{
    private const string People = "seq, id, disabled_at, created_at, absence, fields";

    /// <summary>
    /// Lets one change of who is who be made after another, in all processes. To be a transaction's first statement: what it reads after that, nobody changes meanwhile, so that
    /// two first contacts do not both find nobody, and nothing is given to a person who is just becoming another.
    /// </summary>
    public static ValueTask LockAsync(IUnitOfWork unit) => Revisions.TakeAsync(unit, "people");

    /// <summary>A person by an id of today or of former days.</summary>
    public static async ValueTask<KnownPerson?> FindAsync(ISql sql, string id)
    {
        var found = await LookAsync(sql, id);
        // Everybody has an account. Without one they became somebody else between two of the statements, which outside of a transaction see each its own moment: by now the alias is there.
        return found is { Accounts.Count: 0 } ? await LookAsync(sql, id) : found;
    }

    /// <summary>The id that somebody has today; null: nobody ever had this one.</summary>
    public static ValueTask<string?> SurvivorAsync(ISql sql, string id) =>
        sql.FirstAsync("SELECT id FROM person WHERE id = COALESCE((SELECT person FROM person_alias WHERE id = $1), $1)", static row => row.GetString(0), id);

    /// <summary>Joins the people of another table's rows, as <paramref name="name"/>; who is forgotten is null.</summary>
    /// <param name="name">What the table of people is called in the statement.</param>
    /// <param name="id">The column that has their ids.</param>
    public static string JoinOf(string name, string id) => $"LEFT JOIN person {name} ON {name}.id = {id}";

    /// <summary>Who has an id.</summary>
    /// <param name="sql">The database.</param>
    /// <param name="identity">The id, or a mail address.</param>
    /// <param name="issuers">Issuers of the web that are believed about the address.</param>
    public static async ValueTask<KnownPerson?> FindAsync(ISql sql, PlatformIdentity identity, IReadOnlyList<string> issuers)
    {
        if (identity.Platform != PlatformIdentity.Email) return await HolderAsync(sql, identity) is { } holder ? await FindAsync(sql, holder.Person) : null;
        return await WithEmailAsync(sql, identity.Compared, issuers) is [var only] ? await FindAsync(sql, only) : null;
    }

    /// <summary>The account that has an id, and its person.</summary>
    public static ValueTask<Holder?> HolderAsync(ISql sql, PlatformIdentity identity) => sql.FirstAsync("""
        SELECT a.id, a.person FROM person_identity i JOIN person_account a ON a.id = i.account WHERE i.platform = $1 AND i.scope = $2 AND i.kind = $3 AND i.compared = $4
        """, static row => new Holder(row.GetInt64(0), row.GetString(1)), identity.Platform, identity.Scope, identity.Kind, identity.Compared);

    /// <summary>The name of the account that has an id; null: nobody has it, or no name was told.</summary>
    public static ValueTask<string?> NameAsync(ISql sql, PlatformIdentity identity) => sql.FirstAsync("""
        SELECT a.name FROM person_identity i JOIN person_account a ON a.id = i.account
        WHERE i.platform = $1 AND i.scope = $2 AND i.kind = $3 AND i.compared = $4
        """, static row => row.Text(0), identity.Platform, identity.Scope, identity.Kind, identity.Compared);

    /// <summary>The account of whoever writes, and its person; null: nobody has its ids.</summary>
    public static async ValueTask<(KnownPerson Person, KnownAccount Account)?> AccountAsync(ISql sql, PlatformAccount told)
    {
        foreach (var id in told.Ids)
        {
            if (await HolderAsync(sql, id) is { } holder) return await AccountAsync(sql, holder.Account);
        }

        return null;
    }

    /// <summary>The account of a number, and its person; null: there is none any more.</summary>
    public static async ValueTask<(KnownPerson Person, KnownAccount Account)?> AccountAsync(ISql sql, long number) =>
        await sql.FirstAsync("SELECT person FROM person_account WHERE id = $1", static row => (string?)row.GetString(0), number) is { } id && await FindAsync(sql, id) is { } person
        && person.Accounts.FirstOrDefault(a => a.Id == number) is { } account ? (person, account) : null;

    /// <summary>People who have a mail address in some directory, or by a trusted issuer; two at most, which is too many already.</summary>
    /// <param name="sql">The database.</param>
    /// <param name="email">The address, in lower case.</param>
    /// <param name="issuers">Issuers of the web that are believed about it. What others say counts for nothing: they could make it name several.</param>
    /// <param name="besides">Not this one.</param>
    public static ValueTask<List<string>> WithEmailAsync(ISql sql, string email, IReadOnlyList<string> issuers, string besides = "")
    {
        object?[] values = [email, besides, PlatformIdentity.Web, .. issuers];
        var believed = issuers.Count == 0 ? ""
            : " OR EXISTS (SELECT 1 FROM person_identity i WHERE i.account = a.id AND i.platform = $3 AND i.scope IN ("
            + string.Join(", ", Enumerable.Range(4, issuers.Count).Select(place => $"${place}")) + "))";
        return sql.QueryAsync(
            $"SELECT DISTINCT a.person FROM person_account a WHERE a.email = $1 AND a.person <> $2 "
            + $"AND (a.platform NOT IN ($3, '{PlatformIdentity.Provisioned}'){believed}) LIMIT 2",
            static row => row.GetString(0), values);
    }

    /// <summary>Two people have different ids of one kind in one directory: for that platform they are two.</summary>
    public static async ValueTask<bool> AreTwoAsync(ISql sql, string person, IEnumerable<PlatformIdentity> ids)
    {
        foreach (var id in ids)
        {
            if (await sql.NumberAsync("""
                SELECT 1 FROM person_identity i JOIN person_account a ON a.id = i.account
                WHERE a.person = $1 AND i.platform = $2 AND i.scope = $3 AND i.kind = $4 AND i.compared <> $5 LIMIT 1
                """, person, id.Platform, id.Scope, id.Kind, id.Compared) is not null) return true;
        }

        return false;
    }

    /// <summary>A page of people, the newest first.</summary>
    public static async ValueTask<List<KnownPerson>> ListAsync(ISql sql, PersonFilter filter)
    {
        var (condition, values) = filter.Condition();
        var rows = await sql.QueryAsync($"SELECT {People} FROM person AS p WHERE {condition} ORDER BY seq DESC LIMIT {filter.Limit}", Row.Read, values);
        var people = new List<KnownPerson>(rows.Count);
        foreach (var row in rows) people.Add(await WholeAsync(sql, row));
        return people;
    }

    private static async ValueTask<KnownPerson?> LookAsync(ISql sql, string id)
    {
        var row = await sql.FirstAsync($"SELECT {People} FROM person WHERE id = COALESCE((SELECT person FROM person_alias WHERE id = $1), $1)", Row.Read, id);
        return row is null ? null : await WholeAsync(sql, row);
    }

    private static async ValueTask<KnownPerson> WholeAsync(ISql sql, Row row)
    {
        var ids = (await sql.QueryAsync("""
            SELECT i.account, i.platform, i.scope, i.kind, i.value FROM person_identity i JOIN person_account a ON a.id = i.account WHERE a.person = $1 ORDER BY i.account, i.place, i.kind
            """, static row => (Account: row.GetInt64(0), Id: new PlatformIdentity(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4))), row.Id)).ToLookup(i => i.Account, i => i.Id);
        var accounts = await sql.QueryAsync("SELECT id, platform, app, name, email, conflict, apart, created_at, seen_at, is_external FROM person_account WHERE person = $1 ORDER BY id", account => Account(account, ids), row.Id);
        var former = await sql.QueryAsync("SELECT id FROM person_alias WHERE person = $1 ORDER BY merged_at, id", static alias => alias.GetString(0), row.Id);
        // What issuers of the web say is added by those who know which of them are trusted; a directory's name comes before an issuer's.
        var ranked = accounts.OrderByDescending(a => a.Proof).ThenBy(a => a.Id).ToArray();
        var emails = ranked.Where(a => !a.IsClaim).Select(a => a.Email).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var own = row.Fields is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(row.Fields)!;
        return new KnownPerson(row.Id, own.GetValueOrDefault("name") ?? ranked.Select(a => a.Name).FirstOrDefault(n => n is not null),
            emails.FirstOrDefault(),
            [.. accounts.SelectMany(a => a.Ids), .. emails.Select(PlatformIdentity.OfEmail)], row.DisabledAt is not null)
        {
            Accounts = accounts, FormerIds = former, CreatedAt = row.CreatedAt, Seq = row.Seq, Absence = row.Absence, OwnFields = own,
        };
    }

    private static KnownAccount Account(DbDataReader row, ILookup<long, PlatformIdentity> ids) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), [.. ids[row.GetInt64(0)]], row.Text(3), row.Text(4))
        {
            IsClaim = row.GetString(1) is PlatformIdentity.Web or PlatformIdentity.Provisioned && row.Text(4) is not null,
            IsExternal = row.GetInt64(9) != 0,
            Conflict = row.Text(5), IsApart = row.GetInt64(6) != 0, CreatedAt = row.Time(7), SeenAt = row.Time(8),
        };

    private sealed record Row(long Seq, string Id, DateTimeOffset? DisabledAt, DateTimeOffset CreatedAt, string? Absence, string? Fields)
    {
        public static Row Read(DbDataReader row) =>
            new(row.GetInt64(0), row.GetString(1), row.TimeOrNull(2), row.Time(3), row.Text(4), row.Text(5));
    }
}

/// <summary>Who has an id.</summary>
internal sealed record Holder(long Account, string Person);
