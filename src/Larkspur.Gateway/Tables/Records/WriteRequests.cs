using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Tables.Records;

/// <summary>Which rows were asked for under which Idempotency-Key, and what was answered.</summary>
internal sealed class WriteRequests(IDatabase database, TimeProvider clock)
{
    /// <summary>A thousand rows, with every pause that the platform asks for, are written by then.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Takes a key, unless it was answered already.</summary>
    /// <param name="row">The base's id.</param>
    /// <param name="key">As <see cref="IdempotencyKey"/> keeps it.</param>
    /// <param name="hash">Of what is asked for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>What was answered; null: the key is the caller's, and what was begun under it before is to be done again.</returns>
    /// <exception cref="RequestRefusedException">The key is another request's, or that one is being written still.</exception>
    public Task<RowsView?> TakeAsync(long row, string key, string hash, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            var now = clock.GetUtcNow();
            var (at, until) = (now.ToUnixTimeMilliseconds(), (now + Longest).ToUnixTimeMilliseconds());
            if (await unit.ExecuteAsync("""
                INSERT INTO table_write (base, request_key, request_hash, busy_until, created_at) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (base, request_key) DO NOTHING
                """, row, key, hash, until, at) == 1) return null;
            var (first, answer) = await unit.FirstAsync("SELECT request_hash, answer FROM table_write WHERE base = $1 AND request_key = $2",
                static found => Tuple.Create(found.GetString(0), found.Text(1)), row, key) is { } known ? (known.Item1, known.Item2)
                    : (hash, null);
            if (first != hash) throw new RequestRefusedException(StatusCodes.Status409Conflict, "key_in_use", null,
                "This Idempotency-Key was used for other rows.");
            if (answer is not null) return JsonSerializer.Deserialize<RowsView>(answer, Json);
            if (await unit.ExecuteAsync(
                "UPDATE table_write SET busy_until = $3 WHERE base = $1 AND request_key = $2 AND answer IS NULL AND busy_until < $4",
                row, key, until, at) == 1) return null;
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "being_written");
        }, cancellation);

    /// <summary>Keeps what is answered.</summary>
    public Task AnswerAsync(long row, string key, RowsView answer) => database.TransactAsync(
        async unit => await unit.ExecuteAsync("UPDATE table_write SET answer = $3 WHERE base = $1 AND request_key = $2", row, key,
            JsonSerializer.Serialize(answer, Json)), CancellationToken.None);

    /// <summary>Nothing was written: the key is free again.</summary>
    public Task FreeAsync(long row, string key) => database.TransactAsync(
        async unit => await unit.ExecuteAsync("DELETE FROM table_write WHERE base = $1 AND request_key = $2 AND answer IS NULL", row, key),
        CancellationToken.None);

    /// <summary>Forgets requests that are older than any repeat.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM table_write
        WHERE request_key IN (SELECT request_key FROM table_write WHERE created_at < $1 ORDER BY created_at LIMIT $2) AND created_at < $1
        """);
}
