using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>Forgetting in slices, and what becomes of the space.</summary>
public sealed class RetentionTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const int Rows = 12_000;

    private static readonly Dictionary<string, string?> Patient = new() { ["Larkspur:Retention:Round"] = "00:10:00", ["Larkspur:Schedules:Enabled"] = "false" };

    private readonly string _feishu = fixture.Feishu.Address;
    private readonly FeishuPush _push = fixture.Push;

    [Fact]
    public async Task A_large_deletion_is_done_in_slices_while_events_are_taken()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu, Patient);
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await FillAsync(database);
        var transactions = await gateway.CounterAsync("larkspur_db_transactions_total");
        var job = Task.Run(() => gateway.Services.GetRequiredService<Retention>().RunAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        var taken = 0;
        do
        {
            Assert.Equal(200, (await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"))).Status);
            taken++;
        }
        while (!job.IsCompleted);
        Assert.Equal($"forgot {Rows} events, 0 messages and 0 dead letters", await job);
        Assert.True(taken > 1, "no event was taken meanwhile");
        Assert.True(await gateway.CounterAsync("larkspur_db_transactions_total") - transactions >= Rows / Retention.Batch, "the rows did not go in slices");
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
        var upkeep = gateway.Services.GetRequiredService<Storage.Postgres.PostgresUpkeep>();
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
                await gateway.Services.GetRequiredService<Retention>().RunAsync(TestContext.Current.CancellationToken);
                Assert.True(await PagesAsync(database) * 4096 >= full, "deleting alone does not shrink a file; then the job is for nothing");
                Assert.StartsWith("gave back", await gateway.Services.GetRequiredService<Storage.Sqlite.SqliteUpkeep>().RunAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
                Assert.True(await gateway.CounterAsync("larkspur_db_free_bytes") <= Storage.Sqlite.SqliteUpkeep.Spare * 4096);
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
                await gateway.Services.GetRequiredService<Retention>().RunAsync(TestContext.Current.CancellationToken);
                Assert.Null(await gateway.Services.GetRequiredService<Storage.Sqlite.SqliteUpkeep>().RunAsync(TestContext.Current.CancellationToken));
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
        Assert.Null(await gateway.Services.GetRequiredService<Retention>().RunAsync(TestContext.Current.CancellationToken));

        await using var patient = await GatewayApp.StartAsync(_feishu);
        var database = patient.Services.GetRequiredService<IDatabase>();
        await FillAsync(database);
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        // Each look at the clock is ten seconds later: three slices fit into a round of 30 s.
        var stepping = new SteppingClock(clock);
        var inbox = patient.Services.GetRequiredService<Inbox.IInboxStore>();
        var outbox = patient.Services.GetRequiredService<Outbox.IOutboxStore>();
        var retention = new Retention(database, inbox, outbox, new RetentionOptions(), stepping, Microsoft.Extensions.Logging.Abstractions.NullLogger<Retention>.Instance);
        var (events, _, more) = await retention.PruneAsync(DateTimeOffset.UtcNow.AddDays(-1), TestContext.Current.CancellationToken);
        Assert.True(more);
        Assert.Equal(3 * Retention.Batch, events);
        (events, _, _) = await retention.PruneAsync(DateTimeOffset.UtcNow.AddDays(-1), TestContext.Current.CancellationToken);
        Assert.Equal(3 * Retention.Batch, events);
    }

    private sealed class SteppingClock(ManualTimeProvider inner) : TimeProvider
    {
        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp()
        {
            inner.Advance(TimeSpan.FromSeconds(9));
            return inner.GetTimestamp();
        }
    }

    /// <summary>Ended events of sixty days ago, 2 KiB each.</summary>
    private static Task FillAsync(IDatabase database) => database.TransactAsync(async unit => await unit.ExecuteAsync("""
        INSERT INTO inbox (platform, app, event_id, event_type, kind, ordering_key, payload, status, reference, received_at, finished_at)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
        SELECT 'feishu', 'old', 'old_' || i, 'test.old', 0, 'k', $2, 1, 'R', $3 + i, $3 + i FROM n
        """, (long)Rows, new byte[2048], DateTimeOffset.UtcNow.AddDays(-60).ToUnixTimeMilliseconds()));

    private static Task<long?> AutovacuumsAsync(IDatabase database) =>
        database.ReadAsync(sql => sql.NumberAsync("SELECT autovacuum_count FROM pg_stat_user_tables WHERE relname = 'inbox'"));

    private static async Task<long> PagesAsync(IDatabase database) => await database.ReadAsync(sql => sql.NumberAsync("PRAGMA page_count")) ?? 0;
}
