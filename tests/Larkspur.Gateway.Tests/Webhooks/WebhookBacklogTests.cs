using System.Globalization;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Gateway.Webhooks;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>Webhook endpoints that many messages wait for: what is done with all of them costs little at a time.</summary>
[Trait("Database", "PostgreSQL")]
public sealed partial class WebhookBacklogTests : IAsyncLifetime
{
    private const int Backlog = 2600;

    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-backlog-").FullName;
    private readonly Dictionary<string, string?> _settings = new()
    {
        ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8",
        ["Larkspur:Schedules:Enabled"] = "false",
    };
    private FeishuStub _feishu = null!;
    private WebhookReceiver _erp = null!;
    private GatewayApp _gateway = null!;

    private IDatabase Database => _gateway.Services.GetRequiredService<IDatabase>();

    public async ValueTask InitializeAsync()
    {
        (_feishu, _erp) = (await FeishuStub.StartAsync(), await WebhookReceiver.StartAsync());
        _gateway = await GatewayApp.StartAsync(_feishu.Address, _settings, _folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _erp.DisposeAsync();
        await _feishu.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task One_with_a_long_backlog_is_removed_a_batch_at_a_time()
    {
        await PutAsync();
        await WaitForAsync("erp", Backlog);
        var refused = await _gateway.RestAsync(HttpMethod.Delete, "/webhooks/erp");
        Assert.Equal((409, "deliveries_waiting"), (refused.Status, refused.Error));
        var transactions = await _gateway.CounterAsync("larkspur_db_transactions_total");
        var removed = await _gateway.RestAsync(HttpMethod.Delete, "/webhooks/erp?force=true");
        Assert.Equal((200, Backlog), (removed.Status, removed.Body.GetProperty("dead_deliveries").GetInt32()));
        // On PostgreSQL each row names the transaction that wrote it; on a file nobody else writes meanwhile.
        if (GatewayApp.IsPostgres)
            Assert.Equal(500, await NumberAsync("SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM outbox GROUP BY xmin::text) AS written"));
        else
            Assert.True(await _gateway.CounterAsync("larkspur_db_transactions_total") - transactions >= Backlog / 500, "it did not end in batches");
        await AllAreDeadAsync();
        Assert.Equal(201, (await PutAsync()).Status);
    }

    [Fact]
    public async Task A_removal_that_was_broken_off_goes_on_and_nothing_of_it_is_delivered()
    {
        await PutAsync();
        await WaitForAsync("erp", Backlog);
        // As a process leaves it that dies after the first batch, with webhooks that are due now.
        await _gateway.DamageAsync("UPDATE webhook SET removed_at = 1, removed_by = 'key:anna'");
        await _gateway.DamageAsync("""
            UPDATE outbox SET status = 2, reason = 'webhook_removed', finished_at = 1 WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT 500)
            """);
        await _gateway.DamageAsync("UPDATE outbox SET not_before = 0 WHERE id IN (SELECT id FROM outbox WHERE status = 0 ORDER BY id LIMIT 5)");
        await _gateway.DisposeAsync();
        _gateway = await GatewayApp.StartAsync(_feishu.Address, _settings, _folder);

        Assert.Equal(404, (await _gateway.GetRestAsync("/webhooks/erp")).Status);
        Assert.Equal((409, "name_in_use"), await PutAsync() is var again ? (again.Status, again.Error) : default);
        await _gateway.Services.GetRequiredService<WebhookEndpointRemovals>().RunAsync(TestContext.Current.CancellationToken);
        await AllAreDeadAsync();
        Assert.Equal(404, (await _gateway.RestAsync(HttpMethod.Delete, "/webhooks/erp")).Status);
        Assert.Equal(201, (await PutAsync()).Status);
        Assert.Null(await _gateway.Services.GetRequiredService<WebhookEndpointRemovals>().RunAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Which_webhooks_have_waiting_webhooks_is_found_without_reading_all_of_them()
    {
        foreach (var name in (string[])["crm", "erp", "wiki"]) await WaitForAsync(name, 1500);
        var store = _gateway.Services.GetRequiredService<IOutboxStore>();
        Assert.Equal(["crm", "erp", "wiki"], await store.OpenWebhookEndpointsAsync(TestContext.Current.CancellationToken));
        await Database.TransactAsync(async unit => await unit.ExecuteAsync("ANALYZE"), TestContext.Current.CancellationToken);
        if (!GatewayApp.IsPostgres)
        {
            var steps = await ExplainAsync("EXPLAIN QUERY PLAN", 3);
            Assert.Contains(steps, static step => step.Contains("outbox_open_webhooks (target>?)", StringComparison.Ordinal));
            return;
        }

        var plan = await ExplainAsync("EXPLAIN (ANALYZE, TIMING OFF)", 0);
        var scans = plan.Where(static line => line.Contains(" on outbox", StringComparison.Ordinal)).ToArray();
        Assert.All(scans, static line => Assert.Contains("outbox_open_webhooks", line, StringComparison.Ordinal));
        var read = scans.Select(static line => Actual().Match(line).Groups)
            .Sum(static groups => double.Parse(groups[1].Value, CultureInfo.InvariantCulture) * int.Parse(groups[2].Value, CultureInfo.InvariantCulture));
        Assert.InRange(read, 3, 20);
    }

    [GeneratedRegex(@"actual rows=([\d.]+) loops=(\d+)")]
    private static partial Regex Actual();

    private Task<List<string>> ExplainAsync(string how, int column) => Database.ReadAsync(
        sql => sql.QueryAsync($"{how} {OutboxStore.OpenWebhookEndpoints}", row => row.GetString(column)), TestContext.Current.CancellationToken);

    private async Task AllAreDeadAsync()
    {
        Assert.Equal(0, await NumberAsync("SELECT COUNT(*) FROM outbox WHERE status <> 2"));
        Assert.Equal(Backlog, await NumberAsync("SELECT COUNT(*) FROM outbox WHERE reason = 'webhook_removed'"));
        Assert.Equal(0, await NumberAsync("""
            SELECT COUNT(*) FROM outbox WHERE finished_at <> 1 AND (SELECT COUNT(*) FROM row_history WHERE box = 'outbox' AND row_id = outbox.id) <> 1
            """));
        Assert.Equal(0, await NumberAsync("SELECT COUNT(*) FROM webhook"));
        Assert.Empty(_erp.Calls);
    }

    private Task<long?> NumberAsync(string sql) =>
        Database.ReadAsync(read => read.NumberAsync(sql), TestContext.Current.CancellationToken);

    private Task<RestAnswer> PutAsync() =>
        _gateway.RestAsync(HttpMethod.Put, "/webhooks/erp", $$"""{"url":"{{_erp.Url}}","secret":"{{_erp.Secret}}"}""");

    /// <summary>Webhooks that are tried again in an hour.</summary>
    private Task WaitForAsync(string webhook, int webhooks) => Database.TransactAsync(async unit => await unit.ExecuteAsync("""
        INSERT INTO outbox (platform, app, lane, operation, target_type, target, message_type, content, idempotency_key, inbox_id, reference, not_before,
                            created_at, rank)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
        SELECT 'webhook', 'default', $2 || i, 'webhook', 'webhook', $2, 'test', '{}', $2 || i, 0, 'R', $3, $4, i % 3 FROM n
        """, (long)webhooks, webhook, DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds(),
        DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), TestContext.Current.CancellationToken);
}
