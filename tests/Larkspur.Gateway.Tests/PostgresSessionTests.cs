using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Larkspur.Gateway.Tests;

/// <summary>What the server does by itself about a gateway that stands still.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class PostgresSessionTests
{
    [Fact]
    public async Task A_process_that_stands_still_in_a_transaction_keeps_its_rows_for_seconds_only()
    {
        var address = await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync();
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1", new Dictionary<string, string?> { ["LARKSPUR_DB"] = address });
        // As another gateway does that is stopped in the middle of its renewal.
        await using var frozen = new NpgsqlConnection(PostgresAddress.Complete(address));
        await frozen.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await frozen.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("UPDATE lease SET expires_at = expires_at", frozen, transaction))
            Assert.Equal(Partitions.Count, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        await gateway.UntilAsync(async () =>
        {
            try
            {
                return await gateway.DamageAsync("UPDATE lease SET expires_at = expires_at WHERE partition = 1") == 1;
            }
            catch (StorageUnavailableException)
            {
                return false;
            }
        });
        var leases = gateway.Services.GetRequiredService<ILeases>();
        await gateway.UntilAsync(() => Task.FromResult(leases.Held == Partitions.All));
    }

    [Fact]
    public async Task What_the_address_says_of_a_session_wins()
    {
        var address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        Assert.Equal(["5s", "4s", "30s"], await ShownAsync(PostgresAddress.Complete(address)));
        Assert.Equal(["5s", "1min", "30s"], await ShownAsync(PostgresAddress.Complete(address + ";Options=-c lock_timeout=60000")));
        Assert.Equal(["5s", "4s", "6min"], await ShownAsync(PostgresAddress.Complete(address + ";Command Timeout=120")));
        Assert.Equal(["5s", "4s", "0"], await ShownAsync(PostgresAddress.Complete(address + ";Command Timeout=0")));
    }

    [Fact]
    public async Task A_second_process_waits_for_the_one_that_changes_the_schema_and_says_for_whom()
    {
        var address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var first = new NpgsqlConnection(address + ";Application Name=the first;Pooling=false");
        await first.OpenAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("SELECT pg_advisory_lock(x'4C61726B73707572'::bigint)", first)) await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var waited = new CapturedLogs();
        var starting = GatewayApp.StartAsync("http://127.0.0.1:1", new Dictionary<string, string?> { ["LARKSPUR_DB"] = address + ";Command Timeout=1" },
            configure: builder => builder.Logging.AddProvider(waited));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!waited.Text.Contains("Waiting for the first", StringComparison.Ordinal))
        {
            Assert.False(starting.IsCompleted, starting.Exception?.ToString());
            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await first.CloseAsync();
        await using var gateway = await starting;
        Assert.Contains("Database schema is now", waited.Text, StringComparison.Ordinal);
    }

    private static async Task<string[]> ShownAsync(string address)
    {
        await using var connection = new NpgsqlConnection(address);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var shown = new List<string>();
        foreach (var name in new[] { "idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout" })
        {
            await using var command = new NpgsqlCommand($"SHOW {name}", connection);
            shown.Add((string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!);
        }

        return [.. shown];
    }
}
