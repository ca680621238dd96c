using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.MainJob;

/// <summary>What a newcomer does after <c>./larkspur demo</c>, in a real browser, against the real gateway.</summary>
public sealed class BrowserTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData("en", "Approved by")]
    [InlineData("zh", "批准")]
    public async Task Alice_writes_to_the_bot_gets_a_card_clicks_it_and_sees_it_change(string language, string decided)
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        await emulator.SetCallbackAsync(new Uri(gateway.Address, "/webhook/feishu").ToString(), verify: true);
        var chat = emulator.State.P2pChat("alice", EmulatorApp.AppId)!.ChatId;

        await using var context = await chromium.NewContextAsync(language, 1280, 800);
        var page = await context.NewPageAsync();
        List<string> errors = [];
        page.PageError += (_, error) => errors.Add(error);
        await page.GotoAsync($"{emulator.BaseUrl}?as=alice&chat={chat}");
        await page.WaitForSelectorAsync("body[data-live]");

        await page.Locator("#draft").FillAsync(language == "zh" ? "今天有什么要审批的吗？" : "Anything to approve today?");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".msg")).ToHaveCountAsync(2);
        await page.Locator("#draft").FillAsync("/approve-demo");
        await page.Keyboard.PressAsync("Enter");
        var approve = page.Locator(".msg button", new PageLocatorOptions { HasTextRegex = new("^(Approve|批准)$") });
        await Expect(approve).ToBeVisibleAsync();
        await ScreenshotAsync(page, $"main-job-card-{language}.png");

        await approve.ClickAsync();
        await Expect(page.Locator(".msg").Last).ToContainTextAsync(decided);
        await Expect(approve).ToHaveCountAsync(0);
        await ScreenshotAsync(page, $"main-job-approved-{language}.png");
        Assert.Empty(errors);

        // The picture of the README is made here; a run with this variable set renews it.
        if (language == "en" && Environment.GetEnvironmentVariable("LARKSPUR_UPDATE_DOCS") == "1")
            File.Copy(Picture($"main-job-approved-{language}.png"), Path.Combine(Repository.Root, "docs", "images", "web-client.png"), overwrite: true);
    }

    private static string Picture(string name) => Path.Combine(Repository.Artifacts("screenshots"), name);

    private static Task ScreenshotAsync(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture(name) });
}
