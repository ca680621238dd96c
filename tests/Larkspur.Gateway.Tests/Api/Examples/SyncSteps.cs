using Larkspur.Emulator.State.Tables;
using Larkspur.Gateway.Storage.Sqlite;
using Larkspur.Gateway.Tests.Messages;
using Microsoft.Data.Sqlite;

namespace Larkspur.Gateway.Tests.Api.Examples;

/// <summary>What people and the company's own programs do before an example of a sync is sent.</summary>
internal static class SyncSteps
{
    private const string Path = "/syncs/orders";

    /// <summary>The company has its orders in a file, and an administrator opened the ledger.</summary>
    public static async Task TheSourceIsThereAsync(ExampleRun run)
    {
        SqliteNative.Use();
        await ErpAsync(run, """
            CREATE TABLE orders (no TEXT PRIMARY KEY NOT NULL, supplier TEXT, amount REAL, status TEXT);
            INSERT INTO orders VALUES ('PO-2027-001', '云图办公 Yuntu Office', 1280.5, '待审批')
            """);
        run.Means("/var/lib/erp/erp.db", System.IO.Path.Combine(run.Gateway.Folder, "erp.db"));
        ExampleSteps.Done(await run.Gateway.Gateway.RestAsync(HttpMethod.Put, "/tables/bases/ledger",
            new { token = SeededTables.Ledger, system = "erp" }));
    }

    /// <summary>Both sides change a supplier while nobody looks.</summary>
    public static async Task BothChangeAsync(ExampleRun run, string no, int record, long? shown = null)
    {
        ExampleSteps.Done(await run.Gateway.Gateway.RestAsync(HttpMethod.Post, Path + "/pause"));
        await run.Gateway.Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/act", new
        {
            @as = "alice", @do = "set_cell", record_id = SeededTables.RecordId(record), field = SeededTables.Supplier,
            value = "深蓝科技 Deep Blue Ltd",
        });
        await ErpAsync(run, $"UPDATE orders SET supplier = '深蓝 Deep Blue' WHERE no = '{no}'");
        ExampleSteps.Done(await run.Gateway.Gateway.RestAsync(HttpMethod.Post, Path + "/resume"));
        await ExampleSteps.UntilAsync(run, Path + "/conflicts?state=open", no);
        var open = await run.Gateway.Gateway.GetRestAsync(Path + "/conflicts?state=open");
        if (shown is { } number) run.Means(number, open.Items[0].GetProperty("id").GetInt64());
    }

    /// <summary>A status that the table's select does not have.</summary>
    public static async Task AnOptionIsMissingAsync(ExampleRun run)
    {
        await ErpAsync(run, "UPDATE orders SET status = '待审核' WHERE no = 'PO-2026-005'");
        await ExampleSteps.UntilAsync(run, Path + "/problems", "PO-2026-005");
    }

    /// <summary>Somebody deletes more than the sync takes without a question, and a run is there to be undone.</summary>
    public static async Task ManyAreDeletedAsync(ExampleRun run)
    {
        var gateway = run.Gateway.Gateway;
        var runs = (await gateway.GetRestAsync(Path + "/runs")).Items;
        run.Means(7201L, runs.First(one => one.GetProperty("kind").GetString() == "copy").GetProperty("id").GetInt64());
        var spec = new
        {
            table = new { @base = "ledger", table = "订单 Orders" }, source = new { connection = "erp", table = "orders" },
            key = new[] { "no" }, deletes = new { after_seconds = 0, most = 1, most_percent = 0 },
            fields = new object[]
            {
                new { field = SeededTables.OrderNo, column = "no" }, new { field = SeededTables.Supplier, column = "supplier" },
                new { field = SeededTables.Amount, column = "amount" }, new { field = SeededTables.Status, column = "status" },
            },
        };
        ExampleSteps.Done(await gateway.RestAsync(HttpMethod.Put, Path, spec));
        await ErpAsync(run, "DELETE FROM orders WHERE no IN ('PO-2026-007', 'PO-2026-008', 'PO-2026-009')");
        await ExampleSteps.UntilAsync(run, Path, "\"deletions_waiting\":3");
    }

    private static async Task ErpAsync(ExampleRun run, string sql)
    {
        var file = System.IO.Path.Combine(run.Gateway.Folder, "erp.db");
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
