using System.Text.Json.Nodes;
using System.Web;

namespace Larkspur.Emulator.Tests.DingTalk;

public sealed class PeopleTests : DingTalkTest
{
    [Fact]
    public async Task People_are_found_by_each_of_their_names()
    {
        var alice = (await OldAsync("/topapi/v2/user/get", new { userid = "alice" })).Json["result"]!;
        Assert.Equal(("艾丽丝", "13800000001"), (alice["name"]!.GetValue<string>(), alice["mobile"]!.GetValue<string>()));
        Assert.Equal("alice", (await OldAsync("/topapi/user/getbyunionid", new { unionid = alice["unionid"]!.GetValue<string>() })).Json["result"]!["userid"]!.GetValue<string>());
        Assert.Equal("alice", (await OldAsync("/topapi/v2/user/getbymobile", new { mobile = "13800000001" })).Json["result"]!["userid"]!.GetValue<string>());
        Assert.Equal(60121, (await OldAsync("/topapi/v2/user/get", new { userid = "mallory" })).ErrCode);
        Assert.Equal(60121, (await OldAsync("/topapi/user/getbyunionid", new { unionid = "x" })).ErrCode);
        Assert.Equal(40035, (await OldAsync("/topapi/v2/user/get")).ErrCode);
    }

    [Fact]
    public async Task Departments_are_walked_from_the_root()
    {
        var children = (await OldAsync("/topapi/v2/department/listsub")).Json["result"]!.AsArray();
        var purchasing = children.Single(d => d!["name"]!.GetValue<string>() == "采购部")!["dept_id"]!.GetValue<long>();
        Assert.Equal(1, children[0]!["parent_id"]!.GetValue<long>());
        Assert.Equal(["alice", "bob"], (await OldAsync("/topapi/user/listid", new { dept_id = purchasing })).Json["result"]!["userid_list"]!.AsArray().Select(u => u!.GetValue<string>()));
        var page = (await OldAsync("/topapi/v2/user/list", new { dept_id = purchasing, cursor = 0, size = 1 })).Json["result"]!;
        Assert.True(page["has_more"]!.GetValue<bool>());
        Assert.Equal("bob", (await OldAsync("/topapi/v2/user/list", new { dept_id = purchasing, cursor = page["next_cursor"]!.GetValue<int>(), size = 1 })).Json["result"]!["list"]![0]!["userid"]!.GetValue<string>());
        Assert.Equal(60003, (await OldAsync("/topapi/v2/department/get", new { dept_id = 77 })).ErrCode);
        Assert.Equal([purchasing, 1], (await OldAsync("/topapi/v2/department/listparentbydept", new { dept_id = purchasing })).Json["result"]!["parent_id_list"]!.AsArray().Select(d => d!.GetValue<long>()));
        var above = (await OldAsync("/topapi/v2/department/listparentbyuser", new { userid = "alice" })).Json["result"]!["parent_list"]!.AsArray();
        Assert.Equal([purchasing, 1], Assert.Single(above)!["parent_dept_id_list"]!.AsArray().Select(d => d!.GetValue<long>()));
        Assert.Equal(60003, (await OldAsync("/topapi/v2/department/listparentbydept", new { dept_id = 77 })).ErrCode);
        Assert.Equal(2, (await OldAsync("/topapi/v2/department/listsubid", new { dept_id = 1 })).Json["result"]!["dept_id_list"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_person_signs_in_and_the_app_learns_who_it_is()
    {
        var query = $"client_id={App.ClientId}&response_type=code&scope=openid%20corpid&state=s%26t&prompt=consent&redirect_uri={Uri.EscapeDataString("http://127.0.0.1:1/back?x=1")}";
        var page = await SendAsync(HttpMethod.Get, "/oauth2/auth?" + query);
        Assert.Contains("as=alice", page.Text, StringComparison.Ordinal);
        using var back = await Emulator.Http.GetAsync(new Uri($"/oauth2/auth?{query}&as=alice", UriKind.Relative), TestContext.Current.CancellationToken);
        var given = HttpUtility.ParseQueryString(back.Headers.Location!.Query);
        Assert.Equal((given["code"], "s&t", "1"), (given["authCode"], given["state"], given["x"]));
        var tokens = await ExchangeAsync(new { clientId = App.ClientId, clientSecret = App.ClientSecret, code = given["code"], grantType = "authorization_code" });
        var me = await SendAsync(HttpMethod.Get, "/v1.0/contact/users/me", token: tokens.Json["accessToken"]!.GetValue<string>());
        Assert.Equal(("艾丽丝", "86"), (me.Json["nick"]!.GetValue<string>(), me.Json["stateCode"]!.GetValue<string>()));
        Assert.Equal("alice", (await OldAsync("/topapi/user/getbyunionid", new { unionid = me.Json["unionId"]!.GetValue<string>() })).Json["result"]!["userid"]!.GetValue<string>());
        Assert.Equal(400, (await ExchangeAsync(new { clientId = App.ClientId, clientSecret = App.ClientSecret, code = given["code"], grantType = "authorization_code" })).Status);
        await Emulator.AdvanceAsync(TimeSpan.FromDays(29));
        Assert.Equal("InvalidAuthentication", (await SendAsync(HttpMethod.Get, "/v1.0/contact/users/me", token: tokens.Json["accessToken"]!.GetValue<string>())).Code);
        var refreshed = new { clientId = App.ClientId, clientSecret = App.ClientSecret, refreshToken = tokens.Json["refreshToken"]!.GetValue<string>(), grantType = "refresh_token" };
        Assert.Equal(200, (await ExchangeAsync(refreshed)).Status);
        await Emulator.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Equal(400, (await ExchangeAsync(refreshed)).Status);
    }

    [Theory]
    [InlineData("client_id=other&response_type=code&scope=openid&redirect_uri=http%3A%2F%2Fa.example")]
    [InlineData("client_id=dingemulatorlarkspur&response_type=token&scope=openid&redirect_uri=http%3A%2F%2Fa.example")]
    [InlineData("client_id=dingemulatorlarkspur&response_type=code&scope=corpid&redirect_uri=http%3A%2F%2Fa.example")]
    [InlineData("client_id=dingemulatorlarkspur&response_type=code&scope=openid&redirect_uri=javascript%3Aalert(1)")]
    [InlineData("client_id=dingemulatorlarkspur&response_type=code&scope=openid&redirect_uri=http%3A%2F%2Fa.example&as=mallory")]
    public async Task A_wrong_request_to_sign_in_goes_nowhere(string query) => Assert.Equal(400, (await SendAsync(HttpMethod.Get, "/oauth2/auth?" + query)).Status);

    [Fact]
    public async Task Inside_the_client_a_code_tells_who_opened_the_page()
    {
        var code = (await ActAsync(new { platform = "dingtalk", @as = "bob", @do = "sign_in" }))["code"]!.GetValue<string>();
        var info = await OldAsync("/topapi/v2/user/getuserinfo", new { code });
        Assert.Equal(("bob", true), (info.Json["result"]!["userid"]!.GetValue<string>(), info.Json["result"]!["sys"]!.GetValue<bool>()));
        Assert.Equal(40078, (await OldAsync("/topapi/v2/user/getuserinfo", new { code })).ErrCode);
        var late = (await ActAsync(new { platform = "dingtalk", @as = "bob", @do = "sign_in" }))["code"]!.GetValue<string>();
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(40078, (await OldAsync("/topapi/v2/user/getuserinfo", new { code = late })).ErrCode);
    }

    private Task<DingTalkReply> ExchangeAsync(object body) => SendAsync(HttpMethod.Post, "/v1.0/oauth2/userAccessToken", body);
}
