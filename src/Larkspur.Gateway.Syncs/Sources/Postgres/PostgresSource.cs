using System.Globalization;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Npgsql;
using NpgsqlTypes;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>A company's PostgreSQL database. Connections are Npgsql's pooled ones, held for one piece of work each.</summary>
internal sealed class PostgresSource(string address, PostgresSourceOptions options)
{
    public PostgresSourceOptions Options => options;

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(PostgresSourceAddress.Settings(address, options).ToString());
        try
        {
            await connection.OpenAsync(cancellation);
            await RefuseGatewaysAsync(connection, cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="SideStoppedException">It is a gateway's own database, under whatever name it was reached.</exception>
    private static async Task RefuseGatewaysAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await ScalarAsync(connection, null, """
            SELECT 'yes' FROM pg_class a JOIN pg_class b ON b.relnamespace = a.relnamespace AND b.relname = 'data_protection_key'
            WHERE a.relname = 'sync_connection' AND has_schema_privilege(a.relnamespace, 'USAGE') LIMIT 1
            """, [], cancellation) is not null)
            throw new SideStoppedException(Problems.NoPermission, "It is a gateway's own database.") { Side = SideName.Source };
    }

    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        return await work(connection);
    }

    /// <summary>Rows of texts.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="transaction">What it is a part of.</param>
    /// <param name="sql">A statement whose columns are texts.</param>
    /// <param name="values">Texts, arrays of texts and whole numbers.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<List<string?[]>> QueryAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql,
        object?[] values, CancellationToken cancellation)
    {
        await using var command = Command(connection, transaction, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await RowsAsync(reader, cancellation);
    }

    public static async Task<List<string?[]>> RowsAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var rows = new List<string?[]>();
        while (await reader.ReadAsync(cancellation))
        {
            var row = new string?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = await reader.IsDBNullAsync(i, cancellation) ? null : reader.GetString(i);
            rows.Add(row);
        }

        return rows;
    }

    public static async Task<string?> ScalarAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql,
        object?[] values, CancellationToken cancellation) =>
        await QueryAsync(connection, transaction, sql, values, cancellation) is [[var value, ..], ..] ? value : null;

    public static async Task<int> RunAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, object?[] values,
        CancellationToken cancellation)
    {
        await using var command = Command(connection, transaction, sql, values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public static NpgsqlParameter Parameter(object? value) => value switch
    {
        string[] texts => new() { Value = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        long number => new() { Value = number, NpgsqlDbType = NpgsqlDbType.Bigint },
        DateTimeOffset time => new() { Value = time.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        null => new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
        _ => new() { Value = Convert.ToString(value, CultureInfo.InvariantCulture), NpgsqlDbType = NpgsqlDbType.Text },
    };

    /// <summary>A name as SQL takes any name.</summary>
    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text as SQL takes any text, whatever a session makes of backslashes.</summary>
    public static string Literal(string text)
    {
        var quoted = $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        return text.Contains('\\') ? $" E{quoted.Replace("\\", "\\\\", StringComparison.Ordinal)}" : quoted;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, object?[] values)
    {
#pragma warning disable CA2100 // Names come from the catalogue, quoted; values are bound.
        var command = new NpgsqlCommand(sql, connection, transaction);
#pragma warning restore CA2100
        foreach (var value in values) command.Parameters.Add(Parameter(value));
        return command;
    }
}
