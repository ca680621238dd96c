using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Rows;

/// <summary>What runs and events changed, for people to read.</summary>
/// <param name="Kind">A word of <see cref="ChangeKinds"/>.</param>
/// <param name="Item">The key of the member or the department.</param>
/// <param name="Name">Its name, as far as it is known.</param>
/// <param name="Person">The person; null: a department, or nobody yet.</param>
/// <param name="Fields">What is different: what it was, what it is.</param>
internal sealed record DirectoryChange(string Kind, string Item, string? Name, string? Person, IReadOnlyList<FieldChange> Fields)
{
    public long Id { get; init; }

    /// <summary>0: none; an event did it, or a system that provisions.</summary>
    public long Run { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The directory in which it changed.</summary>
    public long Directory { get; init; }
}

/// <summary>A field that is different.</summary>
/// <param name="Name">A word of <see cref="Reading.DirectoryFields"/>, or <c>departments</c>, <c>status</c>, <c>parent</c>,
/// <c>leaders</c>.</param>
/// <param name="From">What it was; null: nothing was known.</param>
/// <param name="To">What it is; null: nothing is known.</param>
internal sealed record FieldChange(string Name, string? From, string? To);

/// <inheritdoc cref="DirectoryChange"/>
internal static class ChangeRows
{
    /// <summary>Of one run, besides those who leave or are hidden, who are all noted: a first run's thousands of colleagues tell nobody
    /// anything one by one.</summary>
    public const int MostOfRun = 2000;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Notes a change, and counts it.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="scope">On whose behalf.</param>
    /// <param name="change">The change.</param>
    /// <param name="now">The time.</param>
    /// <param name="isApplied">It takes effect; false: it would change so.</param>
    public static async ValueTask AddAsync(IUnitOfWork unit, ImportScope scope, DirectoryChange change, DateTimeOffset now, bool isApplied)
    {
        unit.AfterCommit(() => scope.Counts.Add(change.Kind));
        if (scope.Run != 0 && change.Kind is not (ChangeKinds.Left or ChangeKinds.Hidden) && scope.Counts.Changes >= MostOfRun) return;
        await unit.ExecuteAsync("""
            INSERT INTO directory_change (run, directory, kind, item, name, person, detail, applied, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """, scope.Run, scope.Directory.Id, change.Kind, change.Item, change.Name, change.Person,
            change.Fields.Count == 0 ? null : TextOf(change.Fields), isApplied ? 1 : 0, now.ToUnixTimeMilliseconds());
    }

    /// <summary>Takes back whom a run has noted that it would take for gone: it asks once more.</summary>
    public static async ValueTask ForgetAskedAsync(IUnitOfWork unit, long run) => await unit.ExecuteAsync(
        "DELETE FROM directory_change WHERE run = $1 AND kind = $2 AND applied = 0", run, ChangeKinds.Left);

    /// <summary>Changes of a run, in the order in which they came.</summary>
    public static ValueTask<List<DirectoryChange>> OfRunAsync(ISql sql, long run, string? kind, long after, int limit) => sql.QueryAsync(
        $"SELECT {Columns} FROM directory_change c WHERE run = $1 AND id > $2 AND ($3 = '' OR kind = $3) ORDER BY id LIMIT {limit}",
        Read, run, after, kind ?? "");

    /// <summary>How many changes of each kind are noted of a run.</summary>
    public static async ValueTask<IReadOnlyList<(string Kind, long Count)>> KindsAsync(ISql sql, long run) => await sql.QueryAsync(
        "SELECT kind, COUNT(*) FROM directory_change WHERE run = $1 GROUP BY kind", static row => (row.GetString(0), row.GetInt64(1)), run);

    /// <summary>What befell a person, also under ids that became theirs, the newest first.</summary>
    public static ValueTask<List<DirectoryChange>> OfPersonAsync(ISql sql, string person, int limit) => sql.QueryAsync($"""
        SELECT {Columns} FROM directory_change c
        WHERE c.applied = 1 AND c.person IN (SELECT $1 UNION ALL SELECT id FROM person_alias WHERE person = $1)
        ORDER BY c.id DESC LIMIT {limit}
        """, Read, person);

    /// <summary>Keys of those whose leaving a run has asked about.</summary>
    public static async ValueTask<HashSet<string>> AskedAsync(ISql sql, long run) =>
        [.. await sql.QueryAsync("SELECT item FROM directory_change WHERE run = $1 AND kind IN ($2, $3)",
            static row => row.GetString(0), run, ChangeKinds.Left, ChangeKinds.Frozen)];

    /// <summary>Forgets old ones.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old) => await old.ExecuteAsync(
        "DELETE FROM directory_change WHERE id IN (SELECT id FROM directory_change WHERE at < $1 ORDER BY at LIMIT $2)");

    private const string Columns = "c.id, c.run, c.kind, c.item, c.name, c.person, c.detail, c.at, c.directory";

    private static DirectoryChange Read(System.Data.Common.DbDataReader row) =>
        new(row.GetString(2), row.GetString(3), row.Text(4), row.Text(5), row.Text(6) is { } text ? FieldsOf(text) : [])
        {
            Id = row.GetInt64(0), Run = row.GetInt64(1), At = row.Time(7), Directory = row.GetInt64(8),
        };

    private static string TextOf(IReadOnlyList<FieldChange> fields) =>
        new JsonArray([.. fields.Select(f => (JsonNode?)new JsonArray(f.Name, f.From, f.To))]).ToJsonString(Json);

    private static IReadOnlyList<FieldChange> FieldsOf(string text) =>
        [.. JsonSerializer.Deserialize<string?[][]>(text)!.Select(f => new FieldChange(f[0]!, f[1], f[2]))];
}
