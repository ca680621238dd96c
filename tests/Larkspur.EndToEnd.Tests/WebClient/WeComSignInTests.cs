using System.Text.Json;
using Larkspur.WeCom;
using Larkspur.WeCom.SignIn;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>WeCom's emulated sign-in pages in a browser, with the SDK on the application's side; and the panel that the platform's own script
/// puts into an application's page.</summary>
public sealed class WeComSignInTests(ChromiumFixture chromium)
{
    private const string Origin = "https://login.work.weixin.qq.com";
    private const string State = "s1";
    private static readonly Uri Back = new("http://app.example/back?from=test");
    private static readonly string Script =
        Path.Combine(Testing.Repository.Root, "tests", "interop", "node_modules", "@wecom", "jssdk", "dist", "wecom.global.prod.js");

    private readonly TaskCompletionSource<Uri> _sentBack = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_is_chosen_and_the_application_learns_who_it_is()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var app = App(fixture);
        var page = await OpenAsync(fixture, app.SignIn.BrowserAddress(Back, State));
        await page.Locator("[data-person=bob]").ClickAsync();
        await page.Locator("[value=allow]").ClickAsync();
        var told = QueryHelpers.ParseQuery((await SentBackAsync()).Query);
        Assert.Equal(State, told["state"]);
        Assert.Equal("test", told["from"]);
        Assert.Equal("bob", (await app.SignIn.ExchangeAsync(told["code"]!, Cancel)).UserId);
        Assert.Equal(42022, (await Assert.ThrowsAsync<WeComApiException>(() => app.SignIn.ExchangeAsync(told["code"]!, Cancel))).Code);
    }

    [Fact]
    public async Task Details_are_shown_unless_the_person_keeps_them()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var app = App(fixture);
        var page = await OpenAsync(fixture, app.SignIn.ClientAddress(Back, State, SignInScope.PrivateInfo));
        await page.Locator("[data-person=carol]").ClickAsync();
        await page.Locator("[name=withhold]").CheckAsync();
        await page.Locator("[value=allow]").ClickAsync();
        var who = await app.SignIn.ExchangeAsync(QueryHelpers.ParseQuery((await SentBackAsync()).Query)["code"]!, Cancel);
        var detail = await app.SignIn.DetailAsync(who.UserTicket!, Cancel);
        Assert.Equal(("carol", "0", null), (detail.UserId, detail.Gender, detail.Email));
    }

    [Fact]
    public async Task Who_refuses_comes_back_with_the_state_alone()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await OpenAsync(fixture, App(fixture).SignIn.BrowserAddress(Back, State));
        await page.Locator("[value=deny]").ClickAsync();
        Assert.Equal("?from=test&state=s1", (await SentBackAsync()).Query);
    }

    [Theory]
    [InlineData("callback", "small")]
    [InlineData("callback", "middle")]
    public async Task The_platforms_own_script_hears_of_a_code(string type, string size)
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await PanelAsync(fixture, new { redirect_type = type, panel_size = size });
        var frame = page.FrameLocator("iframe");
        await frame.Locator("[data-person=bob]").ClickAsync();
        await WebClientFixture.PictureAsync(page, $"wecom-panel-{size}");
        await frame.Locator("[value=allow]").ClickAsync();
        var told = await HeardAsync(page, "onLoginSuccess");
        Assert.Equal(["code"], told.EnumerateObject().Select(m => m.Name));
        Assert.Equal("bob", (await App(fixture).SignIn.ExchangeAsync(told.GetProperty("code").GetString()!, Cancel)).UserId);
        Assert.False((await HeardAsync(page, "onCheckWeComLogin")).GetProperty("isWeComLogin").GetBoolean());
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task The_panel_goes_on_to_the_application_with_code_and_state()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await PanelAsync(fixture, new { redirect_type = "top" });
        Watch(page);
        await page.FrameLocator("iframe").Locator("[value=allow]").ClickAsync();
        var told = QueryHelpers.ParseQuery((await SentBackAsync()).Query);
        Assert.Equal(State, told["state"]);
        Assert.Equal("alice", (await App(fixture).SignIn.ExchangeAsync(told["code"]!, Cancel)).UserId);
    }

    [Fact]
    public async Task The_platforms_own_script_hears_of_a_failure_and_of_a_refusal_nothing()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var refused = await PanelAsync(fixture, new { redirect_type = "callback" });
        await refused.FrameLocator("iframe").Locator("[value=deny]").ClickAsync();
        await Expect(refused.FrameLocator("iframe").GetByRole(AriaRole.Status)).Not.ToBeEmptyAsync();
        Assert.Equal("onCheckWeComLogin", await refused.EvaluateAsync<string>("heard.map((h) => h.name).join()"));
        await fixture.Emulator.ActAsync(new { platform = "wecom", @do = "configure_sign_in", web_login = false });
        var failed = await PanelAsync(fixture, new { redirect_type = "callback" });
        Assert.Equal(-31037, (await HeardAsync(failed, "onLoginFail")).GetProperty("errCode").GetInt32());
        await WebClientFixture.PictureAsync(failed, "wecom-panel-failed");
    }

    [Fact]
    public async Task A_panel_in_a_page_of_another_host_fails()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await PanelAsync(fixture, new { redirect_type = "callback" }, around: "http://evil.example/");
        Assert.Equal(-31033, (await HeardAsync(page, "onLoginFail")).GetProperty("errCode").GetInt32());
        Assert.DoesNotContain("onLoginSuccess", await page.EvaluateAsync<string>("heard.map((h) => h.name).join()"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", 1280, "light")]
    [InlineData("zh", 1280, "dark")]
    [InlineData("zh", 390, "light")]
    [InlineData("en", 390, "dark")]
    public async Task The_page_fits_the_window_and_can_be_read(string language, int width, string theme)
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var address = App(fixture).SignIn.ClientAddress(Back, State, SignInScope.PrivateInfo).GetLeftPart(UriPartial.Query);
        var page = await OpenAsync(fixture, new Uri($"{address}&theme={theme}"), language, width);
        await Expect(page.Locator("[data-person]")).ToHaveCountAsync(3);
        await LooksRightAsync(page, $"wecom-sign-in-{language}-{width}-{theme}");
        await page.GotoAsync($"{address}&theme={theme}&as=mallory");
        await LooksRightAsync(page, $"wecom-sign-in-problem-{language}-{width}-{theme}");
    }

    private static async Task LooksRightAsync(IPage page, string name)
    {
        await WebClientFixture.PictureAsync(page, name);
        Assert.Empty(await PageSight.FaintAsync(page));
        Assert.Equal(0, await page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('script').length"));
    }

    /// <summary>A page of the application in which the platform's script opens the panel; the platform's host is the emulator.</summary>
    private static async Task<IPage> PanelAsync(PlatformFixture fixture, object parameters, string around = "http://app.example/")
    {
        var page = await fixture.BrowseAsync(new Uri("about:blank"));
        await page.RouteAsync("http://*.example/**", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><div id=\"panel\"></div>" }));
        await page.RouteAsync(Origin + "/**", async route =>
        {
            var there = new Uri(fixture.Emulator.BaseUrl, new Uri(route.Request.Url).PathAndQuery);
            var headers = new Dictionary<string, string>(route.Request.Headers);
            await route.FulfillAsync(new() { Response = await route.FetchAsync(new() { Url = there.AbsoluteUri, Headers = headers, MaxRedirects = 0 }) });
        });
        await page.GotoAsync(around);
        await page.AddScriptTagAsync(new() { Path = Script });
        var asked = JsonSerializer.SerializeToNode(parameters)!.AsObject();
        (asked["login_type"], asked["appid"], asked["agentid"]) = ("CorpApp", PlatformFixture.Corp.CorpId, $"{PlatformFixture.Corp.AgentId}");
        (asked["redirect_uri"], asked["state"]) = (Back.AbsoluteUri, State);
        await page.EvaluateAsync($$"""
            window.heard = [];
            const listen = (name) => [name, (payload) => heard.push({ name, payload })];
            ww.createWWLoginPanel({ el: '#panel', params: {{asked.ToJsonString()}},
              ...Object.fromEntries(['onCheckWeComLogin', 'onLoginSuccess', 'onLoginFail'].map(listen)) });
            """);
        return page;
    }

    private static async Task<JsonElement> HeardAsync(IPage page, string name)
    {
        await WebClientFixture.HoldsAsync(page, $"heard.some((h) => h.name === '{name}')");
        using var payload = JsonDocument.Parse(await page.EvaluateAsync<string>($"JSON.stringify(heard.find((h) => h.name === '{name}').payload)"));
        return payload.RootElement.Clone();
    }

    private static WeComClient App(PlatformFixture fixture) => new(new WeComOptions
    {
        CorpId = PlatformFixture.Corp.CorpId, AgentId = PlatformFixture.Corp.AgentId, Secret = PlatformFixture.Corp.Secret, BaseUrl = fixture.Emulator.BaseUrl,
    });

    private async Task<IPage> OpenAsync(PlatformFixture fixture, Uri address, string language = "en", int width = 1280)
    {
        var page = await fixture.BrowseAsync(address, language, width);
        Watch(page);
        await Expect(page.Locator("h1")).ToBeVisibleAsync();
        return page;
    }

    /// <summary>The application's own page is nowhere; what matters is where the browser was sent.</summary>
    private void Watch(IPage page) => page.Request += (_, request) =>
    {
        if (request.Url.StartsWith("http://app.example/back", StringComparison.Ordinal)) _sentBack.TrySetResult(new Uri(request.Url));
    };

    private Task<Uri> SentBackAsync() => _sentBack.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
}
