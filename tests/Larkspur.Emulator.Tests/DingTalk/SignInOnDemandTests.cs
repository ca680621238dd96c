using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Web;

namespace Larkspur.Emulator.Tests.DingTalk;

/// <summary>Everybody who can sign in with DingTalk without being a member, and everything that goes wrong on demand.</summary>
public sealed partial class SignInOnDemandTests : DingTalkTest
{
    private const string Back = "http://a.example:8080/back";
    private const string InClient = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 AliApp(DingTalk/7.6.0) com.laiwang.DingTalk";

    private static string Address(string scope = "openid", string more = "") =>
        $"/oauth2/auth?client_id={App.ClientId}&response_type=code&scope={Uri.EscapeDataString(scope)}&prompt=consent&state=s1&redirect_uri={Uri.EscapeDataString(Back)}{more}";

    [Fact]
    public async Task The_page_is_a_form_of_the_people_that_allows_and_denies()
    {
        var page = await PageAsync(Address(), ("Accept-Language", "zh-CN"));
        Assert.Equal(["alice", "bob", "carol"], page.People);
        Assert.Contains("name=\"decision\" value=\"deny\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"zh-CN\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("form-action http: https:", page.Policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Policy, StringComparison.Ordinal);
        Assert.NotNull((await PageAsync(Address(more: "&as=bob&decision=allow"))).Told["authCode"]);
        var denied = (await PageAsync(Address(more: "&as=bob&decision=deny"))).Told;
        Assert.Equal(("access_denied", "s1", null), (denied["error"], denied["state"], denied["code"]));
    }

    [Fact]
    public async Task Inside_the_client_a_person_who_signed_in_before_is_asked_nothing()
    {
        Assert.Equal(3, (await PageAsync(Address(), ("User-Agent", InClient))).People.Count());
        var cookie = (await PageAsync(Address(more: "&as=carol"))).Cookie;
        Assert.NotNull((await PageAsync(Address(), ("User-Agent", InClient), ("Cookie", cookie))).Told["code"]);
        // A browser asks all the same, with the person in front.
        Assert.Equal("carol", (await PageAsync(Address(), ("Cookie", cookie))).People.First());
    }

    [Fact]
    public async Task A_guest_is_an_external_contact_or_nobody_and_never_of_the_organisation()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "guests", new { person = "dan", tenant_key = "dingother", name = "丹" });
        var me = await MeAsync(await TokensAsync("dan@dingother"));
        var found = (await OldAsync("/topapi/user/getbyunionid", new { unionid = Said(me, "unionId") })).Json["result"]!;
        Assert.Equal(1, found["contact_type"]!.GetValue<int>());
        await ConfigureAsync(new { strangers = new[] { "dan@dingother" } });
        Assert.Equal(60121, (await OldAsync("/topapi/user/getbyunionid", new { unionid = Said(me, "unionId") })).ErrCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PageAsync(Address("openid corpid", "&as=dan@dingother"))).Status);
        Assert.DoesNotContain("dan@dingother", (await PageAsync(Address("openid corpid"))).People);
        Assert.Contains("dan@dingother", (await PageAsync(Address())).People);
    }

    [Fact]
    public async Task A_token_can_be_of_another_organisation()
    {
        Assert.Equal(App.CorpId, Said((await TokensAsync("bob", "openid corpid")), "corpId"));
        await ConfigureAsync(new { token_corp_id = "dingother" });
        Assert.Equal("dingother", Said((await TokensAsync("bob", "openid corpid")), "corpId"));
        Assert.Null((await TokensAsync("bob"))["corpId"]);
        await ConfigureAsync(new { token_corp_id = "" });
        Assert.Equal(App.CorpId, Said((await TokensAsync("bob", "openid corpid")), "corpId"));
    }

    [Fact]
    public async Task A_leaver_keeps_their_account_but_not_the_organisation()
    {
        await PersonAsync("carol", new { status = "resigned" });
        Assert.Equal(["alice", "bob", "carol"], (await PageAsync(Address())).People);
        Assert.Equal(["alice", "bob"], (await PageAsync(Address("openid corpid"))).People);
        Assert.Equal(HttpStatusCode.BadRequest, (await PageAsync(Address("openid corpid", "&as=carol"))).Status);
        var me = await MeAsync(await TokensAsync("carol"));
        Assert.Equal(60121, (await OldAsync("/topapi/user/getbyunionid", new { unionid = Said(me, "unionId") })).ErrCode);
        // Somebody new has the userid: the leaver cannot be named any more.
        await Emulator.ControlAsync(HttpMethod.Post, "people", new { user_id = "carol", name = "新人", mobile = "+8613700000000" });
        Assert.Single((await PageAsync(Address())).People, "carol");
        Assert.NotEqual(Said(me, "unionId"), Said(await MeAsync(await TokensAsync("carol")), "unionId"));
    }

    [Fact]
    public async Task Who_is_not_active_signs_in_and_is_shown_as_such()
    {
        await PersonAsync("bob", new { status = "frozen" });
        var me = await MeAsync(await TokensAsync("bob", "openid corpid"));
        var user = (await OldAsync("/topapi/user/getbyunionid", new { unionid = Said(me, "unionId") })).Json["result"]!;
        Assert.False((await OldAsync("/topapi/v2/user/get", new { userid = Said(user, "userid") })).Json["result"]!["active"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Mails_can_be_empty_and_shared_and_a_userid_can_change()
    {
        await PersonAsync("alice", new { email = "", user_id = "alice.wang" });
        await PersonAsync("carol", new { email = "bob@mica.example" });
        var alice = await MeAsync(await TokensAsync("alice.wang"));
        Assert.Equal("", Said(alice, "email"));
        Assert.Equal("alice.wang", Said((await OldAsync("/topapi/user/getbyunionid", new { unionid = Said(alice, "unionId") })).Json["result"]!, "userid"));
        var (bob, carol) = (await MeAsync(await TokensAsync("bob")), await MeAsync(await TokensAsync("carol")));
        Assert.Equal(Said(bob, "email"), Said(carol, "email"));
        Assert.NotEqual(Said(bob, "unionId"), Said(carol, "unionId"));
    }

    [Fact]
    public async Task A_silent_code_is_of_one_application_and_of_one_use()
    {
        var code = Said(await RequestAsync(new { }), "code");
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(299));
        Assert.Equal("bob", Said((await OldAsync("/topapi/v2/user/getuserinfo", new { code })).Json["result"]!, "userid"));
        Assert.Equal(40078, (await OldAsync("/topapi/v2/user/getuserinfo", new { code })).ErrCode);
        var late = Said(await RequestAsync(new { client_id = App.ClientId, corp_id = App.CorpId }), "code");
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(40078, (await OldAsync("/topapi/v2/user/getuserinfo", new { code = late })).ErrCode);
        var foreign = Said(await RequestAsync(new { client_id = "dingotherapp" }), "code");
        Assert.Equal(40078, (await OldAsync("/topapi/v2/user/getuserinfo", new { code = foreign })).ErrCode);
    }

    [Fact]
    public async Task Who_the_application_is_not_for_is_not_authorised()
    {
        await ConfigureAsync(new { available_to = new[] { "alice" } });
        Assert.Equal(40079, (await OldAsync("/topapi/v2/user/getuserinfo", new { code = Said(await RequestAsync(new { }), "code") })).ErrCode);
        await ConfigureAsync(new { available_to = (string[]?)null });
        Assert.Equal(0, (await OldAsync("/topapi/v2/user/getuserinfo", new { code = Said(await RequestAsync(new { }), "code") })).ErrCode);
    }

    [Fact]
    public async Task The_page_inside_the_client_hears_why_there_is_no_code()
    {
        await ConfigureAsync(new { redirect_domains = new[] { "a.example" } });
        Assert.NotNull((await RequestAsync(new { page_url = "https://a.example/h5#x" }))["code"]);
        foreach (var refused in new object[] { new { page_url = "https://b.example/h5" }, new { corp_id = "dingother" }, new { deny = true } })
        {
            var answer = await RequestAsync(refused);
            Assert.Equal((false, null), (answer["ok"]!.GetValue<bool>(), answer["code"]));
            Assert.NotEmpty(Said(answer["error"]!, "message"));
        }

        await PersonAsync("bob", new { status = "frozen" });
        Assert.False((await RequestAsync(new { }))["ok"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Tokens_of_one_person_end_and_of_them_the_refresh_tokens_alone()
    {
        var (bob, carol) = (await TokensAsync("bob"), await TokensAsync("carol"));
        Assert.Equal(1, (await ActAsync(new { platform = "dingtalk", @do = "revoke_tokens", @as = "bob", only = "refresh_token" }))["tokens"]!.GetValue<int>());
        Assert.Equal(400, (await RefreshAsync(bob)).Status);
        Assert.Equal("鲍勃", Said(await MeAsync(bob), "nick"));
        Assert.Equal(200, (await RefreshAsync(carol)).Status);
        await ActAsync(new { platform = "dingtalk", @do = "revoke_tokens", @as = "bob" });
        Assert.Equal("InvalidAuthentication", (await SendAsync(HttpMethod.Get, "/v1.0/contact/users/me", token: Said(bob, "accessToken"))).Code);
        Assert.Equal("卡罗尔", Said(await MeAsync(carol), "nick"));
        Assert.Equal("鲍勃", Said(await MeAsync(await TokensAsync("bob")), "nick"));
        // The application's own token is untouched.
        Assert.Equal(0, (await OldAsync("/topapi/v2/user/get", new { userid = "alice" })).ErrCode);
        Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, "act", new { platform = "dingtalk", @do = "revoke_tokens", @as = "mallory" })).Status);
        Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, "act", new { platform = "dingtalk", @do = "revoke_tokens", only = "jsapi" })).Status);
    }

    [Fact]
    public async Task The_frame_tells_the_page_of_the_redirects_origin_how_it_ended()
    {
        const string framed = "&iframe=true";
        var asked = await PageAsync(Address(more: framed));
        Assert.Contains("frame-ancestors http: https:", asked.Policy, StringComparison.Ordinal);
        Assert.Equal(["alice", "bob", "carol"], asked.People);
        var (done, hears) = Told(await PageAsync(Address(more: framed + "&as=bob&decision=allow")));
        Assert.Equal((true, "http://a.example:8080"), (done["success"]!.GetValue<bool>(), hears));
        var query = HttpUtility.ParseQueryString(new Uri(Said(done, "redirectUrl")).Query);
        Assert.Equal(("s1", query["code"]), (query["state"], query["authCode"]));
        Assert.Equal("bob", Said((await OldAsync("/topapi/user/getbyunionid", new { unionid = Said(await MeAsync(await ExchangeAsync(query["authCode"]!)), "unionId") })).Json["result"]!, "userid"));
        Assert.False(Told(await PageAsync(Address(more: framed + "&decision=deny"))).Message["success"]!.GetValue<bool>());
        await ConfigureAsync(new { redirect_domains = new[] { "b.example" } });
        Assert.Contains("a.example", Said(Told(await PageAsync(Address(more: framed))).Message, "errorMsg"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_demand_the_frame_speaks_from_another_origin()
    {
        await ConfigureAsync(new { frame_wrong_origin = true });
        var moved = await PageAsync(Address(more: "&iframe=true"));
        Assert.Equal((HttpStatusCode.Redirect, "localhost", Emulator.BaseUrl.Port), (moved.Status, moved.Location!.Host, moved.Location.Port));
        Assert.Equal(3, (await PageAsync(moved.Location.PathAndQuery)).People.Count());
        Assert.Equal(HttpStatusCode.OK, (await PageAsync(Address())).Status);
    }

    [Fact]
    public async Task What_cannot_be_set_is_refused_and_a_reset_forgets_what_was()
    {
        foreach (var wrong in new object[] { new { strangers = new[] { "bob" } }, new { available_to = new[] { "mallory" } }, new { redirect_domains = Enumerable.Repeat("a", 51) } })
            Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, "act", Configure(wrong))).Status);
        await ConfigureAsync(new { redirect_domains = new[] { "b.example" }, token_corp_id = "dingother" });
        Assert.Equal(HttpStatusCode.BadRequest, (await PageAsync(Address(more: "&as=bob"))).Status);
        await Emulator.ControlAsync(HttpMethod.Post, "reset");
        Assert.Equal(App.CorpId, Said(await TokensAsync("bob", "openid corpid"), "corpId"));
    }

    private static string Said(JsonNode from, string name) => from[name]!.GetValue<string>();

    private static JsonObject Configure(object rules)
    {
        var action = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(rules))!.AsObject();
        (action["platform"], action["do"]) = ("dingtalk", "configure");
        return action;
    }

    private Task<JsonObject> ConfigureAsync(object rules) => ActAsync(Configure(rules));

    private Task PersonAsync(string who, object change) => Emulator.ControlAsync(HttpMethod.Patch, "people/" + who, change);

    private Task<JsonObject> RequestAsync(object members)
    {
        var action = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(members))!.AsObject();
        (action["platform"], action["do"], action["as"]) = ("dingtalk", "request_auth_code", "bob");
        return ActAsync(action);
    }

    private async Task<JsonObject> TokensAsync(string who, string scope = "openid")
    {
        var page = await PageAsync(Address(scope, "&as=" + who));
        return await ExchangeAsync(page.Told["code"] ?? throw new InvalidOperationException(page.Text));
    }

    private async Task<JsonObject> ExchangeAsync(string code) => (await SendAsync(HttpMethod.Post, "/v1.0/oauth2/userAccessToken",
        new { clientId = App.ClientId, clientSecret = App.ClientSecret, code, grantType = "authorization_code" })).Json;

    private Task<DingTalkReply> RefreshAsync(JsonObject tokens) => SendAsync(HttpMethod.Post, "/v1.0/oauth2/userAccessToken",
        new { clientId = App.ClientId, clientSecret = App.ClientSecret, refreshToken = Said(tokens, "refreshToken"), grantType = "refresh_token" });

    private async Task<JsonObject> MeAsync(JsonObject tokens) =>
        (await SendAsync(HttpMethod.Get, "/v1.0/contact/users/me", token: Said(tokens, "accessToken"))).Json;

    private async Task<PageReply> PageAsync(string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var cookie = response.Headers.TryGetValues("Set-Cookie", out var set) ? set.Single().Split(';')[0] : "";
        return new PageReply(response.StatusCode, response.Headers.Location, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), cookie,
            response.Headers.TryGetValues("Content-Security-Policy", out var policy) ? policy.Single() : "");
    }

    private static (JsonObject Message, string Hears) Told(PageReply page)
    {
        var posted = Posted().Match(page.Text);
        return (JsonNode.Parse(posted.Groups[1].Value)!.AsObject(), JsonNode.Parse(posted.Groups[2].Value)!.GetValue<string>());
    }

    [GeneratedRegex("parent\\.postMessage\\((\\{.+?\\}), (\".*?\")\\);")]
    private static partial Regex Posted();

    private sealed partial record PageReply(HttpStatusCode Status, Uri? Location, string Text, string Cookie, string Policy)
    {
        public System.Collections.Specialized.NameValueCollection Told => HttpUtility.ParseQueryString(Location?.Query ?? "");

        public IEnumerable<string> People => Radio().Matches(Text).Select(m => m.Groups[1].Value);

        [GeneratedRegex("type=\"radio\" name=\"as\" value=\"([^\"]+)\"")]
        private static partial Regex Radio();
    }
}
