using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Console.Accounts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class CommandsPageTests(ChromiumFixture chromium)
{
    private const string AuditorsPassword = "quiet-meadow-lantern-4";
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task A_registered_command_shows_its_form_and_calls_and_is_taken_away_by_an_administrator()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?>
        {
            ["Larkspur:Webhooks:hr:Url"] = "https://hr.example.com/hook", ["Larkspur:Webhooks:hr:Secret"] = Secret,
            ["Larkspur:Webhooks:hr:Events"] = "command.called",
        });
        await fixture.Emulator.SetCallbackAsync(new Uri(fixture.Gateway.Address, "/webhook/feishu").ToString(), verify: true);
        await ConsoleSeed.AccountAsync(fixture, "olga", Role.Auditor, AuditorsPassword);
        var page = await fixture.LogInAsync(path: "/console/commands");
        await Expect(page.Locator(".lk-empty")).ToContainTextAsync("PUT /api/v1/commands/{name}");
        await Expect(page.Locator("[data-fixed] tr[data-command=help]")).ToContainTextAsync("Gateway");
        await Expect(page.Locator("[data-fixed] td", new PageLocatorOptions { HasText = "Plug-in" }).First).ToBeVisibleAsync();

        await PutAsync(fixture, "ticket", new { description = new { zh = "报修", en = "report a fault" }, aliases = new[] { "报修" } });
        await PutAsync(fixture, "leave", new
        {
            description = new { zh = "请假", en = "ask for leave" }, answer_within_seconds = 600,
            form = new { title = new { zh = "请假申请", en = "Leave" }, inputs = new[] { new { id = "reason", label = "Reason" } } },
        });
        var ticket = page.Locator("[data-command=ticket]");
        // The page looks again by itself.
        await Expect(ticket).ToContainTextAsync("report a fault", Slowly);
        await Expect(ticket).ToContainTextAsync("Available");
        await page.Locator("[data-command=leave]").GetByText("See the form").ClickAsync();
        await Expect(page.Locator("[data-command=leave] .lk-card")).ToContainTextAsync("Reason");

        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", text = "/ticket the lamp" });
        await ticket.GetByText("Recent calls").ClickAsync();
        await Expect(ticket.Locator("tbody tr")).ToContainTextAsync("Waits for the answer", Slowly);
        await Expect(ticket.Locator("tbody tr")).ToContainTextAsync("the lamp");
        var call = (await ConsoleSeed.GetAsync(fixture, "commands/ticket/calls"))["items"]![0]!["call"]!.GetValue<string>();
        await SendAsync(fixture, HttpMethod.Post, $"commands/ticket/calls/{call}/answers", new { text = "T-1 is open" });
        await Expect(ticket.Locator("tbody tr")).ToContainTextAsync("Answered", Slowly);
        await ConsoleFixture.PictureAsync(page, "commands-calls");

        var auditor = await fixture.LogInAsync("olga", AuditorsPassword, language: "zh", width: 390, height: 844, path: "/console/commands");
        await auditor.Locator("[data-command=ticket]").GetByText("最近调用").ClickAsync();
        await Expect(auditor.Locator("[data-command=ticket] tbody tr")).ToContainTextAsync("已答复");
        await Expect(auditor.GetByText("删除")).ToHaveCountAsync(0);
        await ConsoleFixture.PictureAsync(auditor, "commands-calls-390");

        await ticket.GetByText("Delete").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Delete");
        await Expect(ticket).ToHaveCountAsync(0);
        await Expect(auditor.Locator("[data-command=ticket]")).ToHaveCountAsync(0, new LocatorAssertionsToHaveCountOptions { Timeout = 30_000 });
        Assert.DoesNotContain((await ConsoleSeed.GetAsync(fixture, "commands"))["items"]!.AsArray(), c => Name(c) == "ticket");
        await fixture.OpenAsync(page, "/console/audit");
        await Expect(page.Locator("tr", new PageLocatorOptions { HasText = "Command deleted" })).ToContainTextAsync("console:admin");
        Assert.Empty(fixture.PageErrors);
    }

    private static LocatorAssertionsToContainTextOptions Slowly => new() { Timeout = 30_000 };

    private static string Name(JsonNode? command) => command!["name"]!.GetValue<string>();

    private static Task PutAsync(ConsoleFixture fixture, string name, object body) =>
        SendAsync(fixture, HttpMethod.Put, "commands/" + name, body);

    private static async Task SendAsync(ConsoleFixture fixture, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, new Uri("/api/v1/" + path, UriKind.Relative)) { Content = JsonContent.Create(body) };
        using var response = await fixture.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
