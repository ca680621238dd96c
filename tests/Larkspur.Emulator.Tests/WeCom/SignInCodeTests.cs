using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>What a code tells of who signed in, and everything that can be wrong with one.</summary>
public sealed class SignInCodeTests : SignInTest
{
    [Fact]
    public async Task A_silent_code_is_good_for_five_minutes_and_one_use()
    {
        var code = await SilentAsync(new { platform = "wecom", @as = "bob", @do = "sign_in" });
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(299));
        Assert.Equal("bob", Text(await WhoAsync(code), "userid"));
        Assert.Equal(42022, Code(await WhoAsync(code)));
        var late = await SilentAsync(new { platform = "wecom", @as = "bob", @do = "sign_in" });
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(42003, Code(await WhoAsync(late)));
    }

    [Fact]
    public async Task A_code_of_another_application_or_domain_is_worth_nothing()
    {
        Assert.Equal(40029, Code(await WhoAsync(await SilentAsync(new { platform = "wecom", @as = "bob", @do = "sign_in", agent_id = 1000009 }))));
        await ActAsync(new { platform = "wecom", @do = "trust_domains", domains = new[] { "app.example" } });
        Assert.Equal(50001, Code(await WhoAsync(await SilentAsync(new { platform = "wecom", @as = "bob", @do = "sign_in", page_url = "https://other.example/h5" }))));
        Assert.Equal(0, Code(await WhoAsync(await SilentAsync(new { platform = "wecom", @as = "bob", @do = "sign_in", page_url = "https://app.example/h5" }))));
    }

    [Fact]
    public async Task An_invisible_member_is_told_of_all_the_same_but_not_shown()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "directory/range", new { platform = "wecom", people = new[] { "bob" } });
        Assert.Equal("alice", Text(await WhoAsync(await CodeAsync("alice")), "userid"));
        Assert.Equal(60011, Code(await CallAsync("/cgi-bin/user/get?userid=alice")));
        Assert.Equal(400, (int)(await PageAsync(Client("&as=alice", "snsapi_privateinfo"))).Status);
        Assert.NotNull((await WhoAsync(await CodeAsync("bob", scope: "snsapi_privateinfo")))["user_ticket"]);
        // Who drops out of the range between page and call has no ticket.
        var code = await CodeAsync("bob", scope: "snsapi_privateinfo");
        await Emulator.ControlAsync(HttpMethod.Post, "directory/range", new { platform = "wecom", people = new[] { "carol" } });
        Assert.Null((await WhoAsync(code))["user_ticket"]);
    }

    [Fact]
    public async Task Outsiders_have_an_openid_alone_until_their_corp_is_linked()
    {
        await GuestAsync();
        Assert.Contains("dan@wwother", (await PageAsync(Client())).People);
        var stranger = await WhoAsync(await CodeAsync("dan@wwother"));
        Assert.Equal((null, true), (stranger["userid"], Text(stranger, "openid").StartsWith('o')));
        var old = await CallAsync($"/cgi-bin/user/getuserinfo?code={await CodeAsync("dan@wwother")}");
        Assert.Equal((null, Text(stranger, "openid")), (old["UserId"], Text(old, "OpenId")));
        await RulesAsync(new { linked_corps = new[] { "wwother" } });
        Assert.Equal("wwother/dan", Text(await WhoAsync(await CodeAsync("dan@wwother")), "userid"));
        Assert.Equal(60111, Code(await CallAsync("/cgi-bin/user/get?userid=wwother/dan")));
        Assert.Equal("wwother/dan", Text(await WhoAsync(await SilentAsync(new { platform = "wecom", @as = "dan@wwother", @do = "sign_in" })), "userid"));
    }

    [Fact]
    public async Task Whoever_shows_nothing_has_the_default_picture()
    {
        var shown = await DetailAsync(await CodeAsync("bob", scope: "snsapi_privateinfo"));
        Assert.Equal(("bob@mica.example", "13800000002"), (Text(shown, "email"), Text(shown, "mobile")));
        var hidden = await DetailAsync(await CodeAsync("bob", "&withhold=true", "snsapi_privateinfo"));
        Assert.Equal(("bob", "0", true), (Text(hidden, "userid"), Text(hidden, "gender"), Text(hidden, "avatar").StartsWith("https://", StringComparison.Ordinal)));
        Assert.All(new[] { "email", "mobile", "biz_mail", "address", "qr_code" }, field => Assert.False(hidden.ContainsKey(field)));
        await RulesAsync(new { private_fields = new[] { "email" } });
        var some = await DetailAsync(await CodeAsync("bob", scope: "snsapi_privateinfo"));
        Assert.Equal(("bob@mica.example", "0", false), (Text(some, "email"), Text(some, "gender"), some.ContainsKey("mobile")));
    }

    [Fact]
    public async Task A_userid_that_changed_is_told_anew_and_may_be_a_newcomers()
    {
        var code = await CodeAsync("alice");
        await PersonAsync("alice", new { user_id = "alice.wang" });
        Assert.Equal("alice.wang", Text(await WhoAsync(code), "userid"));
        await Emulator.ControlAsync(HttpMethod.Post, "people", new { user_id = "alice", name = "另一个", mobile = "+8613700000000" });
        Assert.Equal("alice", Text(await WhoAsync(await CodeAsync("ALICE")), "userid"));
        Assert.Equal("另一个", Text(await CallAsync("/cgi-bin/user/get?userid=alice"), "name"));
        Assert.Equal("alice.wang", Text(await WhoAsync(await CodeAsync("alice.wang")), "userid"));
    }

    [Fact]
    public async Task Whoever_is_frozen_after_the_page_is_told_of_and_a_leaver_is_none_of_us()
    {
        var (frozen, left) = (await CodeAsync("bob"), await CodeAsync("carol"));
        await PersonAsync("bob", new { status = "frozen" });
        await PersonAsync("carol", new { status = "resigned" });
        Assert.Equal("bob", Text(await WhoAsync(frozen), "userid"));
        Assert.Equal(2, (await CallAsync("/cgi-bin/user/get?userid=bob"))["status"]!.GetValue<int>());
        var gone = await WhoAsync(left);
        Assert.Equal((null, true), (gone["userid"], gone.ContainsKey("openid")));
    }

    [Fact]
    public async Task Mails_can_be_empty_and_shared()
    {
        await PersonAsync("alice", new { email = "" });
        await PersonAsync("carol", new { email = "bob@mica.example" });
        Assert.Equal("", Text(await DetailAsync(await CodeAsync("alice", scope: "snsapi_privateinfo")), "email"));
        Assert.Equal("bob@mica.example", Text(await DetailAsync(await CodeAsync("carol", scope: "snsapi_privateinfo")), "email"));
        Assert.Equal("bob@mica.example", Text(await DetailAsync(await CodeAsync("bob", scope: "snsapi_privateinfo")), "email"));
    }

    [Fact]
    public async Task A_second_factor_is_proved_by_a_code_of_one_use()
    {
        Assert.False(await PassedAsync("bob"));
        var info = await CallAsync("/cgi-bin/auth/get_tfa_info", new { code = await CodeAsync("bob") });
        var proof = new { userid = "bob", tfa_code = Text(info, "tfa_code") };
        Assert.Equal("bob", Text(info, "userid"));
        Assert.Equal(40029, Code(await CallAsync("/cgi-bin/user/tfa_succ", new { userid = "alice", proof.tfa_code })));
        Assert.Equal(0, Code(await CallAsync("/cgi-bin/user/tfa_succ", proof)));
        Assert.True(await PassedAsync("bob"));
        Assert.Equal(40029, Code(await CallAsync("/cgi-bin/user/tfa_succ", proof)));
        var late = Text(await CallAsync("/cgi-bin/auth/get_tfa_info", new { code = await CodeAsync("carol") }), "tfa_code");
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(40029, Code(await CallAsync("/cgi-bin/user/tfa_succ", new { userid = "carol", tfa_code = late })));
        Assert.Equal(40029, Code(await CallAsync("/cgi-bin/auth/get_tfa_info", new { code = "made-up" })));
        Assert.Equal(0, Code(await CallAsync("/cgi-bin/user/authsucc?userid=carol")));
        Assert.True(await PassedAsync("carol"));
        Assert.DoesNotContain(proof.tfa_code, (await Emulator.ControlAsync(HttpMethod.Get, "calls")).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_set_is_refused_and_a_reset_forgets_what_was()
    {
        Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, "act", new { platform = "wecom", @do = "configure_sign_in", private_fields = new[] { "salary" } })).Status);
        Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, "act", new { platform = "wecom", @do = "configure_sign_in", fail_code = 5 })).Status);
        Assert.Contains("page_url", await RefusedActionAsync(new { platform = "wecom", @as = "bob", @do = "sign_in", page_url = "javascript:alert(1)" }), StringComparison.Ordinal);
        Assert.Contains("scope", await RefusedActionAsync(new { platform = "wecom", @as = "bob", @do = "sign_in", scope = "openid" }), StringComparison.Ordinal);
        Assert.Contains("mallory", await RefusedActionAsync(new { platform = "wecom", @as = "mallory", @do = "sign_in" }), StringComparison.Ordinal);
        await RulesAsync(new { web_login = false });
        Assert.Equal(400, (int)(await PageAsync(Web("&as=bob"))).Status);
        var code = await CodeAsync("bob");
        await Emulator.ControlAsync(HttpMethod.Post, "reset");
        Assert.Equal(302, (int)(await PageAsync(Web("&as=bob"))).Status);
        var token = await TokenAsync();
        Assert.Equal(40029, Code(await GetAsync($"/cgi-bin/auth/getuserinfo?code={code}&access_token={token}")));
    }

    private async Task<bool> PassedAsync(string who) =>
        (await ActAsync(new { platform = "wecom", @as = who, @do = "second_factor" }))["passed"]!.GetValue<bool>();

    private async Task<JsonObject> DetailAsync(string code) =>
        await CallAsync("/cgi-bin/auth/getuserdetail", new { user_ticket = Text(await WhoAsync(code), "user_ticket") });
}
