using System.Net;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>The panel in an app's page, as far as it can be told without a browser; its messages are played in the end-to-end tests.</summary>
public sealed class LoginPanelTests : SignInTest
{
    private const string Callback = "&redirect_type=callback&version=2.4.4";
    private static readonly (string, string) Around = ("Referer", "http://127.0.0.1:8080/");
    private static readonly (string, string) ByScript = ("Accept", "application/json");

    [Fact]
    public async Task The_panel_may_stand_in_other_pages_and_asks_who_signs_in()
    {
        var page = await PageAsync(Web(Callback + "&lang=zh&color_scheme=dark"), Around);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(["alice", "bob", "carol"], page.People);
        Assert.Contains("frame-ancestors http: https:", page.Policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self'", page.Policy, StringComparison.Ordinal);
        Assert.Contains("data-theme=\"dark\"", page.Text, StringComparison.Ordinal);
        Assert.Equal("http://127.0.0.1:8080", page.Settings["origin"]!.GetValue<string>());
        Assert.Equal(("onCheckWeComLogin", false), Check(page));
        var cookie = (await PageAsync(Web("&as=bob"))).Cookie;
        Assert.Equal(("onCheckWeComLogin", true), Check(await PageAsync(Web(Callback), Around, ("Cookie", cookie))));
    }

    [Fact]
    public async Task The_page_around_it_gets_the_code_without_the_state()
    {
        var told = await ToldAsync(Callback + "&as=bob&decision=allow");
        Assert.Equal("onLoginSuccess", told["call"]!.GetValue<string>());
        var payload = told["payload"]!.AsObject();
        Assert.Equal(["code"], payload.Select(p => p.Key));
        Assert.Equal("bob", Text(await WhoAsync(Text(payload, "code")), "userid"));
    }

    [Theory]
    [InlineData("&redirect_type=top", true)]
    [InlineData("&version=2.4.4", true)]
    [InlineData("&redirect_type=self", false)]
    public async Task Other_ways_of_going_on_lead_back_with_code_and_state(string more, bool top)
    {
        var told = await ToldAsync(more + "&as=bob&decision=allow");
        Assert.Equal((null, top), (told["call"], told["top"]?.GetValue<bool>() == true));
        Assert.Matches(@"^http://127\.0\.0\.1:8080/back\?a=1&code=[0-9a-f]+&state=s1$", Text(told, "go"));
    }

    [Fact]
    public async Task Whoever_refuses_is_not_told_of()
    {
        var told = await ToldAsync(Callback + "&as=bob&decision=deny");
        Assert.Equal(["note"], told.Select(t => t.Key));
    }

    [Fact]
    public async Task Every_failure_has_its_code()
    {
        await FailsAsync(-31027, Web(Callback, corp: "wwother"));
        await FailsAsync(-31028, Web(Callback, agent: "7"));
        await FailsAsync(-31034, Web(Callback, type: "ServiceApp"));
        await FailsAsync(-31035, Web(Callback, back: ""));
        await FailsAsync(-31040, Web(Callback, type: "Other"));
        await FailsAsync(-31033, Web(Callback, back: "http://app.example/"));
        await ActAsync(new { platform = "wecom", @do = "trust_domains", domains = new[] { "app.example" } });
        await FailsAsync(-31039, Web(Callback));
        await RulesAsync(new { callback_domains = new[] { "app.example" } });
        await FailsAsync(-31020, Web(Callback));
        await RulesAsync(new { web_login = false });
        await FailsAsync(-31037, Web(Callback));
    }

    [Fact]
    public async Task A_failure_can_be_planned()
    {
        await RulesAsync(new { fail_code = -31031 });
        await FailsAsync(-31031, Web(Callback));
        await RulesAsync(new { fail_code = 0 });
        Assert.Equal(HttpStatusCode.OK, (await PageAsync(Web(Callback), Around)).Status);
    }

    [Fact]
    public async Task A_failure_is_told_to_the_page_that_shows_the_panel_and_a_code_to_the_redirects_alone()
    {
        Assert.Equal("http://evil.example", (await PageAsync(Web(Callback), ("Referer", "http://evil.example/"))).Settings["origin"]!.GetValue<string>());
        Assert.Equal("http://127.0.0.1:8080", (await PageAsync(Web(Callback + "&as=bob"))).Settings["origin"]!.GetValue<string>());
        Assert.Null((await PageAsync(Web(Callback + "&as=bob"), ("Referer", "http://evil.example/"))).Settings["first"]!["payload"]!["code"]);
    }

    [Fact]
    public async Task Somebody_who_cannot_sign_in_fails_without_a_code_of_the_platform()
    {
        await PersonAsync("bob", new { status = "frozen" });
        var told = await ToldAsync(Callback + "&as=bob&decision=allow");
        Assert.Equal(("onLoginFail", null), (Text(told, "call"), told["payload"]!["errCode"]));
    }

    [Fact]
    public async Task On_demand_the_panel_speaks_from_another_origin()
    {
        await RulesAsync(new { frame_wrong_origin = true });
        var moved = await PageAsync(Web(Callback), Around);
        Assert.Equal((HttpStatusCode.Redirect, "localhost"), (moved.Status, moved.Location!.Host));
        Assert.Equal(Emulator.BaseUrl.Port, moved.Location.Port);
        Assert.Equal(HttpStatusCode.OK, (await PageAsync(moved.Location.PathAndQuery, Around)).Status);
        await RulesAsync(new { frame_wrong_origin = false });
        Assert.Equal(HttpStatusCode.OK, (await PageAsync(Web(Callback), Around)).Status);
    }

    [Fact]
    public async Task What_the_address_holds_does_not_become_script()
    {
        var page = await PageAsync(Web(Callback, back: "http://127.0.0.1:8080/</script><script>alert(1)</script>"), Around);
        Assert.DoesNotContain("<script>alert", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("</script><script>", page.Text, StringComparison.Ordinal);
    }

    private static (string, bool) Check(SignInReply page) =>
        (Text(page.Settings["first"]!.AsObject(), "call"), page.Settings["first"]!["payload"]!["isWeComLogin"]!.GetValue<bool>());

    private async Task FailsAsync(int code, string address)
    {
        var page = await PageAsync(address, Around);
        var first = page.Settings["first"]!;
        Assert.Equal((HttpStatusCode.BadRequest, "onLoginFail", code),
            (page.Status, first["call"]!.GetValue<string>(), first["payload"]!["errCode"]!.GetValue<int>()));
        Assert.NotEmpty(first["payload"]!["errMsg"]!.GetValue<string>());
    }

    private async Task<JsonObject> ToldAsync(string more) => JsonNode.Parse((await PageAsync(Web(more), ByScript)).Text)!.AsObject();
}
