using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>An administrator connects a system that people sign in to.</summary>
public sealed class ClientsPageTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task A_system_is_connected_given_another_secret_switched_off_and_removed()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(path: "/console/sign-in-clients");
        await page.ClickAsync("[data-add]");
        await page.FillAsync("input[name=name]", "Grafana");
        await page.FillAsync("textarea[name=redirect-uris]", "ftp://grafana.mica.example/");
        await page.ClickAsync("form.lk-form button[type=submit]");
        await Expect(page.Locator("section[data-client]")).ToHaveCountAsync(0);
        await page.FillAsync("textarea[name=redirect-uris]", "https://grafana.mica.example/login/generic_oauth");
        await ConsoleFixture.PictureAsync(page, "clients-form");
        await page.ClickAsync("form.lk-form button[type=submit]");
        var secret = await page.InputValueAsync("#lk-secret");
        Assert.StartsWith("ls_", secret, StringComparison.Ordinal);
        var client = page.Locator("section[data-client=Grafana]");
        await Expect(client).ToContainTextAsync("lc_");
        await ConsoleFixture.PictureAsync(page, "clients-secret");
        await client.Locator("[data-rotate]").ClickAsync();
        await ConsoleFixture.SureAsync(page, "New secret");
        await Expect(page.Locator("#lk-secret")).Not.ToHaveValueAsync(secret);
        await client.Locator("[data-switch]").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Disable");
        await Expect(client).ToContainTextAsync("Disabled");
        var phone = await fixture.LogInAsync(language: "zh", theme: ColorScheme.Dark, width: 390, height: 844,
            path: "/console/sign-in-clients");
        await phone.ClickAsync("[data-add]");
        await ConsoleFixture.PictureAsync(phone, "clients-zh-dark-390");
        await ConsoleFixture.FitsAsync(phone);
        await client.Locator("[data-remove]").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Remove");
        await Expect(client).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }
}
