using System.Data.Common;
using Larkspur.Gateway.Common;
using Npgsql;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>
/// The address of a company's PostgreSQL database. It says where the database is and who asks, and nothing of what this process has: no
/// file of its disk, no name or password of its surroundings. So it takes few words, and refuses the others by name.
/// </summary>
internal static class PostgresSourceAddress
{
    private const int MostConnections = 4;

    /// <summary>Seconds until a server must have answered.</summary>
    private const int LongestOpening = 5;

    /// <summary>Words of a connection string, as the driver writes them. What is bounded may be said and is bounded all the same.</summary>
    private static readonly string[] Keywords =
    [
        "Host", "Port", "Database", "Username", "Password", "SSL Mode", "Application Name", "Timeout", "Command Timeout", "Pooling",
        "Maximum Pool Size", "Minimum Pool Size",
    ];

    /// <summary>Words of an address <c>postgresql://…?…</c>.</summary>
    private static readonly string[] Parameters = ["sslmode", "application_name", "connect_timeout"];

    /// <summary>What is wrong with it, as the end of a sentence that begins with "it"; null: nothing. A password is not repeated.</summary>
    public static string? Problem(string address)
    {
        if (PostgresAddress.Problem(address) is { } problem) return problem;
        if (Unknown(address) is { } unknown) return $"takes no {unknown}: a source is named by {string.Join(", ", Keywords[..6])}";
        var read = Read(address);
        if (read.Host!.Contains(',')) return "names more than one host";
        // Whoever asks over the server's socket is known by the user of this process.
        if (read.Host[0] is '/' or '@' or '.') return "names a socket: a source is asked over the network, like 127.0.0.1";
        if (string.IsNullOrEmpty(read.Username)) return "names no user";
        return string.IsNullOrEmpty(read.Password) ? "has no password: a server that asks for none takes any" : null;
    }

    /// <summary>As the driver takes it.</summary>
    public static NpgsqlConnectionStringBuilder Settings(string address, PostgresSourceOptions options)
    {
        var settings = Read(address);
        // A statement is not prepared for later: the table may have another shape then. The server's details are read, and told where they
        // are no row of somebody's.
        (settings.ApplicationName, settings.IncludeErrorDetail, settings.PersistSecurityInfo) = ("larkspur-sync", true, false);
        (settings.Enlist, settings.MaxAutoPrepare) = (false, 0);
        (settings.MinPoolSize, settings.MaxPoolSize) = (0, Math.Clamp(settings.MaxPoolSize, 1, MostConnections));
        settings.Timeout = settings.Timeout is > 0 and < LongestOpening ? settings.Timeout : LongestOpening;
        settings.CommandTimeout = (int)options.StatementPatience.TotalSeconds;
        // Nobody is asked in the name of this process: by its tickets, or by passwords of its user's.
        (settings.RequireAuth, settings.GssEncryptionMode) = ("Password,MD5,ScramSHA256,None", GssEncryptionMode.Disable);
        settings.Passfile = Path.Join(AppContext.BaseDirectory, "no-passwords");
        return settings;
    }

    private static NpgsqlConnectionStringBuilder Read(string address) => new(PostgresAddress.Complete(address));

    /// <summary>A word of it that is not taken; null: none.</summary>
    private static string? Unknown(string address)
    {
        var isUri = address.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
            || address.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);
        if (isUri) return new Uri(address).Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => Uri.UnescapeDataString(pair.Split('=')[0])).FirstOrDefault(name => !Parameters.Contains(name));
        // The driver knows each word by several names, and writes one.
        var given = new DbConnectionStringBuilder { ConnectionString = new NpgsqlConnectionStringBuilder(address).ConnectionString };
        return given.Keys.Cast<string>().FirstOrDefault(name => !Keywords.Contains(name, StringComparer.OrdinalIgnoreCase));
    }
}
