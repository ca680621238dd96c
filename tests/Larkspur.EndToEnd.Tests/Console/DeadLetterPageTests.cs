using System.Text.Json;
using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class DeadLetterPageTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task An_operator_replays_a_dead_letter_and_discards_it_and_both_are_told_of()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        // No attempt can read it.
        var pushed = await fixture.Emulator.ControlAsync(HttpMethod.Post, "push", new
        {
            type = "im.message.receive_v1", callback_url = new Uri(fixture.Gateway.Address, "/webhook/feishu").ToString(), @event = new { chat_id = "oc_nowhere", message = "no object" },
        });
        var id = (await fixture.Gateway.OutcomeAsync(pushed["event_id"]!.GetValue<string>())).GetProperty("id").GetInt64();
        var page = await fixture.LogInAsync(path: "/console/deliveries?box=inbox&status=dead");
        var row = page.Locator($"tr[data-row='{id}']");
        await Expect(row).ToContainTextAsync("the event could not be read");
        await fixture.OpenAsync(page, "/console");
        await Expect(page.Locator(".lk-banner.lk-warn")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("dead letters? (is|are) waiting"));
        await fixture.OpenAsync(page, "/console/deliveries?box=inbox&status=dead");
        await row.GetByText("Details").ClickAsync();
        await ConsoleFixture.PictureAsync(page, "deliveries-dead");
        await page.Locator(".lk-history").GetByText("Replay", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("Back in the queue");
        await fixture.Gateway.CountsAsync(2, "larkspur_inbox_dead_total");

        await fixture.OpenAsync(page, "/console/deliveries?box=inbox&status=dead");
        await row.GetByText("Details").ClickAsync();
        await page.Locator(".lk-history").GetByText("Discard", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await ConsoleFixture.SureAsync(page, "Discard");
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("Discarded");
        var details = JsonSerializer.Deserialize<JsonElement>(await fixture.Gateway.Http.GetStringAsync(new Uri($"/api/v1/inbox/{id}", UriKind.Relative), TestContext.Current.CancellationToken)).GetProperty("history");
        Assert.Equal(["dead", "replayed", "dead", "discarded"], details.EnumerateArray().Select(l => l.GetProperty("what").GetString()));
        await fixture.OpenAsync(page, "/console/audit");
        await Expect(page.GetByText("inbox.replayed").First).ToBeVisibleAsync();
        await Expect(page.GetByText("inbox.discarded").First).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }
}
