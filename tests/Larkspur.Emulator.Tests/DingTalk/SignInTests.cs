using System.Net;
using System.Text.Json.Nodes;
using System.Web;

namespace Larkspur.Emulator.Tests.DingTalk;

public sealed class SignInTests : DingTalkTest
{
    private const string Good = "client_id=dingemulatorlarkspur&response_type=code&scope=openid&prompt=consent&redirect_uri=http%3A%2F%2Fa.example%3A8080%2Fback%3Fx%3D1";

    [Fact]
    public async Task A_person_signs_in_and_the_app_learns_who_it_is()
    {
        var page = await PageAsync($"{Good}&state=s%26t");
        Assert.Contains("name=\"as\" value=\"alice\"", page.Text, StringComparison.Ordinal);
        var given = await BackAsync(Good.Replace("scope=openid", "scope=openid%20corpid", StringComparison.Ordinal) + "&state=s%26t&as=alice");
        Assert.Equal((given["code"], "s&t", "1"), (given["authCode"], given["state"], given["x"]));
        var tokens = await CodeAsync(given["code"]);
        Assert.Equal((7200, App.CorpId), (tokens.Json["expireIn"]!.GetValue<int>(), tokens.Json["corpId"]!.GetValue<string>()));
        var me = await MeAsync(tokens);
        Assert.Equal(("艾丽丝", "86", "13800000001"), (Said(me, "nick"), Said(me, "stateCode"), Said(me, "mobile")));
        Assert.Equal("alice", Said((await OldAsync("/topapi/user/getbyunionid", new { unionid = Said(me, "unionId") })).Json["result"]!, "userid"));
        Assert.Equal(Said(me, "unionId"), Said((await SendAsync(HttpMethod.Get, "/v1.0/contact/users/" + Said(me, "unionId"), token: Access(tokens))).Json, "unionId"));
        Assert.Equal("invalidParameter.authCode.notFound", (await CodeAsync(given["code"])).Code);
    }

