using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Tables.Syncing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>A company's orders in a SQLite file, beside the orders of the emulated ledger.</summary>
internal sealed class SyncSeed(ConsoleFixture fixture)
{
    public const string Sync = "orders";

    private static readonly KeyGrant Admin = new(Actor.System);

    public string File { get; } = Path.Combine(Directory.CreateTempSubdirectory("larkspur-erp-").FullName, "erp-of-mica.db");

    private SyncStore Syncs => fixture.Gateway.Services.GetRequiredService<SyncStore>();

    private static SyncSpec Spec => new()
    {
        Table = new("ledger", SeededTables.Orders), Source = new("erp", "orders"), Key = ["order_no"],
        Deletes = new() { After = TimeSpan.Zero },
        Fields =
        [
            new() { Field = SeededTables.OrderNo, Column = "order_no" }, new() { Field = SeededTables.Supplier, Column = "supplier" },
            new() { Field = SeededTables.Amount, Column = "amount" }, new() { Field = SeededTables.Status, Column = "status" },
        ],
    };

    /// <summary>The ledger is open, its orders are gone, and the file has so many.</summary>
    public static async Task<SyncSeed> OrdersAsync(ConsoleFixture fixture, int rows)
    {
        var seed = new SyncSeed(fixture);
        using var opened = await fixture.Gateway.Http.PutAsJsonAsync("/api/v1/tables/bases/ledger", new { token = SeededTables.Ledger },
            TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)opened.StatusCode);
        seed.Sql("CREATE TABLE orders (order_no TEXT PRIMARY KEY, supplier TEXT, amount REAL, status TEXT, invoiced BOOLEAN NOT NULL DEFAULT 0)");
        for (var i = 1; i <= rows; i++) seed.Sql($"INSERT INTO orders VALUES ('E-{i:D3}', 'Deep Blue', {i * 10}.5, '待审批', 0)");
        foreach (var (id, _, _) in await seed.RecordsAsync()) await seed.ActAsync(new { @do = "delete_row", record_id = id });
        return seed;
    }

    /// <summary>Both are a sync that is live, and in which deletions go over at once.</summary>
    public async Task LiveAsync()
    {
        await fixture.Gateway.Services.GetRequiredService<ConnectionStore>().PutAsync(Admin, "erp", "sqlite", File, "erp-of-mica.db", "", default);
        await Syncs.PutAsync(Admin, Sync, "", Spec, default);
        await UntilAsync(row => row.Phase == Phases.Ready);
        await Syncs.StartAsync(Admin, Sync, null, default);
        await UntilAsync(row => row.Phase == Phases.Live);
    }

    /// <summary>A quarter of a thousand rows is copied, and whoever copies is held up.</summary>
    public Task CopyingAsync() => fixture.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
    {
        var now = DateTimeOffset.UtcNow;
        var row = await SyncAdmin.MakeAsync(unit, Sync, "", Spec, "test", now);
        await SyncProgress.SurveyAsync(unit, row.Id, new SurveyReport { SourceRows = 1000, OnlySource = 1000 }.ToJson());
        await SyncProgress.PhaseAsync(unit, row.Id, Phases.CopySource, null);
        var run = await SyncRuns.OpenAsync(unit, row.Id, RunRow.Copy, now.AddSeconds(-30));
        await SyncRuns.AddAsync(unit, run, new RunCounts(ToTable: 250, ReadRows: 250));
        await unit.ExecuteAsync("UPDATE sync SET lease_until = $2 WHERE id = $1", row.Id, now.AddHours(1).ToUnixTimeMilliseconds());
    });

    public Task PauseAsync() => Syncs.PauseAsync(Admin, Sync, default);

    public Task ResumeAsync() => Syncs.ResumeAsync(Admin, Sync, default);

    /// <summary>Waits until the sync stands so.</summary>
    public Task UntilAsync(Predicate<SyncRecord> stands) =>
        fixture.HoldsAsync(async () => await Syncs.FindAsync(Sync, default) is { } row && stands(row), "the sync");

    /// <summary>Somebody writes a cell of the table.</summary>
    public async Task EditAsync(string orderNo, string field, object value)
    {
        var record = (await RecordsAsync()).Single(record => record.Key == orderNo).Id;
        await ActAsync(new { @as = "bob", @do = "set_cell", record_id = record, field, value });
    }

    /// <summary>Waits for a value of the source.</summary>
    public Task RowAsync(string orderNo, string column, string value) => fixture.HoldsAsync(() => Value(orderNo, column) == value, $"{orderNo} {value}");

    /// <summary>Waits for a number of the table.</summary>
    public Task CellAsync(string orderNo, string field, double value) => fixture.HoldsAsync(async () =>
        (await RecordsAsync()).FirstOrDefault(record => record.Key == orderNo).Fields?[field]?.GetValue<double>() == value, $"{orderNo} {value}");

    public void Sql(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private string? Value(string orderNo, string column)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {column} FROM orders WHERE order_no = $key";
        command.Parameters.AddWithValue("$key", orderNo);
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private async Task ActAsync(object what)
    {
        var body = JsonSerializer.SerializeToNode(what)!.AsObject();
        body["table"] = SeededTables.Orders;
        await fixture.Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/act", body);
    }

    private async Task<List<(string Id, string? Key, JsonNode Fields)>> RecordsAsync()
    {
        var answer = await fixture.Emulator.CallAsync(HttpMethod.Post,
            $"/open-apis/bitable/v1/apps/{SeededTables.Ledger}/tables/{SeededTables.Orders}/records/search?page_size=500",
            await fixture.Emulator.TenantTokenAsync(), new { });
        return [.. answer.Data["items"]!.AsArray().Select(item => (item!["record_id"]!.GetValue<string>(),
            item["fields"]![SeededTables.OrderNo]?[0]?["text"]?.GetValue<string>(), item["fields"]!))];
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }
}
