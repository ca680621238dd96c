using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class SchedulesPageTests(ChromiumFixture chromium)
{
    private const string OtherPassword = "quiet-meadow-lantern-4";

    [Fact]
    public async Task Jobs_show_how_they_ended_and_an_operator_runs_one_now()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?>
        {
            // None begins by itself while the test looks.
            ["Larkspur:Schedules:Settle"] = "01:00:00",
        });
        await ConsoleSeed.AccountAsync(fixture, "olga", Role.Auditor, OtherPassword);
        await ConsoleSeed.AccountAsync(fixture, "otto", Role.Operator, OtherPassword);
        await EndedAsync(fixture, "key-expiry", "failed", "IOException");
        await EndedAsync(fixture, "upkeep", "ok", "forgot 12 cards, 3 dead letters of the outbox and 7 events; the rest comes next time");

        var auditor = await fixture.LogInAsync("olga", OtherPassword, language: "zh", path: "/console/schedules");
        await Expect(Job(auditor, "key-expiry")).ToContainTextAsync("出错：IOException，详情见日志");
        await Expect(Job(auditor, "upkeep")).ToContainTextAsync("清除 12 张卡片、3 条发件死信、7 个事件；其余下次处理");
        await Expect(Job(auditor, "upkeep")).ToContainTextAsync("每 1 ");
        await Expect(auditor.GetByText("立即执行")).ToHaveCountAsync(0);

        var page = await fixture.LogInAsync("otto", OtherPassword, path: "/console/schedules");
        await Expect(Job(page, "key-expiry").Locator("[data-outcome=failed]")).ToContainTextAsync("IOException; the log has more");
        await Expect(Job(page, "retention")).ToContainTextAsync("Has not run yet");
        await Expect(Job(page, "retention")).ToContainTextAsync("every 10 minutes");
        await Job(page, "retention").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("It will run in a moment");
        // The page looks again by itself.
        await Expect(Job(page, "retention").Locator("[data-outcome=ok]")).ToContainTextAsync("Nothing to do", Slowly);
        await Expect(Job(auditor, "retention")).ToContainTextAsync("没有需要处理的内容", Slowly);
        await ConsoleFixture.PictureAsync(page, "schedules-run");

        await fixture.OpenAsync(page, "/console/audit");
        await Expect(page.Locator("tr", new PageLocatorOptions { HasText = "Job run at once" })).ToContainTextAsync("console:otto");
        Assert.Empty(fixture.PageErrors);
    }

    private static LocatorAssertionsToContainTextOptions Slowly => new() { Timeout = 30_000 };

    private static ILocator Job(IPage page, string name) => page.Locator($"tr[data-job={name}]");

    /// <summary>As if a job had run an hour ago.</summary>
    private static Task EndedAsync(ConsoleFixture fixture, string name, string outcome, string detail)
    {
        var at = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds();
        return fixture.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => await unit.ExecuteAsync("""
            INSERT INTO schedule (name, started_at, finished_at, outcome, detail, runs) VALUES ($1, $2, $3, $4, $5, 1)
            ON CONFLICT (name) DO UPDATE
            SET started_at = excluded.started_at, finished_at = excluded.finished_at, outcome = excluded.outcome,
                detail = excluded.detail, runs = excluded.runs
            """, name, at, at + 400, outcome, detail), TestContext.Current.CancellationToken);
    }
}
