using System.Collections.Concurrent;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

[Collection(ChromiumCollection.Name)]
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
        await FillAsync("events", "approval.decided, payment.decided");
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("is not an https address");
        await FillAsync("url", receiver.Url);
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        var hook = page.Locator("[data-webhook=orders]");
        await Expect(hook).ToContainTextAsync("payment.decided");
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
        await FillAsync("events", "*");
        await hook.Locator("button[type=submit]").ClickAsync();
        await Expect(hook).ToContainTextAsync("All events");

        receiver.Status = 410;
        await hook.GetByText("Test", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(hook.Locator("[data-test=failed]")).ToContainTextAsync("410");
        await hook.GetByText("Recent deliveries").ClickAsync();
        await Expect(hook.Locator("tbody tr")).ToHaveCountAsync(2);
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
            });
        }

        public ConcurrentQueue<(string Id, string Timestamp, string Signature, byte[] Body)> Calls { get; } = [];

        public int Status { get; set; } = 204;

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
