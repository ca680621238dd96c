using Larkspur.Gateway.Storage;

namespace Larkspur.Bench.Company;

/// <summary>Counts every row that is written to any table, by triggers of the database itself: what says that nothing is written is not
/// who would write it.</summary>
internal static class WriteCount
{
    private static readonly string[] Operations = ["INSERT", "UPDATE", "DELETE"];

    /// <summary>From now on rows are counted.</summary>
    public static Task BeginAsync(IDatabase database, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        var tables = await TablesAsync(unit, database.Dialect);
        await unit.ExecuteAsync("CREATE TABLE bench_write (name TEXT PRIMARY KEY, rows BIGINT NOT NULL)");
        foreach (var table in tables) await unit.ExecuteAsync("INSERT INTO bench_write (name, rows) VALUES ($1, 0)", table);
        if (database.Dialect == Dialect.Postgres)
        {
            await unit.ExecuteAsync("""
                CREATE FUNCTION bench_count() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN UPDATE bench_write SET rows = rows + 1 WHERE name = TG_TABLE_NAME; RETURN NULL; END'
                """);
        }

        foreach (var (table, operation) in tables.SelectMany(_ => Operations, (table, operation) => (table, operation)))
        {
            await unit.ExecuteAsync($"CREATE TRIGGER bench_{table}_{operation} AFTER {operation} ON {table} "
                + (database.Dialect == Dialect.Postgres ? "FOR EACH ROW EXECUTE FUNCTION bench_count()"
                    : $"BEGIN UPDATE bench_write SET rows = rows + 1 WHERE name = '{table}'; END"));
        }
    }, cancellation);

    /// <summary>Rows written since, by table; nothing is counted any more.</summary>
    public static Task<Dictionary<string, long>> EndAsync(IDatabase database, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            var written = await unit.QueryAsync("SELECT name, rows FROM bench_write", static row => (row.GetString(0), row.GetInt64(1)));
            foreach (var (table, _) in written)
            {
                foreach (var operation in Operations)
                {
                    await unit.ExecuteAsync($"DROP TRIGGER bench_{table}_{operation}"
                        + (database.Dialect == Dialect.Postgres ? $" ON {table}" : ""));
                }
            }

            await unit.ExecuteAsync("DROP TABLE bench_write");
            if (database.Dialect == Dialect.Postgres) await unit.ExecuteAsync("DROP FUNCTION bench_count()");
            return written.Where(w => w.Item2 > 0).ToDictionary(w => w.Item1, w => w.Item2);
        }, cancellation);

    private static ValueTask<List<string>> TablesAsync(ISql sql, Dialect dialect) => sql.QueryAsync(dialect == Dialect.Postgres
        ? "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()"
        : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'",
        static row => row.GetString(0));
}
