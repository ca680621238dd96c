using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Scim;

/// <summary>
/// One name for each person: what an upstream gave; else the e-mail; else the id that a directory has; else the person's own id. Of several
/// who have the same e-mail or id the oldest has the name, and the others take the next that they have.
/// </summary>
internal static class UserNames
{
    /// <summary>People with their names.</summary>
    public static async ValueTask<IReadOnlyList<ScimPerson>> GiveAsync(ISql sql, Dialect dialect, IReadOnlyList<ScimPerson> people)
    {
        var others = people.Where(p => p.Provisioned is null).ToArray();
        var emails = others.Select(p => p.Email).OfType<string>().Distinct().ToArray();
        var keys = others.Select(p => p.Key).OfType<string>().Distinct().ToArray();
        var given = emails.Length + keys.Length == 0 ? []
            : await GivenAsync(sql, dialect, [.. emails.Concat(keys.Select(k => k.ToLowerInvariant()))]);
        var owners = emails.Length == 0 ? [] : await ByEmailAsync(sql, dialect, emails);
        var holders = keys.Length == 0 ? [] : await ByKeyAsync(sql, dialect, keys);
        return [.. people.Select(p => p with { UserName = p.Provisioned
            ?? (Free(owners, p.Email, p) ? p.Email! : Free(holders, p.Key, p) ? p.Key! : p.Id) })];

        bool Free(Dictionary<string, long> held, string? name, ScimPerson person) =>
            name is not null && !given.ContainsKey(name.ToLowerInvariant()) && held.TryGetValue(name, out var first) && first == person.Seq;
    }

    /// <summary>Who has a name, whatever its case; null: nobody.</summary>
    public static async ValueTask<string?> HolderAsync(ISql sql, Dialect dialect, string name)
    {
        if (name.Length > 300) return null;
        var lower = name.ToLowerInvariant();
        long?[] found =
        [
            (await GivenAsync(sql, dialect, [lower])).Values.FirstOrNull(), (await ByEmailAsync(sql, dialect, [lower]))
                .Values.FirstOrNull(),
            (await ByKeyAsync(sql, dialect, [name])).Values.FirstOrNull(),
            KnownPerson.IsId(lower) ? await sql.NumberAsync("SELECT seq FROM person WHERE id = $1", lower) : null,
        ];
        if (found.OfType<long>().Distinct().ToArray() is not { Length: > 0 } numbers) return null;
        var people = await ScimPeople.ReadAsync(sql, dialect, $"p.seq {IdList.In(dialect, "$1")} AND {ScimPeople.Shown}", "",
            [IdList.Of(dialect, numbers)]);
        return people.FirstOrDefault(p => p.UserName.Equals(name, StringComparison.OrdinalIgnoreCase))?.Id;
    }

    private static long? FirstOrNull(this IEnumerable<long> numbers) => numbers.Select(n => (long?)n).FirstOrDefault();

    private static async ValueTask<Dictionary<string, long>> GivenAsync(ISql sql, Dialect dialect, string[] names) =>
        await MapAsync(sql, $"""
        SELECT i.compared, MIN(p.seq) FROM directory r
        JOIN person_identity i ON i.platform = 'scim' AND i.scope = r.app AND i.kind = 'userName' AND i.compared {IdList.In(dialect, "$1")}
        JOIN person_account a ON a.id = i.account JOIN person p ON p.id = a.person WHERE r.platform = 'scim' GROUP BY i.compared
        """, IdList.Of(dialect, names));

    private static async ValueTask<Dictionary<string, long>> ByEmailAsync(ISql sql, Dialect dialect, string[] emails)
    {
        var values = IdList.Of(dialect, emails);
        var first = await MapAsync(sql, $"""
            SELECT a.email, MIN(p.seq) FROM person_account a JOIN person p ON p.id = a.person
            WHERE a.email {IdList.In(dialect, "$1")} AND a.platform NOT IN ('web', 'scim') GROUP BY a.email
            """, values);
        foreach (var (email, seq) in await MapAsync(sql, $"""
            SELECT m.email, MIN(p.seq) FROM directory_member m JOIN person_account a ON a.id = m.account JOIN person p ON p.id = a.person
            WHERE m.email {IdList.In(dialect, "$1")} AND a.platform <> 'scim' GROUP BY m.email
            """, values)) first[email] = first.TryGetValue(email, out var seen) ? Math.Min(seen, seq) : seq;
        return first;
    }

    private static ValueTask<Dictionary<string, long>> ByKeyAsync(ISql sql, Dialect dialect, string[] keys) => MapAsync(sql, $"""
        SELECT m.member_key, MIN(p.seq) FROM directory r
        JOIN directory_member m ON m.directory = r.id AND m.member_key {IdList.In(dialect, "$1")}
        JOIN person_account a ON a.id = m.account JOIN person p ON p.id = a.person GROUP BY m.member_key
        """, IdList.Of(dialect, keys));

    private static async ValueTask<Dictionary<string, long>> MapAsync(ISql sql, string text, object values) =>
        (await sql.QueryAsync(text, static row => (Name: row.GetString(0), Seq: row.GetInt64(1)), values))
            .ToDictionary(r => r.Name, r => r.Seq, StringComparer.Ordinal);
}
