using Larkspur.Gateway.Storage.Migrations;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>Brings a file's schema up to date.</summary>
internal static class SqliteMigrations
{
    public static void Apply(SqliteFile file, TimeProvider clock, ILogger logger)
    {
        using var unit = new SqliteUnitOfWork(file);
        unit.Execute("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
        foreach (var script in MigrationScript.After(Done(unit)))
        {
            unit.Execute("BEGIN IMMEDIATE");
            try
            {
                file.Run(script.Sql(Dialect.Sqlite));
                unit.Execute("INSERT INTO migration VALUES ($1, $2, $3)", script.Number, script.Name, clock.GetUtcNow().ToUnixTimeMilliseconds());
                unit.Execute("COMMIT");
            }
            catch
            {
                if (file.InTransaction) unit.Execute("ROLLBACK");
                throw;
            }

            logger.LogInformation("Database schema is now {Number} ({Name})", script.Number, script.Name);
        }
    }

    private static int Done(SqliteUnitOfWork unit)
    {
        var newest = unit.Prepared("SELECT COALESCE(MAX(number), 0) FROM migration");
        newest.Step();
        var done = (int)newest.Number(0);
        newest.Reset();
        return done;
    }
}
