using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>The directory: read from the page, its departments and people, and what a run asks before anybody is taken for gone.</summary>
public sealed class DirectoryPageTests(ChromiumFixture chromium)
{
    private const string AuditorsPassword = "quiet-meadow-lantern-4";

    [Fact]
    public async Task The_first_reading_brings_in_departments_and_the_people_in_them()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ChangeAsync(fixture, "departments", new { department_id = "legal", name = "法务部", parent = "finance", silent = true });
        var page = await fixture.LogInAsync(path: "/console/directory");
        await ConsoleFixture.PictureAsync(page, "directory-empty");
        await page.ClickAsync("[data-first]");
        // It is asked for once, and the page follows it by itself.
        await Expect(page.Locator("tr[data-state=complete]")).ToBeVisibleAsync(Long);
        await Expect(page.Locator("[data-directory=feishu]")).ToContainTextAsync("Last complete run", new() { Timeout = 10_000 });
        await ConsoleFixture.PictureAsync(page, "directory-runs");

        await page.ClickAsync("tr[data-state=complete] a");
        await Expect(page.Locator("tr[data-change=joined]").First).ToBeVisibleAsync();
        await page.ClickAsync("[data-kind=joined]");
        await Expect(page.Locator("tr[data-change=department_made]")).ToHaveCountAsync(0);
        await ConsoleFixture.PictureAsync(page, "directory-run");

