namespace Larkspur.Gateway.Storage;

/// <summary>
/// A table that must be writable before a refused transaction is anybody's own fault. It has columns <c>id</c> and <c>status</c>.
/// </summary>
/// <param name="Name">As its owner's SQL names it.</param>
internal sealed record ProvedTable(string Name);

/// <summary>Shows that the database takes writes of others, where it has refused one.</summary>
/// <param name="tables">Those whose owners want them proved.</param>
internal sealed class WriteProof(IEnumerable<ProvedTable> tables)
{
    private readonly string[] _statements = [.. tables.Select(table => $"UPDATE {table.Name} SET status = status WHERE id = 0")];

    /// <summary>
    /// Writes nothing into each table, as part of the transaction that counts such a failure: where others cannot write either
    /// (somebody holds a whole table), that fails, and nothing is counted.
    /// </summary>
    public async ValueTask WriteAsync(IUnitOfWork unit)
    {
        foreach (var statement in _statements) await unit.ExecuteAsync(statement);
        await unit.ExecuteAsync("""
            INSERT INTO heartbeat (id, beats) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET beats = heartbeat.beats + 1
            """);
    }
}
