using System.Text.RegularExpressions;
using Larkspur.Emulator.State.Tables;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>People edit a table's rows in its page, by keyboard and clipboard, in real Chromium.</summary>
public sealed class TableEditingTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task What_is_typed_is_told_to_the_API_and_as_an_event_with_who_and_what_stood_there_before()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        await tables.SubscribeAsync();
        var page = await tables.OpenAsync("bob");
        await tables.Cell(page, 0, SeededTables.Supplier).ClickAsync();
        await TableFixture.SentAsync(page, "write", async () =>
        {
            await page.Keyboard.TypeAsync("Blue Whale");
            await page.Keyboard.PressAsync("Tab");
        });
        await Expect(tables.Cell(page, 0, SeededTables.Supplier)).ToHaveTextAsync("Blue Whale");
        await Expect(tables.Cell(page, 0, SeededTables.Amount)).ToHaveClassAsync(new Regex("active"));
        var id = SeededTables.RecordId(1);
        Assert.Contains("Blue Whale", await tables.ReadAsync(id, SeededTables.Supplier), StringComparison.Ordinal);

        var told = await tables.EventAsync("drive.file.bitable_record_changed_v1");
        var action = told.GetProperty("action_list")[0];
        Assert.Equal(("record_edited", id), (action.GetProperty("action").GetString(), action.GetProperty("record_id").GetString()));
        Assert.Equal("Blue Whale", action.GetProperty("after_value")[0].GetProperty("field_value").GetString());
        Assert.Equal("深蓝科技 Deep Blue", action.GetProperty("before_value")[0].GetProperty("field_value").GetString());
        Assert.Equal(tables.State.Person("bob")!.UnionId, told.GetProperty("operator_id").GetProperty("union_id").GetString());

        // Enter edits what stands there, Esc leaves it, Delete empties, Space ticks.
        await tables.Cell(page, 0, SeededTables.Supplier).ClickAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#key")).ToHaveValueAsync("Blue Whale");
        await page.Keyboard.TypeAsync("gone");
        await page.Keyboard.PressAsync("Escape");
        await Expect(tables.Cell(page, 0, SeededTables.Supplier)).ToHaveTextAsync("Blue Whale");
        await TableFixture.SentAsync(page, "write", () => page.Keyboard.PressAsync("Delete"));
        await Expect(tables.Cell(page, 0, SeededTables.Supplier)).ToHaveTextAsync("");
        await tables.Cell(page, 0, SeededTables.Invoiced).ClickAsync(new() { Position = new() { X = 5, Y = 5 } });
        await TableFixture.SentAsync(page, "write", () => page.Keyboard.PressAsync(" "));
        Assert.Equal("true", await tables.ReadAsync(id, SeededTables.Invoiced));
        Assert.Null(await tables.ReadAsync(id, SeededTables.Supplier));
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task A_block_of_three_by_three_from_a_spreadsheet_is_pasted_and_can_be_taken_back_at_once()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var page = await tables.OpenAsync();
        await tables.Cell(page, 1, SeededTables.Supplier).ClickAsync();
        const string block = "Alpha\t1,200.50\t已付款\r\n\"Beta\t\"\"B\"\"\"\t¥ 7\t待审批\r\nGamma\t-3\tNeu\r\n";
        await page.EvaluateAsync("text => navigator.clipboard.writeText(text)", block);
        await TableFixture.SentAsync(page, "write", () => page.Keyboard.PressAsync("Control+v"));
        await Expect(tables.Cell(page, 3, SeededTables.Status)).ToHaveTextAsync("Neu");
        await Expect(tables.Cell(page, 1, SeededTables.Amount)).ToHaveTextAsync("¥1,200.50");
        string[] ids = [.. Enumerable.Range(2, 3).Select(SeededTables.RecordId)];
        foreach (var (id, amount) in ids.Zip((string[])["1200.5", "7", "-3"]))
            Assert.Equal(amount, await tables.ReadAsync(id, SeededTables.Amount));
        Assert.Contains("Beta\\t\\u0022B\\u0022", await tables.ReadAsync(ids[1], SeededTables.Supplier), StringComparison.Ordinal);
        Assert.Equal("\"Neu\"", await tables.ReadAsync(ids[2], SeededTables.Status));

        // The block that was pasted is selected: copied, it is the same again.
        await page.Keyboard.PressAsync("Control+c");
        var copied = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Equal("Alpha\t1200.5\t已付款\n\"Beta\t\"\"B\"\"\"\t7\t待审批\nGamma\t-3\tNeu", copied);

        await TableFixture.SentAsync(page, "turn", () => page.Keyboard.PressAsync("Control+z"));
        await Expect(tables.Cell(page, 1, SeededTables.Supplier)).ToHaveTextAsync("华东物流 Huadong Freight");
        Assert.Equal("2500.5", await tables.ReadAsync(ids[0], SeededTables.Amount));
        await TableFixture.SentAsync(page, "turn", () => page.Keyboard.PressAsync("Control+y"));
        await Expect(tables.Cell(page, 3, SeededTables.Supplier)).ToHaveTextAsync("Gamma");
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task A_deleted_row_comes_back_under_its_id_when_the_deletion_is_taken_back()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        await tables.SubscribeAsync();
        var page = await tables.OpenAsync();
        var id = SeededTables.RecordId(3);
        var before = tables.Table.Record(id)!;
        await TableFixture.ChooseRowAsync(page, id);
        await TableFixture.SentAsync(page, "delete", () => page.Keyboard.PressAsync("Delete"));
        await Expect(page.Locator($".row[data-record='{id}']")).ToHaveCountAsync(0);
        Assert.Null(tables.Table.Record(id));
        await TableFixture.SentAsync(page, "turn", () => page.Keyboard.PressAsync("Control+z"));
        await Expect(tables.Cell(page, 2, SeededTables.OrderNo)).ToHaveTextAsync("PO-2026-003");
        Assert.Equal(before.Cells.OrderBy(c => c.Key), tables.Table.Record(id)!.Cells.OrderBy(c => c.Key));
        Assert.Equal(before.Position, tables.Table.Record(id)!.Position);
        Assert.Equal(["record_deleted", "record_added"], (await tables.EventsAsync("drive.file.bitable_record_changed_v1", 2))
            .Select(e => e.GetProperty("action_list")[0].GetProperty("action").GetString()));
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task A_bad_number_is_refused_at_its_cell_and_stays_there_to_be_mended()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var page = await tables.OpenAsync();
        var (cell, id) = (tables.Cell(page, 0, SeededTables.Amount), SeededTables.RecordId(1));
        await cell.ClickAsync();
        await TableFixture.SentAsync(page, "write", async () =>
        {
            await page.Keyboard.TypeAsync("12 apples");
            await page.Keyboard.PressAsync("Enter");
        });
        await Expect(cell).ToHaveTextAsync("12 apples");
        await Expect(cell).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(cell).ToHaveAttributeAsync("title", "\"12 apples\" is not a number");
        Assert.Equal("1250.5", await tables.ReadAsync(id, SeededTables.Amount));
        await WebClientFixture.PictureAsync(page, "table-refused-en");

        // Back at the cell it says why; Enter goes on with what was typed.
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.Locator("#bubble")).ToContainTextAsync("is not a number");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#key")).ToHaveValueAsync("12 apples");
        await page.Keyboard.PressAsync("End");
        for (var i = 0; i < " apples".Length; i++) await page.Keyboard.PressAsync("Backspace");
        await TableFixture.SentAsync(page, "write", () => page.Keyboard.PressAsync("Enter"));
        await Expect(cell).ToHaveTextAsync("¥12.00");
        await Expect(cell).Not.ToHaveAttributeAsync("aria-invalid", "true");
        Assert.Equal("12", await tables.ReadAsync(id, SeededTables.Amount));
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task A_column_is_typed_down_without_waiting_for_the_emulator()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var page = await tables.OpenAsync();
        await tables.Cell(page, 0, SeededTables.Amount).ClickAsync();
        foreach (var number in (string[])["11", "22", "33", "44", "55"])
        {
            await page.Keyboard.TypeAsync(number);
            await page.Keyboard.PressAsync("Enter");
        }

        foreach (var (place, shown) in ((string[])["¥11.00", "¥22.00", "¥33.00", "¥44.00", "¥55.00"]).Index())
        {
            await Expect(tables.Cell(page, place, SeededTables.Amount)).ToHaveTextAsync(shown);
            await Expect(tables.Cell(page, place, SeededTables.Amount)).Not.ToHaveClassAsync(new Regex("pending"));
        }

        await Expect(tables.Cell(page, 5, SeededTables.Amount)).ToHaveClassAsync(new Regex("active"));
        Assert.Equal("55", await tables.ReadAsync(SeededTables.RecordId(5), SeededTables.Amount));
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task Rows_are_added_copied_and_chosen_with_the_mouse()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var page = await tables.OpenAsync();
        await page.Locator("[data-tool=add]").ClickAsync();
        await Expect(tables.Cell(page, 10, SeededTables.OrderNo)).ToHaveClassAsync(new Regex("active"));
        await TableFixture.SentAsync(page, "write", async () =>
        {
            await page.Keyboard.TypeAsync("PO-2026-011");
            await page.Keyboard.PressAsync("Enter");
        });
        await Expect(tables.Cell(page, 10, SeededTables.OrderNo)).ToHaveTextAsync("PO-2026-011");

        await tables.Cell(page, 1, SeededTables.Supplier).ClickAsync(new() { Button = Microsoft.Playwright.MouseButton.Right });
        await page.Locator(".item", new() { HasText = "Copy row" }).ClickAsync();
        await Expect(tables.Cell(page, 11, SeededTables.OrderNo)).ToHaveTextAsync("PO-2026-002");
        var (made, like) = (tables.Table.Records.Last(), tables.Table.Record(SeededTables.RecordId(2))!);
        Assert.NotEqual(like.RecordId, made.RecordId);
        Assert.Equal(like.Cells.OrderBy(c => c.Key), made.Cells.OrderBy(c => c.Key));

        await tables.Cell(page, 0, SeededTables.Supplier).HoverAsync();
        await page.Mouse.DownAsync();
        await tables.Cell(page, 2, SeededTables.Status).HoverAsync();
        await page.Mouse.UpAsync();
        await Expect(page.Locator("#count")).ToContainTextAsync("9 cells selected");
        await Expect(page.Locator(".cell[aria-selected=true]")).ToHaveCountAsync(9);
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task All_of_it_is_reached_by_keyboard()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var page = await tables.OpenAsync();
        await page.Locator("#search").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        for (var i = 0; i < 20 && !await page.Locator("#key").EvaluateAsync<bool>("e => e === document.activeElement"); i++)
            await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#key")).ToBeFocusedAsync();

        // The head above the first row: Space sorts, Enter opens the menu.
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync(" ");
        await Expect(page.Locator("[aria-sort=ascending]")).ToContainTextAsync(SeededTables.Amount);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Sort ascending" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#key")).ToBeFocusedAsync();

        // A block, emptied; a row's menu; a row as a sheet.
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await Expect(page.Locator("#count")).ToContainTextAsync("4 cells selected");
        await TableFixture.SentAsync(page, "write", () => page.Keyboard.PressAsync("Delete"));
        await Expect(tables.Cell(page, 0, SeededTables.Amount)).ToHaveTextAsync("");
        Assert.Equal(2, tables.Table.Records.Count(r => !r.Cells.ContainsKey(SeededTables.FieldId(SeededTables.Supplier))));
        await page.Keyboard.PressAsync("Shift+F10");
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Open row" }).Last).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("#row-sheet")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#key")).ToBeFocusedAsync();

        // Esc, then Tab, leaves the grid.
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Shift+Tab");
        await Expect(page.Locator("#key")).Not.ToBeFocusedAsync();
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task Options_and_people_are_picked_by_typing()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var page = await tables.OpenAsync();
        var id = SeededTables.RecordId(1);
        await tables.Cell(page, 0, SeededTables.Owner).ClickAsync();
        await page.Keyboard.TypeAsync("car");
        await Expect(page.Locator(".pick.current")).ToContainTextAsync("Carol");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".pick-one")).ToHaveCountAsync(2);
        await WebClientFixture.PictureAsync(page, "table-people-en");
        await TableFixture.SentAsync(page, "write", () => page.Keyboard.PressAsync("Tab"));
        Assert.Equal(["bob", "carol"], ((IdsCell)tables.Table.Record(id)!.Cells[SeededTables.FieldId(SeededTables.Owner)]).Ids);

        await tables.Cell(page, 0, SeededTables.Status).ClickAsync();
        await page.Keyboard.TypeAsync("Cancelled");
        await Expect(page.Locator(".pick.current")).ToHaveTextAsync("Make option \"Cancelled\"");
        await TableFixture.SentAsync(page, "write", () => page.Keyboard.PressAsync("Enter"));
        await Expect(tables.Cell(page, 0, SeededTables.Status).Locator(".pill")).ToHaveTextAsync("Cancelled");
        Assert.Equal("\"Cancelled\"", await tables.ReadAsync(id, SeededTables.Status));

        // A day is typed, or taken from the calendar below.
        await tables.Cell(page, 0, SeededTables.Date).DblClickAsync();
        await page.Locator(".calendar-box input").FillAsync("2026-03-31");
        await Expect(page.Locator("#key")).ToHaveValueAsync("2026/03/31");
        Assert.InRange((await page.Locator("#key").BoundingBoxAsync())!.Height, 30, 44);
        await WebClientFixture.PictureAsync(page, "table-date-en");
        await TableFixture.SentAsync(page, "write", () => page.Keyboard.PressAsync("Enter"));
        await Expect(tables.Cell(page, 0, SeededTables.Date)).ToHaveTextAsync("2026/03/31");
        Assert.Empty(tables.Client.PageErrors);
    }
}
