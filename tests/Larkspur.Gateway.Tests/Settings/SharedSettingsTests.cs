using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Settings;

/// <summary>Two gateways on one PostgreSQL: what is set in one counts in the other, without a restart.</summary>
public sealed class SharedSettingsTests : IAsyncLifetime
{
    private readonly Dictionary<string, string?> _settings = SettingsFixture.NoApp;
    private FeishuStub _feishu = null!;
    private GatewayApp _first = null!;
    private GatewayApp _second = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _settings["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        _first = await GatewayApp.StartAsync(_feishu.Address, _settings);
        _second = await GatewayApp.StartAsync(_feishu.Address, _settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task A_change_in_one_counts_in_the_other_secrets_too()
    {
        await _first.SetAsync(new Dictionary<string, string?> { [FeishuIntegration.NotifyOnPr] = "true", [FeishuIntegration.AppSecret] = "told-to-one-process" });
        await _second.UntilAsync(() => Task.FromResult(_second.Settings().Now.IsOn(FeishuIntegration.NotifyOnPr)));
        Assert.Equal("told-to-one-process", _second.Settings().Now.Text(FeishuIntegration.AppSecret));
    }

    [Fact]
    public async Task Changes_of_different_settings_at_once_are_missed_by_neither()
    {
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(_first.SetAsync(FeishuIntegration.ApprovalCode, $"code-{round}"), _second.SetAsync(FeishuIntegration.AppId, $"cli_{round}"));
            foreach (var gateway in (GatewayApp[])[_first, _second])
            {
                await gateway.UntilAsync(() => Task.FromResult(gateway.Settings().Now is var now && now.Text(FeishuIntegration.ApprovalCode) == $"code-{round}" && now.Text(FeishuIntegration.AppId) == $"cli_{round}"));
            }
        }

        // Each counts once. A copy that was read while the other change came has its rows before its number.
        foreach (var gateway in (GatewayApp[])[_first, _second])
        {
            await gateway.UntilAsync(() => Task.FromResult(gateway.Settings().Now.Version >= 20));
            Assert.Equal(20, gateway.Settings().Now.Version);
        }
    }

    [Fact]
    public async Task An_edit_of_a_secret_in_the_database_is_taken_once()
    {
        var database = _first.Services.GetRequiredService<IDatabase>();
        await _first.UntilAsync(async () => await EditAsync(database) == 1);
        foreach (var gateway in (GatewayApp[])[_first, _second])
            await gateway.UntilAsync(() => Task.FromResult(gateway.Settings().Now.Text(FeishuIntegration.AppSecret) == "once-and-for-all"));
        Assert.Equal(1, _first.Settings().Now.Version);
        Assert.Equal(1, await database.ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM audit WHERE who = 'database'"), TestContext.Current.CancellationToken));
    }

    private static Task<int> EditAsync(IDatabase database) => database.TransactAsync(async unit => await unit.ExecuteAsync(
        "UPDATE system_parameters SET value = $1 WHERE name = $2", "once-and-for-all", FeishuIntegration.AppSecret), TestContext.Current.CancellationToken);

    [Fact]
    public async Task An_app_that_is_set_in_one_process_receives_in_the_other()
    {
        await _first.SetAsync(SettingsFixture.App);
        await _second.UntilAsync(async () => (await new FeishuPush().SendAsync(_second, "test.nobody", "{}")).Status == 200);
        await _first.SetAsync(FeishuIntegration.Enabled, "false");
        await _second.UntilAsync(async () => (await new FeishuPush().SendAsync(_second, "test.nobody", "{}")).Status == 404);
    }
}
