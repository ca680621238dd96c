using Larkspur.Gateway.Storage.Migrations;
using Microsoft.Data.Sqlite;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>Brings a file's schema up to date.</summary>
internal static class SqliteMigrations
{
    public static void Apply(SqliteConnection connection, TimeProvider clock, ILogger logger)
    {
        using var unit = new SqliteUnitOfWork(connection);
        unit.Execute("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
        var done = (int)(unit.Scalar("SELECT MAX(number) FROM migration") as long? ?? 0);
        foreach (var script in MigrationScript.After(done))
        {
            using var transaction = connection.BeginTransaction();
            using (var command = connection.CreateCommand())
            {
                command.CommandText = script.Sql(Dialect.Sqlite);
                command.ExecuteNonQuery();
                command.CommandText = "INSERT INTO migration VALUES ($number, $name, $at)";
                command.Parameters.AddWithValue("$number", script.Number);
                command.Parameters.AddWithValue("$name", script.Name);
                command.Parameters.AddWithValue("$at", clock.GetUtcNow().ToUnixTimeMilliseconds());
                command.ExecuteNonQuery();
            }

            transaction.Commit();
            logger.LogInformation("Database schema is now {Number} ({Name})", script.Number, script.Name);
        }
    }
}
