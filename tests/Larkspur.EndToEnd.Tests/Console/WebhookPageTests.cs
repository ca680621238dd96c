using System.Collections.Concurrent;
using System.Net.Http.Json;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks.Attempts;
using Larkspur.Gateway.Webhooks.Failing;
using Larkspur.Testing;
using Larkspur.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class WebhookPageTests(ChromiumFixture chromium)
{
    private const string Configured = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task A_webhook_is_added_tested_changed_renewed_enabled_again_and_taken_away()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?>
        {
            ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8",
            ["Larkspur:Webhooks:erp:Url"] = "https://erp.example.com/secret-path", ["Larkspur:Webhooks:erp:Secret"] = Configured,
        });
        var page = await fixture.LogInAsync(path: "/console/webhooks");
        await Expect(page.Locator("[data-webhook=erp] .lk-locked")).ToContainTextAsync("change it there");
        await Expect(page.Locator("[data-webhook=erp] .lk-danger")).ToHaveCountAsync(0);

        await page.GetByText("Add a webhook").First.ClickAsync();
        await FillAsync("name", "orders");
        await FillAsync("url", "ftp://example.com/");
        await page.Locator(".lk-picker input[value='approval.decided']").CheckAsync();
        await page.Locator(".lk-picker summary").ClickAsync();
        await FillAsync("event-search", "message.reaction.created");
        await Expect(page.Locator(".lk-many-picks input")).ToHaveCountAsync(1);
        await page.Locator(".lk-many-picks input").CheckAsync();
        await FillAsync("events", "payment.decided, erp.special_v1");
        await ConsoleFixture.PictureAsync(page, "webhooks-picker");
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("is not an https address");
        await FillAsync("url", receiver.Url);
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        var hook = page.Locator("[data-webhook=orders]");
        foreach (var type in (string[])["approval.decided", "im.message.reaction.created_v1", "payment.decided", "erp.special_v1"])
            await Expect(hook.Locator(".lk-facts")).ToContainTextAsync(type);
        var secret = await page.Locator("#lk-secret").InputValueAsync();
        await ConsoleFixture.PictureAsync(page, "webhooks-secret");

        await hook.GetByText("Test", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(hook.Locator("[data-test=delivered]")).ToBeVisibleAsync();
        Assert.True(receiver.Calls.TryDequeue(out var call));
        Assert.True(Receiver.IsSignedBy(call, secret));

        await hook.GetByText("Replace secret").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Replace secret");
        await Expect(page.Locator("#lk-secret")).Not.ToHaveValueAsync(secret);
        await Expect(hook).ToContainTextAsync("Old secret signs until");
        await page.GetByText("I have kept it").ClickAsync();
        await Expect(page.Locator("#lk-secret")).ToHaveCountAsync(0);

        await hook.GetByText("Change", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(hook.Locator("input[name=events]")).ToHaveValueAsync("erp.special_v1");
        await Expect(hook.Locator(".lk-picker input[value='payment.decided']")).ToBeCheckedAsync();
        await hook.Locator(".lk-picker input[value='*']").CheckAsync();
        await hook.Locator("button[type=submit]").ClickAsync();
        await Expect(hook).ToContainTextAsync("All events");

        receiver.Status = 410;
        await hook.GetByText("Test", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(hook.Locator("[data-test=failed]")).ToContainTextAsync("410");
        await hook.GetByText("Recent deliveries").ClickAsync();
        await Expect(hook.Locator("tr[data-delivery]")).ToHaveCountAsync(2);
        await Expect(hook).ToContainTextAsync("Gone (410)");
        await ConsoleFixture.PictureAsync(page, "webhooks-gone");
        await hook.GetByText("Enable again").ClickAsync();
        await Expect(hook.GetByText("Working")).ToBeVisibleAsync();

        await hook.GetByText("Delete").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Delete");
        await Expect(hook).ToHaveCountAsync(0);
        await fixture.OpenAsync(page, "/console/audit");
        foreach (var action in (string[])["added", "tested", "secret replaced", "changed", "enabled again", "deleted"]) await Expect(page.GetByText(new System.Text.RegularExpressions.Regex("Webhook.* " + action)).First).ToBeVisibleAsync();
        Assert.DoesNotContain("hook-path", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(fixture.PageErrors);

        Task FillAsync(string name, string text) => page.Locator($".lk-form [name={name}]").FillAsync(text);
    }

    [Theory]
    [InlineData("en", ColorScheme.Light, 1280)]
    [InlineData("zh", ColorScheme.Dark, 390)]
    public async Task A_delivery_opens_to_its_attempts_and_request_and_is_sent_again(string language, ColorScheme theme, int width)
    {
        await using var receiver = await Receiver.StartAsync();
        var secret = WebhookSecret.Generate();
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?>
        {
            ["Larkspur:Webhooks:erp:Url"] = receiver.Url, ["Larkspur:Webhooks:erp:Secret"] = secret,
            ["Larkspur:Webhooks:erp:AllowPrivateAddresses"] = "true",
        });
        var (texts, chinese) = (new Dictionary<string, string>
        {
            ["Test"] = "测试", ["Recent deliveries"] = "最近投递", ["Details"] = "详情", ["Resend"] = "重新发送", ["Filter"] = "筛选",
            ["Resend what failed"] = "重发失败的投递", ["Resend them"] = "重发", ["Close"] = "收起",
        }, language == "zh");
        receiver.Answer = "{\"error\":\"Order 17 is locked\",\"retry\":false}";
        receiver.Status = 500;
        var page = await fixture.LogInAsync(language: language, width: width, height: width == 390 ? 844 : 800, theme: theme, path: "/console/webhooks");
        var hook = page.Locator("[data-webhook=erp]");
        await Press(hook, "Test").ClickAsync();
        await Expect(hook.Locator("[data-test=failed]")).ToBeVisibleAsync();
        receiver.Status = 200;
        receiver.Answer = "{\"ok\":true}";
        await Press(hook, "Test").ClickAsync();
        await Expect(hook.Locator("[data-test=delivered]")).ToBeVisibleAsync();

        await Press(hook, "Recent deliveries").ClickAsync();
        await Expect(hook.Locator("tr[data-delivery]")).ToHaveCountAsync(2);
        await hook.Locator("select[name=state]").SelectOptionAsync("delivered");
        await Press(hook, "Filter").ClickAsync();
        await Expect(hook.Locator("tr[data-delivery]")).ToHaveCountAsync(1);
        await hook.Locator("select[name=state]").SelectOptionAsync("");
        var failed = receiver.Calls.First().Id;
        await hook.Locator("input[name=search]").FillAsync(failed);
        await Press(hook, "Filter").ClickAsync();
        await Expect(hook.Locator("tr[data-delivery]")).ToHaveAttributeAsync("data-delivery", failed);

        // By keyboard: the row opens, and its parts can be reached.
        var row = hook.Locator($"tr[data-delivery='{failed}']");
        await Press(row, "Details").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var opened = hook.Locator("tr.lk-history");
        await Expect(opened.Locator("[data-attempt='1']")).ToContainTextAsync("500");
        await Expect(opened.Locator("[data-attempt='1'] pre")).ToContainTextAsync("Order 17 is locked");
        await Expect(opened.Locator("[data-body]")).ToContainTextAsync("\"webhook\": \"erp\"");
        await opened.Locator("summary").ClickAsync();
        await Expect(opened).ToContainTextAsync("webhook-signature: v1,***");
        await ConsoleFixture.FitsAsync(page);
        await ConsoleFixture.PictureAsync(page, $"webhook-delivery-{language}-{width}");

        await Press(opened, "Resend").ClickAsync();
        await Expect(opened.Locator("[data-attempt]")).ToHaveCountAsync(2);
        await Expect(row).ToContainTextAsync(chinese ? "已送达" : "Delivered");
        Assert.Equal(3, receiver.Calls.Count);
        Assert.Equal(failed, receiver.Calls.Last().Id);

        await Press(hook, "Resend what failed").ClickAsync();
        await Expect(hook.Locator("[data-window] input[name=from]")).ToBeFocusedAsync();
        await ConsoleFixture.PictureAsync(page, $"webhook-resend-{language}-{width}");
        await Press(hook.Locator("[data-window]"), "Resend them").ClickAsync();
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync(chinese ? "没有失败的投递" : "Nothing failed in this time");
        await ConsoleFixture.FitsAsync(page);
        Assert.DoesNotContain("hook-path\"", await opened.InnerHTMLAsync(), StringComparison.Ordinal);
        Assert.Empty(fixture.PageErrors);

        ILocator Press(ILocator within, string english) => within.GetByRole(AriaRole.Button,
            new LocatorGetByRoleOptions { Name = chinese ? texts[english] : english, Exact = true });
    }

    [Fact]
    public async Task A_webhook_that_kept_failing_is_shown_as_off_and_enabled_again()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?>
        {
            ["Larkspur:Webhooks:erp:Url"] = "https://erp.example.com/secret-path", ["Larkspur:Webhooks:erp:Secret"] = Configured,
        });
        var now = DateTimeOffset.UtcNow;
        var failed = Enumerable.Range(1, 31).Select(i => new WebhookAttempt("erp", "msg_1", i, now - TimeSpan.FromHours(4 * i),
            TimeSpan.FromSeconds(1), "http_503",
            new WebhookAnswer(503, null)));
        await fixture.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(
            async unit => await AttemptStore.AddAsync(unit, failed), TestContext.Current.CancellationToken);
        await fixture.Gateway.Services.GetRequiredService<FailingWebhooks>().SwitchOffAsync("erp",
            _ => true, (_, _) => ValueTask.CompletedTask, TestContext.Current.CancellationToken);
        var page = await fixture.LogInAsync(language: "zh", width: 390, height: 844, path: "/console/webhooks");
        var hook = page.Locator("[data-webhook=erp]");
        await Expect(hook).ToContainTextAsync("持续失败，已停用");
        await Expect(hook).ToContainTextAsync("31 次投递全部失败（接收方回答 503）");
        await ConsoleFixture.FitsAsync(page);
        await ConsoleFixture.PictureAsync(page, "webhooks-failing-zh-390");
        await hook.GetByText("重新启用").ClickAsync();
        await Expect(hook.GetByText("正常")).ToBeVisibleAsync();
        await fixture.OpenAsync(page, "/console/audit");
        await Expect(page.GetByText("Webhook 持续失败，已停用").First).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task What_somebody_typed_into_a_card_is_for_administrators()
    {
        const string password = "quiet-meadow-lantern-4";
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = "{\"answer\":\"of the business system\"}";
        receiver.Status = 200;
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?>
        {
            ["Larkspur:Webhooks:erp:Url"] = receiver.Url, ["Larkspur:Webhooks:erp:Secret"] = WebhookSecret.Generate(),
            ["Larkspur:Webhooks:erp:Events"] = "card.action", ["Larkspur:Webhooks:erp:AllowPrivateAddresses"] = "true",
        });
        await fixture.Emulator.SetCallbackAsync(new Uri(fixture.Gateway.Address, "/webhook/feishu").ToString(), verify: true);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages")
        {
            Headers = { Authorization = new("Bearer", GatewayApp.ApiKey) },
            Content = JsonContent.Create(new
            {
                to = new { email = "bob@mica.example" },
                card_message = new
                {
                    title = "Order 17", text = "12 laptops", webhook = "erp",
                    actions = new[] { new { id = "confirm-order-17", label = "Confirm" } },
                },
            }),
        };
        using var sent = await fixture.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, sent.StatusCode);
        var chat = fixture.Emulator.State.P2pChat("bob", GatewayApp.AppId)!.ChatId;
        await fixture.Emulator.WaitForMessageAsync($"chat={chat}&from=app&contains=Order%2017");
        await fixture.Emulator.ActAsync(new { @as = "bob", @do = "click", chat, text = "Confirm" });
        await ConsoleSeed.AccountAsync(fixture, "olga", Role.Auditor, password);

        var admin = await OpenAsync(await fixture.LogInAsync(path: "/console/webhooks"));
        await Expect(admin.Locator("[data-body]")).ToContainTextAsync("confirm-order-17");
        await Expect(admin.Locator("[data-attempt='1'] pre")).ToContainTextAsync("of the business system");
        var auditor = await OpenAsync(await fixture.LogInAsync("olga", password, path: "/console/webhooks"));
        await Expect(auditor.Locator("[data-attempt='1']")).ToContainTextAsync("200");
        await Expect(auditor.Locator("[data-body], [data-attempt] pre")).ToHaveCountAsync(0);
        Assert.DoesNotContain("confirm-order-17", await auditor.InnerHTMLAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("of the business system", await auditor.InnerHTMLAsync(), StringComparison.Ordinal);
        Assert.Empty(fixture.PageErrors);

        static async Task<ILocator> OpenAsync(IPage page)
        {
            var hook = page.Locator("[data-webhook=erp]");
            await hook.GetByText("Recent deliveries").ClickAsync();
            var row = hook.Locator("tr[data-delivery]", new LocatorLocatorOptions { HasText = "Delivered" });
            await row.GetByText("Details").ClickAsync();
            return hook.Locator("tr.lk-history");
        }
    }

    /// <summary>A business system that keeps what it receives.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Receiver()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(async http =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                var headers = http.Request.Headers;
                Calls.Enqueue((headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), body.ToArray()));
                http.Response.StatusCode = Status;
                if (Answer is null) return;
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync(Answer);
            });
        }

        public ConcurrentQueue<(string Id, string Timestamp, string Signature, byte[] Body)> Calls { get; } = [];

        public int Status { get; set; } = 204;

        public string? Answer { get; set; }

        public string Url => _app.Urls.First() + "/hook-path";

        public static async Task<Receiver> StartAsync()
        {
            var receiver = new Receiver();
            await receiver._app.StartAsync();
            return receiver;
        }

        public static bool IsSignedBy((string Id, string Timestamp, string Signature, byte[] Body) call, string secret) =>
            new WebhookVerifier([WebhookSecret.Parse(secret)]).Verify(call.Id, call.Timestamp, call.Signature, call.Body) == WebhookVerdict.Valid;

        public async ValueTask DisposeAsync() => await _app.DisposeAsync();
    }
}
