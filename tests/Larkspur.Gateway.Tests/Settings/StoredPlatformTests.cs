using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Doctor;
using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Gateway.Platforms.WeCom;
using Larkspur.Gateway.Tests.DingTalk;
using Larkspur.Gateway.Tests.WeCom;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Settings;

/// <summary>WeCom's and DingTalk's apps that administrators set while the gateway runs: they come, change and go without a
/// restart.</summary>
public sealed class StoredPlatformTests
{
    [Fact]
    public async Task A_WeCom_app_and_bot_answer_once_they_are_switched_on_and_no_longer_when_they_are_off()
    {
        await using var fixture = await WeComFixture.StartAsync(platform => new() { ["WECOM_BASE_URL"] = platform.ToString() });
        Assert.Equal((AppCondition.Off, 404), (Only(fixture.Gateway.Services.GetRequiredService<WeComApps>()).Condition,
            await StatusOfAsync(fixture.Gateway, "wecom")));

        await fixture.Gateway.SetAsync(WeComApp);
        await fixture.ActAsync(new { platform = "wecom", @do = "set_callback", of = "app", url = new Uri(fixture.Gateway.Address,
            "/webhook/wecom").ToString() });
        await OpenAsync(fixture, 1);
        await fixture.SayAsync("/help");
        await fixture.WaitAsync("aibot", all => all.Count == 1, "the bot's answer");
        await fixture.SayAsync("/help", to: "app");
        await fixture.WaitAsync("app", all => all.Count == 1, "the application's answer");

        await fixture.Gateway.SetAsync(WeComIntegration.Enabled, "false");
        await OpenAsync(fixture, 0);
        Assert.Equal(404, await StatusOfAsync(fixture.Gateway, "wecom"));
        await fixture.Gateway.SetAsync(WeComIntegration.Enabled, "true");
        await OpenAsync(fixture, 1);
        await fixture.SayAsync("/whoami");
        await fixture.WaitAsync("aibot", all => all.Count == 2, "an answer over the second connection");
    }

    [Fact]
    public async Task A_bots_changed_secret_makes_another_connection_after_the_old_one_has_ended()
    {
        await using var fixture = await WeComFixture.StartAsync(platform => new() { ["WECOM_BASE_URL"] = platform.ToString() });
        await fixture.Gateway.SetAsync(WeComApp);
        await OpenAsync(fixture, 1);
        await fixture.Gateway.SetAsync(WeComIntegration.AiBotSecret, "a wrong secret");
        await OpenAsync(fixture, 0);
        await fixture.Gateway.SetAsync(WeComIntegration.AiBotSecret, WeComFixture.Corp.AiBotSecret);
        await OpenAsync(fixture, 1);
        await fixture.SayAsync("/help");
        await fixture.WaitAsync("aibot", all => all.Count == 1, "the answer");
    }

    [Fact]
    public async Task A_bot_that_the_configuration_has_already_is_not_connected_a_second_time()
    {
        await using var fixture = await WeComFixture.StartAsync(platform => new()
        {
            ["WECOM_BASE_URL"] = platform.ToString(), ["Larkspur:WeCom:Apps:help:BaseUrl"] = platform.ToString(),
            ["Larkspur:WeCom:Apps:help:CorpId"] = WeComFixture.Corp.CorpId,
            ["Larkspur:WeCom:Apps:help:AiBotId"] = WeComFixture.Corp.AiBotId,
            ["Larkspur:WeCom:Apps:help:AiBotSecret"] = WeComFixture.Corp.AiBotSecret,
        });
        await OpenAsync(fixture, 1);
        await fixture.Gateway.SetAsync(WeComApp);
        var state = fixture.Gateway.Services.GetRequiredService<WeComApps>().States.Single(s => s.Name == "default");
        Assert.NotEqual(AppCondition.Connected, state.Condition);
        Assert.Contains("\"help\"", state.Reason?.English, StringComparison.Ordinal);
        await fixture.SayAsync("/help");
        await fixture.WaitAsync("aibot", all => all.Count == 1, "the answer of the one that is configured");
        await OpenAsync(fixture, 1);
    }

    [Fact]
    public async Task What_a_WeCom_app_lacks_is_named_and_the_doctor_says_so()
    {
        await using var fixture = await WeComFixture.StartAsync(platform => new() { ["WECOM_BASE_URL"] = platform.ToString() });
        var values = WeComApp;
        values.Remove(WeComIntegration.Secret);
        values.Remove(WeComIntegration.AiBotSecret);
        await fixture.Gateway.SetAsync(values);
        var state = Only(fixture.Gateway.Services.GetRequiredService<WeComApps>());
        Assert.Equal((AppCondition.Incomplete, "Missing: App Secret, AI bot: Secret"), (state.Condition, state.Reason?.English));
        var check = await CheckAsync(fixture.Gateway, "wecom");
        Assert.Equal((CheckStatus.Failed, "Missing: App Secret, AI bot: Secret"), (check.Status, check.Finding.English));
    }

