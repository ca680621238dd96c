using Larkspur.Emulator.State.Tables;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>A table's rows as sheets, on a phone and with their history, and its fields, in real Chromium.</summary>
public sealed class TableSheetTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task On_a_phone_a_row_opens_as_a_sheet_in_which_its_fields_are_edited(string language)
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var page = await tables.OpenAsync("alice", language, 390, 844);
        await WebClientFixture.PictureAsync(page, $"table-{language}-390");
        await page.EvaluateAsync("document.querySelector('#scroll').scrollLeft = 300");
        await Expect(tables.Cell(page, 0, SeededTables.OrderNo)).ToBeInViewportAsync();
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        await tables.Cell(page, 1, SeededTables.OrderNo).ClickAsync();
        var sheet = page.Locator("#row-sheet");
        await Expect(sheet.Locator("h2")).ToHaveTextAsync("PO-2026-002");
        var amount = sheet.Locator($"[data-field='{SeededTables.FieldId(SeededTables.Amount)}']");
        await amount.Locator("textarea").FillAsync("a lot");
        await TableFixture.SentAsync(page, "write", () => page.Keyboard.PressAsync("Enter"));
        await Expect(amount.Locator(".field-said")).ToContainTextAsync(language == "zh" ? "不是有效的数字" : "is not a number");
        await Expect(amount.Locator("textarea")).ToHaveValueAsync("a lot");
        await WebClientFixture.PictureAsync(page, $"table-sheet-{language}-390");
        await amount.Locator("textarea").FillAsync("4,200");
        await TableFixture.SentAsync(page, "write", () => page.Keyboard.PressAsync("Enter"));
        await Expect(amount.Locator("textarea")).ToHaveValueAsync("4200");
        Assert.Equal("4200", await tables.ReadAsync(SeededTables.RecordId(2), SeededTables.Amount));
        var status = sheet.Locator($"[data-field='{SeededTables.FieldId(SeededTables.Status)}']");
        await status.Locator(".pick-open").ClickAsync();
        await WebClientFixture.PictureAsync(page, $"table-sheet-pick-{language}-390");
        await TableFixture.SentAsync(page, "write", () => status.Locator(".pick").First.ClickAsync());
        await Expect(status.Locator(".pick-open .pill")).ToHaveTextAsync("待审批");

        // What somebody else does shows in the sheet.
        await tables.WriteAsync(SeededTables.RecordId(2), new Dictionary<string, object> { [SeededTables.Supplier] = "by the app" });
        var supplier = sheet.Locator($"[data-field='{SeededTables.FieldId(SeededTables.Supplier)}'] textarea");
        await Expect(supplier).ToHaveValueAsync("by the app");
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task A_rows_history_says_who_changed_what()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var page = await tables.OpenAsync();
        await tables.WriteAsync(SeededTables.RecordId(1), new Dictionary<string, object> { [SeededTables.Amount] = 8 });
        await tables.Cell(page, 0, SeededTables.Supplier).ClickAsync();
        await TableFixture.SentAsync(page, "write", async () =>
        {
            await page.Keyboard.TypeAsync("Alice was here");
            await page.Keyboard.PressAsync("Enter");
        });
        await tables.Cell(page, 0, SeededTables.Supplier).ClickAsync(new() { Button = Microsoft.Playwright.MouseButton.Right });
        await WebClientFixture.PictureAsync(page, "table-row-menu-en");
        await page.Locator(".item", new() { HasText = "History" }).ClickAsync();
        var entries = page.Locator(".row-history li");
        await Expect(entries).ToHaveCountAsync(2);
        await Expect(entries.First).ToContainTextAsync("Alice changed the row");
        await Expect(entries.First.Locator("ins")).ToHaveTextAsync("Alice was here");
        await Expect(entries.Nth(1).Locator("del")).ToHaveTextAsync("¥1,250.50");
        await WebClientFixture.PictureAsync(page, "table-history-en");
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task Fields_are_renamed_added_and_deleted_and_options_get_names_and_colours()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var page = await tables.OpenAsync();
        await page.Locator(".add-field").ClickAsync();
        await page.GetByLabel("Field name").FillAsync("Rated");
        await page.GetByLabel("Type", new() { Exact = true }).SelectOptionAsync("Rating");
        await WebClientFixture.PictureAsync(page, "table-add-field-en");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator(".head-cell", new() { HasText = "Rated" })).ToBeVisibleAsync();
        Assert.Equal("Rating", tables.Table.FieldNamed("Rated")!.UiType);

        var status = page.Locator(".head-cell", new() { HasText = SeededTables.Status });
        await status.HoverAsync();
        await status.Locator(".field-menu").ClickAsync();
        await WebClientFixture.PictureAsync(page, "table-field-menu-en");
        await page.Locator(".item", new() { HasText = "Edit field" }).ClickAsync();
        await page.GetByLabel("Field name").FillAsync("State");
        await page.GetByLabel("Option name").First.FillAsync("Waiting");
        await page.GetByLabel("Colour", new() { Exact = true }).First.ClickAsync();
        await WebClientFixture.PictureAsync(page, "table-colours-en");
        await page.GetByLabel("Colour 31", new() { Exact = true }).ClickAsync();
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Add option" }).ClickAsync();
        await page.GetByLabel("Option name").Last.FillAsync("Lost");
        await WebClientFixture.PictureAsync(page, "table-options-en");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator(".head-cell", new() { HasText = "State" })).ToBeVisibleAsync();
        await Expect(page.Locator("#pop")).ToBeHiddenAsync();
        Assert.Equal(["Waiting", "已批准", "已付款", "Lost"], tables.Table.FieldNamed("State")!.Options.Select(o => o.Name));
        Assert.Equal(30, tables.Table.FieldNamed("State")!.Options[0].Color);

        var rated = page.Locator(".head-cell", new() { HasText = "Rated" });
        await rated.HoverAsync();
        await rated.Locator(".field-menu").ClickAsync();
        await page.Locator(".item.danger").ClickAsync();
        await WebClientFixture.PictureAsync(page, "table-delete-field-en");
        await page.Locator("#confirm [value=yes]").ClickAsync();
        await Expect(rated).ToHaveCountAsync(0);
        Assert.Null(tables.Table.FieldNamed("Rated"));
        Assert.Empty(tables.Client.PageErrors);
    }

    [Fact]
    public async Task Who_may_only_read_edits_nothing_and_who_may_not_learns_nothing()
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        tables.State.ChangeDocument(SeededTables.Ledger, d => d with { LinkShare = "tenant_readable" });
        var page = await tables.OpenAsync("bob");
        await Expect(page.Locator("#read-only")).ToBeVisibleAsync();
        await tables.Cell(page, 0, SeededTables.Supplier).ClickAsync();
        await page.Keyboard.TypeAsync("x");
        await Expect(page.Locator(".toast")).ToHaveTextAsync("You may read this table only");
        await Expect(page.Locator("#key")).ToHaveValueAsync("");
        tables.State.ChangeDocument(SeededTables.Ledger, d => d with { LinkShare = "closed" });
        await page.GotoAsync(tables.Client.Address + TableFixture.Path);
        await Expect(page.Locator("main")).ToContainTextAsync("may not open it");
        await Expect(page.Locator("main")).Not.ToContainTextAsync("Ledger");
    }
}
