using Larkspur.Emulator.State.Tables;
using Larkspur.Gateway.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur syncs</c>: from a file to a table that is kept equal with a database.</summary>
public sealed class SyncsCommandTests : IClassFixture<CliFixture>, IAsyncLifetime
{
    private const string Orders = """
        name: orders
        table: { base: ledger, table: 订单 Orders }
        source: { connection: erp, table: orders }
        key: ["no"]
        fields:
          - { field: 订单号 Order no, column: "no" }
          - field: 供应商 Supplier
            column: supplier
          - { field: 金额 Amount, column: amount, direction: to_source }
        """;

    private readonly CliFixture _on;
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-cli-syncs-").FullName;

    public SyncsCommandTests(CliFixture on) => _on = on;

    public async ValueTask InitializeAsync()
    {
        SqliteNative.Use();
        await ErpAsync("CREATE TABLE orders (no TEXT PRIMARY KEY NOT NULL, supplier TEXT, amount REAL)");
        (await _on.RunAsync("tables", "bases", "add", "ledger", SeededTables.Ledger)).Is(0);
        (await _on.RunAsync("syncs", "connections", "add", "erp", "--kind", "sqlite", "--address-file",
            _on.Write("address", Path.Join(_folder, "erp.db")))).Is(0, "Connected: erp (sqlite, erp.db), for administrators alone");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_file_is_planned_made_started_and_followed()
    {
        var file = _on.Write("orders.yaml", Orders);
        (await _on.RunAsync("syncs", "connections", "list")).Is(0, "erp.db");
        (await _on.RunAsync("syncs", "connections", "probe", "erp", "orders")).Is(0, "Changes are heard of by: triggers");
        (await _on.RunAsync("syncs", "plan", "-f", file, "--detailed-exitcode")).Is(2, "+ table.base: ledger");
        (await _on.RunAsync("syncs", "create", "-f", file)).Is(0, "Kept: orders");
        (await _on.RunAsync("syncs", "show", "orders", "--watch")).Is(0, "ready");
        (await _on.RunAsync("syncs", "plan", "-f", file, "--detailed-exitcode")).Is(0, "No changes.");
        (await _on.RunAsync("syncs", "plan", "orders")).Is(0, "only in the table");
        (await _on.RunAsync("syncs", "start", "orders", "--winner", "source")).Is(0, "Started: orders");
        (await _on.RunAsync("syncs", "show", "orders", "--watch")).Is(0, "live");
        (await _on.RunAsync("syncs", "list")).Is(0, "ledger/订单 Orders");
        (await _on.RunAsync("syncs", "conflicts", "orders")).Is(0, "None.");
        (await _on.RunAsync("syncs", "problems", "orders")).Is(0, "None.");
        (await _on.RunAsync("syncs", "history", "orders", "PO-2026-001")).Is(0, "create");
        var runs = (await _on.RunAsync("syncs", "runs", "orders", "--json")).Is(0).Json.GetProperty("items");
        var copy = runs.EnumerateArray().Single(run => run.GetProperty("kind").GetString() == "copy").GetProperty("id").GetInt64();
        (await _on.RunAsync("syncs", "undo", "orders", $"{copy}")).Is(0, "10 deleted");
        (await _on.RunAsync("syncs", "show", "orders")).Is(0, "A run was undone");
        (await _on.RunAsync("syncs", "resolve", "orders", "1")).Is(2, "--take or --value");
        (await _on.RunAsync("syncs", "resolve", "orders", "1", "--take", "table")).Is(1, "no such conflict");
        (await _on.RunAsync("syncs", "connections", "remove", "erp")).Is(1, "It is used by: orders");
        (await _on.RunAsync("syncs", "remove", "orders")).Is(0, "Removed: orders");
        (await _on.RunAsync("syncs", "connections", "remove", "erp")).Is(0, "Removed: erp");
    }

    [Theory]
    [InlineData("column: supplier", "column: suplier", 8, "Did you mean \"supplier\"?")]
    [InlineData("name: orders", "name: Orders", 1, "lower-case")]
    [InlineData("source: {", "sorce: {", 1, "source")]
    [InlineData("direction: to_source", "direction: to_sorce", 9, "Did you mean \"to_source\"?")]
    [InlineData("key: [\"no\"]", "key: no", 4, "a list of texts")]
    [InlineData("fields:", "fields: [", 0, ":")]
    public async Task A_mistake_is_told_with_its_line(string right, string wrong, int line, string says)
    {
        var file = _on.Write("wrong.yaml", Orders.Replace(right, wrong, StringComparison.Ordinal));
        var refused = await _on.RunAsync("syncs", "plan", "-f", file);
        Assert.True(refused.ExitCode is 1 or 2, refused.ToString());
        Assert.Contains(line == 0 ? "wrong.yaml:" : $"wrong.yaml:{line}: ", refused.Output + refused.Errors, StringComparison.Ordinal);
        Assert.Contains(says, refused.Output + refused.Errors, StringComparison.Ordinal);
    }

    private async Task ErpAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Join(_folder, "erp.db")};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
