using Larkspur.DingTalk;
using Larkspur.DingTalk.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>DingTalk's emulated sign-in page in a browser, with the SDK on the application's side.</summary>
public sealed class PlatformSignInTests(ChromiumFixture chromium)
{
    private const string State = "s-1.&<script>";
    private readonly TaskCompletionSource<Uri> _sentBack = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static readonly Uri Back = new("http://app.example/back?from=test");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_is_chosen_and_the_application_learns_who_it_is()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var app = App(fixture);
        var page = await OpenAsync(fixture, app.SignIn.Address(Back, State, new LoginPage { WithOrganisation = true }));
        await page.Locator("[data-person=bob]").ClickAsync();
        await page.Locator("[value=allow]").ClickAsync();
        var answer = await AnswerAsync();
        Assert.Equal(LoginOutcome.SignedIn, answer.Outcome);
        Assert.Contains("from=test", (await _sentBack.Task).Query, StringComparison.Ordinal);
        var tokens = await app.SignIn.ExchangeAsync(answer.Code!, Cancel);
        Assert.Equal(PlatformFixture.Org.CorpId, tokens.CorpId);
        var person = await app.SignIn.GetPersonAsync(tokens.AccessToken, Cancel);
        Assert.Equal("bob", await app.SignIn.FindMemberAsync(person.UnionId, Cancel));
        Assert.Equal(tokens.AccessToken, (await app.SignIn.RefreshAsync(tokens.RefreshToken!, Cancel)).AccessToken);
        Assert.Equal(FailureKind.Authentication, (await Assert.ThrowsAsync<DingTalkApiException>(() => app.SignIn.ExchangeAsync(answer.Code!, Cancel))).FailureKind);
        Assert.Equal(64, (await app.SignIn.SignPageAsync(Back, Cancel)).Signature.Length);
    }

    [Fact]
    public async Task Who_refuses_comes_back_without_a_code()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await OpenAsync(fixture, App(fixture).SignIn.Address(Back, State));
        await page.Locator("[value=deny]").ClickAsync();
        var answer = await AnswerAsync();
        Assert.Equal((LoginOutcome.Refused, "access_denied", (string?)null), (answer.Outcome, answer.Error, answer.Code));
    }

    [Fact]
    public async Task An_exclusive_account_begins_with_the_organisation()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await OpenAsync(fixture, App(fixture).SignIn.Address(Back, State, new LoginPage { ExclusiveLogin = true }));
        await WebClientFixture.PictureAsync(page, "dingtalk-sign-in-exclusive");
        await page.GetByLabel("Code of the organisation").FillAsync("dingother");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("exclusiveCorpId");
        await WebClientFixture.PictureAsync(page, "dingtalk-sign-in-problem");
        await page.GoBackAsync();
        await page.GetByLabel("Code of the organisation").FillAsync(PlatformFixture.Org.CorpId);
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await page.Locator("[data-person=carol]").ClickAsync();
        await page.Locator("[value=allow]").ClickAsync();
        Assert.Equal(LoginOutcome.SignedIn, (await AnswerAsync()).Outcome);
    }

    [Theory]
    [InlineData("en", 1280, "light")]
    [InlineData("zh", 1280, "dark")]
    [InlineData("zh", 390, "light")]
    [InlineData("en", 390, "dark")]
    public async Task The_page_fits_the_window_and_can_be_read(string language, int width, string theme)
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await OpenAsync(fixture, new Uri($"{App(fixture).SignIn.Address(Back, State)}&theme={theme}"), language, width);
        await Expect(page.Locator("[data-person]")).ToHaveCountAsync(3);
        await Expect(page.Locator("h1")).ToHaveTextAsync(language == "zh" ? "登录应用" : "Sign in to the application");
        await WebClientFixture.PictureAsync(page, $"dingtalk-sign-in-{language}-{width}-{theme}");
        Assert.Empty(await PageSight.FaintAsync(page));
        Assert.Equal(0, await page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('script').length"));
        Assert.Empty(fixture.PageErrors);
    }

    [Theory]
    [InlineData("zh", "dark")]
    [InlineData("en", "light")]
    public async Task The_frame_tells_the_page_around_it_who_goes_on_where(string language, string theme)
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        await using var app = await PageAsync();
        var page = await FrameAsync(fixture, app, language, theme);
        await page.FrameLocator("iframe").Locator("[data-person=bob]").ClickAsync();
        await WebClientFixture.PictureAsync(page, $"dingtalk-frame-{language}-{theme}");
        await page.FrameLocator("iframe").Locator("[value=allow]").ClickAsync();
        await WebClientFixture.HoldsAsync(page, "heard.length > 0");
        Assert.Equal(fixture.Emulator.BaseUrl.GetLeftPart(UriPartial.Authority), await page.EvaluateAsync<string>("heard[0].origin"));
        Assert.True(await page.EvaluateAsync<bool>("heard[0].fromFrame && heard[0].data.success"));
        var answer = LoginAnswer.Read(new Uri(await page.EvaluateAsync<string>("heard[0].data.redirectUrl")).Query, State);
        Assert.NotEmpty((await App(fixture).SignIn.ExchangeAsync(answer.Code!, Cancel)).AccessToken);
    }

    [Fact]
    public async Task On_demand_the_frame_speaks_from_another_origin()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        await fixture.Emulator.ActAsync(new { platform = "dingtalk", @do = "configure", frame_wrong_origin = true });
        await using var app = await PageAsync();
        var page = await FrameAsync(fixture, app, "en", "light");
        await page.FrameLocator("iframe").Locator("[value=allow]").ClickAsync();
        await WebClientFixture.HoldsAsync(page, "heard.length > 0");
        Assert.Equal($"http://localhost:{fixture.Emulator.BaseUrl.Port}", await page.EvaluateAsync<string>("heard[0].origin"));
    }

    /// <summary>The application's own server.</summary>
    private static async Task<WebApplication> PageAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/", static () => Results.Text("<!doctype html><title>App</title><link rel=\"icon\" href=\"data:,\">", "text/html"));
        await app.StartAsync(Cancel);
        return app;
    }

    /// <summary>A page of the application with the frame in it, as large as the platform's script makes it.</summary>
    private static async Task<IPage> FrameAsync(PlatformFixture fixture, WebApplication app, string language, string theme)
    {
        var home = new Uri(app.Urls.Single());
        var page = await fixture.BrowseAsync(home, language, 390);
        await page.EvaluateAsync("""
            (address) => {
              window.heard = [];
              const frame = Object.assign(document.createElement('iframe'), { src: address, width: 300, height: 300 });
              addEventListener('message', (e) => heard.push({ origin: e.origin, data: e.data, fromFrame: e.source === frame.contentWindow }));
              document.body.append(frame);
            }
            """, $"{App(fixture).SignIn.Address(new Uri(home, "/back"), State)}&iframe=true&theme={theme}");
        return page;
    }

    private static DingTalkClient App(PlatformFixture fixture) => new(new DingTalkOptions
    {
        ClientId = PlatformFixture.Org.ClientId, ClientSecret = PlatformFixture.Org.ClientSecret, AgentId = PlatformFixture.Org.AgentId, BaseUrl = fixture.Emulator.BaseUrl,
    });

    private async Task<IPage> OpenAsync(PlatformFixture fixture, Uri address, string language = "en", int width = 1280)
    {
        var page = await fixture.BrowseAsync(address, language, width);
        // The application's own page is nowhere; what matters is where the browser was sent.
        page.Request += (_, request) =>
        {
            if (request.Url.StartsWith("http://app.example/back", StringComparison.Ordinal)) _sentBack.TrySetResult(new Uri(request.Url));
        };
        await Expect(page.Locator("h1")).ToBeVisibleAsync();
        return page;
    }

    private async Task<LoginAnswer> AnswerAsync() => LoginAnswer.Read((await _sentBack.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).Query, State);
}
