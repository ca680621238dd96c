using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Larkspur.Gateway.Storage;

/// <summary>Numbered scripts, applied in order, each once, each in its own transaction. A script that was released is never edited.</summary>
internal static class SqliteMigrations
{
    private const string Prefix = "Larkspur.Gateway.Storage.Migrations.sqlite/";

    public static void Apply(SqliteConnection connection, TimeProvider clock, ILogger logger)
    {
        connection.Execute("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)");
        var done = connection.ExecuteScalar<int?>("SELECT MAX(number) FROM migration") ?? 0;
        var scripts = Scripts();
        if (done > scripts[^1].Number)
            throw new SettingsException([$"LARKSPUR_DB: the database was written by a newer Larkspur (schema {done}, this one knows {scripts[^1].Number}). Update Larkspur, or restore a backup."]);

        foreach (var (number, name) in scripts.Where(s => s.Number > done))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(Read(name), transaction: transaction);
            connection.Execute("INSERT INTO migration VALUES (@number, @name, @at)",
                new { number, name = name[Prefix.Length..], at = clock.GetUtcNow().ToUnixTimeMilliseconds() }, transaction);
            transaction.Commit();
            logger.LogInformation("Database schema is now {Number} ({Name})", number, name[Prefix.Length..]);
        }
    }

    private static List<(int Number, string Name)> Scripts() =>
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(n => (int.Parse(n.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture), n))
            .Order()];

    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
