using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Audit;

/// <summary>What administrators and programs changed. Written in the change's own transaction: no change without its line, no line without its change. The lines are a chain (<see cref="AuditChain"/>).</summary>
internal sealed class AuditTrail(IDatabase database, AuditChain chain, SecretRegistry secrets, TimeProvider clock)
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
    public ValueTask AddAsync(IUnitOfWork unit, Actor who, string what, string? subject, JsonObject? detail = null) => chain.AppendAsync(unit, new AuditLine(
        // Who did it is never hidden: names of keys and accounts are administrators' words, and some secrets are their owners'.
        0, clock.GetUtcNow(), who.Name, what, subject is null ? null : secrets.Hide(subject), secrets.Hide(detail)?.ToJsonString(Json),
            who.Address));

    /// <summary>Adds a line in a transaction of its own, for what changes no row: a test call, a refused log-in.</summary>
    public Task AddAsync(Actor who, string what, string? subject, JsonObject? detail = null, CancellationToken cancellation = default) =>
        database.TransactAsync(unit => AddAsync(unit, who, what, subject, detail), cancellation);

    /// <summary>Lines, the newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="before">Only lines older than this id; null: from the newest on.</param>
    /// <param name="limit">1 to <see cref="MostOnPage"/>.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<List<AuditLine>> ReadAsync(AuditFilter filter, long? before, int limit, CancellationToken cancellation = default)
    {
        // Only what is asked for stands in the text: PostgreSQL knows no type of a value that is nothing but compared to NULL.
        var where = new SqlConditions().When(before, "id <").When(filter.Who, "who").When(filter.What, "what").When(filter.Subject, "subject")
            .When(filter.Since?.ToUnixTimeMilliseconds(), "at >=").When(filter.Until?.ToUnixTimeMilliseconds(), "at <");
        var text = AuditChain.Select($"{where.Text} ORDER BY id DESC LIMIT {where.Place(Math.Clamp(limit, 1, MostOnPage))}");
        return database.ReadAsync(sql => sql.QueryAsync(text, Line, where.Values), cancellation);
    }

    /// <summary>A row of <see cref="AuditChain.Select"/>. A time that no calendar has is the nearest one: somebody wrote it past the gateway, and its seal will say so.</summary>
    internal static AuditLine Line(DbDataReader row) =>
        new(row.GetInt64(0), row.NearestTimeOrNull(1)!.Value, row.GetString(2), row.GetString(3), row.Text(4), row.Text(5), row.Text(6)) { Seal = row.Text(7) };
}

/// <summary>One line.</summary>
internal sealed record AuditLine(long Id, DateTimeOffset At, string Who, string What, string? Subject, string? Detail, string? Address)
{
    /// <summary>See <see cref="AuditSeals"/>; null: it has none.</summary>
    public string? Seal { get; init; }
}

/// <summary>What is null does not matter.</summary>
internal sealed record AuditFilter(string? Who = null, string? What = null, string? Subject = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null);
