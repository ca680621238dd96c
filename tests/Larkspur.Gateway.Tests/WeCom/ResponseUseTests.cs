using Larkspur.Gateway.Platforms.WeCom;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>How long it is known which message called a response address.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ResponseUseTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await EmulatorApp.StartAsync(s => s with { WeCom = WeComFixture.Corp });

    public async ValueTask DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task It_is_forgotten_with_the_answers_when_these_are()
    {
        await using var fixture = await WeComFixture.StartAsync(platform => new(WeComFixture.Polled(platform)) { ["Larkspur:Retention:Keep"] = "1.00:00:00" }, _emulator, _emulator.State.Clock);
        Assert.False(await TriedAsync(fixture.Gateway, "seal-1"));
        await ExecuteAsync(fixture.Gateway, "INSERT INTO wecom_reply (app, stream_id, turn, state, created_at, changed_at) VALUES ('default', 'm_1', 't_1', 3, $1, $1)", _emulator.State.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        await _emulator.AdvanceAsync(TimeSpan.FromHours(23));
        Assert.False(await TriedAsync(fixture.Gateway, "seal-2"));
        Assert.Equal(2, await CountAsync(fixture.Gateway, "wecom_response_use"));

        await _emulator.AdvanceAsync(TimeSpan.FromMinutes(61));
        await fixture.Gateway.ForgetAsync();
        Assert.Equal(1, await CountAsync(fixture.Gateway, "wecom_response_use"));
        Assert.Equal(0, await CountAsync(fixture.Gateway, "wecom_reply"));
        Assert.True(await TriedAsync(fixture.Gateway, "seal-2"));
        // By this message alone: another one that finds the address used is refused.
        Assert.False(await TriedAsync(fixture.Gateway, "seal-2", "key-2"));
        Assert.False(await TriedAsync(fixture.Gateway, "seal-1"));
    }

    private static Task<bool> TriedAsync(GatewayApp gateway, string seal, string key = "key-1") =>
        gateway.Services.GetRequiredService<ResponseUses>().BeginAsync("default", seal, key, TestContext.Current.CancellationToken);

    private static Task<long?> CountAsync(GatewayApp gateway, string table) =>
        gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.NumberAsync($"SELECT COUNT(*) FROM {table}"), TestContext.Current.CancellationToken);

    private static Task ExecuteAsync(GatewayApp gateway, string sql, params object?[] values) =>
        gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => await unit.ExecuteAsync(sql, values), TestContext.Current.CancellationToken);
}
