using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Emulator.State.Tables;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Syncs.Rows;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>Table syncs: set up, started, paused, decided and watched in the console.</summary>
public sealed class SyncsPageTests(ChromiumFixture chromium)
{
    private const string AuditorsPassword = "quiet-meadow-lantern-4";

    private static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = 30_000 };

    [Theory]
    [InlineData("zh", ColorScheme.Dark, 390)]
    [InlineData("en", ColorScheme.Light, 1280)]
    public async Task A_sync_is_set_up_surveyed_started_paused_and_removed(string language, ColorScheme theme, int width)
    {
        var chinese = language == "zh";
        await using var fixture = await ConsoleFixture.UnlimitedAsync(chromium);
        var seed = await SyncSeed.OrdersAsync(fixture, rows: 6);
        var page = await fixture.LogInAsync(language: language, theme: theme, width: width, height: width == 390 ? 844 : 800, path: "/console/syncs");
        await Expect(page.Locator(".lk-empty")).ToBeVisibleAsync();
        await PictureAsync("empty");

        await page.Locator(".lk-empty a").ClickAsync();
        await page.Locator("[data-add]").ClickAsync();
        await page.Locator(".lk-form [name=name]").FillAsync("erp");
        await Expect(page.Locator(".lk-form [name=address]")).ToHaveAttributeAsync("type", "password");
        await page.Locator(".lk-form [name=address]").FillAsync("erp.db");
        await page.Locator(".lk-form [name=address]").PressAsync("Enter");
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("absolute path");
        await page.Locator(".lk-toasts button").First.ClickAsync();
        await page.Locator(".lk-form [name=address]").FillAsync(seed.File);
        await PictureAsync("connection-form");
        await page.Locator(".lk-form [name=address]").PressAsync("Enter");
        await Expect(page.Locator("[data-connection=erp] code")).ToHaveTextAsync("erp-of-mica.db");
        await page.Locator("[data-look]").ClickAsync();
        await page.Locator("[data-probe] [name=table]").SelectOptionAsync("orders");
        await Expect(page.Locator("[data-capture=triggers]")).ToBeVisibleAsync();
        await PictureAsync("connections");
        Assert.DoesNotContain(seed.File, await page.ContentAsync(), StringComparison.Ordinal);

        await fixture.OpenAsync(page, "/console/syncs/new/setup");
        await page.Locator("[name=base]").SelectOptionAsync("ledger");
        await page.Locator("[name=table]").SelectOptionAsync(SeededTables.Orders);
        await page.Locator("[name=connection]").SelectOptionAsync("erp");
        await page.Locator("[name=source-table]").SelectOptionAsync("orders");
        await page.Locator("[data-match]").ClickAsync();
        // What is called the same and fits is matched, and the source's key is the key.
        await Expect(page.Locator("[data-column=amount] [name=field] option:checked")).ToHaveTextAsync(SeededTables.Amount);
        await Expect(page.Locator("[data-column=order_no] [name=key]")).ToBeCheckedAsync();
        // A yes or no is no amount: it is said where it is.
        await page.Locator("[data-column=amount] [name=field]").SelectOptionAsync("");
        await page.Locator("[data-column=invoiced] [name=field]").SelectOptionAsync(new SelectOptionValue { Label = SeededTables.Amount });
        await page.Locator("[data-preview]").ClickAsync();
        await Expect(page.Locator("[data-column=invoiced] [data-fault=types_differ]")).ToBeVisibleAsync();
        await page.Locator("[data-column=invoiced] [name=field]").SelectOptionAsync(new SelectOptionValue { Label = SeededTables.Invoiced });
        await page.Locator("[data-column=amount] [name=field]").SelectOptionAsync(new SelectOptionValue { Label = SeededTables.Amount });
        await page.Locator("[data-preview]").ClickAsync();
        await Expect(page.Locator("[data-rows=source] tbody tr")).ToHaveCountAsync(6);
        await page.Locator("[name=name]").FillAsync(SyncSeed.Sync);
        await PictureAsync("setup");
        await ConsoleFixture.FitsAsync(page);
        await page.Locator("[data-save]").ClickAsync();

        await Expect(page.Locator("[data-state=ready]")).ToBeVisibleAsync(Patient);
        await Expect(page.Locator("[data-found=only_source] b")).ToHaveTextAsync("6");
        await PictureAsync("survey");
        await ConsoleFixture.FitsAsync(page);
        await page.Locator("[data-start]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await ConsoleFixture.SureAsync(page, chinese ? "开始同步" : "Start");
        await Expect(page.Locator("[data-state=live]")).ToBeVisibleAsync(Patient);
        await Expect(page.Locator("[data-headline]")).ToHaveTextAsync(chinese ? "同步正常，共 6 行，两边完全一致。" : "Live. 6 rows, everything equal.", new() { Timeout = 30_000 });
        await PictureAsync("live");

        await page.Locator("[data-pause]").ClickAsync();
        await Expect(page.Locator("[data-state=paused] [data-advice]")).ToBeVisibleAsync();
        await seed.UntilAsync(row => row.Paused is not null);
        await PictureAsync("paused");
        await page.Locator("[data-resume]").ClickAsync();
        await Expect(page.Locator("[data-state=live]")).ToBeVisibleAsync(Patient);

        // Another policy for one field: what is there already stands in the form.
        await fixture.OpenAsync(page, "/console/syncs/new/setup?of=" + SyncSeed.Sync);
        await Expect(page.Locator("[data-column=amount] [name=field] option:checked")).ToHaveTextAsync(SeededTables.Amount);
        await Expect(page.Locator("[data-column=order_no] [name=key]")).ToBeCheckedAsync();
        await page.Locator("[data-column=amount] [name=policy]").SelectOptionAsync("Source");
        await Expect(page.Locator("[data-anew]")).ToHaveCountAsync(0);
        await page.Locator("[data-save]").ClickAsync();
        await Expect(page.Locator("[data-state=live]")).ToBeVisibleAsync(Patient);
        await fixture.OpenAsync(page, $"/console/syncs/{SyncSeed.Sync}?show=mapping");
        await Expect(page.Locator("[data-field=amount]")).ToContainTextAsync(chinese ? "保留数据源的值" : "the source's stays");

        foreach (var part in (string[])["runs", "history", "mapping"])
        {
            await fixture.OpenAsync(page, $"/console/syncs/{SyncSeed.Sync}?show={part}");
            await Expect(page.Locator($"[data-part={part}] tbody tr").First).ToBeVisibleAsync();
            if (part == "runs") await Expect(page.Locator("[data-run=copy]")).ToContainTextAsync("6");
            await PictureAsync(part);
            await ConsoleFixture.FitsAsync(page);
        }

        await fixture.OpenAsync(page, "/console/syncs");
        await Expect(page.Locator($"[data-sync={SyncSeed.Sync}] .lk-state")).ToHaveTextAsync(chinese ? "实时同步中" : "Live");
        await PictureAsync("list");
        await ConsoleFixture.FitsAsync(page);
        await page.Locator($"[data-sync={SyncSeed.Sync}] h2 a").ClickAsync();
        await page.Locator("[data-remove]").ClickAsync();
        await ConsoleFixture.SureAsync(page, chinese ? "移除" : "Remove");
        await Expect(page.Locator(".lk-empty")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);

        Task PictureAsync(string name) => ConsoleFixture.PictureAsync(page, $"syncs-{name}-{language}-{theme.ToString().ToLowerInvariant()}-{width}");
    }

    [Theory]
    [InlineData("zh", ColorScheme.Dark, 390)]
    [InlineData("en", ColorScheme.Light, 1280)]
    public async Task Conflicts_are_decided_and_rows_that_are_stuck_are_retried(string language, ColorScheme theme, int width)
    {
        var chinese = language == "zh";
        await using var fixture = await ConsoleFixture.UnlimitedAsync(chromium);
        await ConsoleSeed.AccountAsync(fixture, "olga", Role.Auditor, AuditorsPassword);
        var seed = await SyncSeed.OrdersAsync(fixture, rows: 5);
        await seed.LiveAsync();
        await seed.PauseAsync();
        for (var i = 1; i <= 4; i++)
        {
            await seed.EditAsync($"E-00{i}", SeededTables.Amount, 1000 + i);
            seed.Sql($"UPDATE orders SET amount = {2000 + i} WHERE order_no = 'E-00{i}'");
        }

        seed.Sql("UPDATE orders SET status = 'no such option' WHERE order_no = 'E-005'");
        await seed.ResumeAsync();

        var page = await fixture.LogInAsync(language: language, theme: theme, width: width, height: width == 390 ? 844 : 800, path: "/console/syncs/" + SyncSeed.Sync);
        await Expect(page.Locator("[data-conflict]")).ToHaveCountAsync(4, new() { Timeout = 30_000 });
        await Expect(page.Locator("[data-conflict=E-001] [data-value]").First).ToHaveTextAsync("1001");
        await Expect(page.Locator("[data-conflict=E-001] [data-value]").Last).ToHaveTextAsync("2001");
        await PictureAsync("conflicts");
        await ConsoleFixture.FitsAsync(page);

        var auditor = await fixture.LogInAsync("olga", AuditorsPassword, path: "/console/syncs/" + SyncSeed.Sync);
        await Expect(auditor.Locator("[data-conflict]")).ToHaveCountAsync(4);
        await Expect(auditor.Locator("main button")).ToHaveCountAsync(0);

        // One side's value, by the keyboard.
        await page.Locator("[data-conflict=E-001] [data-take=source]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-conflict]")).ToHaveCountAsync(3);
        await seed.CellAsync("E-001", SeededTables.Amount, 2001);

        // Another value than either's; what is no number is refused.
        await page.Locator("[data-conflict=E-002] [data-other]").ClickAsync();
        await page.Locator("[name=own]").FillAsync("plenty");
        await page.Locator("[name=own]").PressAsync("Enter");
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("plenty");
        await PictureAsync("own-value");
        await page.Locator("[name=own]").FillAsync("1500.25");
        await page.Locator("[name=own]").PressAsync("Enter");
        await Expect(page.Locator("[data-conflict]")).ToHaveCountAsync(2);
        await seed.CellAsync("E-002", SeededTables.Amount, 1500.25);
        await seed.RowAsync("E-002", "amount", "1500.25");

        // Several at once.
        await page.Locator("[name=all]").CheckAsync();
        await page.EvaluateAsync("document.querySelectorAll('.lk-toasts button').forEach(button => button.click())");
        await page.Locator("[data-all-table]").ClickAsync();
        await Expect(page.Locator("[data-conflict]")).ToHaveCountAsync(0);
        await seed.RowAsync("E-003", "amount", "1003");
        await seed.RowAsync("E-004", "amount", "1004");

        await fixture.OpenAsync(page, $"/console/syncs/{SyncSeed.Sync}?show=problems");
        await Expect(page.Locator("[data-problem=unknown_option]")).ToContainTextAsync(chinese ? "没有这个选项" : "no such option");
        await PictureAsync("problems");
        await ConsoleFixture.FitsAsync(page);
        seed.Sql("UPDATE orders SET status = '待审批' WHERE order_no = 'E-005'");
        await page.Locator("[data-retry]").ClickAsync();
        await Expect(page.Locator("[data-problem]")).ToHaveCountAsync(0, new() { Timeout = 30_000 });

        await fixture.OpenAsync(page, $"/console/syncs/{SyncSeed.Sync}?show=history");
        await page.Locator("[data-part=history] [name=key]").FillAsync("E-001");
        await page.Locator("[data-part=history] [name=key]").PressAsync("Enter");
        await Expect(page.Locator("[data-change=update]")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-change=update]")).ToContainTextAsync("1001");
        await Expect(page.Locator("[data-change=update]")).ToContainTextAsync("2001");
        await PictureAsync("history-of-row");
        await page.Locator("[data-part=history] [name=key]").FillAsync("E-999");
        await page.Locator("[data-part=history] [name=key]").PressAsync("Enter");
        await Expect(page.Locator("[data-part=history] .lk-empty")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);

        Task PictureAsync(string name) => ConsoleFixture.PictureAsync(page, $"syncs-{name}-{language}-{theme.ToString().ToLowerInvariant()}-{width}");
    }

    [Theory]
    [InlineData("zh", ColorScheme.Dark, 390)]
    [InlineData("en", ColorScheme.Light, 1280)]
    public async Task A_copy_shows_how_far_it_is(string language, ColorScheme theme, int width)
    {
        await using var fixture = await ConsoleFixture.UnlimitedAsync(chromium);
        await new SyncSeed(fixture).CopyingAsync();
        var page = await fixture.LogInAsync(language: language, theme: theme, width: width, height: width == 390 ? 844 : 800, path: "/console/syncs/" + SyncSeed.Sync);
        await Expect(page.Locator("[data-state=copying] progress")).ToHaveAttributeAsync("value", "25");
        await Expect(page.Locator("[data-headline]")).ToContainTextAsync(language == "zh" ? "250 / 1,000 行（25%）" : "250 of 1,000 rows (25%)");
        await Expect(page.Locator("[data-rate]")).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, $"syncs-copying-{language}-{theme.ToString().ToLowerInvariant()}-{width}");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Many_deletions_wait_for_a_yes_and_come_back()
    {
        await using var fixture = await ConsoleFixture.UnlimitedAsync(chromium);
        var seed = await SyncSeed.OrdersAsync(fixture, rows: 60);
        await seed.LiveAsync();
        seed.Sql("DELETE FROM orders WHERE order_no > 'E-035'");
        await seed.UntilAsync(row => row.Asks > 0);
        var page = await fixture.LogInAsync(path: "/console/syncs/" + SyncSeed.Sync);
        await Expect(page.Locator("[data-deletions]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-headline]")).ToContainTextAsync("25 deletions wait for a yes");
        await ConsoleFixture.PictureAsync(page, "syncs-deletions");
        await page.Locator("[data-bring-back]").ClickAsync();
        await Expect(page.Locator("[data-deletions]")).ToHaveCountAsync(0);
        await seed.UntilAsync(row => row is { Asks: 0, Phase: Phases.Live });
        await seed.RowAsync("E-036", "amount", "360.5");
        Assert.Empty(fixture.PageErrors);
    }
}
