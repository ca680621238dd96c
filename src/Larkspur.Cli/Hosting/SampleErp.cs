using System.Globalization;
using Larkspur.Emulator.State.Tables;
using Microsoft.Data.Sqlite;

namespace Larkspur.Cli.Hosting;

/// <summary>The demo company's ERP: a SQLite file with orders, some of which stand in its ledger on Feishu too.</summary>
internal sealed class SampleErp
{
    private SampleErp(string file) => File = file;

    public string File { get; }

    /// <summary>The sync's body for REST, and what its file looks like in YAML.</summary>
    public static object Sync { get; } = new
    {
        table = new { @base = "ledger", table = SeededTables.Orders },
        source = new { connection = "erp", table = "orders" },
        key = (string[])["order_no"],
        fields = (object[])
        [
            new { field = SeededTables.OrderNo, column = "order_no" },
            new { field = SeededTables.Supplier, column = "supplier" },
            new { field = SeededTables.Amount, column = "amount" },
            new { field = SeededTables.Status, column = "status" },
            new { field = SeededTables.Invoiced, column = "invoiced", direction = "to_table" },
        ],
        deletes = new { in_source = "delete", after_seconds = 60 },
        notify = "alice@mica.example",
    };

    /// <summary>Makes the file, or takes the one that a demonstration before this has left.</summary>
    public static async Task<SampleErp> OpenAsync(string folder, CancellationToken cancellation)
    {
        var erp = new SampleErp(Path.Combine(folder, "erp.db"));
        await erp.RunAsync("""
            CREATE TABLE IF NOT EXISTS orders (
              order_no TEXT PRIMARY KEY, supplier TEXT, amount REAL, status TEXT, invoiced BOOLEAN NOT NULL DEFAULT 0);
            INSERT OR IGNORE INTO orders VALUES
              ('ERP-1001', '深蓝科技 Deep Blue', 18600, '待审批', 0), ('ERP-1002', '云图办公 Yuntu Office', 2450.5, '已批准', 0),
              ('ERP-1003', '华东物流 Huadong Freight', 730, '已付款', 1)
            """, cancellation);
        return erp;
    }

    public async Task RunAsync(string sql, CancellationToken cancellation)
    {
        await using var connection = await ConnectAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A value of an order; null: there is none.</summary>
    public async Task<string?> ValueAsync(string order, string column, CancellationToken cancellation)
    {
        await using var connection = await ConnectAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {column} FROM orders WHERE order_no = $order";
        command.Parameters.AddWithValue("$order", order);
        return Convert.ToString(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture) is { Length: > 0 } value
            ? value : null;
    }

    private async Task<SqliteConnection> ConnectAsync(CancellationToken cancellation)
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False;Default Timeout=10");
        await connection.OpenAsync(cancellation);
        return connection;
    }
}
