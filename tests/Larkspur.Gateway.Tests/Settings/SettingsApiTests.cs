using System.Text.Json;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Settings;

/// <summary>Settings and audit log over REST.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class SettingsApiTests : IAsyncLifetime
{
    private const string Secret = "a-secret-that-nobody-may-read";

    private FeishuStub _feishu = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        var settings = SettingsFixture.NoApp;
        settings["LARKSPUR_BASE_URL"] = "https://gw.example.com";
        _gateway = await GatewayApp.StartAsync(_feishu.Address, settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task Old_lines_of_the_audit_log_are_forgotten()
    {
        // Two years ago.
        var then = ActivatorUtilities.CreateInstance<AuditTrail>(_gateway.Services, new ManualTimeProvider(DateTimeOffset.UtcNow - TimeSpan.FromDays(731)));
        await then.AddAsync(Actor.System, "setting.changed", FeishuIntegration.NotifyOnPo, cancellation: TestContext.Current.CancellationToken);
        await _gateway.SetAsync(FeishuIntegration.NotifyOnPr, "true");
        await _gateway.UntilAsync(async () => (await _gateway.PostRestAsync("/schedules/retention/run", null)).Status == 202);
        await _gateway.UntilAsync(async () => (await _gateway.GetRestAsync("/audit?what=setting.changed")).Items is [var left] && left.GetProperty("subject").GetString() == FeishuIntegration.NotifyOnPr);
    }

    [Fact]
    public async Task All_settings_are_listed_with_their_kinds_sources_and_words_in_both_languages()
    {
        var answer = await _gateway.GetRestAsync("/settings");
        Assert.Equal(200, answer.Status);
        var group = Assert.Single(answer.Body.GetProperty("groups").EnumerateArray(), g => g.GetProperty("name").GetString() == "auth.feishu");
        Assert.Equal(FeishuIntegration.Definitions.Select(d => d.Key), group.GetProperty("settings").EnumerateArray().Select(s => s.GetProperty("key").GetString()));
        var on = Setting(answer.Body, FeishuIntegration.Enabled);
        Assert.Equal((false, "default", "flag", "启用飞书集成", "Feishu integration"), (on.GetProperty("value").GetBoolean(), on.GetProperty("source").GetString(), on.GetProperty("kind").GetString(),
            on.GetProperty("title").GetProperty("zh").GetString(), on.GetProperty("title").GetProperty("en").GetString()));
        var domain = Setting(answer.Body, FeishuIntegration.CallbackDomain);
        Assert.Equal(("https://gw.example.com", "environment", "LARKSPUR_BASE_URL"), (domain.GetProperty("value").GetString(), domain.GetProperty("source").GetString(), domain.GetProperty("variable").GetString()));
        var app = Assert.Single(answer.Body.GetProperty("apps").EnumerateArray(), a => a.GetProperty("platform").GetString() == "feishu");
        Assert.Equal(("default", "off", "stored"), (app.GetProperty("name").GetString(), app.GetProperty("state").GetString(), app.GetProperty("source").GetString()));
    }

    [Fact]
    public async Task A_change_is_in_force_when_it_is_answered_and_a_secret_is_only_said_to_be_set()
    {
        var answer = await PatchAsync($$"""{"auth.feishu.enabled":true,"auth.feishu.app_id":"{{GatewayApp.AppId}}","auth.feishu.app_secret":"{{Secret}}","auth.feishu.event_mode":"long_connection"}""");
        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain(Secret, answer.ToString(), StringComparison.Ordinal);
        var secret = Setting(answer.Body, FeishuIntegration.AppSecret);
        Assert.Equal((true, JsonValueKind.Null, "stored", "api"), (secret.GetProperty("is_set").GetBoolean(), secret.GetProperty("value").ValueKind, secret.GetProperty("source").GetString(), secret.GetProperty("changed_by").GetString()));
        Assert.Equal("connected", answer.Body.GetProperty("apps")[0].GetProperty("state").GetString());
        Assert.Equal(Secret, _gateway.Settings().Now.Text(FeishuIntegration.AppSecret));

        var gone = await PatchAsync("""{"auth.feishu.app_secret":null}""");
        Assert.False(Setting(gone.Body, FeishuIntegration.AppSecret).GetProperty("is_set").GetBoolean());
        var app = gone.Body.GetProperty("apps")[0];
        Assert.Equal(("incomplete", "缺少：App Secret"), (app.GetProperty("state").GetString(),
            app.GetProperty("reason").GetProperty("zh").GetString()));
        Assert.DoesNotContain(Secret, (await _gateway.GetRestAsync("/audit")).ToString() + (await _gateway.GetRestAsync("/settings")) + _gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"auth.feishu.notify_on_po":true,"auth.feishu.colour":"blue"}""", 422, "unknown_setting", "/auth.feishu.colour")]
    [InlineData("""{"auth.feishu.notify_on_po":true,"auth.feishu.notify_on_pr":"true"}""", 422, "wrong_type", "/auth.feishu.notify_on_pr")]
    [InlineData("""{"auth.feishu.notify_on_po":true,"auth.feishu.app_id":7}""", 422, "wrong_type", "/auth.feishu.app_id")]
    [InlineData("""{"auth.feishu.notify_on_po":true,"auth.feishu.app_id":"x"}""", 422, "bad_value", "/auth.feishu.app_id")]
    [InlineData("""{"auth.feishu.notify_on_po":true,"auth.feishu.event_mode":"pigeon"}""", 422, "bad_value", "/auth.feishu.event_mode")]
    [InlineData("""{"auth.feishu.notify_on_po":true,"auth.feishu.callback_domain":"https://other.example.com"}""", 422, "set_by_environment", "/auth.feishu.callback_domain")]
    [InlineData("""{"auth.feishu.notify_on_po":true,"auth.feishu.approval_code":{}}""", 422, "wrong_type", "/auth.feishu.approval_code")]
    [InlineData("""{"auth.feishu.notify_on_po":true,"a~b/c":1}""", 422, "unknown_setting", "/a~0b~1c")]
    [InlineData("""{"auth.feishu.notify_on_po":true,"auth.feishu.notify_on_po":false}""", 400, "duplicate_member", "/auth.feishu.notify_on_po")]
    [InlineData("""{"auth.feishu.notify_on_po":true,"auth.feishu.approval_code":"\ud83d"}""", 400, "bad_text", "/auth.feishu.approval_code")]
    [InlineData("{}", 422, "empty", null)]
    [InlineData("[]", 400, "wrong_type", null)]
    public async Task What_does_not_fit_is_refused_by_name_and_nothing_is_changed(string body, int status, string word, string? pointer)
    {
        var answer = await PatchAsync(body);
        Assert.Equal((status, word, pointer), (answer.Status, answer.Error, answer.Pointer));
        if (word == "bad_value") Assert.Matches("\\p{IsCJKUnifiedIdeographs}", answer.Text("message_zh"));
        Assert.False(_gateway.Settings().Now.IsOn(FeishuIntegration.NotifyOnPo));
        Assert.Empty((await _gateway.GetRestAsync("/audit")).Items);
    }

    [Fact]
    public async Task The_audit_log_is_filtered_and_paged()
    {
        for (var i = 0; i < 5; i++) await PatchAsync($$"""{"auth.feishu.approval_code":"code-{{i}}"}""");
        await PatchAsync("""{"auth.feishu.notify_on_pr":true}""");
        var page = await _gateway.GetRestAsync("/audit?limit=4");
        var first = page.Items[0];
        Assert.Equal(("api", "setting.changed", "auth.feishu.notify_on_pr", true), (first.GetProperty("who").GetString(), first.GetProperty("what").GetString(), first.GetProperty("subject").GetString(),
            first.GetProperty("detail").GetProperty("to").GetString() == "true"));
        var rest = await _gateway.GetRestAsync($"/audit?limit=4&cursor={page.Body.GetProperty("next").GetInt64()}");
        Assert.Equal(6, page.Items.Concat(rest.Items).Select(l => l.GetProperty("id").GetInt64()).Distinct().Count());
        Assert.False(rest.Body.TryGetProperty("next", out _));
        Assert.Equal(5, (await _gateway.GetRestAsync("/audit?subject=auth.feishu.approval_code")).Items.Length);
        Assert.Equal(6, (await _gateway.GetRestAsync("/audit?who=api&what=setting.changed")).Items.Length);
        Assert.Empty((await _gateway.GetRestAsync("/audit?who=nobody")).Items);
        Assert.Empty((await _gateway.GetRestAsync("/audit?until=2020-01-01T00:00:00Z")).Items);
        Assert.Equal(6, (await _gateway.GetRestAsync("/audit?since=2020-01-01T00:00:00Z")).Items.Length);
        var refused = await _gateway.GetRestAsync("/audit?limit=0");
        Assert.Equal((400, "bad_limit"), (refused.Status, refused.Error));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_shown_or_changed()
    {
        using var http = new HttpClient { BaseAddress = _gateway.Address };
        foreach (var path in (string[])["/api/v1/settings", "/api/v1/audit", "/api/v1/webhooks", "/api/v1/deliveries"])
            Assert.Equal(401, (int)(await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
    }

    private Task<RestAnswer> PatchAsync(string body) => _gateway.RestAsync(HttpMethod.Patch, "/settings", body);

    private static JsonElement Setting(JsonElement body, string key) =>
        body.GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("settings").EnumerateArray()).Single(s => s.GetProperty("key").GetString() == key);
}
