using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Settings;

/// <summary>What administrators set counts at once, in every process, after every restart; the environment comes first; secrets stay secret.</summary>
public sealed class RuntimeSettingsTests : IAsyncLifetime
{
    private const string Secret = "hush-hush-0123456789-abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-settings-").FullName;
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _feishu.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_change_counts_at_once_and_after_a_restart_and_has_its_line_in_the_audit_log()
    {
        await using (var first = await StartAsync())
        {
            Assert.False(first.Settings().Now.IsOn(FeishuIntegration.NotifyOnPr));
            var state = await first.SetAsync(FeishuIntegration.NotifyOnPr, "true");
            Assert.True(state.IsOn(FeishuIntegration.NotifyOnPr));
            await first.SetAsync(new Dictionary<string, string?> { [FeishuIntegration.ApprovalCode] = " A-1 ", [FeishuIntegration.NotifyOnPr] = "true" });
            var lines = await LinesAsync(first);
            Assert.Equal([FeishuIntegration.ApprovalCode, FeishuIntegration.NotifyOnPr], lines.Select(l => l.Subject));
            Assert.All(lines, l => Assert.Equal(("console:anna", "setting.changed", "192.0.2.7"), (l.Who, l.What, l.Address)));
            Assert.Equal("""{"from":null,"to":"A-1"}""", lines[0].Detail);
        }

        await using var second = await StartAsync();
        Assert.True(second.Settings().Now.IsOn(FeishuIntegration.NotifyOnPr));
        var value = second.Settings().Now[FeishuIntegration.ApprovalCode];
        Assert.Equal(("A-1", SettingSource.Stored, "console:anna"), (value.Text, value.Source, value.ChangedBy));
        await second.SetAsync(FeishuIntegration.ApprovalCode, null);
        Assert.Equal((null, SettingSource.Default), (second.Settings().Now.Text(FeishuIntegration.ApprovalCode), second.Settings().Now[FeishuIntegration.ApprovalCode].Source));
    }

    [Fact]
    public async Task A_secret_is_encrypted_in_the_table_and_stands_in_no_log_and_no_audit_line()
    {
        await using var gateway = await StartAsync();
        await gateway.SetAsync(FeishuIntegration.AppSecret, Secret);
        Assert.Equal(Secret, gateway.Settings().Now.Text(FeishuIntegration.AppSecret));
        // The same again is no change.
        await gateway.SetAsync(FeishuIntegration.AppSecret, Secret);
        var rows = await gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.QueryAsync("SELECT value FROM setting", row => row.GetString(0)), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(Secret, Assert.Single(rows), StringComparison.Ordinal);
        Assert.Equal("""{"set":true}""", Assert.Single(await LinesAsync(gateway)).Detail);
        Assert.DoesNotContain(Secret, gateway.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, $"{gateway.Settings().Now} {gateway.Settings().Now[FeishuIntegration.AppSecret]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_decrypted_is_as_if_there_were_none_until_it_is_set_again_or_taken_away()
    {
        await using (var first = await StartAsync())
        {
            await first.SetAsync(new Dictionary<string, string?> { [FeishuIntegration.AppSecret] = Secret, [FeishuIntegration.EncryptKey] = "some-key" });
            await first.DamageAsync("UPDATE setting SET value = 'bm90IHByb3RlY3RlZA'");
        }

        await using var gateway = await StartAsync();
        var value = gateway.Settings().Now[FeishuIntegration.AppSecret];
        Assert.Equal(("", true), (value.Text, value.IsUnreadable));
        Assert.Contains("auth.feishu.app_secret cannot be decrypted", gateway.Logs.Text, StringComparison.Ordinal);
        await gateway.SetAsync(FeishuIntegration.AppSecret, Secret);
        Assert.Equal(Secret, gateway.Settings().Now.Text(FeishuIntegration.AppSecret));
        await gateway.SetAsync(FeishuIntegration.EncryptKey, null);
        Assert.False(gateway.Settings().Now[FeishuIntegration.EncryptKey].IsUnreadable);
    }

    [Theory]
    [InlineData("auth.feishu.colour", "blue", "unknown_setting")]
    [InlineData(FeishuIntegration.NotifyOnPo, "yes", "bad_value")]
    [InlineData(FeishuIntegration.EventMode, "pigeon", "bad_value")]
    [InlineData(FeishuIntegration.AppId, "a1b2", "bad_value")]
    [InlineData(FeishuIntegration.AppSecret, "two\nlines", "bad_value")]
    [InlineData(FeishuIntegration.CallbackDomain, "https://gateway.example.com/path", "bad_value")]
    public async Task What_does_not_fit_is_refused_and_nothing_of_the_change_is_kept(string key, string value, string word)
    {
        await using var gateway = await StartAsync();
        var refused = await Assert.ThrowsAsync<SettingRefusedException>(() => gateway.SetAsync(new Dictionary<string, string?> { [FeishuIntegration.NotifyOnPr] = "true", [key] = value }));
        Assert.Equal((key, word), (refused.Key, refused.Word));
        Assert.False(gateway.Settings().Now.IsOn(FeishuIntegration.NotifyOnPr));
        Assert.Empty(await LinesAsync(gateway));
    }

    [Fact]
    public async Task The_environment_comes_first_and_its_app_is_its_own_as_a_whole()
    {
        // The environment names the app without an encrypt key: a stored one would have no effect, so none can be stored.
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["FEISHU_ENCRYPT_KEY"] = null, ["LARKSPUR_BASE_URL"] = "https://gw.example.com" }, _folder);
        var now = gateway.Settings().Now;
        Assert.Equal((GatewayApp.AppId, SettingSource.Environment), (now.Text(FeishuIntegration.AppId), now[FeishuIntegration.AppId].Source));
        Assert.Equal("https://gw.example.com", now.Text(FeishuIntegration.CallbackDomain));
        foreach (var key in (string[])[FeishuIntegration.AppId, FeishuIntegration.AppSecret, FeishuIntegration.EncryptKey, FeishuIntegration.EventMode, FeishuIntegration.CallbackDomain])
            Assert.Equal("set_by_environment", (await Assert.ThrowsAsync<SettingRefusedException>(() => gateway.SetAsync(key, "webhook"))).Word);
        Assert.True((await gateway.SetAsync(FeishuIntegration.NotifyOnPr, "true")).IsOn(FeishuIntegration.NotifyOnPr));
    }

    [Fact]
    public async Task An_environment_that_gives_a_setting_an_impossible_value_is_refused_at_the_start()
    {
        var settings = SettingsFixture.NoApp;
        settings["FEISHU_EVENT_MODE"] = "pigeon";
        var failure = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync(_feishu.Address, settings));
        Assert.Contains("FEISHU_EVENT_MODE", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_that_fails_keeps_no_other_from_hearing_of_a_change()
    {
        await using var gateway = await StartAsync();
        var heard = 0;
        using var failing = gateway.Settings().OnChange(_ => throw new InvalidOperationException("this one fails"));
        using (gateway.Settings().OnChange(_ => heard++)) await gateway.SetAsync(FeishuIntegration.NotifyOnPr, "true");
        await gateway.SetAsync(FeishuIntegration.NotifyOnPr, "false");
        Assert.Equal(1, heard);
        Assert.Contains("this one fails", gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_made_at_once_all_count()
    {
        await using var gateway = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => gateway.SetAsync(i % 2 == 0 ? FeishuIntegration.ApprovalCode : FeishuIntegration.AppId, $"cli_{i}")));
        Assert.Equal(20, gateway.Settings().Now.Version);
        Assert.Equal(20, (await LinesAsync(gateway)).Count);
    }

    private Task<GatewayApp> StartAsync() => GatewayApp.StartAsync(_feishu.Address, SettingsFixture.NoApp, _folder);

    private static Task<List<AuditLine>> LinesAsync(GatewayApp gateway) => gateway.Services.GetRequiredService<AuditTrail>().ReadAsync(new AuditFilter(What: "setting.changed"), null, 50);
}
