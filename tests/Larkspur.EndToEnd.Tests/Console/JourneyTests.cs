using System.Net;
using System.Net.Http.Json;
using Larkspur.Emulator.DingTalk;
using Larkspur.Emulator.WeCom;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>The first hour, on a phone's width and without a mouse: from an empty database to three platforms, a card, a click, and the
/// webhook that tells of it.</summary>
public sealed class JourneyTests(ChromiumFixture chromium)
{
    private const int Phone = 390;
    private static readonly WeComSettings WeCom = new();
    private static readonly DingTalkSettings DingTalk = new();

    [Fact]
    public async Task An_administrator_connects_three_platforms_and_sees_a_click_reach_the_business_system()
    {
        await using var erp = await HookServer.StartAsync((request, body) => (Kept: (Id: request.Headers["webhook-id"].ToString(),
            Body: body), 200, ""));
        await using var fixture = await ConsoleFixture.StartAsync(chromium, Unnamed);
        var page = await fixture.BrowserAsync(width: Phone, height: 844, theme: ColorScheme.Dark);
        await page.GotoAsync(fixture.Address + "/");
        await PressAsync(page, page.GetByText("Set the gateway up"));
        await TypeAsync(page, page.Locator("input[name=code]"), fixture.SetupCode);
        await TypeAsync(page, page.Locator("input[name=name]"), "anna");
        await TypeAsync(page, page.Locator("input[name=password]"), ConsoleFixture.Password);
        await page.Keyboard.PressAsync("Enter");
        await ConsoleFixture.LiveAsync(page);

        await ConnectAsync(page, "feishu", new()
        {
            ["app_id"] = GatewayApp.AppId, ["app_secret"] = GatewayApp.AppSecret, ["encrypt_key"] = GatewayApp.EncryptKey,
                ["verification_token"] = GatewayApp.VerificationToken,
        });
        await ConnectAsync(page, "wecom", new()
        {
            ["corp_id"] = WeCom.CorpId, ["agent_id"] = "1000002", ["secret"] = WeCom.Secret, ["token"] = WeCom.Token,
                ["encoding_aes_key"] = WeCom.EncodingAesKey,
            ["aibot_id"] = WeCom.AiBotId, ["aibot_secret"] = WeCom.AiBotSecret,
        });
        await ConnectAsync(page, "dingtalk", new() { ["client_id"] = DingTalk.ClientId, ["client_secret"] = DingTalk.ClientSecret,
            ["robot_code"] = DingTalk.RobotCode });
        await ConsoleFixture.FitsAsync(page);
        await ConsoleFixture.PictureAsync(page, "journey-connected-390-dark");
        await PressAsync(page, page.Locator("[data-next]"));
        await Expect(page.Locator(".lk-steps [aria-current=step]")).ToHaveTextAsync("Choose notifications");
        await PressAsync(page, page.Locator("[data-next]"));

        // A card on each platform, each to the end.
        foreach (var (platform, person) in new[] { ("feishu", "bob@mica.example"), ("wecom", "bob"), ("dingtalk", "bob") })
        {
            await page.Locator("select[name=platform]").SelectOptionAsync(platform);
            await page.Locator("input[name=person]").FillAsync("");
            await TypeAsync(page, page.Locator("input[name=person]"), person);
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.Locator("[data-card=sent]")).ToContainTextAsync("The card has arrived");
            if (platform == "feishu") await ConsoleFixture.PictureAsync(page, "journey-card-390-dark");
            await fixture.OpenAsync(page, "/console/welcome");
        }

        await PressAsync(page, page.Locator("[data-next]"));
        await Expect(page.Locator("[data-end=ready]")).ToContainTextAsync("The gateway is ready");
        await ConsoleFixture.FitsAsync(page);

