using System.Text.Json;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Seen;
using Larkspur.Testing;
using Npgsql;

namespace Larkspur.Gateway.Tests.Operations;

/// <summary>The events' feed on PostgreSQL, where a smaller id can be committed after a greater one.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class EventFeedTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private readonly ShiftingClock _clock = new();
    private FeishuStub _feishu = null!;
    private string _address = "";

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _address = await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync();
    }

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task An_event_whose_transaction_stood_still_is_told_before_those_that_came_after_it()
    {
        await using var stalling = await StartAsync(_address + ";Options=-c lock_timeout=60000;Command Timeout=60");
        await using var other = await StartAsync(_address);
        var cursor = (await ReadAsync(other, "")).Cursor;
        for (var attempt = 1; ; attempt++)
        {
            var late = FeishuPush.NewId("ev_");
            await using (var holder = await BeginAsync())
            {
                // Somebody records the same event, and has not committed: the gateway's own transaction has its id and waits.
                var seen = SeenKey.ForEvent("feishu", "default", late).ToArray();
                await RunAsync(holder, "INSERT INTO inbox_seen (seen, inbox_id) VALUES ($1, 0)", seen);
                var pushing = _push.SendAsync(stalling, "im.message.receive_v1", FeishuPush.Message("late", "oc_1"), late);
                // Not within the holder's transaction, which sees the activity as it was first.
                await using var watch = await OpenAsync();
                await other.UntilAsync(async () => await RunAsync(watch, """
                    SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                    WHERE NOT l.granted AND l.locktype = 'transactionid' AND a.datname = current_database()
                      AND a.query LIKE '%INSERT INTO inbox_seen%'
                    """) is not null);
                var early = FeishuPush.NewId("ev_");
                Assert.Equal(200, (await _push.SendAsync(other, "im.message.receive_v1", FeishuPush.Message("early", "oc_2"), early)).Status);
                await other.OutcomeAsync(early);
                _clock.Shift(TimeSpan.FromMinutes(1));

                var meanwhile = await ReadAsync(other, cursor);
                Assert.Empty((await other.InboxAsync(late)).GetProperty("items").EnumerateArray());
                await holder.CloseAsync();
                // A machine that took too long until here let the gateway give up, as it should; the platform would send it anew.
                if ((await pushing).Status != 200 && attempt < 10)
                {
                    cursor = meanwhile.Cursor;
                    continue;
                }

                await other.OutcomeAsync(late);
                var afterwards = await ReadAsync(other, meanwhile.Cursor);
                Assert.Equal([late, early], meanwhile.Events.Concat(afterwards.Events).Where(e => e == late || e == early));
                Assert.Empty((await ReadAsync(other, afterwards.Cursor)).Events);
                return;
            }
        }
    }

    [Fact]
    public async Task Transactions_of_others_that_stay_open_do_not_hold_it_up()
    {
        await using var gateway = await StartAsync(_address);
        var cursor = (await ReadAsync(gateway, "")).Cursor;
        // As a backup has it: it reads for an hour, and has no id of its own. And somebody who writes into another table.
        await using var backup = await BeginAsync("REPEATABLE READ READ ONLY");
        await RunAsync(backup, "SELECT COUNT(*) FROM inbox");
        await using var writer = await BeginAsync();
        await RunAsync(writer, "CREATE TABLE elsewhere (id BIGINT)");
        for (var i = 0; i < 3; i++)
        {
            var eventId = FeishuPush.NewId("ev_");
            Assert.Equal(200, (await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("now", "oc_1"), eventId)).Status);
            var page = await ReadAsync(gateway, cursor);
            Assert.Equal([eventId], page.Events);
            cursor = page.Cursor;
        }
    }

    [Fact]
    public async Task A_reader_beside_many_writers_gets_every_event_once_and_in_order()
    {
        await using var first = await StartAsync(_address);
        await using var second = await StartAsync(_address);
        var cursor = (await ReadAsync(first, "")).Cursor;
        var ids = Enumerable.Range(0, 200).Select(_ => FeishuPush.NewId("ev_")).ToArray();
        var pushing = Task.WhenAll(ids.Select((id, i) =>
            _push.SendAsync(i % 2 == 0 ? first : second, "im.message.receive_v1", FeishuPush.Message("word", $"oc_{i % 9}"), id)));
        var told = new List<string>();
        await first.UntilAsync(async () =>
        {
            var over = pushing.IsCompleted;
            var page = await ReadAsync(first, cursor);
            Assert.True(long.Parse(page.Cursor) >= long.Parse(cursor));
            cursor = page.Cursor;
            told.AddRange(page.Events);
            return over && page.Events.Length == 0;
        });
        Assert.All(await pushing, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(ids.Order(), told.Order());
    }

    private Task<GatewayApp> StartAsync(string address) =>
        GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["LARKSPUR_DB"] = address }, clock: _clock);

    private static async Task<(string[] Events, string Cursor)> ReadAsync(GatewayApp gateway, string cursor)
    {
        var (status, page) = await gateway.AskAsync("/events?limit=200" + (cursor.Length == 0 ? "" : "&cursor=" + cursor));
        Assert.Equal(200, status);
        JsonElement[] items = [.. page.GetProperty("items").EnumerateArray()];
        var ids = items.Select(i => i.GetProperty("id").GetInt64()).ToArray();
        Assert.Equal(ids.Order(), ids);
        return ([.. items.Select(i => i.GetProperty("event_id").GetString()!)], page.GetProperty("cursor").GetString()!);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_address + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private async Task<NpgsqlConnection> BeginAsync(string mode = "READ COMMITTED")
    {
        var connection = await OpenAsync();
        await RunAsync(connection, "BEGIN ISOLATION LEVEL " + mode);
        return connection;
    }

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
