using System.Text.Json;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.DingTalk;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Gateway.Tests.WeCom;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Doctor;

/// <summary>The way from the platforms to this gateway: called by the gateway as each platform would, and told by what the platform
/// itself has done.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class PlatformContactTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_came_is_a_warning_until_the_platform_checks_the_address_or_sends_an_event()
    {
        await using var fixture = await DoctorFixture.StartAsync(scopes: "im:message.p2p_msg:readonly");
        var check = await fixture.FindsAsync("platform_contact", "warning", "no event from the platform yet");
        Assert.Contains(new Uri(fixture.Gateway.Address, "/webhook/feishu").ToString(),
            check.GetProperty("fix").GetProperty("en").GetString(), StringComparison.Ordinal);
        // The check-up's own call proves nothing about the platform's way.
        Assert.Equal("ok", (await fixture.CheckAsync("callback")).GetProperty("status").GetString());
        await fixture.FindsAsync("platform_contact", "warning");

        await fixture.Emulator.ListensAsync(fixture.Gateway);
        await fixture.FindsAsync("platform_contact", "ok", "checked the address");
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello" });
        await fixture.HoldsAsync(async () => Said(await fixture.CheckAsync("platform_contact")).Contains("the last event came",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_remembered_by_the_next_process_and_told_when_it_is_long_ago()
    {
        var clock = new ShiftingClock();
        await using var fixture = await DoctorFixture.StartAsync(clock: clock);
        await fixture.Emulator.ListensAsync(fixture.Gateway);
        await fixture.FindsAsync("platform_contact", "ok");
        await fixture.RestartAsync();
        await fixture.FindsAsync("platform_contact", "ok", "checked the address");
        clock.Shift(TimeSpan.FromDays(15));
        var quiet = await fixture.CheckAsync("platform_contact");
        Assert.Equal("warning", quiet.GetProperty("status").GetString());
        Assert.Contains("no event from the platform since", Said(quiet), StringComparison.Ordinal);
        var kept = await fixture.RowsAsync("SELECT platform, app FROM platform_contact", row => (row.GetString(0), row.GetString(1)));
        Assert.Equal([("feishu", "default")], kept);
        Assert.NotNull((await fixture.Gateway.Services.GetRequiredService<PlatformContacts>().LastAsync("feishu", "default",
            Cancel)).Check);
    }

    [Fact]
    public async Task What_could_not_be_written_down_is_written_a_minute_later()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var fixture = await DoctorFixture.StartAsync(clock: clock);
        await RenameAsync("platform_contact", "platform_contact_away");
        await fixture.Emulator.ListensAsync(fixture.Gateway);
        await fixture.HoldsAsync(() => fixture.Gateway.Logs.Text.Contains("is not written down yet", StringComparison.Ordinal));
        await RenameAsync("platform_contact_away", "platform_contact");
        await clock.PassUntilAsync(TimeSpan.FromSeconds(61), async () =>
            await fixture.RowsAsync("SELECT app FROM platform_contact WHERE check_at > 0", row => row.GetString(0)) is ["default"]);

        Task RenameAsync(string from, string to) => fixture.Gateway.Services.GetRequiredService<IDatabase>()
            .TransactAsync(async unit => await unit.ExecuteAsync($"ALTER TABLE {from} RENAME TO {to}"), Cancel);
    }

    [Fact]
    public async Task WeCom_is_called_as_WeCom_calls()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.Application);
        // Without a public address the Feishu app's check complains already.
        Assert.Equal("skipped", Status(await CheckAsync(fixture.Gateway, "wecom_callback")));
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, Root(fixture.Gateway)));
        var check = await CheckAsync(fixture.Gateway, "wecom_callback");
        Assert.True(Status(check) == "ok", check.ToString());
        Assert.Contains("/webhook/wecom leads to this gateway", Said(check), StringComparison.Ordinal);

        // Another company's gateway refuses what our keys made; a stranger is no gateway.
        var settings = WeComFixture.Application(fixture.Emulator.BaseUrl);
        settings["WECOM_TOKEN"] = "anotherToken";
        await using var other = await GatewayApp.StartAsync(fixture.Emulator.BaseUrl.ToString(), settings);
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, Root(other)));
        Assert.Contains("refuses a correctly signed check", Said(await CheckAsync(fixture.Gateway, "wecom_callback")),
            StringComparison.Ordinal);
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, fixture.Emulator.BaseUrl.GetLeftPart(UriPartial.Authority)));
        var stranger = await CheckAsync(fixture.Gateway, "wecom_callback");
        Assert.Equal("failed", Status(stranger));
        Assert.Contains("is not this gateway", Said(stranger), StringComparison.Ordinal);
        Assert.DoesNotContain(WeComFixture.Corp.Token, stranger.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_with_WeComs_keys_and_another_database_is_found_out()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.Application);
        await using var other = await WeComFixture.StartAsync(WeComFixture.Application);
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, Root(other.Gateway)));
        Assert.Contains("not this gateway's database", Said(await CheckAsync(fixture.Gateway, "wecom_callback")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DingTalk_is_called_as_DingTalk_calls()
    {
        (string, string?)[] overHttp =
        [
            ("DINGTALK_EVENT_MODE", "webhook"), ("DINGTALK_TOKEN", DingTalkFixture.App.Token),
            ("DINGTALK_AES_KEY", DingTalkFixture.App.AesKey), ("DINGTALK_CARD_TEMPLATE", null),
        ];
        await using var fixture = await DingTalkFixture.StartAsync(overHttp);
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, Root(fixture.Gateway)));
        var check = await CheckAsync(fixture.Gateway, "dingtalk_callback");
        Assert.True(Status(check) == "ok", check.ToString());
        Assert.Equal(JsonValueKind.Null, (await ContactAsync(fixture.Gateway)).GetProperty("check_at").ValueKind);
        Assert.Contains("DingTalk app default: no event from the platform yet", Said(await CheckAsync(fixture.Gateway, "platform_contact")),
            StringComparison.Ordinal);

        // The platform's own check, as it comes when somebody saves the address.
        var checkedBy = await fixture.Emulator.ControlAsync(HttpMethod.Post, "push", new
        {
            platform = "dingtalk", transport = "webhook", callback_url = new Uri(fixture.Gateway.Address, "/webhook/dingtalk").ToString(),
            type = "check_url", @event = new { Random = "r" }, event_id = "ev-check",
        });
        Assert.Equal(200, checkedBy["status"]!.GetValue<int>());
        Assert.Equal(JsonValueKind.String, (await ContactAsync(fixture.Gateway)).GetProperty("check_at").ValueKind);

        await using var other = await DingTalkFixture.StartAsync(overHttp);
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, Root(other.Gateway)));
        Assert.Contains("not this gateway's database", Said(await CheckAsync(fixture.Gateway, "dingtalk_callback")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_app_is_told_what_it_cannot_do_and_whether_its_ticket_comes()
    {
        await using var fixture = await DoctorFixture.StartAsync(new() { ["FEISHU_APP_KIND"] = "Store" }, null, null,
            app => app with { Kind = AppKind.Store });
        await fixture.FindsAsync("store_app", "failed", "No app_ticket");
        var resent = await fixture.Emulator.CallAsync(HttpMethod.Post, "/open-apis/auth/v3/app_ticket/resend", null,
            new { app_id = GatewayApp.AppId, app_secret = GatewayApp.AppSecret });
        Assert.Equal(0, resent.Code);
        await fixture.HoldsAsync(async () => Said(await fixture.CheckAsync("store_app")).Contains("The app_ticket comes in time",
            StringComparison.Ordinal));
        await fixture.FindsAsync("store_app", "failed", "cannot call the platform for it");

        await using var own = await DoctorFixture.StartAsync();
        Assert.Equal("skipped", (await own.CheckAsync("store_app")).GetProperty("status").GetString());
    }

    /// <summary>What is known of the DingTalk app.</summary>
    private static async Task<JsonElement> ContactAsync(GatewayApp gateway) =>
        (await CheckAsync(gateway, "platform_contact")).GetProperty("detail").GetProperty("apps").EnumerateArray()
            .Single(a => a.GetProperty("platform").ValueEquals("dingtalk"));

    private static string Root(GatewayApp gateway) => gateway.Address.GetLeftPart(UriPartial.Authority);

    private static string Status(JsonElement check) => check.GetProperty("status").GetString()!;

    private static string Said(JsonElement check) => check.GetProperty("finding").GetProperty("en").GetString()!;

    private static async Task<JsonElement> CheckAsync(GatewayApp gateway, string id)
    {
        using var answer = await gateway.Http.PostAsync(new Uri("/api/v1/doctor/run", UriKind.Relative),
            new StringContent($$"""{"checks":["{{id}}"]}""", System.Text.Encoding.UTF8, "application/json"), Cancel);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Cancel)).GetProperty("checks")[0];
    }
}
