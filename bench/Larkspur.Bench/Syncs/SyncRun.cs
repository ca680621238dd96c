using System.Diagnostics;
using System.Text.Json.Nodes;
using Larkspur.Bench.Company;
using Larkspur.Bench.Running;
using Larkspur.Emulator.State.Tables;
using Microsoft.Data.Sqlite;

namespace Larkspur.Bench.Syncs;

/// <summary>What a piece of work took.</summary>
/// <param name="Seconds">How long.</param>
/// <param name="Calls">Calls of the table's API.</param>
/// <param name="Writes">Of them those that write.</param>
internal sealed record SyncCost(double Seconds, double Calls, double Writes);

/// <summary>A sync between a SQLite file of many rows and an empty table of the emulated platform.</summary>
internal sealed class SyncRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly ReadingGateway _gateway;
    private readonly SqliteConnection _erp;

    private SyncRun(ReadingGateway gateway, SqliteConnection erp) => (_gateway, _erp) = (gateway, erp);

    public double SurveySeconds { get; private set; }

    public static async Task<SyncRun> PrepareAsync(ReadingGateway gateway, string file, int rows, CancellationToken cancellation)
    {
        var erp = new SqliteConnection($"Data Source={file};Pooling=False");
        await erp.OpenAsync(cancellation);
        var run = new SyncRun(gateway, erp);
        run.Execute("PRAGMA journal_mode = WAL; CREATE TABLE orders (order_no TEXT PRIMARY KEY, supplier TEXT, amount REAL, status TEXT)");
        run.Execute($"""
            INSERT INTO orders WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
            SELECT printf('E-%07d', i), 'Deep Blue ' || (i % 97), i * 1.25, '待审批' FROM n
            """);
        await gateway.RestAsync(HttpMethod.Put, "tables/bases/ledger", new { token = SeededTables.Ledger }, cancellation);
        // The table begins empty: it has as many rows as it may when the copy is done.
        var records = $"tables/bases/ledger/tables/{SeededTables.Orders}/records";
        var seeded = await gateway.RestAsync(HttpMethod.Get, records, null, cancellation);
        await gateway.RestAsync(HttpMethod.Delete, records, new { ids = seeded["items"]!.AsArray().Select(row => Text(row!, "id")).ToArray() }, cancellation);
        await gateway.RestAsync(HttpMethod.Put, "sync-connections/erp", new { kind = "sqlite", address = file }, cancellation);
        var begun = Stopwatch.GetTimestamp();
        await gateway.RestAsync(HttpMethod.Put, "syncs/orders", new
        {
            table = new { @base = "ledger", table = SeededTables.Orders }, source = new { connection = "erp", table = "orders" },
            key = (string[])["order_no"], direction = "to_table",
            fields = (object[])
            [
                new { field = SeededTables.OrderNo, column = "order_no" }, new { field = SeededTables.Supplier, column = "supplier" },
                new { field = SeededTables.Amount, column = "amount" }, new { field = SeededTables.Status, column = "status" },
            ],
        }, cancellation);
        await run.UntilAsync(sync => Text(sync, "state") == "ready", cancellation);
        run.SurveySeconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return run;
    }

    public Task<SyncCost> CopyAsync(CancellationToken cancellation) => CostAsync(async () =>
    {
        await _gateway.RestAsync(HttpMethod.Post, "syncs/orders/start", new { winner = "source" }, cancellation);
        await UntilAsync(sync => Text(sync, "state") == "live", cancellation);
    }, cancellation);

    public Task<SyncCost> ChangeAsync(int changes, CancellationToken cancellation) => CostAsync(async () =>
    {
        var before = await RunsAsync(cancellation);
        Execute($"UPDATE orders SET status = '已批准' WHERE rowid <= {changes}");
        await UntilAsync(_ => false, cancellation, async () => await RunsAsync(cancellation) >= before + changes);
    }, cancellation);

    public Task<SyncCost> CompareAsync(CancellationToken cancellation) => CostAsync(async () =>
    {
        var before = Text(await _gateway.RestAsync(HttpMethod.Get, "syncs/orders", null, cancellation), "compared_at");
        await _gateway.RestAsync(HttpMethod.Post, "syncs/orders/run", null, cancellation);
        await UntilAsync(sync => Text(sync, "compared_at") != before, cancellation);
    }, cancellation);

    public ValueTask DisposeAsync() => _erp.DisposeAsync();

    /// <summary>Rows that were written to the table so far.</summary>
    private async Task<long> RunsAsync(CancellationToken cancellation) =>
        (await _gateway.RestAsync(HttpMethod.Get, "syncs/orders/runs", null, cancellation))["items"]!.AsArray()
        .Sum(run => run!["to_table"]!.GetValue<long>());

    private async Task<SyncCost> CostAsync(Func<Task> work, CancellationToken cancellation)
    {
        var (before, begun) = (await _gateway.CallsAsync("feishu", cancellation), Stopwatch.GetTimestamp());
        await work();
        var (after, seconds) = (await _gateway.CallsAsync("feishu", cancellation), Stopwatch.GetElapsedTime(begun).TotalSeconds);
        var made = after.Select(call => (call.Key.Endpoint, Count: call.Value - before.GetValueOrDefault(call.Key)))
            .Where(call => call.Endpoint.Contains("bitable", StringComparison.Ordinal)).ToList();
        return new(seconds, made.Sum(call => call.Count),
            made.Where(call => call.Endpoint.Contains("batch_create", StringComparison.Ordinal)
                || call.Endpoint.Contains("batch_update", StringComparison.Ordinal)
                || call.Endpoint.Contains("batch_delete", StringComparison.Ordinal)).Sum(call => call.Count));
    }

    private async Task UntilAsync(Func<JsonNode, bool> fits, CancellationToken cancellation, Func<Task<bool>>? or = null)
    {
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Patience; await Task.Delay(100, cancellation))
        {
            var sync = await _gateway.RestAsync(HttpMethod.Get, "syncs/orders", null, cancellation);
            if (fits(sync) || (or is not null && await or())) return;
            if (Text(sync, "state") == "paused") throw new BenchException($"the sync is paused: {sync.ToJsonString()}");
        }

        throw new BenchException($"the sync did not get there within {Patience.TotalMinutes:0} minutes");
    }

    private void Execute(string sql)
    {
        using var command = _erp.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string? Text(JsonNode json, string member) => json[member]?.GetValue<string>();
}
