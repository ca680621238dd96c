using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Larkspur.Gateway.Tests;

/// <summary>Sessions of PostgreSQL that do not come to an end, and what a gateway does beside them.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class StuckSessionTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task A_process_keeps_its_leases_while_none_of_its_transactions_ends()
    {
        var address = await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync();
        await using var gateway = await StartAsync(address.Replace("Maximum Pool Size=8", "Maximum Pool Size=2", StringComparison.Ordinal),
            ("Larkspur:Leases:Lifetime", "00:00:03"), ("Larkspur:Leases:Interval", "00:00:00.5"));
        var leases = gateway.Services.GetRequiredService<ILeases>();
        var database = gateway.Services.GetRequiredService<IDatabase>();
        var fence = leases.FenceOf(1);
        // Twice as long as the leases last.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.TransactAsync(async unit => await unit.ExecuteAsync("SELECT pg_sleep(3)"), Cancellation)));
        Assert.Equal(Partitions.All, leases.Held);
        Assert.Equal(fence, leases.FenceOf(1));
    }

    [Fact]
    public async Task A_session_that_is_stuck_in_its_commit_with_a_notification_stops_nobody_elses_commits()
    {
        await using var server = await PostgresServer.StartPrivateAsync();
        // Who commits in the usual way waits for ever for a standby that there is not, with the lock for notifications in its hands.
        await server.SqlAsync("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        await server.SqlAsync("ALTER SYSTEM SET synchronous_commit = 'local'");
        await server.SqlAsync("SELECT pg_reload_conf()");
        var address = await server.CreateDatabaseAsync();
        await using var first = await StartAsync(address);
        await using var second = await StartAsync(address);
        await first.UntilAsync(() => Task.FromResult(Leases(first).Held.Size == 32 && Leases(second).Held.Size == 32));

        await using var stuck = new NpgsqlConnection(address + ";Pooling=false;Command Timeout=0");
        await stuck.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("SET synchronous_commit = on; NOTIFY larkspur; INSERT INTO heartbeat (id, beats) VALUES (99, 1)", stuck);
        var committing = command.ExecuteNonQueryAsync(CancellationToken.None);
        await first.UntilAsync(() => first.Services.GetRequiredService<IDatabase>().ReadAsync(
            async sql => await sql.NumberAsync("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == 1));

        try
        {
            var chats = Enumerable.Range(0, 1000).Select(i => $"oc_{i}").Where(c => Leases(second).Held.Contains(Partitions.Of("default", c))).Take(10).ToArray();
            var ids = chats.Select(_ => FeishuPush.NewId("ev_")).ToArray();
            for (var i = 0; i < chats.Length; i++)
                Assert.Equal(200, (await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message("hello", chats[i]), ids[i])).Status);
            foreach (var id in ids) Assert.Equal("answered", (await second.OutcomeAsync(id)).GetProperty("outcome").GetString());
            Assert.False(committing.IsCompleted);
            Assert.Equal((32, 32), (Leases(first).Held.Size, Leases(second).Held.Size));
        }
        finally
        {
            await server.SqlAsync("ALTER SYSTEM RESET synchronous_standby_names");
            await server.SqlAsync("SELECT pg_reload_conf()");
            await committing;
        }
    }

    [Fact]
    public async Task An_event_whose_row_somebody_holds_does_not_hold_up_the_others()
    {
        var address = await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync();
        await using var gateway = await StartAsync(address);
        var held = FeishuPush.NewId("ev_");
        var message = FeishuPush.Message("hello", "oc_held");
        Assert.Equal(200, (await _push.SendAsync(gateway, "im.message.receive_v1", message, held)).Status);
        Assert.Equal("answered", (await gateway.OutcomeAsync(held)).GetProperty("outcome").GetString());

        await using var holder = new NpgsqlConnection(address + ";Pooling=false");
        await holder.OpenAsync(Cancellation);
        await using var transaction = await holder.BeginTransactionAsync(Cancellation);
        await using var command = new NpgsqlCommand($"SELECT 1 FROM inbox WHERE event_id = '{held}' FOR UPDATE", holder, transaction);
        Assert.Equal(1, await command.ExecuteScalarAsync(Cancellation));
        // It comes again, so that others come behind it and with it.
        var again = Enumerable.Range(0, 4).Select(_ => _push.SendAsync(gateway, "im.message.receive_v1", message, held)).ToArray();
        var others = await Task.WhenAll(Enumerable.Range(0, 100).Select(SendOtherAsync));
        Assert.All(others, status => Assert.Equal(200, status));
        Assert.All(await Task.WhenAll(again), a => Assert.Equal(503, a.Status));

        await transaction.RollbackAsync(Cancellation);
        Assert.Equal(200, (await _push.SendAsync(gateway, "im.message.receive_v1", message, held)).Status);

        // As the platform does: a machine that is too busy to record a hundred at once is asked again.
        async Task<int> SendOtherAsync(int i)
        {
            var (id, text) = (FeishuPush.NewId("ev_"), FeishuPush.Message("hello", $"oc_{i}"));
            var status = 0;
            for (var attempt = 0; attempt < 10 && status != 200; attempt++)
                status = (await _push.SendAsync(gateway, "im.message.receive_v1", text, id)).Status;
            return status;
        }
    }

    private static ILeases Leases(GatewayApp gateway) => gateway.Services.GetRequiredService<ILeases>();

    private Task<GatewayApp> StartAsync(string address, params (string Name, string Value)[] more)
    {
        var settings = more.ToDictionary(m => m.Name, m => (string?)m.Value);
        settings["LARKSPUR_DB"] = address;
        return GatewayApp.StartAsync(_feishu.Address, settings);
    }
}
