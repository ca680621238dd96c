using System.Globalization;
using System.Text.Json;
using Larkspur.Emulator.State.Tables;
using Larkspur.Gateway.Storage.Sqlite;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Data.Sqlite;

namespace Larkspur.Gateway.Tests.Tables.Syncs;

/// <summary>A gateway beside the emulated platform, whose ledger is synchronised with a company's SQLite file.</summary>
internal sealed class SyncFixture : EmulatedGateway
{
    public const string Path = "/syncs/orders";

    private readonly string _folder;

    private SyncFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running, string folder) : base(setup, running) =>
        _folder = folder;

    /// <summary>The company's file.</summary>
    public string File => System.IO.Path.Combine(_folder, "erp-9f3c1.db");

    /// <summary>A sync of the ledger's orders with the file's.</summary>
    public static object Spec(string conflict = "ask", object? deletes = null) => new
    {
        table = new { @base = "ledger", table = "订单 Orders" },
        source = new { connection = "erp", table = "orders" },
        key = new[] { "no" },
        conflict,
        fields = new object[]
        {
            new { field = SeededTables.OrderNo, column = "no" },
            new { field = SeededTables.Supplier, column = "supplier" },
            new { field = SeededTables.Amount, column = "amount" },
            new { field = SeededTables.Status, column = "status" },
            new { field = SeededTables.Invoiced, column = "invoiced" },
        },
        deletes = deletes ?? new { after_seconds = 0 },
    };

    /// <param name="connect">With the base opened and the file connected.</param>
    public static async Task<SyncFixture> StartAsync(bool connect = true)
    {
        var setup = new EmulatedGatewaySetup
        {
            Platform = s => s with { RateLimitFactor = 0 }, Settings = _ => [new("Larkspur:Syncs:LookEvery", "00:00:00.1")],
        };
        var folder = Directory.CreateTempSubdirectory("larkspur-syncs-").FullName;
        var made = new SyncFixture(setup, await setup.StartAsync(), folder);
        SqliteNative.Use();
        await made.ErpAsync("""
            CREATE TABLE orders (no TEXT PRIMARY KEY NOT NULL, supplier TEXT, amount REAL, status TEXT, invoiced BOOLEAN, secret TEXT)
            """);
        if (!connect) return made;
        await made.OpenBaseAsync(null);
        await made.ConnectAsync("erp", null);
        return made;
    }

    public async Task OpenBaseAsync(string? system, string name = "ledger") =>
        Done(await Gateway.RestAsync(HttpMethod.Put, "/tables/bases/" + name, system is null
            ? new { token = SeededTables.Ledger } : new { token = SeededTables.Ledger, system }));

    public async Task ConnectAsync(string name, string? system) => Done(await Gateway.RestAsync(HttpMethod.Put, "/sync-connections/" + name,
        system is null ? new { kind = "sqlite", address = File } : new { kind = "sqlite", address = File, system }));

    /// <summary>Runs a statement in the company's file.</summary>
    public async Task ErpAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>One value of the company's file.</summary>
    public async Task<string?> ErpValueAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>Makes a sync, and waits for its survey.</summary>
    public async Task SurveyedAsync(object spec)
    {
        var put = await Gateway.RestAsync(HttpMethod.Put, Path, spec);
        Assert.True(put.Status == 201, put.ToString());
        await StateAsync("ready");
    }

    /// <summary>Makes a sync, starts it and waits for its first copy.</summary>
    public async Task LiveAsync(object spec, string winner = "source")
    {
        await SurveyedAsync(spec);
        Done(await Gateway.PostRestAsync(Path + "/start", new { winner }));
        await StateAsync("live");
        await QuietAsync();
    }

    public Task StateAsync(string state) => HoldsAsync(async () => (await Gateway.GetRestAsync(Path)).Text("state") == state, state);

    /// <summary>Waits until nothing that was heard of is left, after one more look at both sides.</summary>
    public Task QuietAsync() => HoldsAsync(async () => await CountAsync("waiting") == 0, "quiet");

    public async Task<long> CountAsync(string name) =>
        (await Gateway.GetRestAsync(Path)).Body.GetProperty("counts").GetProperty(name).GetInt64();

    /// <summary>A person does something in the table.</summary>
    public Task ActAsync(object what) => Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/act", what);

    /// <summary>The record of an order; null: there is none.</summary>
    public async Task<JsonElement?> OrderAsync(string no)
    {
        var answer = await Gateway.GetRestAsync(TableFixture.Orders + "/records?limit=100");
        foreach (var item in answer.Items)
            if (item.GetProperty("fields").TryGetProperty(SeededTables.OrderNo, out var its) && its.GetString() == no) return item;
        return null;
    }

    /// <summary>A cell of an order, as text; null: empty, or no such order.</summary>
    public async Task<string?> CellAsync(string no, string field) =>
        await OrderAsync(no) is { } order && order.GetProperty("fields").TryGetProperty(field, out var value) ? value.ToString() : null;

    public static RestAnswer Done(RestAnswer answer)
    {
        Assert.True(answer.Status is >= 200 and < 300, answer.ToString());
        return answer;
    }

    protected override async Task<string> ToldAsync() =>
        $"{(await Gateway.GetRestAsync(Path)).Body} {(await Gateway.GetRestAsync(Path + "/problems")).Body}";

    protected override ValueTask EndAsync()
    {
        Directory.Delete(_folder, true);
        return ValueTask.CompletedTask;
    }
}
