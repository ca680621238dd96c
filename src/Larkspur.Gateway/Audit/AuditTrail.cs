using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Audit;

/// <summary>What administrators and programs changed. Written in the change's own transaction: no change without its line, no line without its change.</summary>
internal sealed class AuditTrail(IDatabase database, TimeProvider clock)
{
    /// <summary>Lines on a page.</summary>
    public const int MostOnPage = 200;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds a line.</summary>
    /// <param name="unit">The change's transaction.</param>
    /// <param name="who">Who did it.</param>
    /// <param name="what">A word with a dot: <c>setting.changed</c>.</param>
    /// <param name="subject">What it was done to, as an operator would search for it.</param>
    /// <param name="detail">What changed from what to what; the caller leaves secrets out.</param>
    public async ValueTask AddAsync(IUnitOfWork unit, Actor who, string what, string? subject, JsonObject? detail = null) =>
        await unit.ExecuteAsync("INSERT INTO audit (at, who, what, subject, detail, address) VALUES ($1, $2, $3, $4, $5, $6)",
            clock.GetUtcNow().ToUnixTimeMilliseconds(), who.Name, what, subject, detail?.ToJsonString(Json), who.Address);

    /// <summary>Adds a line in a transaction of its own, for what changes no row: a test call, a refused log-in.</summary>
    public Task AddAsync(Actor who, string what, string? subject, JsonObject? detail = null, CancellationToken cancellation = default) =>
        database.TransactAsync(unit => AddAsync(unit, who, what, subject, detail), cancellation);

    /// <summary>Lines, the newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="before">Only lines older than this id; null: from the newest on.</param>
    /// <param name="limit">1 to <see cref="MostOnPage"/>.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<List<AuditLine>> ReadAsync(AuditFilter filter, long? before, int limit, CancellationToken cancellation = default) => database.ReadAsync(sql => sql.QueryAsync("""
        SELECT id, at, who, what, subject, detail, address FROM audit
        WHERE id < $1 AND ($2 IS NULL OR who = $2) AND ($3 IS NULL OR what = $3) AND ($4 IS NULL OR subject = $4) AND at >= $5
        ORDER BY id DESC LIMIT $6
        """, Line, before ?? long.MaxValue, filter.Who, filter.What, filter.Subject, filter.Since?.ToUnixTimeMilliseconds() ?? 0, Math.Clamp(limit, 1, MostOnPage)), cancellation);

    private static AuditLine Line(DbDataReader row) => new(row.GetInt64(0), row.Time(1), row.GetString(2), row.GetString(3), row.Text(4), row.Text(5), row.Text(6));
}

/// <summary>One line.</summary>
internal sealed record AuditLine(long Id, DateTimeOffset At, string Who, string What, string? Subject, string? Detail, string? Address);

/// <summary>What is null does not matter.</summary>
internal sealed record AuditFilter(string? Who = null, string? What = null, string? Subject = null, DateTimeOffset? Since = null);
