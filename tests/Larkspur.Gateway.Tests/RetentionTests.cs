using Larkspur.Gateway.Console.Pages.Schedules;
using Larkspur.Gateway.Operations.Endpoints;
using Larkspur.Gateway.Operations.Upkeep;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>Forgetting in slices, and what becomes of the space.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class RetentionTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const int Rows = 12_000;

    private static readonly string[] Sent = ["events", "messages"];

    private static readonly Dictionary<string, string?> Patient = new() { ["Larkspur:Retention:Round"] = "00:10:00", ["Larkspur:Schedules:Enabled"] = "false" };

    private readonly string _feishu = fixture.Feishu.Address;
    private readonly FeishuPush _push = fixture.Push;

    [Fact]
    public async Task A_large_deletion_is_done_in_slices_while_events_are_taken()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu, Patient);
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillAsync(database);
        var retention = gateway.Services.GetRequiredService<Retention>();
        var transactions = await gateway.CounterAsync("larkspur_db_transactions_total");
        var job = Task.Run(() => retention.RunAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        var taken = 0;
        do
        {
            Assert.Equal(200, (await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"))).Status);
            taken++;
        }
        while (!job.IsCompleted);
        Assert.Equal($"forgot {Rows} events", await job);
        Assert.True(taken > 1, "no event was taken meanwhile");
        Assert.True(await gateway.CounterAsync("larkspur_db_transactions_total") - transactions >= Rows / retention.Batch, "the rows did not go in slices");
        Assert.Equal(0, await database.ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM inbox WHERE app = 'old'"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_autovacuum_has_to_do_is_told_it_and_watched()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "About PostgreSQL.");
        await using var gateway = await GatewayApp.StartAsync(_feishu);
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillAsync(database);
        await database.TransactAsync(async unit => await unit.ExecuteAsync("DELETE FROM inbox WHERE app = 'old'"), TestContext.Current.CancellationToken);
        var upkeep = gateway.Services.GetRequiredService<PostgresUpkeep>();
        await gateway.UntilAsync(async () =>
        {
            await upkeep.RunAsync(TestContext.Current.CancellationToken);
            return await gateway.CounterAsync("larkspur_db_dead_rows", "\"inbox\"") > 0 || await AutovacuumsAsync(database) > 0;
        });
        Assert.True(await gateway.CounterAsync("larkspur_db_size_bytes") > 1 << 20);
        Assert.Contains("autovacuum_vacuum_scale_factor=0.02", await database.ReadAsync(sql => sql.FirstAsync(
            "SELECT array_to_string(reloptions, ',') FROM pg_class WHERE relname = 'inbox'", static row => row.GetString(0)), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_gives_back_what_was_deleted()
    {
        Assert.SkipWhen(GatewayApp.IsPostgres, "About files.");
        var folder = Directory.CreateTempSubdirectory("larkspur-shrink-").FullName;
        try
        {
            long full;
            await using (var gateway = await GatewayApp.StartAsync(_feishu, Patient, folder))
            {
                var database = gateway.Services.GetRequiredService<IDatabase>();
                await FillAsync(database);
                full = await PagesAsync(database) * 4096;
                await gateway.ForgetAsync();
                Assert.True(await PagesAsync(database) * 4096 >= full, "deleting alone does not shrink a file; then the job is for nothing");
                Assert.StartsWith("gave back", await gateway.Services.GetRequiredService<SqliteUpkeep>().RunAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
                Assert.True(await gateway.CounterAsync("larkspur_db_free_bytes") <= SqliteUpkeep.Spare * 4096);
            }

            var left = new FileInfo(Path.Combine(folder, "larkspur.db")).Length;
            Assert.True(left < full / 2, $"{left} of {full} bytes are left");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_file_that_cannot_shrink_fills_its_free_pages_again()
    {
        Assert.SkipWhen(GatewayApp.IsPostgres, "About files.");
        var folder = Directory.CreateTempSubdirectory("larkspur-old-file-").FullName;
        try
        {
            Storage.Sqlite.SqliteNative.Use();
            await using (var old = new SqliteConnection($"Data Source={Path.Combine(folder, "larkspur.db")};Pooling=False"))
            {
                await old.OpenAsync(TestContext.Current.CancellationToken);
                await using var command = old.CreateCommand();
                command.CommandText = "PRAGMA auto_vacuum=NONE; PRAGMA journal_mode=WAL; CREATE TABLE made_before (id INTEGER PRIMARY KEY)";
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }

            await using var gateway = await GatewayApp.StartAsync(_feishu, Patient, folder);
            var database = gateway.Services.GetRequiredService<IDatabase>();
            await FillAsync(database);
            var pages = await PagesAsync(database);
            for (var round = 0; round < 2; round++)
            {
                await gateway.ForgetAsync();
                Assert.Null(await gateway.Services.GetRequiredService<SqliteUpkeep>().RunAsync(TestContext.Current.CancellationToken));
                await FillAsync(database);
            }

            Assert.True(await PagesAsync(database) < pages * 1.1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_round_ends_when_its_time_is_over_and_the_next_goes_on()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu, new Dictionary<string, string?> { ["Larkspur:Retention:Round"] = "00:00:00.0000001" });
        await FillAsync(gateway.Services.GetRequiredService<IDatabase>());
        // A batch of each has its turn all the same: where a round is too short for a pass, the last ones would never have one.
        await FillOutboxAsync(gateway.Services.GetRequiredService<IDatabase>(), 3, status: 1);
        Assert.Matches(@"^forgot (3 messages and \d+ events|\d+ events and 3 messages); the rest comes next time$", await gateway.ForgetAsync());

        await using var patient = await GatewayApp.StartAsync(_feishu, new Dictionary<string, string?> { ["Larkspur:Schedules:Enabled"] = "false" });
        await FillAsync(patient.Services.GetRequiredService<IDatabase>());
        // Each look at the clock is nine seconds later: a batch takes nine, and as long is between two of them.
        var retention = patient.RetentionOf(new SteppingClock(), Sent);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal($"forgot {retention.Batch} events; the rest comes next time",
                await retention.RunAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task The_backlog_of_one_table_does_not_keep_another_from_being_cleared()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu, new Dictionary<string, string?> { ["Larkspur:Schedules:Enabled"] = "false" });
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillAsync(database);
        await FillOutboxAsync(database, 100, status: 1);
        var retention = gateway.RetentionOf(new SteppingClock(), Sent);
        Assert.Equal($"forgot 100 messages and {retention.Batch} events; the rest comes next time",
            await retention.RunAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task After_each_batch_the_others_have_as_long()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu, new Dictionary<string, string?> { ["Larkspur:Schedules:Enabled"] = "false" });
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillOutboxAsync(database, 2500, status: 1);
        var clock = new SteppingClock(TimeSpan.FromMilliseconds(20));
        var retention = gateway.RetentionOf(clock, Sent);
        Assert.Equal("forgot 2500 messages", await retention.RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Repeat(TimeSpan.FromMilliseconds(20), 2500 / retention.Batch), clock.Pauses);
    }

    [Fact]
    public async Task A_batch_goes_to_the_server_a_few_times_however_many_rows_it_has()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "About the ways to a server.");
        var settings = new Dictionary<string, string?>(Patient) { ["Larkspur:Retention:KeepDead"] = "30.00:00:00" };
        await using var gateway = await GatewayApp.StartAsync(_feishu, settings);
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillAsync(database);
        await FillOutboxAsync(database, Rows, status: 1);
        await FillOutboxAsync(database, 1000, status: 2);
        await StoriesAsync(database);
        var counting = new CountingDatabase(database);
        var retention = gateway.RetentionOf(TimeProvider.System, [.. Sent, "dead letters of the outbox"], counting);
        Assert.Equal($"forgot {Rows} messages, 1000 dead letters of the outbox and {Rows} events",
            await retention.RunAsync(TestContext.Current.CancellationToken));
        Assert.True(counting.Statements < 2 * Rows / 100, $"{counting.Statements} statements for {2 * Rows} rows");
        foreach (var table in (string[])["inbox", "outbox", "row_history"])
            Assert.Equal(0, await database.ReadAsync(sql => sql.NumberAsync($"SELECT COUNT(*) FROM {table}"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_story_of_a_row_goes_with_it_and_that_of_another_stays()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu, new Dictionary<string, string?> { ["Larkspur:Schedules:Enabled"] = "false" });
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillAsync(database, 300);
        await FillOutboxAsync(database, 300, status: 1);
        await FillOutboxAsync(database, 40, status: 2);
        await StoriesAsync(database);
        Assert.Equal("forgot 300 messages and 300 events", await gateway.ForgetAsync());
        Assert.Equal(40, await database.ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM row_history"), TestContext.Current.CancellationToken));
        Assert.Equal("forgot 40 dead letters of the outbox",
            await gateway.ForgetAsync(after: TimeSpan.FromDays(31), "dead letters of the outbox"));
        Assert.Equal(0, await database.ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM row_history"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Every_rule_has_a_name_of_its_own_and_one_that_fails_does_not_keep_the_others_from_their_turn()
    {
        var quiet = new Dictionary<string, string?> { ["Larkspur:Schedules:Settle"] = "01:00:00" };
        await using var gateway = await GatewayApp.StartAsync(_feishu, quiet, configure: builder => builder.Services
            .AddRetention("lost pages", _ => TimeSpan.Zero, old => old.ExecuteAsync("DELETE FROM no_such_table WHERE at < $1 AND id < $2")));
        var names = gateway.Services.GetServices<RetentionRule>().Select(rule => rule.Name).ToArray();
        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase), names);
        var manual = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "operations.md"), TestContext.Current.CancellationToken);
        Assert.All(names.Except(["lost pages"]), name => Assert.Contains($"| {name} |", manual, StringComparison.Ordinal));
        // The console tells it in Chinese too.
        Assert.All(names.Except(["lost pages"]), name => Assert.DoesNotContain(name,
            RunTexts.Of(new ScheduleRun(DateTimeOffset.UnixEpoch, null, "ok", $"forgot 2 {name} and 1 {name}", null)).Chinese, StringComparison.Ordinal));
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillAsync(database, 300);
        await FillOutboxAsync(database, 300, status: 1);
        var failure = await Assert.ThrowsAsync<AggregateException>(() => gateway.ForgetAsync());
        Assert.StartsWith("Not forgotten: lost pages.", failure.Message, StringComparison.Ordinal);
        foreach (var table in (string[])["inbox", "outbox"])
            Assert.Equal(0, await database.ReadAsync(sql => sql.NumberAsync($"SELECT COUNT(*) FROM {table}"), TestContext.Current.CancellationToken));
        Assert.Contains("Old lost pages could not be forgotten", gateway.Logs.Text, StringComparison.Ordinal);
        Assert.Contains("retention forgot 300 messages and 300 events", gateway.Logs.Text, StringComparison.Ordinal);
        // The operator sees it; 503 until the schedules have started.
        await gateway.UntilAsync(async () => (await gateway.PostRestAsync("/schedules/retention/run", null)).Status is 202);
        await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_schedule_runs_total", "retention", "failed") == 1);
    }

    [Theory]
    [InlineData("inbox")]
    [InlineData("outbox")]
    public async Task Old_dead_letters_are_found_by_an_index_over_when_they_died(string table)
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu, new Dictionary<string, string?> { ["Larkspur:Schedules:Enabled"] = "false" });
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillAsync(database, 3000);
        await FillOutboxAsync(database, 3000, status: 2);
        await database.TransactAsync(async unit => await unit.ExecuteAsync("UPDATE inbox SET status = 2"), TestContext.Current.CancellationToken);
        await database.TransactAsync(async unit => await unit.ExecuteAsync("ANALYZE"), TestContext.Current.CancellationToken);
        var (explain, column) = GatewayApp.IsPostgres ? ("EXPLAIN", 0) : ("EXPLAIN QUERY PLAN", 3);
        var plan = await database.ReadAsync(sql => sql.QueryAsync($"{explain} {DeadRows.Query(table)}", row => row.GetString(column),
            1L, 0L, 100), TestContext.Current.CancellationToken);
        Assert.Contains($"{table}_dead_at", string.Join('\n', plan), StringComparison.Ordinal);
    }

    /// <summary>Goes on by so much with each look, and lets nobody wait.</summary>
    private sealed class SteppingClock(TimeSpan? step = null) : TimeProvider
    {
        private readonly TimeSpan _step = step ?? TimeSpan.FromSeconds(9);
        private long _now;

        /// <summary>What was waited for.</summary>
        public List<TimeSpan> Pauses { get; } = [];

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += _step.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    /// <summary>Ended events of sixty days ago, 2 KiB each.</summary>
    private static Task FillAsync(IDatabase database, int rows = Rows) => database.TransactAsync(async unit => await unit.ExecuteAsync("""
        INSERT INTO inbox (platform, app, event_id, event_type, kind, ordering_key, payload, status, reference, received_at, finished_at)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
        SELECT 'feishu', 'old', 'old_' || i, 'test.old', 0, 'k', $2, 1, 'R', $3 + i, $3 + i FROM n
        """, (long)rows, new byte[2048], DateTimeOffset.UtcNow.AddDays(-60).ToUnixTimeMilliseconds()));

    /// <summary>Messages of sixty days ago.</summary>
    private static Task FillOutboxAsync(IDatabase database, int rows, int status) => database.TransactAsync(async unit => await unit.ExecuteAsync("""
        INSERT INTO outbox (platform, app, lane, operation, target_type, target, message_type, content, idempotency_key, inbox_id, reference, not_before,
                            created_at, finished_at, status)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
        SELECT 'feishu', 'old', 'oc', 'create', 'chat_id', 'oc', 'text', '{}', $4 || i, 0, 'R', $2 + i, $2 + i, $2 + i, $3 FROM n
        """, (long)rows, DateTimeOffset.UtcNow.AddDays(-60).ToUnixTimeMilliseconds(), status, $"key {status} "));

    /// <summary>A line for every row.</summary>
    private static Task StoriesAsync(IDatabase database) => database.TransactAsync(async unit =>
    {
        foreach (var box in (string[])["inbox", "outbox"])
            await unit.ExecuteAsync($"INSERT INTO row_history (box, row_id, at, what, replay_count, who) SELECT '{box}', id, 0, 'failed', 0, 'test' FROM {box}");
    });

    private static Task<long?> AutovacuumsAsync(IDatabase database) =>
        database.ReadAsync(sql => sql.NumberAsync("SELECT autovacuum_count FROM pg_stat_user_tables WHERE relname = 'inbox'"));

    private static async Task<long> PagesAsync(IDatabase database) => await database.ReadAsync(sql => sql.NumberAsync("PRAGMA page_count")) ?? 0;
}
