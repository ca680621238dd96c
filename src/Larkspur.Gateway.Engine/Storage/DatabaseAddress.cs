using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Storage;

/// <summary>Where the data is: <c>LARKSPUR_DB</c>.</summary>
/// <param name="Dialect">Which database.</param>
/// <param name="Value">The file, or the connection string; the latter may hold a password and is never shown.</param>
internal sealed record DatabaseAddress(Dialect Dialect, string Value)
{
    private const string Sqlite = "sqlite:";

    /// <summary>What files of this database are called by: the same at each start; two databases of one user have two.</summary>
    public string FileName => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Dialect == Dialect.Sqlite ? Path.GetFullPath(Value)
        : PostgresAddress.Problem(Value) is null ? PostgresAddress.Place(Value) : "")).AsSpan(0, 8));

    /// <summary>Reads the setting; without one it is a file in the data folder.</summary>
    public static DatabaseAddress Read(string? value, string dataFolder, List<string> problems)
    {
        if (string.IsNullOrWhiteSpace(value)) return new(Dialect.Sqlite, Path.Combine(dataFolder, "larkspur.db"));
        if (value.StartsWith(Sqlite, StringComparison.OrdinalIgnoreCase))
        {
            var path = value[Sqlite.Length..];
            if (path.Length == 0) problems.Add("LARKSPUR_DB: sqlite: needs a path, like sqlite:/var/lib/larkspur/larkspur.db");
            return new(Dialect.Sqlite, path);
        }

        if (!PostgresAddress.Looks(value)) problems.Add("LARKSPUR_DB: must be sqlite:PATH or a PostgreSQL address like Host=db.example.com;Database=larkspur;Username=larkspur;Password=…");
        else if (PostgresAddress.Problem(value) is { } problem) problems.Add($"LARKSPUR_DB: {problem}");
        return new(Dialect.Postgres, value);
    }

    public override string ToString() => Dialect == Dialect.Sqlite ? Sqlite + Value : "PostgreSQL";
}
