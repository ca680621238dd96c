using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Documents.Saving;

/// <summary>The documents' rows.</summary>
internal sealed class SavedStore(IDatabase database)
{
    public Task<SavedRow?> FindAsync(string id, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FirstAsync($"SELECT {SavedRow.Columns} FROM saved_document WHERE id = $1", SavedRow.Read, id), cancellation);

    /// <summary>Keeps the row, when there is none of its id.</summary>
    /// <returns>The row that is kept: who came second goes on with the first one's document.</returns>
    public Task<SavedRow> AddAsync(SavedRow row, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("""
            INSERT INTO saved_document (id, app, digest, document_id, title, written, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING
            """, row.Id, row.App, row.Digest, row.DocumentId, row.Title, row.Written, row.CreatedAt.ToUnixTimeMilliseconds());
        return (await unit.FirstAsync($"SELECT {SavedRow.Columns} FROM saved_document WHERE id = $1", SavedRow.Read, row.Id))!;
    }, cancellation);

    /// <summary>So many calls with blocks are done.</summary>
    public Task WrittenAsync(string id, int written, CancellationToken cancellation) => database.TransactAsync(
        async unit => await unit.ExecuteAsync("UPDATE saved_document SET written = $2 WHERE id = $1 AND written < $2", id, written), cancellation);

    public Task FinishAsync(string id, string address, CancellationToken cancellation) => database.TransactAsync(
        async unit => await unit.ExecuteAsync("UPDATE saved_document SET address = $2 WHERE id = $1", id, address), cancellation);

    /// <summary>Forgets which keys made old documents; the documents stay.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM saved_document WHERE id IN (SELECT id FROM saved_document WHERE created_at < $1 ORDER BY created_at LIMIT $2)
        """);
}
