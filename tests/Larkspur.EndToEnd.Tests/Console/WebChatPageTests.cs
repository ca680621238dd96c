using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Dify;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Console.Accounts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class WebChatPageTests(ChromiumFixture chromium)
{
    private const string OperatorsPassword = "quiet-meadow-lantern-4";

    [Fact]
    public async Task Sessions_are_seen_and_ended_and_the_snippets_embed_a_site()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.AccountAsync(fixture, "otto", Role.Operator, OperatorsPassword);
        var page = await fixture.LogInAsync(path: "/console/web-chat");
        await Expect(page.Locator("[data-sessions] .lk-empty")).ToContainTextAsync("No session is open");
        await Expect(page.Locator(".lk-banner")).ToContainTextAsync("No assistant is set up");

        for (var number = 1; number <= 52; number++) await BeginAsync(fixture, "E" + number, "Person " + number);
        var begun = await BeginAsync(fixture, "E1001", "王小明", "https://intranet.example.com");
        var (name, token) = (begun["session"]!["id"]!.GetValue<string>(), begun["token"]!.GetValue<string>());
        var row = page.Locator($"tr[data-session={name}]");
        // The page looks again by itself.
        await Expect(row).ToContainTextAsync("王小明", new LocatorAssertionsToContainTextOptions { Timeout = 30_000 });
        await Expect(row).ToContainTextAsync("https://intranet.example.com");
        await Expect(page.Locator("[data-sessions] tbody tr")).ToHaveCountAsync(50);
        await page.GetByText("Older sessions").ClickAsync();
        await Expect(page.Locator("[data-sessions] tbody tr")).ToHaveCountAsync(53);
        await Expect(page.GetByText("Older sessions")).ToHaveCountAsync(0);

        var watcher = await fixture.LogInAsync("otto", OperatorsPassword, language: "zh", path: "/console/web-chat");
        await Expect(watcher.Locator($"tr[data-session={name}]")).ToContainTextAsync("打开");
        await Expect(watcher.GetByText("结束会话")).ToHaveCountAsync(0);
        await Expect(watcher.GetByText("试用聊天", new PageGetByTextOptions { Exact = true })).ToHaveCountAsync(0);

        Assert.Equal(HttpStatusCode.OK, await ChatAsync(fixture, token));
        await row.GetByText("End this session").ClickAsync();
        await ConsoleFixture.SureAsync(page, "End this session");
        await Expect(row).ToHaveCountAsync(0);
        Assert.Equal(HttpStatusCode.Unauthorized, await ChatAsync(fixture, token));
        await page.GetByText("Include ended sessions").CheckAsync();
        await Expect(row).ToContainTextAsync("Ended");

        await page.Locator("input[name=origin]").FillAsync("https://portal.example.com/path");
        await Expect(page.Locator("#lk-origin-note")).ToContainTextAsync("without a path");
        await page.Locator("input[name=origin]").FillAsync("https://Portal.example.com");
        await Expect(page.Locator("#lk-begin")).ToHaveValueAsync(new Regex("\"origins\": \\[\"https://portal.example.com\"\\]"));
        await Expect(page.Locator("#lk-begin")).ToHaveValueAsync(new Regex(Regex.Escape(fixture.Address + "/api/v1/web-chat/sessions")));
        await page.Locator("[data-copy=lk-frame]").ClickAsync();
        await Expect(page.Locator("[data-copy=lk-frame] .lk-copy-done")).ToBeVisibleAsync();
        await fixture.OpenAsync(page, "/console/audit");
        await Expect(page.GetByText("Web chat session ended")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task An_administrator_tries_the_chat_in_a_tab_of_its_own()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?>
        {
            // Nobody asks it anything: an address is enough for an assistant to be there.
            ["DIFY_BASE_URL"] = "http://127.0.0.1:9/v1", ["DIFY_API_KEY"] = DifyApp.DefaultKey,
        });
        var page = await fixture.LogInAsync(path: "/console/web-chat");
        await Expect(page.Locator(".lk-banner")).ToHaveCountAsync(0);
        await page.GetByText("Try the chat", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-trial]")).ToBeFocusedAsync();
        await ConsoleFixture.PictureAsync(page, "web-chat-trial");
        var chat = await page.RunAndWaitForPopupAsync(() => page.Locator("[data-trial]").ClickAsync());
        await Expect(chat.Locator("textarea")).ToBeEditableAsync();
        var row = page.Locator("[data-sessions] tbody tr");
        await Expect(row).ToContainTextAsync("larkspur-console");
        await Expect(row).ToContainTextAsync("console:admin");
        await row.GetByText("End this session").ClickAsync();
        await ConsoleFixture.SureAsync(page, "End this session");
        await Expect(chat.GetByText("Your session has ended")).ToBeVisibleAsync();
    }

    private static async Task<JsonNode> BeginAsync(ConsoleFixture fixture, string subject, string name, params string[] origins)
    {
        var wanted = new { issuer = "https://intranet.example.com", subject, name, origins = origins.Length > 0 ? origins : null };
        using var answer = await fixture.Gateway.Http.PostAsJsonAsync(new Uri("/api/v1/web-chat/sessions", UriKind.Relative), wanted,
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
    }

    private static async Task<HttpStatusCode> ChatAsync(ConsoleFixture fixture, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, fixture.Address + "/chat/api/v1/session");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
