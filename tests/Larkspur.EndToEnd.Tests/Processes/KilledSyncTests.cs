using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;
using Npgsql;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>
/// A PostgreSQL table and a table of the platform, edited on both sides at once while the gateway is killed and stands still: in the end both
/// are equal, nothing is lost, nothing is there twice, and nothing is written any more.
/// </summary>
public sealed class KilledSyncTests
{
    private const int Rows = 40;
    private const string Table = "/open-apis/bitable/v1/apps/" + SeededTables.Ledger + "/tables/";

    [Fact]
    public async Task Both_sides_are_equal_in_the_end_although_the_gateway_is_killed_and_frozen()
    {
        await using var server = await PostgresServer.StartPrivateAsync();
        await server.SqlAsync("ALTER SYSTEM SET wal_level = 'logical'");
        await server.RestartAsync();
        var address = await server.CreateDatabaseAsync();
        await using var erp = NpgsqlDataSource.Create(address);
        await ExecuteAsync(erp, """
            CREATE TABLE orders (order_no text PRIMARY KEY, supplier text, amount numeric(12,2), status text, invoiced boolean NOT NULL DEFAULT false)
            """);
        for (var i = 1; i <= Rows; i++) await ExecuteAsync(erp, $"INSERT INTO orders VALUES ('E-{i:D3}', 'Deep Blue', {i}, '待审批', false)");
        await using var fixture = await BusinessFixture.StartAsync(
            new Dictionary<string, string> { ["Larkspur__Syncs__LookEvery"] = "00:00:01" }, s => s with { RateLimitFactor = 0 });
        await ClearAsync(fixture);
        await fixture.CallAsync(HttpMethod.Put, "tables/bases/ledger", new { token = SeededTables.Ledger });
        await fixture.CallAsync(HttpMethod.Put, "sync-connections/erp", new { kind = "postgresql", address });
        var probe = await fixture.CallAsync(HttpMethod.Get, "sync-connections/erp/probe?table=orders");
        Assert.Equal("logical_decoding", probe["capture"]!.GetValue<string>());
        await fixture.CallAsync(HttpMethod.Put, "syncs/orders", Sync());
        await StateAsync(fixture, "ready");
        await fixture.CallAsync(HttpMethod.Post, "syncs/orders/start", new { winner = "source" });
        // The first copy is under way when it dies for the first time.
        await fixture.KillAndReviveAsync();
        await StateAsync(fixture, "live");

        var written = new HashSet<string>();
        for (var round = 1; round <= 5; round++)
        {
            for (var i = 0; i < 12; i++) await EditAsync(fixture, erp, round, i, written);
            if (round % 2 == 1)
            {
                await fixture.KillAndReviveAsync();
                continue;
            }

            await fixture.FreezeAsync();
            for (var i = 12; i < 18; i++) await EditAsync(fixture, erp, round, i, written);
            await fixture.WakeAsync();
        }

        await fixture.UntilAsync(() => IsEqualAsync(fixture, erp), "the sides are not equal");
        await CheckKeptAsync(fixture, erp, written);
        // When nobody edits, nothing is written: neither does the table's revision move nor a row of the database.
        var before = await MarksAsync(fixture, erp);
        await fixture.CallAsync(HttpMethod.Post, "syncs/orders/run");
        await fixture.UntilAsync(async () => (await fixture.CallAsync(HttpMethod.Get, "syncs/orders"))["compared_at"]!.GetValue<DateTimeOffset>()
            > DateTimeOffset.Parse(before.At, CultureInfo.InvariantCulture), "it was not compared");
        Assert.Equal((before.Table, before.Source), ((await MarksAsync(fixture, erp)).Table, (await MarksAsync(fixture, erp)).Source));
    }

    private static object Sync() => new
    {
        table = new { @base = "ledger", table = SeededTables.Orders }, source = new { connection = "erp", table = "orders" },
        key = (string[])["order_no"], deletes = new { in_source = "delete", after_seconds = 0 },
        fields = (object[])
        [
            new { field = SeededTables.OrderNo, column = "order_no" }, new { field = SeededTables.Supplier, column = "supplier" },
            new { field = SeededTables.Amount, column = "amount", @as = "number", conflict = "source" },
            new { field = SeededTables.Status, column = "status" }, new { field = SeededTables.Invoiced, column = "invoiced" },
        ],
    };

