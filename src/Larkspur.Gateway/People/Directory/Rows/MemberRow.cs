using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Rows;

/// <summary>What is kept of a member.</summary>
internal sealed record MemberRow(long Id, string Key, long Account, string Status, string FieldsText, string Hash, DateTimeOffset ReadAt,
    DateTimeOffset? LeftAt)
{
    /// <summary>The app may not see them any more: nothing is known.</summary>
    public const string Hidden = "hidden";

    /// <summary>They are there, and whether they may work is withheld.</summary>
    public const string Unknown = "unknown";

    public const string Left = "left";
    public const string Frozen = "frozen";

    public const string Columns = "id, member_key, account, status, fields, hash, read_at, left_at";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyDictionary<string, string> Fields => FieldsOf(FieldsText);

    /// <summary>They count as a member of the company.</summary>
    public bool IsThere => LeftAt is null;

    public static MemberRow Read(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3),
        row.GetString(4), row.GetString(5), row.Time(6), row.TimeOrNull(7));

    public static string WordOf(MemberStatus status) => status switch
    {
        MemberStatus.Active => "active", MemberStatus.Inactive => "inactive", MemberStatus.Frozen => Frozen, _ => Left,
    };

    public static string TextOf(IEnumerable<KeyValuePair<string, string>> fields) =>
        JsonSerializer.Serialize(new SortedDictionary<string, string>(fields.ToDictionary(), StringComparer.Ordinal), Json);

    public static IReadOnlyDictionary<string, string> FieldsOf(string text) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(text)!;

    /// <summary>Rows of some members, by key.</summary>
    public static async ValueTask<Dictionary<string, MemberRow>> FindAsync(
        ISql sql, Dialect dialect, long directory, IEnumerable<string> keys) =>
        (await sql.QueryAsync($"SELECT {Columns} FROM directory_member WHERE directory = $1 AND member_key {IdList.In(dialect, "$2")}",
            Read, directory, IdList.Of(dialect, keys)))
        .ToDictionary(r => r.Key, StringComparer.Ordinal);

    /// <summary>Who is there and could be seen, in the order of their rows.</summary>
    public static ValueTask<List<MemberRow>> ThereAsync(ISql sql, long directory, long after, int limit) => sql.QueryAsync(
        $"SELECT {Columns} FROM directory_member WHERE directory = $1 AND left_at IS NULL AND status <> '{Hidden}' AND id > $2"
            + $" ORDER BY id LIMIT {limit}",
        Read, directory, after);

    public static async ValueTask<long> CountThereAsync(ISql sql, long directory) => await sql.NumberAsync(
        $"SELECT COUNT(*) FROM directory_member WHERE directory = $1 AND left_at IS NULL AND status <> '{Hidden}'", directory) ?? 0;

    /// <summary>Whoever is there with a key, or with an id as events name it: behind its kind and a colon.</summary>
    public static ValueTask<List<MemberRow>> NamedAsync(ISql sql, long directory, string named) => named.IndexOf(':') is >= 0 and var colon
        ? sql.QueryAsync($"SELECT {Columns} FROM directory_member WHERE directory = $1 AND user_id = $2 AND left_at IS NULL", Read,
            directory, named[(colon + 1)..])
        : sql.QueryAsync($"SELECT {Columns} FROM directory_member WHERE directory = $1 AND member_key = $2 AND left_at IS NULL", Read,
            directory, named);

    /// <summary>Forgets what was told of people who left long ago. That they left, and who they were, stays: without it whoever is merged
    /// with them would let them in again, and whoever comes back would be somebody else.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old) => await old.ExecuteAsync("""
        UPDATE directory_member SET fields = '{}', employee_no = NULL, email = NULL, user_id = NULL WHERE id IN (
          SELECT id FROM directory_member WHERE left_at IS NOT NULL AND fields <> '{}' AND left_at < $1 ORDER BY left_at LIMIT $2)
        """);
}
