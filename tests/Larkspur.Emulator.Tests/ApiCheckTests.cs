using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests;

/// <summary>What the gateway of the platform refuses before any endpoint sees the call.</summary>
public sealed class ApiCheckTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await EmulatorApp.StartAsync(s => s with { RealTime = new ManualTimeProvider() });

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task An_unknown_path_is_99991201_with_404()
    {
        var reply = await _emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v9/nothing", null);
        Assert.Equal((404, 99991201L), (reply.Status, reply.Code));
        Assert.Equal(reply.Headers["X-Tt-Logid"], reply.Json["error"]!["log_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_wrong_method_is_99991301()
    {
        var reply = await _emulator.CallAsync(HttpMethod.Patch, "/open-apis/im/v1/messages", null);
        Assert.Equal(99991301, reply.Code);
    }

    [Fact]
    public async Task Every_answer_has_a_log_id_also_the_good_ones()
    {
        var reply = await _emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", await _emulator.TenantTokenAsync());
        Assert.Equal(0, reply.Code);
        Assert.NotEmpty(reply.Headers["X-Tt-Logid"]);
    }

    [Theory]
    [InlineData(null, 99991661)]
    [InlineData("x-abc", 99991671)]
    [InlineData("t-unknown", 99991663)]
    [InlineData("a-unknown", 99991664)]
    [InlineData("u-unknown", 99991668)]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.x", 99991668)]
    public async Task A_bad_token_has_its_own_code(string? token, long code)
    {
        var reply = await _emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v1/chats", token);
        Assert.Equal((400, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_token_of_a_kind_that_the_endpoint_does_not_accept_is_refused()
    {
        var user = (await _emulator.ControlAsync(HttpMethod.Post, "tokens", new { @as = "alice" }))["user_access_token"]!.GetValue<string>();
        Assert.Equal(99991668, (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", user)).Code);
        Assert.Equal(0, (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v1/chats", user)).Code);
        var tenant = await _emulator.TenantTokenAsync();
        Assert.Equal(99991663, (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/authen/v1/user_info", tenant)).Code);
        Assert.Equal("艾丽丝", (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/authen/v1/user_info", user)).Data["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_expired_user_token_is_99991677()
    {
        var user = (await _emulator.ControlAsync(HttpMethod.Post, "tokens", new { @as = "alice" }))["user_access_token"]!.GetValue<string>();
        await _emulator.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(99991677, (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v1/chats", user)).Code);
    }

    [Fact]
    public async Task A_missing_scope_is_99991672_and_names_the_alternatives()
    {
        var token = await _emulator.TenantTokenAsync();
        await _emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { granted_scopes = new[] { "im:chat" } });
        var reply = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=chat_id", token, new { });
        Assert.Equal(99991672, reply.Code);
        Assert.Contains("One of the following scopes is required: [im:message, im:message:send_as_bot, im:message:send]", reply.Json["msg"]!.GetValue<string>(), StringComparison.Ordinal);
        var violations = reply.Json["error"]!["permission_violations"]!.AsArray();
        Assert.Equal(["im:message", "im:message:send_as_bot", "im:message:send"], violations.Select(v => v!["subject"]!.GetValue<string>()));
        Assert.StartsWith($"https://open.feishu.cn/app/{EmulatorApp.AppId}/auth", reply.Json["error"]!["helps"]![0]!["url"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Permission_violations_have_the_guides_shape_when_asked()
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with
        {
            PermissionViolations = PermissionViolationShape.ScopeAndUrl, Apps = [EmulatorApp.DefaultApp with { GrantedScopes = [] }],
        });
        var reply = await emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v1/chats", await emulator.TenantTokenAsync());
        var violation = reply.Json["error"]!["permission_violations"]![0]!.AsObject();
        Assert.Equal(["scope", "url"], violation.Select(p => p.Key));
    }

    [Fact]
    public async Task A_query_value_can_need_a_scope_of_its_own()
    {
        var token = await _emulator.TenantTokenAsync();
        await _emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { granted_scopes = new[] { "im:message" } });
        var reply = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=user_id", token, new { });
        Assert.Equal(99991672, reply.Code);
        Assert.Contains("contact:user.employee_id:readonly", reply.Json["msg"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"msg_type":"text","content":"{}"}""", "receive_id")]
    [InlineData("""{"receive_id":5,"msg_type":"text","content":"{}"}""", "receive_id")]
    [InlineData("""{"receive_id":"x","msg_type":"tiktok","content":"{}"}""", "msg_type")]
    [InlineData("""{"receive_id":"x","msg_type":"text","content":{"text":"x"}}""", "content")]
    [InlineData("""{"receive_id":"x","msg_type":"text","content":"{}","uuid":"012345678901234567890123456789012345678901234567890"}""", "uuid")]
    public async Task A_bad_field_is_99992402_and_named(string body, string field)
    {
        var reply = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=chat_id", await _emulator.TenantTokenAsync(), body);
        Assert.Equal((400, 99992402L), (reply.Status, reply.Code));
        Assert.Equal(field, reply.Json["error"]!["field_violations"]![0]!["field"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("container_id_type=chat&container_id=x&page_size=51", "page_size")]
    [InlineData("container_id_type=chat&container_id=x&page_size=0", "page_size")]
    [InlineData("container_id_type=chat&container_id=x&page_size=ten", "page_size")]
    [InlineData("container_id_type=room&container_id=x", "container_id_type")]
    [InlineData("container_id_type=chat", "container_id")]
    public async Task A_bad_query_is_99992402_and_named(string query, string field)
    {
        var reply = await _emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v1/messages?" + query, await _emulator.TenantTokenAsync());
        Assert.Equal(99992402, reply.Code);
        Assert.Contains(reply.Json["error"]!["field_violations"]!.AsArray(), v => v!["field"]!.GetValue<string>() == field);
    }

    [Theory]
    [InlineData("{not json")]
    [InlineData("[1]")]
    [InlineData("""{"receive_id":"a","receive_id":"b"}""")]
    [InlineData("""{"receive_id":"\ud800","msg_type":"text","content":"{}"}""")]
    public async Task A_body_that_is_no_json_object_is_9499(string body)
    {
        var reply = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=chat_id", await _emulator.TenantTokenAsync(), body);
        Assert.Equal((400, 9499L), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Invalid_utf8_is_9499()
    {
        using var content = new ByteArrayContent([.. "{\"receive_id\":\""u8, 0xFF, 0xFE, .. "\"}"u8]);
        Assert.Equal(9499, (await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=chat_id", await _emulator.TenantTokenAsync(), content)).Code);
    }

    [Fact]
    public async Task Ten_thousand_levels_of_json_are_refused_at_once()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000);
        Assert.Equal(9499, (await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=chat_id", await _emulator.TenantTokenAsync(), deep)).Code);
    }

    [Fact]
    public async Task A_body_on_get_is_ignored_as_the_official_node_client_sends_one()
    {
        Assert.Equal(0, (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v1/chats", await _emulator.TenantTokenAsync(), "{}")).Code);
    }

    [Fact]
    public async Task Too_many_calls_are_429_with_both_headers_and_pass_again_after_the_reset()
    {
        var token = await _emulator.TenantTokenAsync();
        for (var i = 0; i < 50; i++) Assert.Equal(0, (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v1/chats", token)).Code);
        var reply = await _emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v1/chats", token);
        Assert.Equal((429, 99991400L), (reply.Status, reply.Code));
        Assert.Equal("50", reply.Headers["x-ogw-ratelimit-limit"]);
        await _emulator.AdvanceAsync(TimeSpan.FromSeconds(int.Parse(reply.Headers["x-ogw-ratelimit-reset"])));
        Assert.Equal(0, (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v1/chats", token)).Code);
    }

    [Fact]
    public void The_router_knows_every_pair_of_method_and_path()
    {
        var catalogue = EndpointCatalogue.Embedded;
        Assert.Equal(1813, catalogue.Documented.Count);
        foreach (var endpoint in catalogue.Documented)
        {
            var path = string.Join('/', endpoint.Path.Split('/').Select(s => s.StartsWith('{') ? "value-1" : s));
            var found = catalogue.Find(endpoint.Method, path).Endpoint;
            Assert.True(found is not null && (found.Id == endpoint.Id || found.Aliases.Contains(endpoint.Id)), endpoint.Id);
        }
    }

    [Fact]
    public async Task An_endpoint_that_is_not_played_says_so_after_all_checks()
    {
        var reply = await _emulator.CallAsync(HttpMethod.Get, "/open-apis/calendar/v4/calendars/x/acls?page_size=50",
            await _emulator.TenantTokenAsync());
        Assert.Equal((501, 599_000_501L), (reply.Status, reply.Code));
        Assert.Equal("not emulated: calendar.v4.calendar.acl.list; validated ok", reply.Json["msg"]!.GetValue<string>());
    }
}
