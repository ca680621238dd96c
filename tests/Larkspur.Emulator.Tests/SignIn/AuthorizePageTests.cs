using System.Net;
using System.Text.RegularExpressions;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.SignIn;

/// <summary>What a person and their browser see of signing in.</summary>
public sealed partial class AuthorizePageTests : SignInTest
{
    private const string Client = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Lark/7.40.1";

    [Theory]
    [InlineData("zh-CN,zh;q=0.9", "zh-CN", "授权", "艾丽丝")]
    [InlineData("en-GB", "en", "Allow", "Alice")]
    public async Task The_page_is_a_form_of_the_people_in_the_browsers_language(string accepts, string language, string allow, string name)
    {
        var page = await GetAsync(Page, Query(("scope", "contact:user.email:readonly offline_access")), ("Accept-Language", accepts));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains($"<html lang=\"{language}\"", page.Text, StringComparison.Ordinal);
        Assert.Equal(["alice", "bob", "carol"], Radio().Matches(page.Text).Select(m => m.Groups[1].Value));
        Assert.Contains(name, WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.Contains($">{allow}</button>", WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.Contains("name=\"decision\" value=\"deny\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("<code>contact:user.email:readonly</code>", page.Text, StringComparison.Ordinal);
        Assert.Contains("width=device-width", page.Text, StringComparison.Ordinal);
        Assert.Contains("light-dark(", page.Text, StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task Whoever_submits_the_form_goes_back_with_a_code_and_the_state()
    {
        var page = await AuthorizeAsync(("scope", "offline_access"), ("state", "a&b=c d"), ("theme", "dark"));
        Assert.Contains("data-theme=\"dark\"", page.Text, StringComparison.Ordinal);
        var fields = Hidden().Matches(page.Text).ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(m.Groups[2].Value));
        fields["as"] = "bob";
        fields["decision"] = "allow";
        var back = await GetAsync(Page, fields);
        Assert.Equal((HttpStatusCode.Found, "a&b=c d"), (back.Status, back.Told["state"]));
        Assert.Matches("^[A-Za-z0-9_-]{64,}$", back.Told["code"]);
        Assert.Equal("no-referrer", back.Headers["Referrer-Policy"]);
        Assert.Equal("鲍勃", (await UserInfoAsync(Said(await ExchangeAsync(back.Told["code"]!), "access_token"))).Data["name"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("decision", "deny")]
    [InlineData("deny", "true")]
    public async Task Whoever_denies_goes_back_with_an_error_and_without_a_code(string name, string value)
    {
        var back = await AuthorizeAsync(("as", "alice"), (name, value));
        Assert.Equal($"{Callback}?error=access_denied&state=s1", back.Location);
    }

    [Fact]
    public async Task No_state_gives_none_back_and_a_fragment_stands_at_the_end()
    {
        var query = Query(("redirect_uri", "https://app.example/back?x=1#/home"), ("as", "alice"));
        query.Remove("state");
        var back = await GetAsync(Page, query);
        Assert.Matches(@"^https://app\.example/back\?x=1&code=[A-Za-z0-9_-]{64,}#/home$", back.Location!);
    }

    [Theory]
    [InlineData("https://app.example/back", true)]
    [InlineData("https://app.example/back?other=2", true)]
    [InlineData("https://app.example/back#frag", true)]
    [InlineData("https://APP.example:443/back", true)]
    [InlineData("https://app.example/back/", false)]
    [InlineData("https://app.example/Back", false)]
    [InlineData("http://app.example/back", false)]
    [InlineData("https://app.example:8443/back", false)]
    [InlineData("https://app.example.evil.example/back", false)]
    [InlineData("https://app.example@evil.example/back", false)]
    [InlineData("https://x@app.example/back", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("/back", false)]
    public async Task Only_scheme_host_port_and_path_of_a_registered_address_count(string asked, bool allowed)
    {
        await AppAsync(new { redirect_uris = new[] { "https://other.example/", "https://app.example/back?registered=1#top" } });
        var reply = await AuthorizeAsync(("redirect_uri", asked), ("as", "alice"));
        if (allowed) Assert.NotNull(reply.Told["code"]);
        else reply.IsProblem(20029);
        await AppAsync(new { redirect_uris = Array.Empty<string>() });
        (await AuthorizeAsync(("as", "alice"))).IsProblem(20029);
    }

    [Theory]
    [InlineData("scope", "contact:user.phone:readonly", 20027)]
    [InlineData("scope", "offline_access Contact:user", 20027)]
    [InlineData("client_id", "cli_nobody", 20048)]
    [InlineData("client_id", "", 20063)]
    [InlineData("response_type", "token", 20063)]
    [InlineData("prompt", "none", 20063)]
    [InlineData("code_challenge", "short", 20063)]
    [InlineData("as", "mallory", 20008)]
    public async Task A_wrong_request_is_told_on_the_page_and_goes_nowhere(string name, string value, int code)
    {
        await AppAsync(new { granted_scopes = new[] { "offline_access" } });
        (await AuthorizeAsync(("as", "alice"), (name, value))).IsProblem(code);
    }

    [Fact]
    public async Task A_challenge_by_an_unknown_method_fifty_one_scopes_and_a_field_given_twice_are_refused()
    {
        (await AuthorizeAsync(("code_challenge", new string('a', 43)), ("code_challenge_method", "S512"))).IsProblem(20063);
        (await AuthorizeAsync(("scope", string.Join(' ', Enumerable.Range(0, 51).Select(n => $"im:scope{n}"))))).IsProblem(20063);
        (await GetAsync(Page, [.. Query(("as", "alice")), KeyValuePair.Create("redirect_uri", "https://evil.example/")])).IsProblem(20063);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("scope")]
    [InlineData("redirect_uri")]
    [InlineData("client_id")]
    [InlineData("prompt")]
    public async Task Hostile_text_does_nothing_on_the_page(string field)
    {
        const string hostile = "https://a.example/\"><script>alert(1)</script><img src=x onerror='alert(2)'>";
        var page = await AuthorizeAsync((field, hostile));
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page.Text, StringComparison.OrdinalIgnoreCase);
        var policy = page.Headers["Content-Security-Policy"];
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inside_the_client_nothing_is_asked_unless_the_app_wants_it()
    {
        var before = await GetAsync(Page, Query(), ("User-Agent", Client));
        Assert.Equal(HttpStatusCode.OK, before.Status);
        var cookie = (await AuthorizeAsync(("as", "carol"), ("decision", "allow"))).Headers["Set-Cookie"].Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(Page, Query(), ("Cookie", cookie))).Status);
        var inClient = await GetAsync(Page, Query(), ("User-Agent", Client), ("Cookie", cookie));
        Assert.Equal("卡罗尔", (await UserInfoAsync(Said(await ExchangeAsync(inClient.Told["code"]!), "access_token"))).Data["name"]!.GetValue<string>());
        var asked = await GetAsync(Page, Query(("prompt", "consent")), ("User-Agent", Client), ("Cookie", cookie));
        Assert.Equal(HttpStatusCode.OK, asked.Status);
        Assert.Contains("value=\"carol\" checked", asked.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await AuthorizeAsync(("prompt", "consent"), ("as", "bob"))).Status);
        Assert.NotNull((await AuthorizeAsync(("prompt", "consent"), ("as", "bob"), ("decision", "allow"))).Told["code"]);
    }

    [Theory]
    [InlineData("resigned", 20021)]
    [InlineData("frozen", 20022)]
    [InlineData("inactive", 20023)]
    public async Task Who_may_not_work_here_is_not_offered_and_not_let_in(string status, int code)
    {
        await PersonAsync("bob", new { status });
        Assert.Equal(["alice", "carol"], Radio().Matches((await AuthorizeAsync()).Text).Select(m => m.Groups[1].Value));
        (await AuthorizeAsync(("as", "bob"), ("decision", "allow"))).IsProblem(code);
    }

    [Fact]
    public async Task A_large_company_has_a_field_beside_its_list()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "directory/fill", new { people = 500, departments = 5 });
        var page = await AuthorizeAsync();
        Assert.Equal(100, Radio().Count(page.Text));
        Assert.Contains("name=\"person\"", page.Text, StringComparison.Ordinal);
        Assert.NotNull((await AuthorizeAsync(("as", "alice"), ("person", "carol"), ("decision", "allow"))).Told["code"]);
    }

    [Theory]
    [InlineData("/open-apis/authen/v1/index")]
    [InlineData(Page)]
    public async Task The_earlier_addresses_say_app_id_and_know_no_scopes(string path)
    {
        Dictionary<string, string> query = new() { ["app_id"] = EmulatorApp.AppId, ["redirect_uri"] = Callback, ["state"] = "s", ["as"] = "alice" };
        var back = await GetAsync(path, query);
        var tokens = await ExchangeAsync(back.Told["code"]!);
        Assert.False(tokens.Json.ContainsKey("refresh_token"));
        Assert.Equal("alice@mica.example", (await UserInfoAsync(Said(tokens, "access_token"))).Data["email"]!.GetValue<string>());
    }

    [Fact]
    public async Task Signing_in_stands_in_the_inspector_and_can_be_made_to_fail()
    {
        await CodeAsync();
        Assert.Contains(Emulator.State.Inspector.Calls(), c => c.EndpointId == "authen.v1.authorize.get" && c.Status == 302);
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = Page, reply = 503 });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AuthorizeAsync()).Status);
    }

    [GeneratedRegex("type=\"radio\" name=\"as\" value=\"([^\"]+)\"")]
    private static partial Regex Radio();

    [GeneratedRegex("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
