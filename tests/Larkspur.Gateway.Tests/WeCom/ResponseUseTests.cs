using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Channels.WeCom;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Migrations;
using Larkspur.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>How long it is known which message called a response address.</summary>
public sealed class ResponseUseTests : IAsyncLifetime
{
    private const int FirstWithTable = 30;

    private EmulatorApp _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await EmulatorApp.StartAsync(s => s with { WeCom = WeComHouse.Corp });

    public async ValueTask DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task It_is_forgotten_with_the_answers_when_these_are()
    {
        await using var house = await WeComHouse.StartAsync(platform => new(WeComHouse.Polled(platform)) { ["Larkspur:Retention:Keep"] = "1.00:00:00" }, _emulator, _emulator.World.Clock);
        Assert.False(await TriedAsync(house.Gateway, "seal-1"));
        await ExecuteAsync(house.Gateway, "INSERT INTO wecom_reply (app, stream_id, turn, state, created_at, changed_at) VALUES ('default', 'm_1', 't_1', 3, $1, $1)", _emulator.World.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        await _emulator.AdvanceAsync(TimeSpan.FromHours(23));
        Assert.False(await TriedAsync(house.Gateway, "seal-2"));
        Assert.Equal(2, await CountAsync(house.Gateway, "wecom_response_use"));

        await _emulator.AdvanceAsync(TimeSpan.FromHours(1));
        await house.UntilAsync(async () =>
        {
            // It looks every ten minutes.
            await _emulator.AdvanceAsync(TimeSpan.FromMinutes(1));
            return await CountAsync(house.Gateway, "wecom_response_use") == 1 && await CountAsync(house.Gateway, "wecom_reply") == 0;
        }, "the old use to be forgotten");
        Assert.True(await TriedAsync(house.Gateway, "seal-2"));
        Assert.False(await TriedAsync(house.Gateway, "seal-1"));
    }

    [Fact]
    public async Task It_is_known_after_an_update_from_the_version_that_kept_it_among_the_answers()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-response-uses-").FullName;
        try
        {
            var settings = WeComHouse.Polled(_emulator.BaseUrl);
            if (GatewayApp.IsPostgres) settings["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
            await MakeEarlierAsync(GatewayApp.IsPostgres ? settings["LARKSPUR_DB"]! : Path.Combine(folder, "larkspur.db"));

            await using var gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString(), settings, folder);
            Assert.Equal(["m_1"], await gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.QueryAsync("SELECT stream_id FROM wecom_reply", row => row.GetString(0)), TestContext.Current.CancellationToken));
            Assert.Equal(1, await CountAsync(gateway, "wecom_response_use"));
            Assert.False(await TriedAsync(gateway, "seal-2"));
            Assert.True(await TriedAsync(gateway, "seal-1"));
            // By this message alone: another one that finds the address used is refused.
            Assert.False(await TriedAsync(gateway, "seal-1", "key-2"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A database as the version before left it: an answer, and a use that stands among the answers.</summary>
    private static async Task MakeEarlierAsync(string address)
    {
        if (!GatewayApp.IsPostgres) Storage.Sqlite.SqliteNative.Use();
        await using DbConnection connection = GatewayApp.IsPostgres ? new NpgsqlConnection(address + ";Pooling=false") : new SqliteConnection($"Data Source={address};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await RunAsync("CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
        foreach (var script in MigrationScript.All.Where(s => s.Number < FirstWithTable))
        {
            if (script.Sql(GatewayApp.IsPostgres ? Dialect.Postgres : Dialect.Sqlite) is var sql && !string.IsNullOrWhiteSpace(sql)) await RunAsync(sql);
            await RunAsync($"INSERT INTO migration VALUES ({script.Number}, '{script.Name}', 0)");
        }

        var (now, use) = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), "response:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("seal-1")).AsSpan(0, 16)));
        await RunAsync($"INSERT INTO wecom_reply (app, stream_id, turn, state, created_at, changed_at) VALUES ('default', 'm_1', 't_1', 3, {now}, {now}), ('default', '{use}', 'key-1', 3, {now}, {now})");

        async Task RunAsync(string sql)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The gateway's own scripts, and rows of this test.
            command.CommandText = sql;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    private static Task<bool> TriedAsync(GatewayApp gateway, string seal, string key = "key-1") =>
        gateway.Services.GetRequiredService<ResponseUses>().BeginAsync("default", seal, key, TestContext.Current.CancellationToken);

    private static Task<long?> CountAsync(GatewayApp gateway, string table) =>
        gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.NumberAsync($"SELECT COUNT(*) FROM {table}"), TestContext.Current.CancellationToken);

    private static Task ExecuteAsync(GatewayApp gateway, string sql, params object?[] values) =>
        gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => await unit.ExecuteAsync(sql, values), TestContext.Current.CancellationToken);
}
