using Larkspur.Gateway.Operations.Upkeep;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>Indexes that a large table does not get before the start.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class LateIndexTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Valid =
        "SELECT COUNT(*) FROM pg_index WHERE indexrelid IN (to_regclass('inbox_dead_at'), to_regclass('outbox_dead_at')) AND indisvalid";

    private const string BuildWaits =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock' AND datname = current_database()";

    private static readonly Dictionary<string, string?> Quiet = new() { ["Larkspur:Schedules:Enabled"] = "false" };

    [Fact]
    public async Task They_are_built_while_rows_are_written()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "About PostgreSQL.");
        await using var gateway = await GatewayApp.StartAsync(fixture.Feishu.Address, Quiet);
        var database = gateway.Services.GetRequiredService<IDatabase>();
        Assert.Equal(2, await NumberAsync(database, Valid));
        await gateway.DamageAsync("DROP INDEX inbox_dead_at");
        await gateway.DamageAsync("DROP INDEX outbox_dead_at");
        var (began, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = database.TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("UPDATE inbox SET effects = effects");
            began.SetResult();
            await release.Task;
        }, TestContext.Current.CancellationToken);
        await began.Task;
        var built = gateway.Services.GetRequiredService<PostgresUpkeep>().RunAsync(TestContext.Current.CancellationToken);
        await gateway.UntilAsync(async () => await NumberAsync(database, BuildWaits) == 1);
        // A build that blocks would let nobody write before the slow one has ended.
        await database.TransactAsync(async unit => await unit.ExecuteAsync("UPDATE inbox SET effects = effects"),
            TestContext.Current.CancellationToken);
        release.SetResult();
        await slow;
        Assert.Equal("built inbox_dead_at and outbox_dead_at", await built);
        Assert.Equal(2, await NumberAsync(database, Valid));
    }

    [Fact]
    public async Task One_whose_build_was_broken_off_is_built_anew()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "About PostgreSQL.");
        await using var gateway = await GatewayApp.StartAsync(fixture.Feishu.Address, Quiet);
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await gateway.DamageAsync("UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass('inbox_dead_at')");
        Assert.Equal(1, await NumberAsync(database, Valid));
        var upkeep = gateway.Services.GetRequiredService<PostgresUpkeep>();
        Assert.Equal("built inbox_dead_at", await upkeep.RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, await NumberAsync(database, Valid));
    }

    private static Task<long?> NumberAsync(IDatabase database, string sql) =>
        database.ReadAsync(read => read.NumberAsync(sql), TestContext.Current.CancellationToken);
}
