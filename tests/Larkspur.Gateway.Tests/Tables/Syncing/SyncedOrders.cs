using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage.Sqlite;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Tables.Syncing;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Tables.Syncing;

/// <summary>A company's orders in a SQLite file, kept equal with the orders of the emulated ledger.</summary>
internal sealed class SyncedOrders : EmulatedGateway
{
    public const string Sync = "orders";
    private const string Base = "ledger";
    private static readonly KeyGrant Admin = new(new Actor("test", null));

    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("larkspur-erp-").FullName, "erp.db");

    private SyncedOrders(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running) : base(setup, running)
    {
    }

    private SyncStore Syncs => Gateway.Services.GetRequiredService<SyncStore>();

    private static SyncSpec Spec => new()
    {
        Notify = "alice@mica.example",
        Table = new(Base, SeededTables.Orders), Source = new("erp", "orders"), Key = ["order_no"],
        Deletes = new() { InSource = DeletionRule.Delete, After = TimeSpan.Zero },
        Fields =
        [
            new() { Field = SeededTables.OrderNo, Column = "order_no" },
            new() { Field = SeededTables.Supplier, Column = "supplier" },
            new() { Field = SeededTables.Amount, Column = "amount" },
            new() { Field = SeededTables.Status, Column = "status" },
            new() { Field = SeededTables.Invoiced, Column = "invoiced" },
        ],
    };

    public static async Task<SyncedOrders> StartAsync(int rows, bool emptyTable = true)
    {
        var setup = new EmulatedGatewaySetup { Platform = s => s with { RateLimitFactor = 0 } };
        var made = new SyncedOrders(setup, await setup.StartAsync());
        await made.Gateway.RestAsync(HttpMethod.Put, "/tables/bases/" + Base, new { token = SeededTables.Ledger });
        made.Sql("""
            CREATE TABLE orders (order_no TEXT PRIMARY KEY, supplier TEXT, amount REAL, status TEXT, invoiced BOOLEAN NOT NULL DEFAULT 0)
            """);
        for (var i = 1; i <= rows; i++)
            made.Sql($"INSERT INTO orders VALUES ('E-{i:D3}', 'Deep Blue', {i * 10}.5, '待审批', 0)");
        if (emptyTable) foreach (var record in await made.RecordsAsync()) await made.ActAsync(new { @do = "delete_row", record_id = record.Id });
        var connections = made.Gateway.Services.GetRequiredService<ConnectionStore>();
        await connections.PutAsync(Admin, "erp", "sqlite", made._file, "erp.db", "", default);
        await made.Syncs.PutAsync(Admin, Sync, "", Spec, default);
        return made;
    }

    public async Task BeginAsync(SideName? winner = null)
    {
        await UntilAsync(row => row.Phase == Phases.Ready);
        await Syncs.StartAsync(Admin, Sync, winner, default);
        await UntilAsync(row => row.Phase == Phases.Live);
    }

    public Task PauseAsync() => Syncs.PauseAsync(Admin, Sync, default);

    public Task ResumeAsync() => Syncs.ResumeAsync(Admin, Sync, default);

    /// <summary>Waits for a card of the sync that a person was sent, beside those that are known.</summary>
    /// <returns>Its message, and what its buttons send, by their words.</returns>
    public async Task<(string Message, Dictionary<string, JsonNode> Buttons)> CardAsync(params string[] known)
    {
        JsonNode? card = null;
        await EventuallyAsync(async () => (card = (await Emulator.StateAsync())["cards"]!.AsArray().FirstOrDefault(found =>
            found!.ToJsonString().Contains("larkspur.sync", StringComparison.Ordinal)
            && !known.Contains(found["message_id"]!.GetValue<string>()) && Buttons(found).Count > 0)) is not null, () => "no card came");
        return (card!["message_id"]!.GetValue<string>(), Buttons(card));
    }

    /// <summary>The buttons of a card as it shows now.</summary>
    public async Task<Dictionary<string, JsonNode>> ButtonsAsync(string message) => Buttons((await Emulator.StateAsync())["cards"]!.AsArray()
        .Single(card => card!["message_id"]!.GetValue<string>() == message)!);

    private static Dictionary<string, JsonNode> Buttons(JsonNode card)
    {
        var found = new Dictionary<string, JsonNode>();
        Walk(card);
        return found;

        void Walk(JsonNode? at)
        {
            if (at is JsonArray list) foreach (var item in list) Walk(item);
            if (at is not JsonObject part) return;
            if (part["kind"]?.ToString() == "larkspur.sync" && part["action"] is { } action) found[action.ToString()] = part.DeepClone();
            foreach (var (_, child) in part) Walk(child);
        }
    }

    /// <summary>Waits until the sync stands so.</summary>
    public async Task UntilAsync(Predicate<SyncRecord> stands)
    {
        SyncRecord? row = null;
        await EventuallyAsync(async () => stands((row = await Syncs.FindAsync(Sync, default))!),
            () => $"phase {row?.Phase}, paused {row?.Paused}, away {row?.Away}, {row?.Detail}");
    }

    /// <summary>Waits for a record of the table.</summary>
    public async Task<JsonNode> RecordAsync(string orderNo, Predicate<JsonNode> stands)
    {
        JsonNode? found = null;
        await EventuallyAsync(async () => (found = (await RecordsAsync()).FirstOrDefault(record => record.Key == orderNo).Fields) is not null && stands(found),
            () => found?.ToJsonString() ?? "it is not there");
        return found!;
    }

    /// <summary>Waits for a value of the source.</summary>
    public Task RowAsync(string orderNo, string column, string? value) => EventuallyAsync(
        () => Task.FromResult(Value(orderNo, column) == value), () => Value(orderNo, column) ?? "nothing");

    /// <summary>Waits until the table has so many records.</summary>
    public async Task CountAsync(int records)
    {
        var found = 0;
        await EventuallyAsync(async () => (found = (await RecordsAsync()).Count) == records, () => $"it has {found}");
    }

    /// <summary>Somebody deletes a field of the table.</summary>
    public async Task DeleteFieldAsync(string name)
    {
        var path = $"/open-apis/bitable/v1/apps/{SeededTables.Ledger}/tables/{SeededTables.Orders}/fields";
        var token = await Emulator.TenantTokenAsync();
        var fields = await Emulator.CallAsync(HttpMethod.Get, path, token);
        var id = fields.Data["items"]!.AsArray().Single(field => field!["field_name"]!.GetValue<string>() == name)!["field_id"]!.GetValue<string>();
        Assert.Equal(0, (await Emulator.CallAsync(HttpMethod.Delete, $"{path}/{id}", token)).Code);
    }

    public string? Value(string orderNo, string column)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {column} FROM orders WHERE order_no = $key";
        command.Parameters.AddWithValue("$key", orderNo);
        return command.ExecuteScalar() is { } value and not DBNull ? Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    public void Sql(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>A person does something in the table.</summary>
    public async Task<string> ActAsync(object what)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(what)!.AsObject();
        body["table"] = SeededTables.Orders;
        var done = await Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/act", body);
        return done["record_id"]?.GetValue<string>() ?? "";
    }

    public async Task<List<(string Id, string? Key, JsonNode Fields)>> RecordsAsync()
    {
        var answer = await Emulator.CallAsync(HttpMethod.Post,
            $"/open-apis/bitable/v1/apps/{SeededTables.Ledger}/tables/{SeededTables.Orders}/records/search?page_size=500",
            await Emulator.TenantTokenAsync(), new { });
        return [.. answer.Data["items"]!.AsArray().Select(item => (item!["record_id"]!.GetValue<string>(),
            item["fields"]![SeededTables.OrderNo]?[0]?["text"]?.GetValue<string>(), item["fields"]!))];
    }

    private SqliteConnection Open()
    {
        // The gateway may be on PostgreSQL: then nobody has bound the library yet.
        SqliteNative.Use();
        var connection = new SqliteConnection($"Data Source={_file};Pooling=False");
        connection.Open();
        return connection;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> isSo, Func<string> what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo())
        {
            if (deadline.IsCancellationRequested) Assert.Fail("Waited in vain: " + what());
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
