using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Emulator.Tests.Apps;

/// <summary>Scopes come and go at run time; what a version holds is in force once it is published, and not before.</summary>
public sealed class AppVersionTests : IAsyncLifetime
{
    private const string Versions = $"apps/{EmulatorApp.AppId}/versions";
    private const string Me = "/open-apis/application/v6/applications/me?lang=zh_cn";
    private EmulatorApp _emulator = null!;
    private string _token = "";

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync(s => s with { RealTime = new ManualTimeProvider() });
        _token = await _emulator.TenantTokenAsync();
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task A_scope_is_granted_and_revoked_and_the_platform_tells_so()
    {
        await ScopesAsync(new { revoke = new[] { "im:chat:readonly", "im:chat", "im:chat:read", "im:chat.group_info:readonly" } });
        Assert.Equal(99991672, (await GetAsync("/open-apis/im/v1/chats")).Code);
        Assert.Equal(2, await StatusAsync("im:chat"));
        Assert.Equal(1, await StatusAsync("im:message"));
        await ScopesAsync(new { grant = new[] { "im:chat" } });
        Assert.Equal(0, (await GetAsync("/open-apis/im/v1/chats")).Code);
        Assert.Equal(1, await StatusAsync("im:chat"));
    }

    [Fact]
    public async Task The_app_shows_itself_to_who_may_manage_it_only()
    {
        await ScopesAsync(new { revoke = new[] { "application:application:self_manage", "admin:app.info:readonly" } });
        var refused = await GetAsync(Me);
        Assert.Equal(99991672, refused.Code);
        Assert.Contains("application:application:self_manage", refused.Json["msg"]!.GetValue<string>(), StringComparison.Ordinal);
        await ScopesAsync(new { grant = new[] { "application:application:self_manage" } });
        var app = (await GetAsync(Me)).Data["app"]!;
        Assert.Equal(EmulatorApp.AppId, app["app_id"]!.GetValue<string>());
        Assert.StartsWith("oav_", app["online_version_id"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("", app["unaudit_version_id"]!.GetValue<string>());
        Assert.Equal(1, app["status"]!.GetValue<int>());
    }

    [Fact]
    public async Task What_a_version_holds_is_in_force_once_it_is_approved()
    {
        await _emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { granted_scopes = new[] { "im:message:send_as_bot", "application:application:self_manage" } });
        await DoAsync(new { @do = "create", scopes = new[] { "im:chat", "application:application:self_manage" }, events = new[] { "im.message.receive_v1" }, version = "2.0.0" });
        Assert.Equal(99991672, (await GetAsync("/open-apis/im/v1/chats")).Code);
        Assert.Equal("", (await AppAsync())["unaudit_version_id"]!.GetValue<string>());

        await DoAsync(new { @do = "submit" });
        var pending = (await AppAsync())["unaudit_version_id"]!.GetValue<string>();
        Assert.Equal(99991672, (await GetAsync("/open-apis/im/v1/chats")).Code);
        var version = (await GetAsync($"/open-apis/application/v6/applications/me/app_versions/{pending}?lang=zh_cn")).Data["app_version"]!;
        Assert.Equal((3, "2.0.0", ""), (version["status"]!.GetValue<int>(), version["version"]!.GetValue<string>(), version["publish_time"]!.GetValue<string>()));
        Assert.Equal(["im.message.receive_v1"], version["events"]!.AsArray().Select(e => e!.GetValue<string>()));

        await DoAsync(new { @do = "approve" });
        var app = await AppAsync();
        Assert.Equal((pending, ""), (app["online_version_id"]!.GetValue<string>(), app["unaudit_version_id"]!.GetValue<string>()));
        Assert.Equal(0, (await GetAsync("/open-apis/im/v1/chats")).Code);
        Assert.Equal(2, await StatusAsync("im:message:send_as_bot"));
    }

    [Fact]
    public async Task An_event_is_pushed_only_when_the_version_online_ticks_it()
    {
        await using var receiver = await EventReceiver.StartAsync();
        await _emulator.SetCallbackAsync(receiver.Url);
        var pusher = _emulator.Services.GetRequiredService<EventPusher>();
        await DoAsync(new { @do = "create", events = new[] { "im.chat.updated_v1" } });
        Assert.NotNull(Push("im.message.receive_v1"));
        await DoAsync(new { @do = "publish" });
        Assert.Null(Push("im.message.receive_v1"));
        Assert.NotNull(Push("im.chat.updated_v1"));

        string? Push(string type) => pusher.Publish(_emulator.State.App(EmulatorApp.AppId)!, type, new JsonObject(), "lane");
    }

    [Fact]
    public async Task An_app_that_was_never_published_has_no_scope_and_an_idle_bot()
    {
        await DoAsync(new { @do = "take_off" });
        Assert.Equal(212100, (await GetAsync("/open-apis/application/v6/scopes")).Code);
        Assert.Equal(99991672, (await GetAsync(Me)).Code);
        var bot = await GetAsync("/open-apis/bot/v3/info");
        Assert.Equal(0, bot.Json["bot"]!["activate_status"]!.GetValue<int>());
        await DoAsync(new { @do = "publish" });
        Assert.Equal(2, (await GetAsync("/open-apis/bot/v3/info")).Json["bot"]!["activate_status"]!.GetValue<int>());
        Assert.Equal(0, (await GetAsync(Me)).Code);
    }

    [Fact]
    public async Task The_bot_ability_goes_with_a_version()
    {
        await DoAsync(new { @do = "create", bot_enabled = false });
        Assert.Equal(0, (await GetAsync("/open-apis/bot/v3/info")).Code);
        await DoAsync(new { @do = "publish" });
        Assert.Equal(11205, (await GetAsync("/open-apis/bot/v3/info")).Code);
    }

    [Fact]
    public async Task Versions_are_listed_in_pages_newest_first_or_oldest_first()
    {
        await DoAsync(new { @do = "create" });
        await DoAsync(new { @do = "submit" });
        await DoAsync(new { @do = "reject" });
        await DoAsync(new { @do = "create" });
        Assert.Equal([(4, "1.0.2"), (2, "1.0.1"), (1, "1.0.0")], await ListAsync(""));
        Assert.Equal([(1, "1.0.0"), (2, "1.0.1"), (4, "1.0.2")], await ListAsync("&order=1"));
        var first = await GetAsync("/open-apis/application/v6/applications/me/app_versions?lang=zh_cn&page_size=2");
        Assert.True(first.Data["has_more"]!.GetValue<bool>());
        Assert.Equal(210501, (await GetAsync("/open-apis/application/v6/applications/me/app_versions?lang=zh_cn&page_token=nonsense")).Code);
        Assert.Equal(211002, (await GetAsync("/open-apis/application/v6/applications/me/app_versions/oav_nothing?lang=zh_cn")).Code);
        Assert.Equal(210506, (await GetAsync("/open-apis/application/v6/applications/cli_nobody/app_versions?lang=zh_cn")).Code);
    }

    [Theory]
    [InlineData("""{"do":"approve"}""", 409)]
    [InlineData("""{"do":"reject"}""", 409)]
    [InlineData("""{"do":"submit"}""", 409)]
    [InlineData("""{"do":"withdraw"}""", 409)]
    [InlineData("""{"do":"explode"}""", 400)]
    [InlineData("""{"do":"submit","scopes":[]}""", 400)]
    [InlineData("""{}""", 400)]
    public async Task A_step_that_does_not_follow_is_refused_and_nothing_changes(string body, int status)
    {
        var before = (await _emulator.StateAsync())["apps"]!.ToJsonString();
        var (answered, why) = await _emulator.TryControlAsync(HttpMethod.Post, Versions, JsonNode.Parse(body));
        Assert.Equal(status, answered);
        Assert.NotEqual("", why["error"]!.GetValue<string>());
        Assert.Equal(before, (await _emulator.StateAsync())["apps"]!.ToJsonString());
    }

    [Fact]
    public async Task Two_versions_are_not_on_their_way_at_once()
    {
        await DoAsync(new { @do = "create" });
        Assert.Equal(409, (await _emulator.TryControlAsync(HttpMethod.Post, Versions, new { @do = "create" })).Status);
        await DoAsync(new { @do = "withdraw" });
        await DoAsync(new { @do = "create" });
    }

    [Fact]
    public async Task A_scope_that_is_both_granted_and_revoked_is_refused()
    {
        var (status, _) = await _emulator.TryControlAsync(HttpMethod.Post, $"apps/{EmulatorApp.AppId}/scopes", new { grant = new[] { "im:chat" }, revoke = new[] { "im:chat" } });
        Assert.Equal(400, status);
        Assert.Equal(404, (await _emulator.TryControlAsync(HttpMethod.Post, "apps/cli_nobody/scopes", new { grant = new[] { "im:chat" } })).Status);
    }

    private Task<ApiReply> GetAsync(string path) => _emulator.CallAsync(HttpMethod.Get, path, _token);

    private Task DoAsync(object body) => _emulator.ControlAsync(HttpMethod.Post, Versions, body);

    private Task ScopesAsync(object body) => _emulator.ControlAsync(HttpMethod.Post, $"apps/{EmulatorApp.AppId}/scopes", body);

    private async Task<JsonNode> AppAsync() => (await GetAsync(Me)).Data["app"]!;

    private async Task<int> StatusAsync(string scope) =>
        (await GetAsync("/open-apis/application/v6/scopes")).Data["scopes"]!.AsArray().Single(s => s!["scope_name"]!.GetValue<string>() == scope)!["grant_status"]!.GetValue<int>();

    private async Task<(int, string)[]> ListAsync(string query) =>
        [.. (await GetAsync("/open-apis/application/v6/applications/me/app_versions?lang=zh_cn" + query)).Data["items"]!.AsArray()
            .Select(v => (v!["status"]!.GetValue<int>(), v["version"]!.GetValue<string>()))];
}
