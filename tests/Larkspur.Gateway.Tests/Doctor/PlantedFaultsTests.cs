using System.Text.Json;
using Larkspur.Emulator;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Doctor;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Doctor;

/// <summary>Each planted fault is found by its own check, with what to do about it; an installation without one is left in peace.</summary>
public sealed class PlantedFaultsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_healthy_installation_with_exactly_the_needed_scopes_has_nothing_to_complain_of()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        await fixture.Emulator.ListensAsync(fixture.Gateway);
        var report = await fixture.RunAsync();
        Assert.True(report.GetProperty("status").GetString() == "ok", report.ToString());
        Assert.Equal((0, 0), (report.GetProperty("counts").GetProperty("warning").GetInt32(), report.GetProperty("counts").GetProperty("failed").GetInt32()));
        Assert.True(report.GetProperty("checks").GetArrayLength() >= 14);
        foreach (var id in (string[])["database", "clock", "app", "credentials", "token_kind", "bot", "bot_identity", "app_version", "callback", "scopes", "superfluous_scopes", "approval_code", "quota"])
            Assert.True(DoctorFixture.Of(report, id).GetProperty("status").GetString() == "ok", DoctorFixture.Of(report, id).ToString());
        Assert.Equal(DoctorFixture.Needed, DoctorFixture.Names(DoctorFixture.Of(report, "scopes"), "needed"));
        Assert.Equal(DoctorFixture.Needed, DoctorFixture.Names(DoctorFixture.Of(report, "superfluous_scopes"), "kept"));

        // The last report is kept as it was.
        var last = JsonSerializer.Deserialize<JsonElement>(await fixture.Gateway.Http.GetStringAsync(new Uri("/api/v1/doctor", UriKind.Relative), Cancel));
        Assert.Equal(report.GetProperty("at").GetString(), last.GetProperty("at").GetString());
    }

    [Fact]
    public async Task A_wrong_secret()
    {
        await using var fixture = await DoctorFixture.StartAsync(new() { ["FEISHU_APP_SECRET"] = "not-the-secret-at-all" });
        var check = await fixture.FindsAsync("credentials", words: "App Secret is wrong");
        Assert.EndsWith($"/app/{GatewayApp.AppId}/baseinfo", check.GetProperty("link").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-secret-at-all", (await fixture.RunAsync()).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-secret-at-all", fixture.Gateway.Logs.Text, StringComparison.Ordinal);
        // The others do not repeat it.
        Assert.Equal("skipped", (await fixture.CheckAsync("scopes")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_unknown_app_id()
    {
        await using var fixture = await DoctorFixture.StartAsync(new() { ["FEISHU_APP_ID"] = "cli_ffffffffffffffff" });
        await fixture.FindsAsync("credentials", words: "does not know the App ID");
    }

    [Fact]
    public async Task A_secret_that_was_reset_after_a_token_was_cached()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        Assert.Equal("ok", (await fixture.CheckAsync("credentials")).GetProperty("status").GetString());
        fixture.Emulator.State.Change(EmulatorApp.AppId, a => a with { AppSecret = "reset" });
        await fixture.FindsAsync("credentials", words: "App Secret is wrong");
    }

    [Fact]
    public async Task A_platform_that_is_away()
    {
        await using var fixture = await DoctorFixture.StartAsync(new() { ["FEISHU_BASE_URL"] = "http://127.0.0.1:1" });
        var check = await fixture.FindsAsync("credentials", words: "does not answer");
        Assert.Equal("平台没有应答：连接被拒绝，该端口没有服务", check.GetProperty("finding").GetProperty("zh").GetString());
    }

    [Fact]
    public async Task A_bot_that_is_off()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        await fixture.Emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { bot_enabled = false });
        await fixture.FindsAsync("bot", words: "has no bot");
    }

    [Fact]
    public async Task A_version_that_was_never_published()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        await fixture.Emulator.ListensAsync(fixture.Gateway);
        await fixture.VersionAsync(new { @do = "take_off" });
        var check = await fixture.FindsAsync("app_version", words: "No version");
        Assert.EndsWith("/version", check.GetProperty("link").GetString(), StringComparison.Ordinal);
        await fixture.FindsAsync("scopes", words: "no version was published");
        await fixture.VersionAsync(new { @do = "publish" });
        Assert.Equal("ok", (await fixture.RunAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_version_that_waits_for_approval()
    {
        await using var fixture = await DoctorFixture.StartAsync(scopes: "application:application:self_manage");
        Assert.Equal("ok", (await fixture.CheckAsync("app_version")).GetProperty("status").GetString());
        await fixture.VersionAsync(new { @do = "create" });
        await fixture.VersionAsync(new { @do = "submit" });
        await fixture.FindsAsync("app_version", "warning", "waits for approval");
    }

    [Theory]
    [InlineData("im:message:send_as_bot")]
    [InlineData("approval:instance")]
    [InlineData("approval:approval:readonly")]
    [InlineData("contact:user.id:readonly")]
    public async Task A_missing_scope(string scope)
    {
        await using var fixture = await DoctorFixture.StartAsync();
        await fixture.ScopesAsync(new { revoke = new[] { scope } });
        var check = await fixture.FindsAsync("scopes", words: scope);
        Assert.Equal([scope], DoctorFixture.Names(check, "missing"));
        Assert.StartsWith($"https://open.feishu.cn/app/{GatewayApp.AppId}/auth?q={scope}", check.GetProperty("link").GetString(), StringComparison.Ordinal);
        await fixture.ScopesAsync(new { grant = new[] { scope } });
        Assert.Equal("ok", (await fixture.CheckAsync("scopes")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Scopes_of_documents_where_the_assistant_reads_them()
    {
        await using var fixture = await DoctorFixture.StartAsync(new() { ["DIFY_BASE_URL"] = "http://127.0.0.1:1/v1", ["DIFY_API_KEY"] = "app-nobody-asks" });
        var check = await fixture.FindsAsync("scopes", words: "docx:document:readonly");
        Assert.Contains("docs:permission.member:retrieve", DoctorFixture.Names(check, "missing"));
        await fixture.ScopesAsync(new { grant = SeededScopes.Lean.ToArray() });
        await fixture.FindsAsync("scopes", "ok");
        await fixture.FindsAsync("superfluous_scopes", "ok");

        await using var without = await DoctorFixture.StartAsync(new() { ["DIFY_BASE_URL"] = "http://127.0.0.1:1/v1", ["DIFY_API_KEY"] = "app-nobody-asks", ["Larkspur:Assistant:Routes:0:Name"] = "default", ["Larkspur:Assistant:Routes:0:Backend"] = "default", ["Larkspur:Assistant:Routes:0:Documents"] = "false" });
        Assert.DoesNotContain(DoctorFixture.Names(await without.CheckAsync("scopes"), "missing"), scope =>
            scope.StartsWith("docx:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bot_that_hears_nobody_although_there_is_an_assistant()
    {
        await using var fixture = await DoctorFixture.StartAsync(new()
        {
            ["DIFY_BASE_URL"] = "http://127.0.0.1:1/v1", ["DIFY_API_KEY"] = "app-nobody-asks",
                ["Larkspur:Assistant:Routes:0:Name"] = "default",
            ["Larkspur:Assistant:Routes:0:Backend"] = "default", ["Larkspur:Assistant:Routes:0:Documents"] = "false",
        }, scopes: "application:application:self_manage");
        var check = await fixture.FindsAsync("scopes", words: "im:message.p2p_msg");
        var missing = DoctorFixture.Names(check, "missing");
        Assert.Contains("im:message.group_at_msg", missing);
        await fixture.ScopesAsync(new { grant = missing });
        await fixture.FindsAsync("scopes", "ok");

        await fixture.VersionAsync(new { @do = "create", events = new[] { "approval_instance" } });
        await fixture.VersionAsync(new { @do = "publish" });
        Assert.Equal(["im.message.receive_v1"], DoctorFixture.Names(await fixture.FindsAsync("events", words: "im.message.receive_v1"),
            "missing"));
    }

    [Fact]
    public async Task A_superfluous_scope_and_a_broader_one_beside_a_narrow_one()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        await fixture.ScopesAsync(new { grant = new[] { "contact:contact", "approval:approval" } });
        var check = await fixture.FindsAsync("superfluous_scopes", "warning", "contact:contact");
        Assert.Contains("contact:contact", DoctorFixture.Names(check, "superfluous"));
        Assert.Empty(DoctorFixture.Names(check, "superfluous").Intersect(DoctorFixture.Needed));
        await fixture.SetAsync((FeishuIntegration.PaymentWorkflow, "false"));
        await fixture.ScopesAsync(new { revoke = new[] { "contact:contact", "approval:approval" } });
        Assert.Equal("ok", (await fixture.CheckAsync("superfluous_scopes")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_scope_of_an_optional_feature_is_not_called_superfluous()
    {
        await using var fixture = await DoctorFixture.StartAsync(scopes: ["contact:contact.base:readonly", "contact:user.employee_number:read", "im:message.p2p_msg:readonly"]);
        var check = await fixture.CheckAsync("superfluous_scopes");
        Assert.True(check.GetProperty("status").GetString() == "ok", check.ToString());
        Assert.Equal(["contact:contact.base:readonly", "contact:user.employee_number:read", "im:message.p2p_msg:readonly"], DoctorFixture.Names(check, "optional"));
    }

    [Fact]
    public async Task The_seeded_app_with_lean_scopes_lacks_none_and_has_none_too_many()
    {
        var lean = EmulatorSettings.From(new ConfigurationBuilder().AddInMemoryCollection([new(SeededScopes.Variable, "lean")]).Build()).Apps[0].GrantedScopes;
        Assert.NotNull(lean);
        await using var fixture = await DoctorFixture.StartAsync(scopes: [.. lean]);
        await fixture.FindsAsync("scopes", "ok");
        await fixture.FindsAsync("superfluous_scopes", "ok");
        // Each of them is there for something: none is of no endpoint or event.
        Assert.All(lean, scope => Assert.Contains(PlatformFeature.Switched.Concat(PlatformFeature.Optional).SelectMany(f => f.Needs()), need => need.AnyOf.Contains(scope)));
        Assert.Null(EmulatorSettings.From(new ConfigurationBuilder().Build()).Apps[0].GrantedScopes);
        Assert.Throws<InvalidOperationException>(() => SeededScopes.Of("some"));
    }

    [Fact]
    public async Task A_wrong_encrypt_key()
    {
        await using var fixture = await DoctorFixture.StartAsync(new() { ["FEISHU_ENCRYPT_KEY"] = "another-encrypt-key" }, scopes: "im:message.p2p_msg:readonly");
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello" });
        await fixture.FindsSoonAsync("encrypt_key", "failed", "none accepted");
    }

    [Fact]
    public async Task A_wrong_verification_token()
    {
        await using var fixture = await DoctorFixture.StartAsync(new() { ["FEISHU_VERIFICATION_TOKEN"] = "another-token" }, scopes: "im:message.p2p_msg:readonly");
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello" });
        await fixture.FindsSoonAsync("verification_token", "failed", "none accepted");
        Assert.Equal("skipped", (await fixture.CheckAsync("encrypt_key")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_right_key_is_proven_by_an_event_and_one_forged_request_does_not_condemn_it()
    {
        await using var fixture = await DoctorFixture.StartAsync(scopes: "im:message.p2p_msg:readonly");
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello" });
        await fixture.FindsSoonAsync("encrypt_key", "ok");
        await fixture.FindsSoonAsync("verification_token", "ok");
        using var forged = new StringContent("""{"encrypt":"AAAA"}""", System.Text.Encoding.UTF8, "application/json");
        using var refused = await fixture.Gateway.Http.PostAsync(new Uri("/webhook/feishu", UriKind.Relative), forged, Cancel);
        await fixture.FindsAsync("encrypt_key", "warning", "or somebody forges requests");
    }

    [Fact]
    public async Task A_callback_domain_that_leads_elsewhere()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, fixture.Emulator.BaseUrl.GetLeftPart(UriPartial.Authority)));
        await fixture.FindsAsync("callback", words: "is not this gateway");
    }

    [Fact]
    public async Task A_callback_domain_that_leads_to_another_gateway_with_the_same_keys()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        await using var other = await DoctorFixture.StartAsync();
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, other.Gateway.Address.GetLeftPart(UriPartial.Authority)));
        await fixture.FindsAsync("callback", words: "not this gateway's database");
    }

    [Fact]
    public async Task A_callback_domain_that_leads_to_a_gateway_with_other_keys()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        await using var other = await DoctorFixture.StartAsync(new() { ["FEISHU_ENCRYPT_KEY"] = "another-encrypt-key" });
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, other.Gateway.Address.GetLeftPart(UriPartial.Authority)));
        await fixture.FindsAsync("callback", words: "refuses a correctly signed check");
    }

    [Fact]
    public async Task A_callback_domain_that_nobody_answers_at()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, "http://127.0.0.1:1"));
        await fixture.FindsAsync("callback", words: "cannot be reached");
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, "http://169.254.169.254"));
        await fixture.FindsAsync("callback", words: "where no gateway is");
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, null));
        await fixture.FindsAsync("callback", "warning", "No callback domain");
    }

    [Fact]
    public async Task A_callback_domain_that_redirects()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var front = builder.Build();
        front.Run(http =>
        {
            (http.Response.StatusCode, http.Response.Headers.Location) = (307, new Uri(fixture.Gateway.Address, http.Request.Path.Value).ToString());
            return Task.CompletedTask;
        });
        await front.StartAsync(Cancel);
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, front.Urls.First()));
        await fixture.FindsAsync("callback", words: "redirects");
    }

    [Fact]
    public async Task A_callback_domain_of_a_stranger_learns_no_key()
    {
        // Without an Encrypt Key the Verification Token is all that tells the platform's events from forged ones.
        await using var fixture = await DoctorFixture.StartAsync(new() { ["FEISHU_ENCRYPT_KEY"] = null });
        await fixture.FindsAsync("callback", "ok");

        var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var stranger = builder.Build();
        stranger.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            heard.Enqueue(string.Join('\n', http.Request.Headers.Select(h => h.ToString())) + await reader.ReadToEndAsync());
            http.Response.StatusCode = 500;
        });
        await stranger.StartAsync(Cancel);
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, stranger.Urls.First()));
        await fixture.FindsAsync("callback", words: "is not this gateway");
        Assert.Contains("url_verification", heard.Single(), StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayApp.VerificationToken, heard.Single(), StringComparison.Ordinal);

        // Another gateway cannot open the seal.
        await using var other = await DoctorFixture.StartAsync(new() { ["FEISHU_ENCRYPT_KEY"] = null });
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, other.Gateway.Address.GetLeftPart(UriPartial.Authority)));
        await fixture.FindsAsync("callback", words: "wrong_token");
    }

    [Fact]
    public async Task An_approval_code_that_the_platform_does_not_know()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        await fixture.SetAsync((FeishuIntegration.ApprovalCode, "00000000-0000-4000-8000-000000000000"));
        await fixture.FindsAsync("approval_code", words: "no approval definition");
        await fixture.SetAsync((FeishuIntegration.ApprovalCode, null));
        await fixture.FindsAsync("approval_code", words: "no approval code is set");
    }

    [Fact]
    public async Task An_approval_code_that_is_not_subscribed()
    {
        await using var fixture = await DoctorFixture.StartAsync(scopes: "approval:definition");
        await fixture.Gateway.UntilAsync(async () => (await fixture.CheckAsync("approval_subscription")).GetProperty("status").GetString() == "ok");
        // Somebody ends it elsewhere: the gateway itself makes sure once a day.
        var ended = await fixture.Emulator.CallAsync(HttpMethod.Post, $"/open-apis/approval/v4/approvals/{SeededCompany.PaymentApprovalCode}/unsubscribe", await fixture.Emulator.TenantTokenAsync());
        Assert.Equal(0, ended.Code);
        await fixture.FindsAsync("approval_subscription", "warning", "not subscribed");
        Assert.Equal("ok", (await fixture.CheckAsync("approval_subscription")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_event_that_the_published_version_does_not_tick()
    {
        await using var fixture = await DoctorFixture.StartAsync(scopes: "application:application:self_manage");
        Assert.Equal("ok", (await fixture.CheckAsync("events")).GetProperty("status").GetString());
        await fixture.VersionAsync(new { @do = "create", events = new[] { "im.message.receive_v1" } });
        await fixture.VersionAsync(new { @do = "publish" });
        var check = await fixture.FindsAsync("events", words: "approval_instance");
        Assert.Equal(["approval_instance"], DoctorFixture.Names(check, "missing"));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_clock_that_is_wrong(int minutes)
    {
        var clock = new ShiftingClock();
        await using var fixture = await DoctorFixture.StartAsync(clock: clock);
        clock.Shift(TimeSpan.FromMinutes(minutes));
        await fixture.FindsAsync("clock", words: minutes > 0 ? "ahead of" : "behind");
        clock.Shift(TimeSpan.FromMinutes(minutes > 0 ? -8 : 8));
        await fixture.FindsAsync("clock", "warning");
    }

    [Fact]
    public async Task A_webhook_that_is_away()
    {
        await using var erp = await WebhookReceiver.StartAsync();
        erp.AnswerWith(500);
        await using var fixture = await DoctorFixture.StartAsync(erp.Settings(), scopes: "im:message.p2p_msg:readonly");
        Assert.Equal("ok", (await fixture.CheckAsync("webhooks")).GetProperty("status").GetString());
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello" });
        await fixture.FindsSoonAsync("webhooks", "warning", "erp");
    }

    [Fact]
    public async Task A_webhook_that_is_gone_for_good()
    {
        await using var erp = await WebhookReceiver.StartAsync();
        erp.AnswerWith(410);
        await using var fixture = await DoctorFixture.StartAsync(erp.Settings(), scopes: "im:message.p2p_msg:readonly");
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello" });
        await fixture.FindsSoonAsync("webhooks", "failed", "erp");
        await fixture.FindsSoonAsync("dead_letters", "warning", "given up");
    }

    [Fact]
    public async Task A_platform_that_does_not_tell_the_scopes()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/application/v6/scopes", status = 400, code = 212999 });
        await fixture.FindsAsync("scopes", "warning", "does not tell the granted scopes (212999");
        Assert.Equal("skipped", (await fixture.CheckAsync("superfluous_scopes")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_secret_that_does_not_decrypt_any_more()
    {
        await using var fixture = await DoctorFixture.StartAsync(new()
        {
            ["FEISHU_APP_ID"] = null, ["FEISHU_APP_SECRET"] = null, ["FEISHU_ENCRYPT_KEY"] = null, ["FEISHU_VERIFICATION_TOKEN"] = null,
        });
        await fixture.SetAsync((FeishuIntegration.AppId, GatewayApp.AppId), (FeishuIntegration.AppSecret, GatewayApp.AppSecret), (FeishuIntegration.EncryptKey, "stored-encrypt-key"));
        Assert.Equal("ok", (await fixture.CheckAsync("settings")).GetProperty("status").GetString());
        await fixture.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("UPDATE setting SET value = 'damaged' WHERE name = $1", FeishuIntegration.EncryptKey);
        }, Cancel);
        // Any change makes the gateway read all of them anew.
        await fixture.SetAsync((FeishuIntegration.NotifyOnPo, "true"));
        await fixture.FindsSoonAsync("settings", "failed", FeishuIntegration.EncryptKey);
    }

    [Fact]
    public async Task A_long_connection_stands_in_for_the_callback_address()
    {
        await using var fixture = await DoctorFixture.StartAsync(new() { ["FEISHU_EVENT_MODE"] = "long_connection", ["FEISHU_ENCRYPT_KEY"] = null, ["FEISHU_VERIFICATION_TOKEN"] = null });
        var check = await fixture.FindsSoonAsync("long_connection", "ok");
        Assert.Contains("Connected", check.GetProperty("finding").GetProperty("en").GetString(), StringComparison.Ordinal);
        foreach (var id in (string[])["callback", "encrypt_key", "verification_token"]) Assert.Equal("skipped", (await fixture.CheckAsync(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_long_connection_that_the_platform_does_not_grant()
    {
        await using var fixture = await DoctorFixture.StartAsync(new()
        {
            ["FEISHU_EVENT_MODE"] = "long_connection", ["FEISHU_ENCRYPT_KEY"] = null, ["FEISHU_VERIFICATION_TOKEN"] = null, ["FEISHU_APP_SECRET"] = "not-the-secret",
        });
        await fixture.FindsSoonAsync("long_connection", "failed");
    }

    [Fact]
    public async Task Features_that_are_on_without_an_app()
    {
        await using var fixture = await DoctorFixture.StartAsync(new()
        {
            ["FEISHU_APP_ID"] = null, ["FEISHU_APP_SECRET"] = null, ["FEISHU_ENCRYPT_KEY"] = null, ["FEISHU_VERIFICATION_TOKEN"] = null,
        });
        await fixture.FindsAsync("app", words: "switched on, and there is no app");
        Assert.Equal("skipped", (await fixture.CheckAsync("credentials")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_integration_without_notifications_and_payments_sends_all_the_same_and_needs_its_scope()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        await fixture.SetAsync((FeishuIntegration.NotifyOnPr, "false"), (FeishuIntegration.PaymentWorkflow, "false"));
        await fixture.FindsAsync("app", "ok", "Sending messages");
        Assert.Equal("ok", (await fixture.CheckAsync("scopes")).GetProperty("status").GetString());
        await fixture.ScopesAsync(new { revoke = new[] { "im:message:send_as_bot" } });
        await fixture.FindsAsync("scopes", words: "im:message");
    }

    [Fact]
    public async Task A_console_that_nobody_has_set_up()
    {
        await using var fixture = await DoctorFixture.StartAsync(new() { ["LARKSPUR_ADMIN_PASSWORD"] = null });
        await fixture.FindsAsync("console_accounts", "warning", "no account");
        await using var named = await DoctorFixture.StartAsync();
        Assert.Equal("ok", (await named.CheckAsync("console_accounts")).GetProperty("status").GetString());
        Assert.DoesNotContain(DoctorFixture.AdminPassword, (await named.RunAsync()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quota_that_is_used_up()
    {
        await using var fixture = await DoctorFixture.StartAsync(new() { ["Larkspur:Quota:MonthlyCap"] = "1" });
        await fixture.RunAsync();
        await fixture.FindsAsync("quota", words: "used up");
    }

    [Fact]
    public async Task Bad_questions_are_refused_by_the_field()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        Assert.Equal("/checks", (await fixture.PostAsync("doctor/run", new { checks = new[] { "horoscope" } }, 422)).GetProperty("pointer").GetString());
        Assert.Equal("/chekcs", (await fixture.PostAsync("doctor/run", new { chekcs = 1 }, 400)).GetProperty("pointer").GetString());
        await fixture.PostAsync("doctor/run", "{", 400);
        using var none = await fixture.Gateway.Http.GetAsync(new Uri("/api/v1/doctor", UriKind.Relative), Cancel);
        Assert.Equal(404, (int)none.StatusCode);
        Assert.Equal("skipped", DoctorFixture.Of(await fixture.PostAsync("doctor/run", new { app = "nobody" }), "credentials").GetProperty("status").GetString());
    }
}
