using Larkspur.Gateway.Storage.Migrations;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>Brings a file's schema up to date.</summary>
internal static partial class SqliteMigrations
{
    /// <exception cref="SettingsException">The file has a schema that these scripts do not go on from.</exception>
    public static void Apply(SqliteFile file, MigrationSet scripts, TimeProvider clock, ILogger logger)
    {
        using var unit = new SqliteUnitOfWork(file);
        unit.Execute("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
        foreach (var script in scripts.After(Applied(unit)))
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

            SchemaMigrated(logger, script.Number, script.Name);
        }
    }

    private static List<AppliedScript> Applied(SqliteUnitOfWork unit)
    {
        var applied = new List<AppliedScript>();
        var rows = unit.Prepared("SELECT number, name FROM migration");
        while (rows.Step()) applied.Add(new((int)rows.Number(0), rows.Text(1)));
        rows.Reset();
        return applied;
    }

    [LoggerMessage(LogLevel.Information, "Database schema is now {Number} ({Name})")]
    private static partial void SchemaMigrated(ILogger logger, int number, string name);
}
