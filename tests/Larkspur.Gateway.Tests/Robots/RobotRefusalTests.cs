using System.Text.Json;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Robots;

/// <summary>What is wrong with a robot, or with what it is to say, is refused where it is wrong; and a robot is its system's.</summary>
public sealed class RobotRefusalTests : IAsyncLifetime
{
    private static readonly string[] Scopes = ["robots:read", "robots:write", "messages:read", "messages:write", "deliveries:read"];
    private RobotFixture _fixture = null!;

    private GatewayApp Gateway => _fixture.Gateway;

    public async ValueTask InitializeAsync()
    {
        _fixture = await RobotFixture.StartAsync();
        await _fixture.AddAsync("feishu", "ops");
    }

    public async ValueTask DisposeAsync() => await _fixture.DisposeAsync();

    [Theory]
    [InlineData("feishu", "https://example.com/open-apis/bot/v2/hook/0f7c1a52-6d3e-4b88-9a51")]
    [InlineData("feishu", "https://open.feishu.cn.example.com/open-apis/bot/v2/hook/0f7c1a52-6d3e-4b88-9a51")]
    [InlineData("feishu", "https://open.feishu.cn@example.com/open-apis/bot/v2/hook/0f7c1a52-6d3e-4b88-9a51")]
    [InlineData("feishu", "http://open.feishu.cn/open-apis/bot/v2/hook/0f7c1a52-6d3e-4b88-9a51")]
    [InlineData("feishu", "https://open.feishu.cn:8443/open-apis/bot/v2/hook/0f7c1a52-6d3e-4b88-9a51")]
    [InlineData("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/0f7c1a52-6d3e-4b88-9a51?x=1")]
    [InlineData("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/../../im/v1/messages/0f7c1a52-6d3e")]
    [InlineData("feishu", "https://open.feishu.cn/open-apis/im/v1/messages")]
    [InlineData("feishu", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0f7c1a52-6d3e-4b88-9a51")]
    [InlineData("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send")]
    [InlineData("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0f7c1a52-6d3e-4b88-9a51&to=x")]
    [InlineData("wecom", "https://169.254.169.254/cgi-bin/webhook/send?key=0f7c1a52-6d3e-4b88-9a51")]
    [InlineData("dingtalk", "https://oapi.dingtalk.com/robot/send?token=0f7c1a52-6d3e-4b88-9a51")]
    [InlineData("dingtalk", "http://127.0.0.1:1/robot/send?access_token=0f7c1a52-6d3e-4b88-9a51")]
    [InlineData("dingtalk", "file:///robot/send?access_token=0f7c1a52-6d3e-4b88-9a51")]
    public async Task An_address_of_anything_but_the_platforms_robots_is_refused_and_not_repeated(string platform, string address)
    {
        var put = await Gateway.RestAsync(HttpMethod.Put, "/robots/other", new { platform, address });
        Assert.Equal((422, "bad_url", "/address"), (put.Status, put.Error, put.Pointer));
        Assert.DoesNotContain("0f7c1a52", put.ToString(), StringComparison.Ordinal);
        Assert.Equal(404, (await Gateway.GetRestAsync("/robots/other")).Status);
    }

    [Theory]
    [InlineData("https://open.feishu.cn/open-apis/bot/v2/hook/0f7c1a52-6d3e-4b88-9a51-2c4e8d90b613", "feishu", "open.feishu.cn")]
    [InlineData("https://open.larksuite.com/open-apis/bot/v2/hook/0f7c1a52-6d3e-4b88-9a51-2c4e8d90b613", "feishu", "open.larksuite.com")]
    [InlineData(" https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=6c1d5f0a-3b7e-4d92-8f46-0a9be27c5d18 ", "wecom", "qyapi.weixin.qq.com")]
    [InlineData("https://oapi.dingtalk.com/robot/send?access_token=5f0d2a7be1c94b0fa6d38e2c71b4905d", "dingtalk", "oapi.dingtalk.com")]
    public async Task The_platforms_own_addresses_are_taken(string address, string platform, string host)
    {
        var put = await Gateway.RestAsync(HttpMethod.Put, "/robots/real_one", new { platform, address, enabled = false });
        Assert.Equal((201, host, "off"), (put.Status, put.Text("host"), put.Text("state")));
    }

    [Theory]
    [InlineData("other", """{"address":"https://open.feishu.cn/x"}""", 400, "missing", "/platform")]
    [InlineData("other", """{"platform":"feishu"}""", 400, "missing", "/address")]
    [InlineData("other", """{"platform":"slack","address":"https://hooks.slack.com/x"}""", 422, "bad_platform", "/platform")]
    [InlineData("ops", """{"platform":"wecom"}""", 422, "bad_platform", "/platform")]
    [InlineData("ops", """{"secret":"a b"}""", 422, "bad_secret", "/secret")]
    [InlineData("ops", """{"secret":"Exception"}""", 422, "bad_secret", "/secret")]
    [InlineData("ops", """{"secret":"SECabcdefghijklmnop","signed":false}""", 400, "two_ways", "/signed")]
    [InlineData("ops", """{"colour":"red"}""", 400, "unknown_field", "/colour")]
    [InlineData("Ops", """{"enabled":true}""", 400, "bad_name", "/{name}")]
    [InlineData("-ops", """{"enabled":true}""", 400, "bad_name", "/{name}")]
    public async Task A_bad_robot_is_refused_where_it_is_wrong(string name, string body, int status, string word, string pointer)
    {
        var put = await Gateway.RestAsync(HttpMethod.Put, "/robots/" + name, body);
        Assert.True((put.Status, put.Error, put.Pointer) == (status, word, pointer), put.ToString());
    }

    [Fact]
    public async Task A_platform_whose_robots_sign_nothing_takes_no_secret()
    {
        var put = await Gateway.RestAsync(HttpMethod.Put, "/robots/wecom", new { platform = "wecom", address = _fixture.AddressOf("wecom"), secret = "SECx" });
        Assert.Equal((422, "bad_secret"), (put.Status, put.Error));
    }

    [Theory]
    [InlineData("""{"text":"x","app":"default"}""", 422, "not_for_robots", "/app")]
    [InlineData("""{"text":"x","fallback":true}""", 422, "not_for_robots", "/fallback")]
    [InlineData("""{"post":{"zh_cn":{"title":"x","content":[]}}}""", 422, "not_for_robots", "/post")]
    [InlineData("""{"image":"img_1"}""", 422, "not_for_robots", "/image")]
    [InlineData("""{"card":{"schema":"2.0"}}""", 422, "not_for_robots", "/card")]
    [InlineData("""{"template":"weekly"}""", 422, "not_for_robots", "/template")]
    [InlineData("""{"text":"x","markdown":"y"}""", 400, "several_contents", "/markdown")]
    [InlineData("{}", 400, "nothing_to_say", null)]
    [InlineData("""{"text":"  "}""", 400, "empty", "/text")]
    [InlineData("""{"text":"x","priority":"frame"}""", 422, "bad_priority", "/priority")]
    [InlineData("""{"card_message":{"title":"x","actions":[{"id":"a","label":"A","url":"https://example.com"},{"id":"b","label":"B"}]}}""", 422, "not_for_robots", "/card_message/actions/1/url")]
    [InlineData("""{"card_message":{"title":"x","inputs":[{"id":"a","label":"A"}]}}""", 422, "not_for_robots", "/card_message/inputs")]
    [InlineData("""{"card_message":{"title":"x","webhook":"erp"}}""", 422, "not_for_robots", "/card_message/webhook")]
    [InlineData("""{"card_message":{"title":"x","image":{"key":"img_v3_1"}}}""", 422, "not_for_robots", "/card_message/image/key")]
    public async Task What_a_robot_cannot_say_is_refused_where_it_stands(string said, int status, string word, string? pointer)
    {
        var body = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(said)!;
        body["to"] = JsonSerializer.SerializeToElement(new { robot = "ops" });
        var sent = await Gateway.PostRestAsync("/messages", body);
        Assert.True((sent.Status, sent.Error, sent.Pointer) == (status, word, pointer), sent.ToString());
        Assert.Empty((await Gateway.GetRestAsync("/deliveries?kind=robot")).Items);
    }

    [Theory]
    [InlineData("feishu", 20480)]
    [InlineData("wecom", 2049)]
    [InlineData("dingtalk", 20001)]
    public async Task What_is_longer_than_the_platform_takes_is_refused(string platform, int length)
    {
        await _fixture.AddAsync(platform, "long");
        var sent = await Gateway.PostRestAsync("/messages", new { to = new { robot = "long" }, text = new string('x', length) });
        Assert.Equal((422, "content_too_large", "/text"), (sent.Status, sent.Error, sent.Pointer));
    }

    [Fact]
    public async Task Markdown_and_passing_on_are_refused_elsewhere()
    {
        var chat = await Gateway.PostRestAsync("/messages", new { to = new { chat_id = "oc_1" }, markdown = "**x**" });
        Assert.Equal((422, "robots_only", "/markdown"), (chat.Status, chat.Error, chat.Pointer));
        var forward = await Gateway.PostRestAsync("/messages/om_1/forward", new { to = new { robot = "ops" } });
        Assert.True(forward.Error is "not_for_robots", forward.ToString());
        var sent = await Gateway.PostRestAsync("/messages?wait=15", new { to = new { robot = "ops" }, text = "x" });
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Delete, ""), (HttpMethod.Post, "/reply")])
        {
            var refused = await Gateway.RestAsync(method, $"/messages/{sent.Id}{path}", method == HttpMethod.Post ? new { text = "y" } : null);
            Assert.True((refused.Status, refused.Error) == (422, "not_for_robots"), refused.ToString());
        }
    }

    [Fact]
    public async Task A_robot_is_there_for_its_system_alone()
    {
        var (erp, _) = await Gateway.MakeKeyAsync("erp", Scopes);
        var (canteen, _) = await Gateway.MakeKeyAsync("canteen", Scopes);
        var put = await Gateway.CallAsync(erp, HttpMethod.Put, "/robots/erp-alarms", new { platform = "wecom", address = _fixture.AddressOf("wecom") });
        Assert.Equal((201, "erp"), (put.Status, put.Text("system")));
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/test")])
        {
            var other = await Gateway.CallAsync(canteen, method, "/robots/erp-alarms" + path);
            var none = await Gateway.CallAsync(canteen, method, "/robots/nobody" + path);
            Assert.Equal((404, none.Body.GetRawText()), (other.Status, other.Body.GetRawText()));
            Assert.Equal(404, (await Gateway.CallAsync(erp, method, "/robots/ops" + path)).Status);
        }

        var said = await Gateway.CallAsync(canteen, HttpMethod.Post, "/messages", new { to = new { robot = "erp-alarms" }, text = "x", key = "1" });
        Assert.Equal((404, "not_found", "/to/robot"), (said.Status, said.Error, said.Text("pointer")));
        var taken = await Gateway.CallAsync(canteen, HttpMethod.Put, "/robots/erp-alarms", new { platform = "wecom", address = _fixture.AddressOf("wecom") });
        Assert.Equal((409, "name_in_use"), (taken.Status, taken.Error));
        Assert.Empty((await Gateway.CallAsync(canteen, HttpMethod.Get, "/robots")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal("erp-alarms", Assert.Single((await Gateway.CallAsync(erp, HttpMethod.Get, "/robots")).Body.GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(2, (await Gateway.GetRestAsync("/robots")).Items.Length);

        var mine = await Gateway.CallAsync(erp, HttpMethod.Post, "/messages?wait=15", new { to = new { robot = "erp-alarms" }, text = "x", key = "1" });
        Assert.Equal("sent", mine.Text("state"));
        var id = mine.Body.GetProperty("id").GetInt64();
        Assert.Equal(404, (await Gateway.CallAsync(canteen, HttpMethod.Get, $"/messages/{id}")).Status);
        Assert.Equal(200, (await Gateway.CallAsync(erp, HttpMethod.Get, $"/messages/{id}")).Status);
        var given = await Gateway.CallAsync(erp, HttpMethod.Put, "/robots/erp-alarms", new { system = "canteen" });
        Assert.Equal((403, "system_not_held"), (given.Status, given.Error));
        Assert.Equal("canteen", (await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Put, "/robots/erp-alarms", new { system = "canteen" })).Text("system"));
        Assert.Equal(204, (await Gateway.CallAsync(canteen, HttpMethod.Delete, "/robots/erp-alarms")).Status);
    }

    [Fact]
    public async Task Reading_and_changing_take_their_scopes()
    {
        var (reader, _) = await Gateway.MakeKeyAsync("reader", ["robots:read", "others:read"]);
        Assert.Equal(200, (await Gateway.CallAsync(reader, HttpMethod.Get, "/robots/ops")).Status);
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Put, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/test")])
            Assert.Equal("missing_scope", (await Gateway.CallAsync(reader, method, "/robots/ops" + path, method == HttpMethod.Put ? new { enabled = false } : null)).Error);
        var (writer, _) = await Gateway.MakeKeyAsync("writer", ["robots:write", "others:read"]);
        Assert.Equal("system_not_held", (await Gateway.CallAsync(writer, HttpMethod.Delete, "/robots/ops")).Error);
        Assert.Equal("system_not_held", (await Gateway.CallAsync(writer, HttpMethod.Put, "/robots/ops", new { enabled = false })).Error);
    }
}
