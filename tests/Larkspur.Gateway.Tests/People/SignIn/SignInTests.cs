using Larkspur.Gateway.Tests.Commands;
using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.People.SignIn;

/// <summary>People sign in by the emulated platforms.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class SignInTests : IAsyncLifetime
{
    private const string InWeCom = "Mozilla/5.0 (iPhone) wxwork/4.1.30 MicroMessenger/7.0.1";
    private ThreePlatforms _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await ThreePlatforms.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Theory]
    [InlineData("feishu", null, "艾丽丝")]
    [InlineData("wecom", InWeCom, "艾丽丝")]
    [InlineData("wecom", null, "艾丽丝")]
    [InlineData("dingtalk", null, "艾丽丝")]
    public async Task Alice_signs_in_and_comes_back_to_where_she_was_going(string method, string? agent, string name)
    {
        using var browser = Browser(agent);
        var back = await browser.SignInAsync(method, "alice", "/sign-in?from=here");
        Assert.Equal((303, "/sign-in?from=here"), (back.Status, back.Location!.PathAndQuery));
        Assert.Contains(back.Cookies, c => c.StartsWith("larkspur-sign-in=", StringComparison.Ordinal)
            && c.Contains("httponly", StringComparison.OrdinalIgnoreCase) && c.Contains("samesite=lax",
                StringComparison.OrdinalIgnoreCase));
        Assert.Equal(name, await browser.WhoAsync());
        using var other = Browser();
        Assert.Null(await other.WhoAsync());
    }

    [Fact]
    public async Task The_page_has_a_form_for_each_way_and_leads_on_who_is_signed_in()
    {
        using var browser = Browser();
        var page = await browser.GetAsync("/sign-in?return_to=%2Fsign-in%3Fx%3D1");
        foreach (var way in (string[])["feishu", "wecom", "dingtalk"]) Assert.Contains($"action=\"/sign-in/{way}\"", page.Text,
            StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Policy, StringComparison.Ordinal);
        Assert.Contains("name=\"return_to\" value=\"/sign-in?x=1\"", page.Text, StringComparison.Ordinal);
        await browser.SignInAsync("feishu", "alice");
        Assert.Equal("/sign-in?x=1", (await browser.GetAsync("/sign-in?return_to=%2Fsign-in%3Fx%3D1")).Location!.PathAndQuery);
        // Whoever is to prove it again is asked although they are signed in.
        Assert.Equal(200, (await browser.GetAsync("/sign-in?return_to=%2Fsign-in%3Fx%3D1&again=1")).Status);
    }

    [Fact]
    public async Task Who_signs_out_is_out_and_with_them_everybody_of_theirs_who_says_everywhere()
    {
        using var computer = Browser();
        using var phone = Browser();
        await computer.SignInAsync("feishu", "alice");
        await phone.SignInAsync("feishu", "alice");
        Assert.Equal(200, (await computer.PostAsync("/sign-in/sign-out")).Status);
        Assert.Null(await computer.WhoAsync());
        Assert.NotNull(await phone.WhoAsync());
        await computer.SignInAsync("feishu", "alice");
        await computer.PostAsync("/sign-in/sign-out", [new("everywhere", "1")]);
        Assert.Null(await phone.WhoAsync());
    }

    [Fact]
    public async Task Another_site_signs_nobody_out()
    {
        using var browser = Browser();
        await browser.SignInAsync("feishu", "alice");
        await browser.PostAsync("/sign-in/sign-out", null, ("Sec-Fetch-Site", "same-site"));
        await browser.PostAsync("/sign-in/sign-out", null, ("Origin", "https://evil.example"));
        await browser.GetAsync("/sign-in/sign-out");
        Assert.NotNull(await browser.WhoAsync());
    }

    [Fact]
    public async Task Inside_a_platforms_client_nobody_is_asked()
    {
        using var wecom = Browser(InWeCom);
        var sent = await wecom.GetAsync("/sign-in");
        Assert.Equal((303, "/connect/oauth2/authorize"), (sent.Status, sent.Location!.AbsolutePath));
        using var feishu = Browser("Mozilla/5.0 Chrome/120 Lark/7.50.1");
        Assert.Equal("/open-apis/authen/v1/authorize", (await feishu.GetAsync("/sign-in")).Location!.AbsolutePath);
    }

    [Fact]
    public async Task The_page_speaks_the_readers_language()
    {
        using var browser = Browser(language: "zh-CN,zh;q=0.9");
        Assert.True((await browser.GetAsync("/sign-in")).Says("使用飞书登录"));
        Assert.True((await browser.GetAsync("/sign-in?ui_locales=en")).Says("Continue with Feishu"));
        Assert.True((await browser.GetAsync("/sign-in/nothing")).Says("没有这种登录方式"));
    }

    [Fact]
    public async Task Somebody_new_becomes_a_person_and_somebody_known_stays_who_they_are()
    {
        await _gateway.SayAsync("feishu", "/help");
        await _gateway.ShowsAsync("feishu", "help");
        using var browser = Browser();
        await browser.SignInAsync("feishu", "alice");
        var alices = (await _gateway.Gateway.GetRestAsync("/people?platform=feishu")).Items;
        Assert.Single(alices);
        using var other = Browser();
        await other.SignInAsync("dingtalk", "bob");
        Assert.Single((await _gateway.Gateway.GetRestAsync("/people?platform=dingtalk")).Items);
    }

    [Fact]
    public async Task A_chat_begins_by_signing_in_and_ends_with_it()
    {
        using var browser = Browser();
        Assert.Contains("data-sign-in=\"/chat/sign-in\"", (await browser.GetAsync("/chat")).Text, StringComparison.Ordinal);
        Assert.Equal("/sign-in", (await browser.GetAsync("/chat/sign-in")).Location!.AbsolutePath);
        await browser.SignInAsync("feishu", "alice");
        var to = (await browser.GetAsync("/chat/sign-in")).Location!;
        Assert.Matches("^/chat/ws_[0-9a-f]{32}$", to.AbsolutePath);
        using var chat = new HttpClient { BaseAddress = _gateway.Gateway.Address };
        chat.DefaultRequestHeaders.Add("Authorization", "Bearer " + to.Fragment[1..]);
        var cancel = TestContext.Current.CancellationToken;
        Assert.Contains("艾丽丝", System.Text.RegularExpressions.Regex.Unescape(await chat.GetStringAsync("/chat/api/v1/session", cancel)),
            StringComparison.Ordinal);
        await browser.PostAsync("/sign-in/sign-out");
        using var over = await chat.GetAsync("/chat/api/v1/session", cancel);
        Assert.Equal(401, (int)over.StatusCode);
        Assert.Equal(200, (await _gateway.Gateway.RestAsync(HttpMethod.Patch, "/settings", """{"web_chat.sign_in":false}""")).Status);
        Assert.Equal(404, (await browser.GetAsync("/chat/sign-in")).Status);
    }

    [Fact]
    public async Task A_long_request_finds_its_way_back_and_others_failures_keep_nobody_out()
    {
        using var browser = Browser();
        var place = "/sign-in?" + new string('x', 1500);
        Assert.Equal(place, (await browser.SignInAsync("feishu", "alice", place)).Location!.PathAndQuery);
        // What comes without an attempt of this browser takes nobody's tries.
        for (var i = 0; i < 60; i++) Assert.Equal(400,
            (await browser.GetAsync($"/sign-in/feishu/callback?code=x&state={new string('A', 32)}")).Status);
        Assert.Equal(303, (await browser.SignInAsync("feishu", "alice", again: true)).Status);
    }

    private SignInBrowser Browser(string? agent = null, string language = "en") => new(_gateway.Gateway.Address, agent, language);
}