        await fixture.OpenAsync(page, "/console/directory?show=departments");
        var toggles = page.Locator("[data-platform=feishu] button.lk-tree-toggle[aria-expanded=false]");
        await Expect(toggles).ToHaveCountAsync(1);
        await toggles.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-platform=feishu] .lk-tree .lk-tree")).ToContainTextAsync("法务部");
        await ConsoleFixture.PictureAsync(page, "directory-departments");
        var department = page.Locator("[data-platform=feishu] .lk-tree-line:has(a)").First;
        var name = await department.Locator(".lk-grow").InnerTextAsync();
        await department.Locator("a").ClickAsync();
        await Expect(page.Locator("select[name=department] option:checked")).ToHaveTextAsync(name);
        await Expect(page.Locator("tr[data-person]").First).ToContainTextAsync("Active");
        await ConsoleFixture.PictureAsync(page, "people-of-department");
        await page.SelectOptionAsync("[name=state]", "left");
        await page.ClickAsync(".lk-filter button[type=submit]");
        await Expect(page.GetByText("Nobody fits")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task An_administrator_writes_what_no_directory_says()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.DirectoryAsync(fixture);
        var page = await fixture.LogInAsync(path: "/console/people");
        await page.Locator("tr[data-person]:has-text('艾丽丝') a").ClickAsync();
        await Expect(page.Locator("[data-entry=feishu]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-history] [data-kind=joined]")).ToBeVisibleAsync();
        await page.ClickAsync("[data-change]");
        await page.FillAsync("[name=job_title]", new string('x', 501));
        await page.FillAsync("[name=note]", "Speaks for the works council");
        await ConsoleFixture.PictureAsync(page, "person-own-fields");
        await page.ClickAsync("[data-own-fields] button[type=submit]");
        await Expect(page.Locator("[data-own-fields] .lk-problem")).ToContainTextAsync("500");
        await page.FillAsync("[name=job_title]", "Head of works");
        await page.ClickAsync("[data-own-fields] button[type=submit]");
        await Expect(page.Locator("[data-details] [data-field=job_title]")).ToContainTextAsync("Head of works");
        await Expect(page.Locator("[data-details] [data-field=note]")).ToContainTextAsync("written here");
        await ConsoleFixture.PictureAsync(page, "person-directory");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_range_that_shrinks_is_asked_about_and_can_be_discarded_on_a_phone()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.DirectoryAsync(fixture);
        var page = await fixture.LogInAsync(language: "zh", theme: ColorScheme.Dark, width: 390, height: 844, path: "/console/directory");
        await ShrinkAsync(fixture);
        await page.ClickAsync("[data-directory=feishu] button:has-text('立即同步')");
        var question = page.Locator("[data-waiting]");
        await Expect(question).ToContainTextAsync("应用能看到的范围变小了", new() { Timeout = 30_000 });
        await Expect(question.Locator("[data-gone] a").First).ToBeVisibleAsync();
        await page.EvaluateAsync("document.querySelectorAll('.lk-toasts button').forEach(button => button.click())");
        await ConsoleFixture.PictureAsync(page, "directory-waiting-zh-dark-390");
        await question.Locator("[data-apply]").ClickAsync();
        await Expect(page.Locator(".lk-dialog")).ToContainTextAsync("视为离职");
        await ConsoleFixture.PictureAsync(page, "directory-dialog-zh-dark-390");
        await ConsoleFixture.FitsAsync(page);
        await page.Keyboard.PressAsync("Escape");
        await fixture.OpenAsync(page, "/console");
        await page.Locator("[data-duties] a[href='/console/directory']").ClickAsync();
        await question.Locator("[data-discard]").ClickAsync();
        await ConsoleFixture.SureAsync(page, "放弃变更");
        await Expect(question).ToHaveCountAsync(0);
        await Expect(page.Locator("tr[data-state=discarded]")).ToBeVisibleAsync();
        await fixture.OpenAsync(page, "/console/people?state=left");
        await Expect(page.Locator("tr[data-person]")).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task An_auditor_looks_and_answers_nothing()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.DirectoryAsync(fixture);
        await ShrinkAsync(fixture);
        await ConsoleSeed.SyncAsync(fixture);
        await ConsoleSeed.AccountAsync(fixture, "olga", Role.Auditor, AuditorsPassword);
        var page = await fixture.LogInAsync("olga", AuditorsPassword, path: "/console/directory");
        await Expect(page.Locator("[data-waiting]")).ToContainTextAsync("An administrator answers this", new() { Timeout = 30_000 });
        await Expect(page.Locator(".lk-main button")).ToHaveCountAsync(0);
        await page.ClickAsync("[data-waiting] a.lk-button");
        await Expect(page).ToHaveURLAsync(new Regex("/console/directory/runs/"));
        await Expect(page.Locator("tr[data-change=left]").First).ToBeVisibleAsync();
        await Expect(page.Locator(".lk-main button")).ToHaveCountAsync(0);
        await ConsoleFixture.PictureAsync(page, "directory-waiting-run");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Pairs_who_may_be_one_are_answered_several_at_once()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.DirectoryAsync(fixture);
        var people = (await ConsoleSeed.GetAsync(fixture, "people"))["items"]!.AsArray().Select(p => p!["id"]!.GetValue<string>()).Order().ToArray();
        await fixture.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => await unit.ExecuteAsync("""
            INSERT INTO directory_match (person, other, reason, value, created_at)
            VALUES ($1, $2, 'employee_no', 'M1001', 1767225600000), ($1, $3, 'email', 'alice@mica.example', 1767225600000)
            """, people[0], people[1], people[2]), TestContext.Current.CancellationToken);
        var page = await fixture.LogInAsync(path: "/console/directory?show=links");
        await Expect(page.Locator("tr[data-pair]")).ToHaveCountAsync(2);
        await Expect(page.Locator(".lk-tabs")).ToContainTextAsync("Matches (2)");
        await page.CheckAsync("tr[data-pair]:has-text('Staff number') input");
        await ConsoleFixture.PictureAsync(page, "directory-links");
        await page.ClickAsync("[data-one]");
        await ConsoleFixture.SureAsync(page, "They are one");
        await Expect(page.Locator(".lk-toast").Last).ToContainTextAsync("One pair is one person now");
        await page.CheckAsync("[name=all]");
        await page.ClickAsync("[data-two]");
        await ConsoleFixture.SureAsync(page, "They are two");
        await Expect(page.Locator(".lk-empty")).ToContainTextAsync("No pair waits");
        Assert.Empty(fixture.PageErrors);
    }

    private static LocatorAssertionsToBeVisibleOptions Long => new() { Timeout = 30_000 };

    /// <summary>The app sees Alice alone from now on, and no event says so.</summary>
    private static Task ShrinkAsync(ConsoleFixture fixture) =>
        ChangeAsync(fixture, "directory/range", new { platform = "feishu", people = new[] { "alice" }, silent = true });

    private static async Task ChangeAsync(ConsoleFixture fixture, string what, object body)
    {
        using var http = new HttpClient { BaseAddress = fixture.Emulator.BaseUrl };
        using var response = await http.PostAsJsonAsync("/_emulator/" + what, body, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
