using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Console.Accounts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>Somebody leaves who has an account of the console and a key: both end under their hands, and others take over.</summary>
public sealed class LeaverPageTests(ChromiumFixture chromium)
{
    private const string CarolsPassword = "quiet-meadow-lantern-4";

    [Fact]
    public async Task An_open_page_and_a_key_end_with_their_person_and_the_key_goes_on_with_another()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        await ConsoleSeed.DirectoryAsync(fixture);
        await ConsoleSeed.AccountAsync(fixture, "carol", Role.Operator, CarolsPassword);
        var page = await fixture.LogInAsync(path: "/console/accounts");
        await page.ClickAsync("tr[data-account=carol] [data-whose]");
        await ConsoleFixture.PictureAsync(page, "account-whose");
        await FindAsync(page, "carol@mica");
        await Expect(page.Locator("tr[data-account=carol] [data-person] a")).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, "accounts-people");

        await fixture.OpenAsync(page, "/console/api-keys");
        await page.ClickAsync("button.lk-primary:has-text('Create a key')");
        await page.ClickAsync("[data-holder] button");
        await FindAsync(page, "carol@mica");
        await Expect(page.Locator("div[data-holder]")).ToContainTextAsync("Held by");
        await ConsoleFixture.PictureAsync(page, "key-form-holder");
        await page.FillAsync("input[name=name]", "warehouse");
        await page.CheckAsync("input[name=scope][value='people:read']");
        await page.ClickAsync("form.lk-form button[type=submit]");
        var secret = await page.InputValueAsync("#lk-secret");
        Assert.Equal(200, await StatusAsync(fixture, secret));

        var carols = await fixture.LogInAsync("carol", CarolsPassword, path: "/console");
        await ChangeAsync(fixture, HttpMethod.Delete, "people/carol");
        await Expect(carols).ToHaveURLAsync(new Regex("/console/login"), new() { Timeout = 15_000 });
        Assert.Equal(401, await StatusAsync(fixture, secret));

        await fixture.OpenAsync(page, "/console");
        await page.Locator("[data-duties] a[href='/console/api-keys']").ClickAsync();
        var row = page.Locator("tr[data-key=warehouse]");
        await Expect(row).ToContainTextAsync("Holder left");
        await row.Locator("[data-holder] a").ClickAsync();
        var handover = page.Locator("[data-handover]");
        await Expect(handover.Locator("tr[data-kind=api_key]")).ToContainTextAsync("warehouse");
        await Expect(handover.Locator("tr[data-kind=console_account]")).ToContainTextAsync("Disabled");
        await ConsoleFixture.PictureAsync(page, "person-handover");
        await handover.Locator("tr[data-kind=api_key] a").ClickAsync();
        await row.Locator("[data-hand-over]").ClickAsync();
        await ConsoleFixture.PictureAsync(page, "key-hand-over");
        await FindAsync(page, "bob@mica");
        var handed = await page.InputValueAsync("#lk-secret");
        Assert.Equal((200, 401), (await StatusAsync(fixture, handed), await StatusAsync(fixture, secret)));
        await Expect(row).ToContainTextAsync("Active");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task On_a_phone_in_Chinese_and_in_the_dark_a_leavers_handover_fits()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        await ConsoleSeed.DirectoryAsync(fixture);
        await ConsoleSeed.PaymentAsync(fixture);
        var page = await fixture.LogInAsync(language: "zh", theme: ColorScheme.Dark, width: 390, height: 844, path: "/console/people");
        await page.Locator("tr[data-person]:has-text('艾丽丝') a").ClickAsync();
        await page.ClickAsync("[data-handover] [data-look]");
        await Expect(page.Locator("[data-handover] tr[data-kind=payment]")).ToContainTextAsync("PAY-2026-0007");
        await Expect(page.Locator("[data-handover] tr[data-kind=approval]")).ToContainTextAsync("由其发起的审批");
        await ConsoleFixture.PictureAsync(page, "person-handover-zh-dark-390");
        await fixture.OpenAsync(page, "/console/accounts");
        await page.ClickAsync("tr[data-account=admin] [data-whose]");
        await page.FillAsync("[data-picker] input", "mica.example");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-picker] [data-person]").First).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, "account-whose-zh-dark-390");
        await ConsoleFixture.FitsAsync(page);
        Assert.Empty(fixture.PageErrors);
    }

    private static async Task FindAsync(IPage page, string who)
    {
        await page.FillAsync("[data-picker] input", who);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("[data-picker] [data-person]").First.ClickAsync();
        await Expect(page.Locator("[data-picker]")).ToHaveCountAsync(0);
    }

    private static async Task<int> StatusAsync(ConsoleFixture fixture, string secret)
    {
        using var http = new HttpClient { BaseAddress = fixture.Gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/people?limit=1");
        request.Headers.Add("X-Api-Key", secret.Trim());
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static Task ChangeAsync(ConsoleFixture fixture, HttpMethod method, string path) => fixture.Emulator.ControlAsync(method, path);
}
