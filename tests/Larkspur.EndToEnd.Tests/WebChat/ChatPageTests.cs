using System.Net.Http.Json;
using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebChat;

/// <summary>The chat page in a browser.</summary>
public sealed class ChatPageTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task Somebody_asks_reads_judges_and_comes_back()
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        var page = await fixture.ChatAsync();
        // The token is out of the address at once.
        Assert.DoesNotContain("#", page.Url, StringComparison.Ordinal);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello Alice, how can I help?" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Ask something…" })).ToBeFocusedAsync();

        await ChatFixture.AskAsync(page, "What is left of the budget?");
        var answer = page.Locator("li.answer.finished");
        await Expect(answer.Locator(".body li")).ToHaveTextAsync(["12,000 CNY of the office budget of 2026 are left", "Approver: Bob"]);
        await Expect(answer.Locator(".body strong")).ToHaveTextAsync("What is left of the budget?");
        await Expect(answer.Locator(".note")).ToContainTextAsync("2026 年预算.xlsx");
        await Expect(page.Locator("li.question")).ToHaveCountAsync(1);
        await Expect(page.Locator("#welcome")).ToBeHiddenAsync();

        await answer.GetByRole(AriaRole.Button, new() { Name = "👍 Helpful" }).ClickAsync();
        await Expect(page.Locator("#notice.success")).ToHaveTextAsync("Thank you!");

        await ChatFixture.AskAsync(page, "/help");
        await Expect(page.Locator("li.words")).ToContainTextAsync("/new");
        await answer.GetByRole(AriaRole.Button, new() { Name = "Answer again" }).ClickAsync();
        await Expect(page.Locator("li.answer.finished")).ToHaveCountAsync(2);

        await page.ReloadAsync();
        await ChatFixture.LiveAsync(page);
        await Expect(page.Locator("#messages > li")).ToHaveCountAsync(5);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task An_answer_grows_can_be_stopped_and_survives_a_lost_connection()
    {
        await using var fixture = await ChatFixture.StartAsync(chromium, "app-emulator-slow");
        var page = await fixture.ChatAsync(expectsErrors: true);
        // The answer repeats the question: at six characters a second it is far from its end when it is stopped, on a slow machine too.
        await ChatFixture.AskAsync(page, string.Join(' ', Enumerable.Repeat("slowly", 90)));
        await Expect(page.Locator("li.answer.writing")).ToBeVisibleAsync();
        await Expect(page.Locator("li.answer")).ToHaveAttributeAsync("aria-busy", "true");
        var body = page.Locator("li.answer .body");
        await AdvanceUntilAsync(fixture, Expect(body).ToContainTextAsync("Questi"));
        await ChatFixture.PictureAsync(page, "writing");

        await page.Context.SetOfflineAsync(true);
        await fixture.Emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
        await page.Context.SetOfflineAsync(false);
        await ChatFixture.LiveAsync(page);
        await AdvanceUntilAsync(fixture, Expect(body).ToContainTextAsync("conversation"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(page.Locator("li.answer.stopped .note")).ToContainTextAsync("Stopped");
        await Expect(page.Locator("li.answer")).ToHaveAttributeAsync("aria-busy", "false");
        await Expect(page.Locator("li.answer")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Without_a_session_it_says_so()
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        var page = await fixture.BrowserAsync("zh", expectsErrors: true);
        var here = new Uri(fixture.Gateway.Address, "/chat").ToString();
        await page.GotoAsync(here);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("用公司账号登录后即可开始");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "登录" })).ToHaveAttributeAsync("href", "/chat/sign-in");
        await Expect(page.Locator("form")).ToBeHiddenAsync();
        using var switched = await fixture.Gateway.Http.PatchAsJsonAsync(new Uri("/api/v1/settings", UriKind.Relative),
            new Dictionary<string, object> { ["web_chat.sign_in"] = false }, TestContext.Current.CancellationToken);
        Assert.True(switched.IsSuccessStatusCode);
        await page.GotoAsync(here + "?off");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("请从原来的页面打开");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "无法打开对话" })).ToBeInViewportAsync();
        await Expect(page.Locator("form")).ToBeHiddenAsync();
        await page.GotoAsync(new Uri(fixture.Gateway.Address, "/chat?again#lw_" + new string('A', 43)).ToString());
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("会话已结束");

        var begun = await fixture.BeginAsync();
        var second = await fixture.BrowserAsync(expectsErrors: true);
        await second.GotoAsync(begun["address"]!.GetValue<string>());
        await ChatFixture.LiveAsync(second);
        await fixture.Gateway.Http.DeleteAsync($"/api/v1/web-chat/sessions/{begun["session"]!["id"]}", TestContext.Current.CancellationToken);
        await Expect(second.GetByRole(AriaRole.Alert)).ToContainTextAsync("Your session has ended");
        await ChatFixture.PictureAsync(second, "ended");
    }

    [Fact]
    public async Task It_is_embedded_where_the_session_allows_it_and_nowhere_else()
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        await using var allowed = await PortalAsync();
        await using var foreign = await PortalAsync();
        var begun = await fixture.BeginAsync(new { issuer = "erp", subject = "alice", locale = "en_us", origins = new[] { allowed.Urls.Single() } });
        foreach (var (site, shows) in new[] { (allowed, true), (foreign, false) })
        {
            var page = await fixture.BrowserAsync(expectsErrors: true);
            await page.GotoAsync($"{site.Urls.Single()}/?{Uri.EscapeDataString(begun["address"]!.GetValue<string>())}");
            var frame = page.FrameLocator("iframe");
            if (shows)
            {
                await frame.Locator("textarea").FillAsync("/help");
                await frame.Locator("textarea").PressAsync("Enter");
                await Expect(frame.Locator("li.words")).ToContainTextAsync("/new");
            }
            else
            {
                await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
                await Expect(frame.Locator("textarea")).ToHaveCountAsync(0);
            }
        }
    }

    [Theory]
    [InlineData("en", 1000, 760, ColorScheme.Light)]
    [InlineData("zh", 1000, 760, ColorScheme.Dark)]
    [InlineData("zh", 375, 700, ColorScheme.Light)]
    [InlineData("en", 375, 700, ColorScheme.Dark)]
    public async Task It_looks_right(string language, int width, int height, ColorScheme theme)
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        var page = await fixture.ChatAsync(language, width, height, theme);
        var name = $"{language}-{(width > 500 ? "wide" : "narrow")}-{theme.ToString().ToLowerInvariant()}";
        await ChatFixture.PictureAsync(page, name + "-welcome");
        await ChatFixture.AskAsync(page, language == "zh" ? "今年的办公预算还剩多少？" : "What is left of the office budget of this year, and who approves?");
        await Expect(page.Locator("li.answer.finished")).ToHaveCountAsync(1);
        await ChatFixture.AskAsync(page, "/help");
        await Expect(page.Locator("li.words")).ToHaveCountAsync(1);
        await Expect(page.Locator("header h1")).ToHaveTextAsync(language == "zh" ? "智能助手" : "Assistant");
        // Nothing is wider than the window.
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await ChatFixture.PictureAsync(page, name);
        Assert.Empty(fixture.PageErrors);
    }

    /// <summary>A site with a page that embeds the address in its query.</summary>
    private static async Task<WebApplication> PortalAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var portal = builder.Build();
        portal.MapGet("/", (HttpContext http) => Results.Content(
            $"<!DOCTYPE html><title>Portal</title><iframe src=\"{Uri.UnescapeDataString(http.Request.QueryString.Value![1..])}\" title=\"Assistant\" width=\"400\" height=\"600\"></iframe>", "text/html"));
        await portal.StartAsync();
        return portal;
    }

    private static async Task AdvanceUntilAsync(ChatFixture fixture, Task comes)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        do
        {
            await fixture.Emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
            await ticks.WaitForNextTickAsync();
        }
        while (!comes.IsCompleted);
        await comes;
    }
}
