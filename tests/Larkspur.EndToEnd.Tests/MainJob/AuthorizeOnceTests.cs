using Larkspur.EndToEnd.Tests.Console;
using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.MainJob;

/// <summary>Bob asks for what is his own in a real browser: the card, both pages, the answer, and taking it back.</summary>
public sealed class AuthorizeOnceTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData("en", 1280, ColorScheme.Light)]
    [InlineData("zh", 390, ColorScheme.Dark)]
    public async Task Bob_authorises_once_reads_his_agenda_and_takes_it_back(string language, int width, ColorScheme theme)
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(),
            new Dictionary<string, string?> { ["LARKSPUR_TIME_ZONE"] = "Asia/Shanghai" });
        await emulator.SetCallbackAsync(new Uri(gateway.Address, "/webhook/feishu").ToString(), verify: true);
        var chat = emulator.State.P2pChat("bob", EmulatorApp.AppId)!.ChatId;
        var isChinese = language == "zh";
        var look = $"{language}-{width}";

        await using var context = await chromium.NewContextAsync(language, width, 800);
        var page = await context.NewPageAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme });
        List<string> errors = [];
        page.PageError += (_, error) => errors.Add(error);
        await page.GotoAsync($"{emulator.BaseUrl}?as=bob&chat={chat}");
        await page.WaitForSelectorAsync("body[data-live]");
        await page.Locator("#draft").FillAsync(isChinese ? "/日程" : "/agenda");
        await page.Keyboard.PressAsync("Enter");
        var once = page.Locator(".msg a, .msg button", new PageLocatorOptions { HasText = isChinese ? "授权一次" : "Authorise once" });
        await Expect(once).ToBeVisibleAsync();
        await PictureAsync(page, $"authorize-card-{look}");

        var opened = await context.RunAndWaitForPageAsync(() => once.ClickAsync());
        await opened.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme });
        await Expect(opened.Locator("h1")).ToContainTextAsync(isChinese ? "以您的名义" : "in your name");
        await PictureAsync(opened, $"authorize-ask-{look}");
        Assert.Equal(0, await opened.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"));
        await opened.ClickAsync("button[value=allow]");
        await PictureAsync(opened, $"authorize-feishu-{look}");
        await SignInPageTests.ChooseAsync(opened, "bob");
        await Expect(opened.Locator("h1")).ToHaveTextAsync(isChinese ? "已授权" : "Authorised");
        await PictureAsync(opened, $"authorize-done-{look}");
        await Expect(page.Locator(".msg").Last).ToContainTextAsync("周会");
        await PictureAsync(page, $"authorize-agenda-{look}");

        await opened.Locator("main a").ClickAsync();
        await opened.Locator("form[action='/sign-in/feishu'] button").Or(opened.Locator("button[value=allow]")).First.ClickAsync();
        if (await opened.Locator($"input[type=radio][value=bob]").CountAsync() > 0) await SignInPageTests.ChooseAsync(opened, "bob");
        await Expect(opened.Locator("ul.grants > li")).ToHaveCountAsync(1);
        await PictureAsync(opened, $"authorize-list-{look}");
        Assert.Equal(0, await opened.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"));
        await opened.Locator("ul.grants button").ClickAsync();
        await Expect(opened.Locator("ul.grants > li")).ToHaveCountAsync(0);
        Assert.Empty(errors);
    }

    private static Task PictureAsync(IPage page, string name) => ChromiumFixture.PictureAsync(page, name, fullPage: true);
}
