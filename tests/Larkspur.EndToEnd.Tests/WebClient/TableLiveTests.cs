using System.Text.RegularExpressions;
using Larkspur.Emulator.State.Tables;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>A table's page while others change the table, in real Chromium.</summary>
public sealed class TableLiveTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task A_change_by_the_API_appears_while_an_editor_is_open_and_what_was_typed_is_not_lost()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var page = await tables.OpenAsync();
        var (first, second) = (SeededTables.RecordId(1), SeededTables.RecordId(2));
        await tables.Cell(page, 0, SeededTables.Supplier).ClickAsync();
        await page.Keyboard.TypeAsync("half a na");

        // Another cell, a new row, then the very cell that is edited.
        await tables.WriteAsync(second, new Dictionary<string, object> { [SeededTables.Supplier] = "by the app" });
        var changed = tables.Cell(page, 1, SeededTables.Supplier);
        await Expect(changed).ToHaveTextAsync("by the app");
        await Expect(changed).ToHaveClassAsync(new Regex("flash"));
        await Expect(changed).ToHaveAttributeAsync("title", new Regex("changed this at "));
        await Expect(page.Locator("#key")).ToHaveValueAsync("half a na");
        await tables.WriteAsync(first, new Dictionary<string, object> { [SeededTables.Supplier] = "under the fingers" });
        await Expect(page.Locator("#bubble")).ToContainTextAsync("changed this cell meanwhile to \"under the fingers\"");
        await Expect(page.Locator("#key")).ToHaveValueAsync("half a na");
        await Expect(page.Locator("#key")).ToBeFocusedAsync();
        await WebClientFixture.PictureAsync(page, "table-meanwhile-en");
        await TableFixture.SentAsync(page, "write", async () =>
        {
            await page.Keyboard.TypeAsync("me");
            await page.Keyboard.PressAsync("Enter");
        });
        await Expect(tables.Cell(page, 0, SeededTables.Supplier)).ToHaveTextAsync("half a name");
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task A_row_that_others_delete_above_leaves_the_selection_on_its_row_and_who_is_where_is_seen()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var alice = await tables.OpenAsync("alice");
        var bob = await tables.OpenAsync("bob", "zh");
        await tables.Cell(alice, 4, SeededTables.Amount).ClickAsync();
        await Expect(tables.Cell(bob, 4, SeededTables.Amount).Locator(".flag")).ToBeVisibleAsync();
        await Expect(bob.Locator("#here .one")).ToHaveCountAsync(1);
        await WebClientFixture.PictureAsync(bob, "table-presence-zh");
        await TableFixture.ChooseRowAsync(bob, SeededTables.RecordId(1));
        await TableFixture.SentAsync(bob, "delete", () => bob.Keyboard.PressAsync("Delete"));
        await Expect(tables.Cell(alice, 3, SeededTables.OrderNo)).ToHaveTextAsync("PO-2026-005");
        await Expect(tables.Cell(alice, 3, SeededTables.Amount)).ToHaveClassAsync(new Regex("active"));
        await Expect(tables.Cell(bob, 3, SeededTables.Amount).Locator(".flag")).ToBeVisibleAsync();

        // The mark ends with the connection.
        await alice.CloseAsync();
        await Expect(bob.Locator("#here .one")).ToHaveCountAsync(0);
        await Expect(bob.Locator(".flag")).ToHaveCountAsync(0);
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task Rows_are_filtered_sorted_searched_and_shown_by_views()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var made = await tables.ApiAsync(HttpMethod.Post, $"/tables/{SeededTables.Orders}/views",
            new { view_name = "Paid", view_type = "grid" });
        var view = made["view"]!["view_id"]!.GetValue<string>();
        var paid = tables.Table.FieldNamed(SeededTables.Status)!.OptionNamed("已付款")!.Id;
        var condition = new { field_id = SeededTables.FieldId(SeededTables.Status), @operator = "is", value = $"[\"{paid}\"]" };
        await tables.ApiAsync(HttpMethod.Patch, $"/tables/{SeededTables.Orders}/views/{view}", new
        {
            property = new
            {
                filter_info = new { conjunction = "and", conditions = new[] { condition } },
                hidden_fields = new[] { SeededTables.FieldId(SeededTables.Tags) },
            },
        });
        var page = await tables.OpenAsync();
        var names = page.Locator(".row .cell.first");
        await page.Locator($"[data-view='{view}']").ClickAsync();
        await Expect(names).ToHaveTextAsync(["PO-2026-002", "PO-2026-005", "PO-2026-008"]);
        await Expect(page.Locator(".head-cell")).ToHaveCountAsync(7);
        await page.Locator(".head-cell", new() { HasText = SeededTables.Amount }).Locator(".field-name").ClickAsync();
        await page.Locator(".head-cell", new() { HasText = SeededTables.Amount }).Locator(".field-name").ClickAsync();
        await Expect(names).ToHaveTextAsync(["PO-2026-008", "PO-2026-005", "PO-2026-002"]);
        await Expect(page.Locator("[aria-sort=descending]")).ToHaveCountAsync(1);

        await page.Locator("[data-tool=filter]").ClickAsync();
        await page.GetByLabel("Field", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = SeededTables.Amount });
        await page.GetByLabel("Condition").SelectOptionAsync("isGreater");
        await page.GetByLabel("Value").FillAsync("7000");
        await WebClientFixture.PictureAsync(page, "table-filter-en");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Expect(names).ToHaveTextAsync(["PO-2026-008"]);
        await Expect(page.Locator("#count")).ToContainTextAsync("1 of 10 rows");

        // What the API changes comes and goes by the filter too.
        await tables.WriteAsync(SeededTables.RecordId(5), new Dictionary<string, object> { [SeededTables.Amount] = 99999 });
        await Expect(names).ToHaveTextAsync(["PO-2026-005", "PO-2026-008"]);
        await page.Locator("#search").FillAsync("huadong");
        await Expect(page.Locator("#none")).ToHaveTextAsync("No rows match");
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task Ten_thousand_rows_scroll_and_only_those_in_sight_are_in_the_page()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var supplier = SeededTables.FieldId(SeededTables.Supplier);
        tables.State.ChangeBase(SeededTables.Ledger, home =>
        {
            var table = home.Table(SeededTables.Orders)!;
            var like = table.Records.First();
            return home.With(table.With([.. Enumerable.Range(11, 9_990).Select(n => like with
            {
                RecordId = $"recMany{n:00000}", Position = n, Serial = n, Cells = like.Cells.SetItem(supplier, new TextCell($"row {n}")),
            })]));
        });
        var page = await tables.OpenAsync();
        await Expect(page.Locator("#count")).ToHaveTextAsync("10000 rows");
        await page.Locator("#key").FocusAsync();
        await page.Keyboard.PressAsync("Control+End");
        await Expect(tables.Cell(page, 9_999, SeededTables.Supplier)).ToHaveTextAsync("row 10000");
        await page.EvaluateAsync("document.querySelector('#scroll').scrollTop = 36 * 5000");
        await Expect(tables.Cell(page, 5_004, SeededTables.Supplier)).ToHaveTextAsync("row 5005");
        Assert.InRange(await page.Locator(".row").CountAsync(), 10, 60);
        Assert.Equal("10001", await page.Locator("#grid").GetAttributeAsync("aria-rowcount"));
        Assert.Empty(tables.Client.PageErrors);
    }
}
