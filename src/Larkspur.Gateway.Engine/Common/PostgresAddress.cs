using System.Data.Common;
using System.Globalization;
using Larkspur.Gateway.Storage.Postgres;
using Npgsql;

namespace Larkspur.Gateway.Common;

/// <summary>Reads <c>LARKSPUR_DB</c> as a PostgreSQL address: <c>Host=…;Database=…</c> or <c>postgresql://user:password@host:port/database?sslmode=…</c>.</summary>
internal static class PostgresAddress
{
    /// <summary>
    /// Bounds that the server keeps by itself, in milliseconds and seconds: a process that stands still, or a machine that is gone, would keep its locks
    /// for as long as TCP believes in it, two hours by default, and with them every other gateway. A transaction of ours waits for nobody between its
    /// statements, so five seconds of silence are a process that stands still.
    /// </summary>
    private const string SessionBounds = "-c idle_in_transaction_session_timeout=5000 -c lock_timeout=4000 "
        + "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=20000";

    /// <summary>So many times the client's own time-out a statement may take on the server; without one, as long as it likes.</summary>
    private const int StatementTimes = 3;

    /// <summary>True for what is meant as one.</summary>
    public static bool Looks(string value) => IsUri(value) || value.Contains("Host=", StringComparison.OrdinalIgnoreCase) || value.Contains("Server=", StringComparison.OrdinalIgnoreCase);

    /// <summary>The problem with an address, without repeating it (it may hold a password), or null.</summary>
    public static string? Problem(string value)
    {
        try
        {
            var parsed = Parse(value);
            if (string.IsNullOrEmpty(parsed.Host)) return "names no host";
            return string.IsNullOrEmpty(parsed.Database) ? "names no database" : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or UriFormatException or InvalidCastException)
        {
            return "cannot be read as a PostgreSQL address. Write it like Host=db.example.com;Database=larkspur;Username=larkspur;Password=… or postgresql://user:password@host/database";
        }
    }

    /// <summary>The password in a valid address, or null: for those who must not show it.</summary>
    public static string? Password(string value) => Parse(value).Password;

    /// <summary>Which database it is, without who asks for it and how.</summary>
    public static string Place(string value) => Parse(value) is var parsed ? $"{parsed.Host}:{parsed.Port}/{parsed.Database}" : "";

    /// <summary>For <see cref="PostgresDatabase.Apart"/>: few connections, short patience, whatever the address says of them.</summary>
    public static string Apart(string value)
    {
        var complete = new NpgsqlConnectionStringBuilder(Complete(value))
        {
            MinPoolSize = 0,
            MaxPoolSize = 4,
            Timeout = 2,
            CommandTimeout = 2,
            // One that is given up is closed at once, without asking the server for its consent.
            CancellationTimeout = -1,
        };
        return complete.ToString();
    }

    /// <summary>With the gateway's own defaults for what it leaves open.</summary>
    public static string Complete(string value)
    {
        var parsed = Parse(value);
        // Npgsql's own ContainsKey asks whether there is such a keyword at all, not whether it is given.
        var given = new DbConnectionStringBuilder { ConnectionString = parsed.ConnectionString };
        if (!given.ContainsKey("Maximum Pool Size")) parsed.MaxPoolSize = 20;
        if (!given.ContainsKey("Timeout")) parsed.Timeout = 5;
        if (!given.ContainsKey("Command Timeout")) parsed.CommandTimeout = 10;
        if (!given.ContainsKey("Max Auto Prepare")) parsed.MaxAutoPrepare = 100;
        if (!given.ContainsKey("Keepalive")) parsed.KeepAlive = 10;
        if (!given.ContainsKey("Application Name")) parsed.ApplicationName = $"larkspur {Environment.MachineName} {Environment.ProcessId}";
        if (!given.ContainsKey("Include Error Detail")) parsed.IncludeErrorDetail = false;
        // The client gives a statement up first, unless it is gone. What the address says itself comes later, and so wins.
        var statement = parsed.CommandTimeout * StatementTimes * 1000L;
        parsed.Options = string.Create(CultureInfo.InvariantCulture, $"{SessionBounds} -c statement_timeout={statement} {parsed.Options}").TrimEnd();
        return parsed.ToString();
    }

    private static bool IsUri(string value) =>
        value.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || value.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    private static NpgsqlConnectionStringBuilder Parse(string value)
    {
        if (!IsUri(value)) return new NpgsqlConnectionStringBuilder(value);
        var uri = new Uri(value);
        var parsed = new NpgsqlConnectionStringBuilder { Host = uri.Host, Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')) };
        if (uri.Port > 0) parsed.Port = uri.Port;
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0) parsed.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) parsed.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, text) = pair.Split('=', 2) is [var n, var t] ? (n, t) : (pair, "");
            var said = Uri.UnescapeDataString(text);
            switch (Uri.UnescapeDataString(name))
            {
                // libpq's words, as they stand in such addresses everywhere: verify-ca and verify-full, the modes that prove who the server is, have a dash.
                case "sslmode": parsed["SSL Mode"] = said.Replace("-", "", StringComparison.Ordinal); break;
                case "sslrootcert": parsed["Root Certificate"] = said; break;
                case "sslcert": parsed["SSL Certificate"] = said; break;
                case "sslkey": parsed["SSL Key"] = said; break;
                case "application_name": parsed["Application Name"] = said; break;
                case "options": parsed["Options"] = said; break;
                case "connect_timeout": parsed["Timeout"] = said; break;
                default: parsed[Uri.UnescapeDataString(name)] = said; break;
            }
        }

        return parsed;
    }
}
