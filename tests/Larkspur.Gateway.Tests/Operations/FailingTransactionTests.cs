using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Inbox.Dispatch;
using System.Text.Json;
using Larkspur.Gateway.Inbox;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Larkspur.Gateway.Tests.Operations;

/// <summary>
/// A transaction that the database refuses again and again while it takes all others: its entry ends with its reason, and its chat
/// goes on.
/// </summary>
[Trait("Database", "PostgreSQL")]
public sealed class FailingTransactionTests : IAsyncLifetime
{
    private const string Secret = "salary-of-alice";
    private readonly FeishuPush _push = new();
    private readonly Dictionary<string, string?> _settings = new()
    {
        ["Larkspur:Dispatch:RetryPauses:0"] = "00:00:00.010",
        ["Larkspur:Dispatch:RetryPauses:1"] = "00:00:00.010",
        ["Larkspur:Dispatch:StoragePause"] = "00:00:00.010",
        ["Larkspur:Outbox:PerLane"] = "1000",
        ["Larkspur:Outbox:FirstPause"] = "00:00:00.010",
    };

    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Theory]
    [InlineData("INSERT INTO migration (number, name, applied_at) VALUES (1, '" + Secret + "', 0)")]
    [InlineData("UPDATE no_such_table SET number = 1")]
    [InlineData("INSERT INTO migration (number, name, applied_at) VALUES (NULL, NULL, '" + Secret + "')")]
    public async Task An_event_whose_statement_is_refused_ends_with_the_reason(string statement)
    {
        await using var gateway = await StartAsync(statement);
        await EndsAsync(gateway);
    }

    [Fact]
    public async Task An_event_whose_transaction_meets_damage_ends_with_the_reason()
    {
        Assert.SkipWhen(GatewayApp.IsPostgres, "How SQLite tells it.");
        await using var gateway = await StartAsync("INSERT INTO damaged (id, word) SELECT 2, word FROM damaged");
        await gateway.DamageAsync("CREATE TABLE damaged (id INTEGER PRIMARY KEY, word TEXT)");
        await gateway.DamageAsync("CREATE INDEX damaged_word ON damaged (word)");
        // The table is looked for where its index is.
        await gateway.DamageAsync("PRAGMA writable_schema=ON");
        await gateway.DamageAsync("""
            UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'damaged_word') WHERE name = 'damaged'
            """);
        await gateway.DamageAsync("PRAGMA writable_schema=RESET");
        await EndsAsync(gateway);
    }

    [Theory]
    [InlineData("SELECT pg_sleep(30)", "Options=-c statement_timeout=300")]
    [InlineData("SELECT pg_sleep(30)", "Command Timeout=1")]
    [InlineData("UPDATE heartbeat SET beats = beats WHERE id = 7", "Options=-c lock_timeout=300")]
    public async Task An_event_whose_transaction_always_times_out_ends_with_the_reason(string statement, string bound)
    {
        var address = await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync();
        _settings["LARKSPUR_DB"] = address + ";" + bound;
        await using var gateway = await StartAsync(statement);
        await using var holder = new NpgsqlConnection(address + ";Pooling=false");
        await holder.OpenAsync(TestContext.Current.CancellationToken);
        await RunAsync(holder, "INSERT INTO heartbeat (id, beats) VALUES (7, 0)");
        await RunAsync(holder, "BEGIN");
        await RunAsync(holder, "UPDATE heartbeat SET beats = beats WHERE id = 7");
        await EndsAsync(gateway);
    }

    [Theory]
    [InlineData("attempts")]
    [InlineData("message_id")]
    public async Task A_message_whose_transaction_is_refused_ends_with_the_reason_and_its_chat_goes_on(string column)
    {
        await using var gateway = await StartAsync("");
        if (GatewayApp.IsPostgres)
        {
            await gateway.DamageAsync(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused for good''; END'");
            await gateway.DamageAsync($"""
                CREATE TRIGGER refuse BEFORE UPDATE OF {column} ON outbox FOR EACH ROW WHEN (NEW.content LIKE '%poison%')
                EXECUTE FUNCTION refuse()
                """);
        }
        else
        {
            await gateway.DamageAsync($"""
                CREATE TRIGGER refuse BEFORE UPDATE OF {column} ON outbox WHEN NEW.content LIKE '%poison%'
                BEGIN SELECT RAISE(ABORT, 'refused for good'); END
                """);
        }

        await DiesAsync(gateway, "refused for good", mayHaveArrived: column == "message_id");
    }

    [Fact]
    public async Task A_message_whose_transaction_always_times_out_ends_with_the_reason_and_its_chat_goes_on()
    {
        var address = await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync();
        _settings["LARKSPUR_DB"] = address + ";Options=-c statement_timeout=300";
        await using var gateway = await StartAsync("");
        await gateway.DamageAsync(
            "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN NEW; END'");
        await gateway.DamageAsync("""
            CREATE TRIGGER linger BEFORE UPDATE OF attempts ON outbox FOR EACH ROW WHEN (NEW.content LIKE '%poison%')
            EXECUTE FUNCTION linger()
            """);
        await DiesAsync(gateway, "statement timeout", mayHaveArrived: false);
    }

    [Theory]
    [InlineData("outbox")]
    [InlineData("inbox")]
    public async Task An_event_that_nobody_can_write_the_end_of_has_made_no_attempt(string table)
    {
        var address = await LockableAsync();
        var go = new TaskCompletionSource();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _settings, configure: builder => builder.Services.AddSingleton(
            new EventRoute("feishu", "test.waits", async (_, _) =>
            {
                await go.Task;
                return Reaction.Send(OutboxMessage.ToChat("oc_p2p", "text", """{"text":"at last."}"""));
            })));
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "test.waits", """{"chat_id":"oc_p2p"}""", eventId);
        await using (await LockedAsync(address, table))
        {
            go.SetResult();
            await RefusedAsync(gateway);
        }

        Assert.Equal("answered", (await gateway.OutcomeAsync(eventId)).GetProperty("outcome").GetString());
        // One at most: the lock may have gone between a refusal and the question whether others can write.
        Assert.InRange((await gateway.RowAsync(eventId)).GetProperty("attempts").GetInt32(), 0, 1);
        Assert.Contains("at last.", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_nobody_can_write_the_end_of_is_not_buried()
    {
        var address = await LockableAsync();
        var go = new TaskCompletionSource();
        _feishu.Fault = _ =>
        {
            go.Task.Wait();
            return null;
        };
        await using var gateway = await StartAsync("");
        await SayAsync(gateway, "first.");
        await gateway.UntilAsync(() => Task.FromResult(!_feishu.Calls.IsEmpty));
        await using (await LockedAsync(address, "outbox"))
        {
            go.SetResult();
            await RefusedAsync(gateway);
        }

        await gateway.UntilAsync(async () => (await gateway.ListAsync("/outbox?status=sent")).Length == 1);
        Assert.Single(_feishu.Calls.Select(c => c.Uuid).Distinct());
    }

    /// <summary>A database of which a gateway waits for no lock for long.</summary>
    private async Task<string> LockableAsync()
    {
        var address = await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync();
        _settings["LARKSPUR_DB"] = address + ";Options=-c lock_timeout=50";
        return address;
    }

    /// <summary>Somebody keeps a whole table from being written, as one does who builds an index.</summary>
    private static async Task<IAsyncDisposable> LockedAsync(string address, string table)
    {
        var holder = new NpgsqlConnection(address + ";Pooling=false");
        await holder.OpenAsync(TestContext.Current.CancellationToken);
        await RunAsync(holder, "BEGIN");
        await RunAsync(holder, $"LOCK TABLE {table} IN SHARE MODE");
        return holder;
    }

    /// <summary>Waits until something was refused for longer than attempts last.</summary>
    private static Task RefusedAsync(GatewayApp gateway) => gateway.UntilAsync(() => Task.FromResult(gateway.Logs.Lines.Count(line =>
        line.Message.Contains("lock timeout", StringComparison.Ordinal)
        || line.Exception?.Message.Contains("lock timeout", StringComparison.Ordinal) == true) > 12));

    private Task<GatewayApp> StartAsync(string statement) => GatewayApp.StartAsync(_feishu.Address, _settings,
        configure: builder => builder.Services.AddSingleton(
            new EventRoute("feishu", "test.fails", (_, _) => ValueTask.FromResult(new Reaction(async effects =>
            {
                await effects.Unit.ExecuteAsync(statement);
                return Outcome.Answered;
            })))));

    private async Task EndsAsync(GatewayApp gateway)
    {
        var eventId = FeishuPush.NewId("ev_");
        var said = $$"""{"chat_id":"oc_p2p","content":"{\"text\":\"{{Secret}}\"}"}""";
        await _push.SendAsync(gateway, "test.fails", said, eventId);
        var next = await SayAsync(gateway, "next.");
        var row = await gateway.OutcomeAsync(eventId);
        Assert.Equal(("dead", "failed_told"), (row.GetProperty("status").GetString(), row.GetProperty("outcome").GetString()));
        Assert.Equal("transaction_refused", row.GetProperty("reason").GetString());
        Assert.Equal("answered", (await gateway.OutcomeAsync(next)).GetProperty("outcome").GetString());
        Assert.Contains(row.GetProperty("reference").GetString()!, (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.Contains("next.", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        var (_, details) = await gateway.AskAsync($"/inbox/{row.GetProperty("id").GetInt64()}");
        JsonElement[] lines = [.. details.GetProperty("history").EnumerateArray()];
        Assert.Equal(["failed", "failed", "dead"], lines.Select(l => l.GetProperty("what").GetString()));
        Assert.All(lines, line => Assert.False(string.IsNullOrEmpty(line.GetProperty("message").GetString())));
        Assert.DoesNotContain(Secret, details.GetProperty("history").ToString(), StringComparison.Ordinal);
    }

    private async Task DiesAsync(GatewayApp gateway, string why, bool mayHaveArrived)
    {
        await SayAsync(gateway, "poison.");
        await SayAsync(gateway, "next.");
        await gateway.UntilAsync(() => Task.FromResult(_feishu.Calls.Any(c => c.Content.Contains("next.", StringComparison.Ordinal))));
        var dead = Assert.Single(await gateway.ListAsync("/outbox?status=dead"));
        Assert.Equal("transaction_refused", dead.GetProperty("reason").GetString());
        var (_, details) = await gateway.AskAsync($"/outbox/{dead.GetProperty("id").GetInt64()}");
        Assert.Contains(why, details.GetProperty("history").ToString(), StringComparison.Ordinal);
        var arrived = _feishu.Calls.Where(c => c.Content.Contains("poison.", StringComparison.Ordinal)).ToArray();
        Assert.InRange(arrived.Length, mayHaveArrived ? 1 : 0, mayHaveArrived ? 4 : 0);
        Assert.True(arrived.Select(c => c.Uuid).Distinct().Count() <= 1);
    }

    private async Task<string> SayAsync(GatewayApp gateway, string text)
    {
        var eventId = FeishuPush.NewId("ev_");
        Assert.Equal(200, (await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message(text), eventId)).Status);
        return eventId;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
