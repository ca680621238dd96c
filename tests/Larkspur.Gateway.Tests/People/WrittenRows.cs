using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Tests.People;

/// <summary>Counts the rows that are written to some tables, by triggers of the database itself: what says that nothing is written is not
/// who would write it.</summary>
internal sealed class WrittenRows(IDatabase database, params string[] tables)
{
    private static readonly string[] Operations = ["INSERT", "UPDATE", "DELETE"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>From now on rows are counted.</summary>
    public Task BeginAsync() => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("CREATE TABLE written (name TEXT PRIMARY KEY, rows BIGINT NOT NULL)");
        if (database.Dialect == Dialect.Postgres)
        {
            await unit.ExecuteAsync("""
                CREATE FUNCTION count_written() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN UPDATE written SET rows = rows + 1 WHERE name = TG_TABLE_NAME; RETURN NULL; END'
                """);
        }

        foreach (var table in tables)
        {
            await unit.ExecuteAsync("INSERT INTO written (name, rows) VALUES ($1, 0)", table);
            foreach (var operation in Operations)
            {
                await unit.ExecuteAsync($"CREATE TRIGGER written_{table}_{operation} AFTER {operation} ON {table} "
                    + (database.Dialect == Dialect.Postgres ? "FOR EACH ROW EXECUTE FUNCTION count_written()"
                        : $"BEGIN UPDATE written SET rows = rows + 1 WHERE name = '{table}'; END"));
            }
        }
    }, Cancel);

    /// <summary>What was written since, by table; empty: nothing.</summary>
    public async Task<string> SaidAsync() => string.Join(", ", await database.ReadAsync(sql => sql.QueryAsync(
        "SELECT name, rows FROM written WHERE rows > 0 ORDER BY name", static row => $"{row.GetString(0)} {row.GetInt64(1)}"), Cancel));
}