    [Fact]
    public async Task Tokens_live_two_hours_are_given_again_while_they_do_and_are_refreshed_for_thirty_days()
    {
        var tokens = await CodeAsync((await BackAsync(Good + "&as=bob"))["authCode"]);
        Assert.Null(tokens.Json["corpId"]);
        await Emulator.AdvanceAsync(TimeSpan.FromHours(1));
        var again = await RefreshAsync(tokens);
        Assert.Equal(Access(tokens), Access(again));
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(90));
        Assert.NotEmpty(Said(await MeAsync(tokens), "nick"));
        await Emulator.AdvanceAsync(TimeSpan.FromDays(28));
        Assert.Equal("InvalidAuthentication", (await SendAsync(HttpMethod.Get, "/v1.0/contact/users/me", token: Access(tokens))).Code);
        var fresh = await RefreshAsync(tokens);
        Assert.NotEqual(Access(tokens), Access(fresh));
        await Emulator.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal(400, (await RefreshAsync(tokens)).Status);
        Assert.Equal(200, (await RefreshAsync(fresh)).Status);
        await ActAsync(new { platform = "dingtalk", @do = "revoke_tokens" });
        Assert.Equal(400, (await RefreshAsync(fresh)).Status);
    }

    [Fact]
    public async Task Who_refuses_goes_back_with_an_error_and_without_a_code()
    {
        var given = await BackAsync(Good + "&state=s1&deny=true");
        Assert.Equal(("access_denied", "s1", (string?)null), (given["error"], given["state"], given["code"]));
    }

    [Theory]
    [InlineData("client_id=dingemulatorlarkspur", "client_id=other")]
    [InlineData("response_type=code", "response_type=token")]
    [InlineData("scope=openid", "scope=corpid")]
    [InlineData("scope=openid", "scope=openid%2Bcorpid")]
    [InlineData("prompt=consent", "prompt=none")]
    [InlineData("redirect_uri=http", "redirect_uri=javascript")]
    [InlineData("scope=openid", "scope=openid%20corpid&corpId=dingother")]
    [InlineData("scope=openid", "scope=openid&org_type=all")]
    [InlineData("scope=openid", "scope=openid&exclusiveLogin=true&exclusiveCorpId=dingother")]
    [InlineData("scope=openid", "scope=openid&as=mallory")]
    [InlineData("scope=openid", "scope=openid%20corpid&org_type=management&as=alice")]
    public async Task A_wrong_request_to_sign_in_goes_nowhere(string good, string bad) => Assert.Equal(400, (await PageAsync(Good.Replace(good, bad, StringComparison.Ordinal))).Status);

    [Fact]
    public async Task Only_registered_addresses_get_people_back()
    {
        await ActAsync(new { platform = "dingtalk", @do = "configure", redirect_domains = new[] { "b.example" } });
        Assert.Equal(400, (await PageAsync(Good + "&as=alice")).Status);
        await ActAsync(new { platform = "dingtalk", @do = "configure", redirect_domains = new[] { "b.example", "a.example:8080" } });
        Assert.NotNull((await BackAsync(Good + "&as=alice"))["code"]);
    }

    [Fact]
    public async Task Exclusive_accounts_begin_with_the_organisation_and_managers_are_asked_for_alone()
    {
        Assert.Contains("name=\"exclusiveCorpId\"", (await PageAsync(Good + "&exclusiveLogin=true&state=%3Cscript%3E")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", (await PageAsync(Good + "&exclusiveLogin=true&state=%3Cscript%3E")).Text, StringComparison.Ordinal);
        Assert.Contains("value=\"alice\"", (await PageAsync($"{Good}&exclusiveLogin=true&exclusiveCorpId={App.CorpId}")).Text, StringComparison.Ordinal);
        var managers = (await PageAsync(Good.Replace("scope=openid", "scope=openid%20corpid&org_type=management", StringComparison.Ordinal))).Text;
        Assert.Contains("value=\"bob\"", managers, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"alice\"", managers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inside_the_client_a_code_tells_who_opened_the_page()
    {
        var code = await ClientCodeAsync();
        Assert.Equal("invalidParameter.authCode.notFound", (await CodeAsync(code)).Code);
        var info = (await OldAsync("/topapi/v2/user/getuserinfo", new { code })).Json["result"]!;
        Assert.Equal(("bob", true, 1), (Said(info, "userid"), info["sys"]!.GetValue<bool>(), info["sys_level"]!.GetValue<int>()));
        Assert.Equal(40078, (await OldAsync("/topapi/v2/user/getuserinfo", new { code })).ErrCode);
        Assert.Equal(40078, (await OldAsync("/topapi/v2/user/getuserinfo", new { code = (await BackAsync(Good + "&as=bob"))["code"] })).ErrCode);
        var late = await ClientCodeAsync();
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(40078, (await OldAsync("/topapi/v2/user/getuserinfo", new { code = late })).ErrCode);
    }

    [Fact]
    public async Task A_mobile_number_that_may_not_be_seen_is_missing()
    {
        await ActAsync(new { platform = "dingtalk", @do = "configure", denied_permissions = new[] { "Contact.User.mobile" } });
        Assert.Null((await MeAsync(await CodeAsync((await BackAsync(Good + "&as=bob"))["code"])))["mobile"]);
        await ActAsync(new { platform = "dingtalk", @do = "configure", denied_permissions = new[] { "Contact.User.Read" } });
        var tokens = await CodeAsync((await BackAsync(Good + "&as=bob"))["code"]);
        Assert.Equal(403, (await SendAsync(HttpMethod.Get, "/v1.0/contact/users/me", token: Access(tokens))).Status);
    }

    [Fact]
    public async Task The_ticket_of_pages_is_one_for_a_day_at_most_and_costs_nothing()
    {
        var first = await TicketAsync();
        Assert.Equal(7200, first.Json["expireIn"]!.GetValue<int>());
        for (var hour = 0; hour < 23; hour++)
        {
            await Emulator.AdvanceAsync(TimeSpan.FromHours(1));
            Assert.Equal(Said(first.Json, "jsapiTicket"), Said((await TicketAsync()).Json, "jsapiTicket"));
        }

        Assert.InRange((await TicketAsync()).Json["expireIn"]!.GetValue<int>(), 1, 3600);
        await Emulator.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.NotEqual(Said(first.Json, "jsapiTicket"), Said((await TicketAsync()).Json, "jsapiTicket"));
        Assert.Equal(0, (await StateAsync())["month"]!["calls"]!.GetValue<int>());
        Assert.DoesNotContain(Emulator.State.Inspector.Calls(), c => c.ResponseBody.Contains(Said(first.Json, "jsapiTicket"), StringComparison.Ordinal));
    }

    private static string Said(JsonNode from, string name) => from[name]!.GetValue<string>();

    private static string Access(DingTalkReply tokens) => Said(tokens.Json, "accessToken");

    private Task<DingTalkReply> PageAsync(string query) => SendAsync(HttpMethod.Get, "/oauth2/auth?" + query);

    private async Task<System.Collections.Specialized.NameValueCollection> BackAsync(string query)
    {
        using var back = await Emulator.Http.GetAsync(new Uri("/oauth2/auth?" + query, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, back.StatusCode);
        return HttpUtility.ParseQueryString(back.Headers.Location!.Query);
    }

    private async Task<string> ClientCodeAsync() => Said(await ActAsync(new { platform = "dingtalk", @as = "bob", @do = "sign_in" }), "code");

    private Task<DingTalkReply> CodeAsync(string? code) => ExchangeAsync(new { clientId = App.ClientId, clientSecret = App.ClientSecret, code, grantType = "authorization_code" });

    private Task<DingTalkReply> RefreshAsync(DingTalkReply tokens) =>
        ExchangeAsync(new { clientId = App.ClientId, clientSecret = App.ClientSecret, refreshToken = Said(tokens.Json, "refreshToken"), grantType = "refresh_token" });

    private Task<DingTalkReply> ExchangeAsync(object body) => SendAsync(HttpMethod.Post, "/v1.0/oauth2/userAccessToken", body);

    private async Task<JsonObject> MeAsync(DingTalkReply tokens) => (await SendAsync(HttpMethod.Get, "/v1.0/contact/users/me", token: Access(tokens))).Json;

    private async Task<DingTalkReply> TicketAsync()
    {
        ForgetToken();
        return await CallAsync(HttpMethod.Post, "/v1.0/oauth2/jsapiTickets");
    }
}
