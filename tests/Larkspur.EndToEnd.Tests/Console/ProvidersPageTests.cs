using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>An administrator lets people sign in by the company's identity provider.</summary>
public sealed class ProvidersPageTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task A_provider_is_added_tested_switched_off_and_removed()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium,
            new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" });
        var page = await fixture.LogInAsync(path: "/console/sign-in-methods");
        await page.ClickAsync("[data-add-provider]");
        await page.FillAsync("input[name=provider-name]", "feishu-two");
        await page.FillAsync("input[name=title-en]", "Company account");
        await page.FillAsync("input[name=issuer]", "http://127.0.0.1:9/realms/company");
        await page.FillAsync("input[name=client-id]", "larkspur");
        await page.FillAsync("input[name=client-secret]", "a-secret-that-is-long-enough");
        await page.ClickAsync("[data-providers] form button[type=submit]");
        await Expect(page.Locator("[data-provider]")).ToHaveCountAsync(0);
        await page.FillAsync("input[name=provider-name]", "company");
        await ConsoleFixture.PictureAsync(page, "providers-form");
        await page.ClickAsync("[data-providers] form button[type=submit]");
        var provider = page.Locator("[data-provider=company]");
        await Expect(provider).ToContainTextAsync("On");
        await Expect(page.Locator("#lk-callback-company")).ToHaveValueAsync(fixture.Address + "/sign-in/company/callback");
        // Nobody listens there: it says so.
        await provider.Locator("[data-test]").ClickAsync();
        await Expect(provider.Locator("[data-tested].lk-alert")).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, "providers-tested");
        await provider.Locator("[data-switch]").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Switch off");
        await Expect(provider).ToContainTextAsync("Off");
        var phone = await fixture.LogInAsync(language: "zh", theme: ColorScheme.Dark, width: 390, height: 844,
            path: "/console/sign-in-methods");
        await phone.ClickAsync("[data-add-provider]");
        await ConsoleFixture.PictureAsync(phone, "providers-zh-dark-390");
        await ConsoleFixture.FitsAsync(phone);
        await provider.Locator("[data-remove]").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Remove");
        await Expect(provider).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }
}
