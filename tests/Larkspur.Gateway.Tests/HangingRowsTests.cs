using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Notifications;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Streams;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>
/// Cards, notifications, payments and streams that are forgotten take with them what hangs on them, a batch of them in a few statements.
/// </summary>
[Trait("Database", "PostgreSQL")]
public sealed class HangingRowsTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const int Old = 49;
    private static readonly Dictionary<string, string?> Quiet = new() { ["Larkspur:Schedules:Enabled"] = "false" };

    /// <summary>Of today, so that the gateway's own maintenance leaves the rows alone.</summary>
    private static readonly long First = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 2000;
    private static readonly DateTimeOffset Before = DateTimeOffset.FromUnixTimeMilliseconds(First + 1000);

    [Fact]
    public async Task Of_cards()
    {
        await using var gateway = await GatewayApp.StartAsync(fixture.Feishu.Address, Quiet);
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillAsync(database, "card_message (id, app, platform, caller_key, model, created_at)", 
            $"'c' || i, 'a', 'feishu', 'k', '{{}}', {First} + i * 20");
        await FillAsync(database, "card_action (card, app, event_id, action, outcome, person_id, reference, at)",
            "'c' || i, 'a', 'e' || i, 'x', 'done', 'p', 'R', 0");
        await FillAsync(database, "card_delivery (card, outbox_id, created_at)", "'c' || i, i, 0");
        await ForgottenAsync(gateway, CardStore.PruneAsync, "card_message", "card_action", "card_delivery");
    }

    [Fact]
    public async Task Of_notifications()
    {
        await using var gateway = await GatewayApp.StartAsync(fixture.Feishu.Address, Quiet);
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillAsync(database, """
            notification (id, public_id, app, event, caller_key, body_hash, requested_by, state, test, quiet, model, decides, approvers, face, created_at)
            """,
            $"i, 'n' || i, 'a', 'e', 'k' || i, 'h', 'r', 'open', 0, 'normal', '{{}}', 0, '[]', 0, {First} + i * 20");
        await FillAsync(database, "notification_delivery (notification, position, app, recipient, target_type, target, state, face)",
            "i, 0, 'a', '{}', 'open_id', 'o', 'sent', 0");
        await FillAsync(database, "notification_click (notification, app, event_id, action, outcome, person_id, reference, at)",
            "i, 'a', 'e' || i, 'x', 'done', 'p', 'R', 0");
        await ForgottenAsync(gateway, NotificationStore.PruneAsync, "notification", "notification_delivery", "notification_click");
    }

    [Fact]
    public async Task Of_payments()
    {
        await using var gateway = await GatewayApp.StartAsync(fixture.Feishu.Address, Quiet);
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillAsync(database, """
            payment (id, app, request_key, request_hash, number, amount, currency, submitter, approval_code, uuid, state, version, state_at, requested_by,
                     reference, created_at, changed_at)
            """,
            $"'p' || i, 'a', 'k' || i, 'h', 'n', '1', 'CNY', '{{}}', 'c', 'u' || i, 'approved', 1, 0, 'r', 'R', {First} + i * 20, {First} + i * 20");
        await FillAsync(database, "payment_history (payment, line_key, at, what, version, source)", "'p' || i, 'l', 0, 'made', 1, 'request'");
        await FillAsync(database, "payment_webhook (payment, version, type, webhook, outbox_id, webhook_id)",
            "'p' || i, 1, 't', 'erp', i, 'w'");
        await ForgottenAsync(gateway, PaymentStore.PruneAsync, "payment", "payment_history", "payment_webhook");
    }

    [Fact]
    public async Task Of_streams()
    {
        await using var gateway = await GatewayApp.StartAsync(fixture.Feishu.Address, Quiet);
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillAsync(database, """
            card_stream (id, app, lane, partition, target_type, target, in_thread, inbox_id, fed_by, node, face, reference, state, created_at, fed_at, ended_at)
            """,
            $"'s' || i, 'a', 'l', 0, 'chat_id', 'oc', 0, 0, 0, 'n', '{{}}', 'R', 1, 0, 0, {First} + i * 20");
        await FillAsync(database, "card_stream_page (stream_id, page, mode)", "'s' || i, 0, 1");
        Assert.Equal(Old, await database.PruneAsync(StreamStore.PruneAsync, Before));
        await LeftAsync(database, "card_stream", "card_stream_page");
    }

    private static async Task ForgottenAsync(GatewayApp gateway, Func<OldBatch, ValueTask<int>> prune, params string[] tables)
    {
        var database = gateway.Services.GetRequiredService<IDatabase>();
        if (GatewayApp.IsPostgres) database = new CountingDatabase(database);
        Assert.Equal(Old, await database.PruneAsync(prune, Before));
        if (database is CountingDatabase counting) Assert.Equal(1 + tables.Length, counting.Statements);
        await LeftAsync(database, tables);
    }

    /// <summary>Of sixty the last eleven are young enough.</summary>
    private static async Task LeftAsync(IDatabase database, params string[] tables)
    {
        foreach (var table in tables)
            Assert.Equal(11, await database.ReadAsync(sql => sql.NumberAsync($"SELECT COUNT(*) FROM {table}"), TestContext.Current.CancellationToken));
    }

    private static Task FillAsync(IDatabase database, string columns, string values) => database.TransactAsync(async unit => await unit.ExecuteAsync($"""
        INSERT INTO {columns} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) SELECT {values} FROM n
        """), TestContext.Current.CancellationToken);
}
