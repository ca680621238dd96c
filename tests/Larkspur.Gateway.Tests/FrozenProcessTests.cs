using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Gateway.Tests;

/// <summary>A process stood still for longer than its leases, and goes on in the middle of a send: others have done its work meanwhile.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class FrozenProcessTests : IAsyncLifetime
{
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_older_face_that_comes_late_is_followed_by_the_newest(bool answerIsLost)
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        using var goOn = new ManualResetEventSlim();
        var reached = new TaskCompletionSource();
        _feishu.Fault = call =>
        {
            if (!call.Content.Contains("second face", StringComparison.Ordinal) || reached.Task.IsCompleted) return null;
            reached.SetResult();
            goOn.Wait(TimeSpan.FromSeconds(60));
            return answerIsLost ? (0, "") : null;
        };
        await QueueAsync(gateway, "second face");
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);
        await QueueAsync(gateway, "third face");
        // As the process does that took the lease: the third face makes the second worthless, and has arrived.
        await gateway.DamageAsync("UPDATE outbox SET status = 5, reason = 'superseded', finished_at = 1 WHERE content LIKE '%second face%'");
        await gateway.DamageAsync("UPDATE outbox SET status = 1, attempts = 1, message_id = 'om_1', finished_at = 1 WHERE content LIKE '%third face%'");
        goOn.Set();
        Assert.Contains("second face", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        while (!(await _feishu.NextAsync()).Content.Contains("third face", StringComparison.Ordinal))
        {
            // A lost answer: the second face is tried again.
        }

        await gateway.UntilAsync(async () => (await gateway.ListAsync("/outbox?status=open")).Length == 0);
        Assert.True(_feishu.IsQuiet);
    }

    [Fact]
    public async Task What_waits_for_its_token_is_not_sent_once_the_lease_is_gone()
    {
        var settings = new Dictionary<string, string?> { ["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync() };
        var asked = new TaskCompletionSource();
        var tokens = new TaskCompletionSource();
        _feishu.TokenComes = () =>
        {
            asked.TrySetResult();
            return tokens.Task;
        };
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, settings);
        var leases = gateway.Services.GetRequiredService<ILeases>();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);
        await QueueAsync(gateway, "a face");
        await gateway.UntilAsync(async () => (await gateway.ListAsync("/outbox?status=open")) is [var open] && open.GetProperty("attempts").GetInt32() == 1);
        await gateway.DamageAsync("UPDATE lease SET node = 'other', token = token + 1, expires_at = 9000000000000");
        await gateway.UntilAsync(() => Task.FromResult(leases.Held.IsEmpty));
        tokens.SetResult();
        // The call that waited is over: nothing of it came.
        await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_outbox_taken_back_total") > 0);
        Assert.Empty(_feishu.Calls);

        await gateway.DamageAsync("UPDATE lease SET expires_at = 0");
        Assert.Contains("a face", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.Single(_feishu.Calls);
    }

    [Fact]
    public async Task A_process_that_could_not_renew_has_no_fence_before_its_next_round()
    {
        var address = await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["LARKSPUR_DB"] = address });
        var clock = new ManualTimeProvider();
        using var leases = new PostgresLeases(gateway.Services.GetRequiredService<IDatabase>(), new LeaseOptions { Interval = TimeSpan.FromHours(1), Lifetime = TimeSpan.FromHours(3) },
            clock, NullLogger<PostgresLeases>.Instance);
        await gateway.DamageAsync("UPDATE lease SET node = NULL, token = token + 1, expires_at = 0");
        await leases.StartAsync(TestContext.Current.CancellationToken);
        var part = leases.Held.Each().First();
        Assert.NotNull(leases.FenceOf(part));
        // It stood still: no timer has run yet, and two hours have gone.
        clock.Shift(TimeSpan.FromHours(2));
        Assert.Null(leases.FenceOf(part));
        await leases.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_waited_for_a_row_that_another_process_has_begun_meanwhile_is_not_written()
    {
        await using var gateway = await StartOnPostgresAsync();
        var goOn = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        _feishu.Fault = _ =>
        {
            reached.TrySetResult();
            goOn.Task.Wait(TimeSpan.FromSeconds(60));
            return (500, "");
        };
        await QueueAsync(gateway, "a face");
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await database.TransactAsync(async unit =>
        {
            // As another process does that has the lease: it begins an attempt, while what this one writes of its own waits for the row.
            await unit.ExecuteAsync("UPDATE outbox SET attempts = attempts + 1");
            goOn.SetResult();
            while (await unit.NumberAsync("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0)
            {
                // The write is on its way; it comes within the 4 s for which it would wait.
            }

            await unit.ExecuteAsync("UPDATE lease SET node = 'other', token = token + 1, expires_at = 9000000000000");
        }, TestContext.Current.CancellationToken);
        await gateway.UntilAsync(() => Task.FromResult(gateway.Services.GetRequiredService<ILeases>().Held.IsEmpty));
        const string Busy = """
            SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()
            """;
        var cancellation = TestContext.Current.CancellationToken;
        await gateway.UntilAsync(() => database.ReadAsync(async sql => await sql.NumberAsync(Busy) == 0, cancellation));
        Assert.Equal(1, await database.ReadAsync(
            async sql => await sql.NumberAsync("SELECT COUNT(*) FROM outbox WHERE attempts = 2 AND reason IS NULL"), cancellation));
    }

    [Fact]
    public async Task What_the_platform_would_do_twice_is_not_sent_once_the_table_says_that_the_lease_is_gone()
    {
        await using var gateway = await StartOnPostgresAsync(("Larkspur:Outbox:KeyLifetime", "00:00:00"));
        // A machine that stood still between the attempt's begin and its call: its own clock says that no time has passed.
        await gateway.DamageAsync("""
            CREATE FUNCTION taken() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN UPDATE lease SET node = ''other'', token = token + 1, expires_at = 9000000000000; RETURN NEW; END'
            """);
        await gateway.DamageAsync("CREATE TRIGGER taken AFTER UPDATE ON outbox FOR EACH ROW WHEN (NEW.attempts > OLD.attempts) EXECUTE FUNCTION taken()");
        await gateway.Services.GetRequiredService<IOutbox>().QueueAsync(
            new("feishu", "default", "hello", OutboxMessage.ToChat("oc_1", "text", """{"text":"hello"}""")), TestContext.Current.CancellationToken);
        await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_outbox_taken_back_total") > 0);
        Assert.Empty(_feishu.Calls);
    }

    private async Task<GatewayApp> StartOnPostgresAsync(params (string Name, string Value)[] more)
    {
        var settings = more.ToDictionary(m => m.Name, m => (string?)m.Value);
        settings["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync();
        return await GatewayApp.StartAsync(_feishu.Address, settings);
    }

    private static Task QueueAsync(GatewayApp gateway, string face) => gateway.Services.GetRequiredService<IOutbox>().QueueAsync(
        new("feishu", "default", face, OutboxMessage.PatchCard("om_1", $$"""{"elements":[{"tag":"markdown","content":"{{face}}"}]}""")), TestContext.Current.CancellationToken);
}