        // The business system's webhook.
        await fixture.OpenAsync(page, "/console/webhooks");
        await PressAsync(page, page.GetByText("Add a webhook").First);
        await Expect(page.Locator("input[name=name]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("erp");
        await TypeAsync(page, page.Locator("input[name=url]"), erp.Url);
        await TabToAsync(page, page.Locator(".lk-picker input[value='card.action']"));
        await page.Keyboard.PressAsync("Space");
        await PressAsync(page, page.Locator(".lk-form button[type=submit]"));
        await Expect(page.Locator("[data-webhook=erp]")).ToBeVisibleAsync();

        // It sends a card with a button to Bob, who presses it.
        await fixture.Emulator.SetCallbackAsync(new Uri(fixture.Gateway.Address, "/webhook/feishu").ToString(), verify: true);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages")
        {
            Headers = { Authorization = new("Bearer", GatewayApp.ApiKey) },
            Content = JsonContent.Create(new
            {
                to = new { email = "bob@mica.example" },
                card_message = new { title = "Order 17", text = "12 laptops", webhook = "erp", actions = new[] { new { id = "confirm",
                    label = "Confirm" } } },
            }),
        };
        using var sent = await fixture.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        var chat = fixture.Emulator.State.P2pChat("bob", GatewayApp.AppId)!.ChatId;
        await fixture.Emulator.WaitForMessageAsync($"chat={chat}&from=app&contains=Order%2017");
        await fixture.Emulator.ActAsync(new { @as = "bob", @do = "click", chat, text = "Confirm" });
        var told = await erp.NextAsync();
        Assert.Contains("\"confirm\"", told.Body, StringComparison.Ordinal);

        // And the administrator sees that it was told.
        await PressAsync(page, page.Locator("[data-webhook=erp]").GetByText("Recent deliveries"));
        var row = page.Locator("[data-webhook=erp] tbody tr").First;
        await Expect(row).ToContainTextAsync("card.action");
        await Expect(row).ToContainTextAsync("Delivered");
        await PressAsync(page, row.GetByText("Details"));
        await Expect(page.Locator("[data-webhook=erp] tr.lk-history")).ToContainTextAsync(told.Id);
        await Expect(page.Locator("[data-webhook=erp] [data-attempt='1']")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-webhook=erp] [data-body]")).ToContainTextAsync("confirm");
        await ConsoleFixture.FitsAsync(page);
        await ConsoleFixture.PictureAsync(page, "journey-webhook-390-dark");
        Assert.Empty(fixture.PageErrors);
    }

    /// <summary>No platform's app is named by the environment; its hosts are.</summary>
    private static Dictionary<string, string?> Unnamed(Uri platform) => new(ConsoleFixture.NoApp)
    {
        ["LARKSPUR_ADMIN_PASSWORD"] = null, ["WECOM_BASE_URL"] = platform.ToString(), ["DINGTALK_BASE_URL"] = platform.ToString(),
        ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8",
    };

    private static async Task ConnectAsync(IPage page, string platform, Dictionary<string, string> values)
    {
        await PressAsync(page, page.Locator($"[data-platform={platform}]"));
        foreach (var (name, value) in values) await TypeAsync(page, page.Locator($"input#s-auth-{platform}-{name}"), value);
        await PressAsync(page, page.Locator("[data-connect]"));
        await Expect(page.Locator("[data-trial]")).ToHaveAttributeAsync("data-trial", "ok");
        await Expect(page.Locator($"[data-platform={platform}]")).ToContainTextAsync("Connected");
    }

    private static async Task TypeAsync(IPage page, ILocator field, string text)
    {
        await TabToAsync(page, field);
        await page.Keyboard.TypeAsync(text);
    }

    private static async Task PressAsync(IPage page, ILocator button)
    {
        await TabToAsync(page, button);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Goes there with Tab alone, as who has no mouse does.</summary>
    private static async Task TabToAsync(IPage page, ILocator there)
    {
        await Expect(there).ToBeVisibleAsync();
        for (var steps = 0; steps < 200; steps++)
        {
            if (await there.EvaluateAsync<bool>("e => e === document.activeElement || e.contains(document.activeElement) && document.activeElement !== document.body")) return;
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Tab never reached {there}");
    }
}
