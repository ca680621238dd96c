using System.Net.Http.Json;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>SCIM targets: added, watched, previewed, mended and removed on the page, and the token is never shown.</summary>
public sealed class ScimTargetsPageTests(ChromiumFixture chromium)
{
    private const string AuditorsPassword = "quiet-meadow-lantern-4";

    [Theory]
    [InlineData("zh", ColorScheme.Dark, 390)]
    [InlineData("en", ColorScheme.Light, 1280)]
    public async Task A_target_is_added_previewed_paused_mended_and_removed(string language, ColorScheme theme, int width)
    {
        var chinese = language == "zh";
        await using var target = await FakeTarget.StartAsync();
        target.Add("taken", "somebody-else");
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" });
        await ConsoleSeed.DirectoryAsync(fixture);
        var page = await fixture.LogInAsync(language: language, theme: theme, width: width, height: width == 390 ? 844 : 800, path: "/console/scim-targets");
        await Expect(page.Locator(".lk-empty")).ToBeVisibleAsync();
        await PictureAsync("empty");

        await Press("添加推送目标", "Add a target").First.ClickAsync();
        await FillAsync("name", "slack");
        await FillAsync("url", "http://8.8.8.8/scim/v2");
        await FillAsync("token", FakeTarget.Token);
        await page.Locator(".lk-form [name=user-name]").SelectOptionAsync("user_id");
        await page.Locator(".lk-form [name=groups]").SelectOptionAsync("departments");
        await PictureAsync("form");
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("https");
        await page.Locator(".lk-toasts button").First.ClickAsync();
        await FillAsync("url", target.Url);
        // By the keyboard alone.
        await page.Locator(".lk-form [name=url]").PressAsync("Enter");
        await Expect(page.Locator("[data-target=slack]")).ToBeVisibleAsync();
        await fixture.HoldsAsync(() => target.Users.Count == 4, "the people at the target");
        await Expect(page.Locator("[data-target=slack] .lk-state")).ToHaveTextAsync(chinese ? "正常" : "Up to date", new() { Timeout = 20_000 });
        await PictureAsync("list");

        await page.Locator("[data-target=slack] h2 a").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-state=active]")).ToBeVisibleAsync();
        await page.Locator("[data-dry-run]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-difference] [data-counts]")).ToContainTextAsync(chinese ? "3 人不变" : "3 as they are");
        await PictureAsync("one");

        // Somebody is refused, and the token ends.
        target.Odd = r => r.Method == "PATCH" ? (400, FakeTarget.Error(400, "invalidValue", "displayName is too long"), null) : null;
        using var changed = await fixture.Gateway.Http.PatchAsJsonAsync($"/api/v1/people/{await AliceAsync(fixture)}", new { fields = new { name = "Alice the Second" } }, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)changed.StatusCode);
        Wake(fixture);
        await Expect(page.Locator("[data-failure=refused]")).ToContainTextAsync("displayName is too long", new() { Timeout = 20_000 });
        await page.Locator("[data-dry-run]").ClickAsync();
        await Expect(page.Locator("[data-item=change]")).ToContainTextAsync("displayName");
        await PictureAsync("failure");
        target.Odd = static _ => null;
        target.Accepted = "another-token-0123456789";
        await page.Locator("[data-sync]").ClickAsync();
        await Expect(page.Locator("[data-state=paused] [data-message]")).ToContainTextAsync(chinese ? "令牌" : "token", new() { Timeout = 20_000 });
        await PictureAsync("paused");

        await page.EvaluateAsync("document.querySelectorAll('.lk-toasts button').forEach(button => button.click())");
        await Press("修改", "Change").ClickAsync();
        await Expect(page.Locator(".lk-form [name=token]")).ToHaveValueAsync("");
        await FillAsync("token", "another-token-0123456789");
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await Expect(page.Locator("[data-state=active]")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Expect(page.Locator("[data-failure]")).ToHaveCountAsync(0, new() { Timeout = 20_000 });

        await ConsoleFixture.FitsAsync(page);
        var html = await page.ContentAsync();
        Assert.DoesNotContain(FakeTarget.Token, html, StringComparison.Ordinal);
        Assert.DoesNotContain("another-token-0123456789", html, StringComparison.Ordinal);

        await page.EvaluateAsync("document.querySelectorAll('.lk-toasts button').forEach(button => button.click())");
        await Press("移除", "Remove").ClickAsync();
        await Expect(page.Locator(".lk-dialog")).ToContainTextAsync("slack");
        await PictureAsync("question");
        await ConsoleFixture.SureAsync(page, chinese ? "移除" : "Remove");
        await Expect(page.Locator(".lk-empty")).ToBeVisibleAsync();
        Assert.Equal(4, target.Users.Count);
        Assert.Empty(fixture.PageErrors);

        Task FillAsync(string name, string text) => page.Locator($".lk-form [name={name}]").FillAsync(text);
        ILocator Press(string zh, string en) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = chinese ? zh : en, Exact = true });
        Task PictureAsync(string name) => ConsoleFixture.PictureAsync(page, $"scim-targets-{name}-{language}-{theme.ToString().ToLowerInvariant()}-{width}");
    }

    [Fact]
    public async Task An_administrator_is_asked_before_many_are_deactivated_and_an_auditor_only_looks()
    {
        await using var target = await FakeTarget.StartAsync();
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8", ["Larkspur:Directory:MostLeavers"] = "1", ["Larkspur:Directory:MostLeaversPercent"] = "0" });
        await ConsoleSeed.DirectoryAsync(fixture);
        await ConsoleSeed.AccountAsync(fixture, "olga", Role.Auditor, AuditorsPassword);
        using var put = await fixture.Gateway.Http.PutAsJsonAsync("/api/v1/scim-targets/slack", new { url = target.Url, token = FakeTarget.Token, user_name = "user_id" }, TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)put.StatusCode);
        await fixture.HoldsAsync(() => target.Users.Count == 3, "the people at the target");
        foreach (var person in await PeopleAsync(fixture))
        {
            using var disabled = await fixture.Gateway.Http.PostAsync(new Uri($"/api/v1/people/{person}/disable", UriKind.Relative), null, TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)disabled.StatusCode);
        }

        var auditor = await fixture.LogInAsync("olga", AuditorsPassword, path: "/console/scim-targets/slack");
        await Expect(auditor.Locator("[data-state=waiting]")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Expect(auditor.Locator("main button")).ToHaveCountAsync(0);
        var page = await fixture.LogInAsync(path: "/console/scim-targets/slack");
        await ConsoleFixture.PictureAsync(page, "scim-targets-waiting");
        await page.Locator("[data-confirm]").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Deactivate them");
        await fixture.HoldsAsync(() => target.Users.Values.All(u => !u["active"]!.GetValue<bool>()), "the leavers");
        Assert.Empty(fixture.PageErrors);
    }

    private static void Wake(ConsoleFixture fixture) => fixture.Gateway.Services.GetRequiredService<TargetSignal>().Wake();

    private static async Task<string> AliceAsync(ConsoleFixture fixture) => (await PeopleAsync(fixture, "alice"))[0];

    private static async Task<string[]> PeopleAsync(ConsoleFixture fixture, string query = "") =>
        [.. (await fixture.Gateway.Http.GetFromJsonAsync<System.Text.Json.JsonElement>($"/api/v1/people?q={query}", TestContext.Current.CancellationToken))
            .GetProperty("items").EnumerateArray().Select(p => p.GetProperty("id").GetString()!)];
}