    /// <summary>Something changes on a side: now a supplier there, now an amount here, now a new order on either.</summary>
    private static async Task EditAsync(BusinessFixture fixture, NpgsqlDataSource erp, int round, int i, HashSet<string> written)
    {
        var order = $"E-{i * 7 % Rows + 1:D3}";
        var value = $"v{round}-{i}";
        switch (i % 4)
        {
            case 0:
                if (await RecordAsync(fixture, order) is { } record)
                {
                    await ActAsync(fixture, new { @as = "bob", @do = "set_cell", record_id = record, field = SeededTables.Supplier, value });
                    written.Add(value);
                }

                break;
            case 1:
                await ExecuteAsync(erp, $"UPDATE orders SET amount = {round * 100 + i} WHERE order_no = '{order}'");
                break;
            case 2:
                await ActAsync(fixture, new { @as = "carol", @do = "add_row", fields = new Dictionary<string, object>
                {
                    [SeededTables.OrderNo] = $"T-{round}-{i}", [SeededTables.Supplier] = value,
                } });
                written.Add(value);
                break;
            default:
                await ExecuteAsync(erp, $"INSERT INTO orders VALUES ('N-{round}-{i}', '{value}', 1, '已付款', true)");
                written.Add(value);
                break;
        }
    }

    private static async Task<bool> IsEqualAsync(BusinessFixture fixture, NpgsqlDataSource erp)
    {
        var sync = await fixture.CallAsync(HttpMethod.Get, "syncs/orders");
        if (sync["state"]!.GetValue<string>() != "live" || sync["counts"]!["hints"]?.GetValue<long>() is > 0) return false;
        var table = (await RecordsAsync(fixture)).Select(record => (Key: record.Key, Supplier: record.Supplier, Amount: record.Amount)).Order().ToList();
        var source = await RowsAsync(erp);
        return table.SequenceEqual(source);
    }

    private static async Task CheckKeptAsync(BusinessFixture fixture, NpgsqlDataSource erp, HashSet<string> written)
    {
        var rows = await RowsAsync(erp);
        Assert.Equal(rows.Count, rows.Select(row => row.Key).Distinct().Count());
        var there = rows.Select(row => row.Supplier).ToHashSet();
        var conflicts = (await fixture.CallAsync(HttpMethod.Get, "syncs/orders/conflicts?state=open")).ToJsonString();
        foreach (var value in written.Where(value => !there.Contains(value)))
        {
            // Somebody wrote another value over it later: the rounds go over the same orders.
            var later = written.Any(other => other.EndsWith(value[value.IndexOf('-', StringComparison.Ordinal)..], StringComparison.Ordinal)
                && string.CompareOrdinal(other, value) > 0);
            Assert.True(later || conflicts.Contains(value, StringComparison.Ordinal), $"lost: {value}");
        }
    }

    private static async Task<(string At, long Table, string Source)> MarksAsync(BusinessFixture fixture, NpgsqlDataSource erp)
    {
        var tables = await fixture.Emulator.CallAsync(HttpMethod.Get, Table.TrimEnd('/'), await fixture.Emulator.TenantTokenAsync());
        await using var command = erp.CreateCommand("SELECT max(xmin::text::bigint)::text FROM orders");
        return (DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture), tables.Data["items"]![0]!["revision"]!.GetValue<long>(),
            (string)(await command.ExecuteScalarAsync())!);
    }

    private static async Task ClearAsync(BusinessFixture fixture)
    {
        foreach (var record in await RecordsAsync(fixture)) await ActAsync(fixture, new { @do = "delete_row", record_id = record.Id });
    }

    private static Task StateAsync(BusinessFixture fixture, string state) => fixture.UntilAsync(
        async () => (await fixture.CallAsync(HttpMethod.Get, "syncs/orders"))["state"]!.GetValue<string>() == state, $"it is not {state}");

    private static async Task<string?> RecordAsync(BusinessFixture fixture, string order) =>
        (await RecordsAsync(fixture)).FirstOrDefault(record => record.Key == order).Id;

    private static async Task ActAsync(BusinessFixture fixture, object what)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(what)!.AsObject();
        body["table"] = SeededTables.Orders;
        await fixture.Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/act", body);
    }

    private static async Task<List<(string Id, string Key, string? Supplier, double? Amount)>> RecordsAsync(BusinessFixture fixture)
    {
        var answer = await fixture.Emulator.CallAsync(HttpMethod.Post, $"{Table}{SeededTables.Orders}/records/search?page_size=500",
            await fixture.Emulator.TenantTokenAsync(), new { });
        return [.. answer.Data["items"]!.AsArray().Select(item => (item!["record_id"]!.GetValue<string>(),
            Text(item["fields"]![SeededTables.OrderNo]) ?? "", Text(item["fields"]![SeededTables.Supplier]),
            item["fields"]![SeededTables.Amount]?.GetValue<double>()))];
    }

    private static string? Text(JsonNode? segments) => segments?[0]?["text"]?.GetValue<string>();

    private static async Task<List<(string Key, string? Supplier, double? Amount)>> RowsAsync(NpgsqlDataSource erp)
    {
        await using var command = erp.CreateCommand("SELECT order_no, supplier, amount::float8 FROM orders ORDER BY order_no COLLATE \"C\"");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(string, string?, double?)>();
        while (await reader.ReadAsync())
            rows.Add((reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetDouble(2)));
        return [.. rows.Order()];
    }

    private static async Task ExecuteAsync(NpgsqlDataSource erp, string sql)
    {
        await using var command = erp.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