    [Fact]
    public async Task A_DingTalk_app_answers_over_its_stream_once_it_is_switched_on()
    {
        await using var fixture = await DingTalkFixture.StartAsync(
            ("DINGTALK_CLIENT_ID", null), ("DINGTALK_CLIENT_SECRET", null), ("DINGTALK_ROBOT_CODE", null), ("DINGTALK_CARD_TEMPLATE",
                null));
        Assert.Equal((AppCondition.Off, 404), (Only(fixture.Gateway.Services.GetRequiredService<DingTalkApps>()).Condition,
            await StatusOfAsync(fixture.Gateway, "dingtalk")));

        await fixture.Gateway.SetAsync(DingTalkApp);
        await fixture.ConnectedAsync();
        await fixture.SayAsync("/help");
        await fixture.MessageAsync(_ => true, "the answer");
        await fixture.Gateway.SetAsync(DingTalkIntegration.Enabled, "false");
        await fixture.HoldsAsync(async () => (await fixture.StateAsync())["connections"]!.AsArray().All(c =>
            c!["ending"]?.ToString() is { Length: > 0 } ending && ending != "false"), "the end of the stream");
        await fixture.Gateway.SetAsync(DingTalkIntegration.Enabled, "true");
        await fixture.ConnectedAsync();
    }

    [Fact]
    public async Task A_DingTalk_app_by_webhook_needs_its_keys()
    {
        await using var fixture = await DingTalkFixture.StartAsync(
            ("DINGTALK_CLIENT_ID", null), ("DINGTALK_CLIENT_SECRET", null), ("DINGTALK_ROBOT_CODE", null), ("DINGTALK_CARD_TEMPLATE",
                null));
        var values = DingTalkApp;
        values[DingTalkIntegration.EventMode] = "webhook";
        await fixture.Gateway.SetAsync(values);
        Assert.Equal("Missing: Signing token, AES key", Only(fixture.Gateway.Services.GetRequiredService<DingTalkApps>()).Reason?.English);
        Assert.Equal(CheckStatus.Failed, (await CheckAsync(fixture.Gateway, "dingtalk")).Status);
    }

    private static Dictionary<string, string?> WeComApp => new()
    {
        [WeComIntegration.Enabled] = "true", [WeComIntegration.CorpId] = WeComFixture.Corp.CorpId, [WeComIntegration.AgentId] = "1000002",
        [WeComIntegration.Secret] = WeComFixture.Corp.Secret, [WeComIntegration.Token] = WeComFixture.Corp.Token,
        [WeComIntegration.EncodingAesKey] = WeComFixture.Corp.EncodingAesKey, [WeComIntegration.AiBotId] = WeComFixture.Corp.AiBotId,
        [WeComIntegration.AiBotSecret] = WeComFixture.Corp.AiBotSecret,
    };

    private static Dictionary<string, string?> DingTalkApp => new()
    {
        [DingTalkIntegration.Enabled] = "true", [DingTalkIntegration.ClientId] = DingTalkFixture.App.ClientId,
        [DingTalkIntegration.ClientSecret] = DingTalkFixture.App.ClientSecret,
            [DingTalkIntegration.RobotCode] = DingTalkFixture.App.RobotCode,
    };

    private static AppState Only<T>(PlatformApps<T> apps) where T : class, IPlatformApp => Assert.Single(apps.States);

    private static async Task<CheckResult> CheckAsync(GatewayApp gateway, string id) =>
        Assert.Single((await gateway.Services.GetRequiredService<DoctorRuns>().RunAsync("default", SettingsFixture.Anna, [id],
            TestContext.Current.CancellationToken)).Checks).Result;

    private static async Task<int> StatusOfAsync(GatewayApp gateway, string platform) =>
        (int)(await gateway.Http.PostAsync("/webhook/" + platform, new StringContent("{}"),
            TestContext.Current.CancellationToken)).StatusCode;

    private static Task OpenAsync(WeComFixture fixture, int count) =>
        fixture.UntilAsync(async () => (await fixture.StateAsync())["connections"]!.AsArray().Count(WeComFixture.IsOpen) == count,
            $"{count} connections");
}
