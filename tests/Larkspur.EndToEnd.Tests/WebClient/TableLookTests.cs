using System.Collections.Immutable;
using Larkspur.Emulator.State.Tables;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>How every kind of cell looks in a table's page, in both languages and both themes, wide and narrow.</summary>
public sealed class TableLookTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData("en", 1280, "light")]
    [InlineData("zh", 1280, "dark")]
    [InlineData("zh", 390, "light")]
    [InlineData("en", 390, "dark")]
    public async Task Every_kind_of_cell_is_drawn(string language, int width, string theme)
    {
        await using var tables = await TableFixture.StartAsync(chromium);
        var table = Fill(tables);
        var page = await tables.Client.OpenPathAsync($"/tables/{SeededTables.Ledger}/{table}?as=alice&theme={theme}", language, width,
            width == 390 ? 844 : 800);
        await Expect(page.Locator(".row").First.Locator(".cell.first")).ToHaveTextAsync("第一号合同 Contract 1");
        await Expect(page.Locator(".row").First.Locator(".t-progress .num")).ToHaveTextAsync("45%");
        await Expect(page.Locator(".row").First.Locator(".t-rating .stars")).ToHaveAttributeAsync("aria-label", "4");
        await Expect(page.Locator(".row").First.Locator(".t-singlelink")).ToHaveTextAsync("PO-2026-002PO-2026-003");
        await Expect(page.Locator(".row").First.Locator(".t-text .lk")).ToHaveAttributeAsync("href", "https://example.com/a");
        await Expect(page.Locator(".row").First.Locator(".t-formula")).ToHaveTextAsync("45%");
        await Expect(page.Locator(".row").First.Locator(".t-attachment")).ToHaveTextAsync("contract.pdf");
        await Expect(page.Locator(".row").First.Locator(".t-autonumber")).ToHaveTextAsync("1");
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await WebClientFixture.PictureAsync(page, $"table-kinds-{language}-{width}-{theme}");
        await page.EvaluateAsync("document.querySelector('#scroll').scrollLeft = 1100");
        await WebClientFixture.PictureAsync(page, $"table-kinds-right-{language}-{width}-{theme}");
        await page.GotoAsync($"{tables.Client.Address}/tables?as=alice");
        await Expect(page.Locator($"[data-table='{table}']")).ToBeVisibleAsync();
        await WebClientFixture.PictureAsync(page, $"tables-{language}-{width}-{theme}");
        await page.GotoAsync($"{tables.Client.Address}{TableFixture.Path}?as=alice");
        await Expect(page.Locator(".row").First).ToBeVisibleAsync();
        await WebClientFixture.PictureAsync(page, $"table-ledger-{language}-{width}-{theme}");
        Assert.Empty(tables.Client.PageErrors);
    }

    private static string Fill(TableFixture tables)
    {
        const string id = "tblKindsOfCells01";
        var (now, files) = (tables.State.Clock.GetUtcNow(), "boxFile0001");
        (string Id, int Type, string Ui, string Name, string Property, Cell? Cell)[] kinds =
        [
            ("fldA", FieldTypes.Text, "Text", "合同 Contract", "", new TextCell("第一号合同 Contract 1")),
            ("fldB", FieldTypes.Text, "Text", "备注 Note", "", new TextCell("see https://example.com/a, asks @Bob")),
            ("fldC", FieldTypes.Number, "Number", "数量 Count", """{"formatter":"1,000"}""", new NumberCell(1234567)),
            ("fldD", FieldTypes.Number, "Currency", "金额 Amount", """{"formatter":"0.00","currency_code":"USD"}""",
                new NumberCell(-98765.5)),
            ("fldE", FieldTypes.Number, "Progress", "进度 Done", """{"formatter":"0%","min":0,"max":1}""", new NumberCell(0.45)),
            ("fldF", FieldTypes.Number, "Rating", "评分 Stars", """{"formatter":"0","min":1,"max":5}""", new NumberCell(4)),
            ("fldG", FieldTypes.MultiSelect, "MultiSelect", "标签 Tags", "", new IdsCell(["opt0", "opt1", "opt2"])),
            ("fldH", FieldTypes.DateTime, "DateTime", "时间 When", """{"date_formatter":"yyyy-MM-dd HH:mm"}""",
                new TimeCell(1_774_920_600_000)),
            ("fldI", FieldTypes.Checkbox, "Checkbox", "已签 Signed", "", new FlagCell(true)),
            ("fldJ", FieldTypes.User, "User", "负责人 Owner", "", new IdsCell(["alice", "bob"])),
            ("fldK", FieldTypes.Phone, "Phone", "电话 Phone", "", new TextCell("+8613800000000")),
            ("fldL", FieldTypes.Url, "Url", "链接 Link", "", new UrlCell("https://example.com/contract", "合同原件")),
            ("fldM", FieldTypes.Attachment, "Attachment", "附件 Files", "", new IdsCell([files])),
            ("fldN", FieldTypes.SingleLink, "SingleLink", "订单 Orders", "",
                new IdsCell([SeededTables.RecordId(2), SeededTables.RecordId(3)])),
            ("fldO", FieldTypes.Formula, "Formula", "公式 Formula", "", null),
            ("fldP", FieldTypes.Location, "Location", "地点 Place", "", new PlaceCell("116.39", "39.9")),
            ("fldQ", FieldTypes.CreatedTime, "CreatedTime", "创建 Created", """{"date_formatter":"yyyy/MM/dd HH:mm"}""", null),
            ("fldR", FieldTypes.ModifiedUser, "ModifiedUser", "修改 By", "", null),
            ("fldS", FieldTypes.AutoNumber, "AutoNumber", "编号 No", "", null),
        ];
        var fields = kinds.Select(k => new TableField
        {
            FieldId = k.Id, Name = k.Name, Type = k.Type, UiType = k.Ui, Property = k.Property, IsPrimary = k.Id == "fldA",
            Options = k.Ui == "MultiSelect" ? [.. Enumerable.Range(0, 55).Select(i => new SelectOption($"opt{i}", $"选项 {i}", i))] : [],
            LinkedTable = k.Ui == "SingleLink" ? SeededTables.Orders : null, Formula = k.Ui == "Formula" ? "[进度 Done]" : null,
        });
        var cells = kinds.Where(k => k.Cell is not null).ToImmutableDictionary(k => k.Id, k => k.Cell!);
        var table = new DataTable
        {
            TableId = id, Name = "合同 Contracts", Fields = [.. fields],
            Views = [new TableView("vewA", "全部 All", "grid"), new TableView("vewB", "看板 Board", "kanban")],
        };
        tables.State.ChangeBase(SeededTables.Ledger, home => (home with
        {
            Files = home.Files.SetItem(files, new TableFile(files, "contract.pdf", 1000, "application/pdf")),
        }).With(table.With([.. Enumerable.Range(1, 40).Select(n => new TableRecord
        {
            RecordId = $"recKind{n:000}", Position = n, Serial = n, CreatedBy = "alice", CreatedTime = now,
            ModifiedBy = n % 2 == 0 ? "bob" : tables.State.Apps[0].AppId, ModifiedTime = now,
            Cells = n % 7 == 0 ? cells.Remove("fldB").Remove("fldG") : cells
                .SetItem("fldA", new TextCell(n == 1 ? "第一号合同 Contract 1" : $"合同 Contract {n}"))
                .SetItem("fldE", new NumberCell(n == 1 ? 0.45 : n % 10 / 10.0)).SetItem("fldF", new NumberCell(n == 1 ? 4 : n % 6))
                .SetItem("fldG", new IdsCell([$"opt{n % 55}", $"opt{(n + 20) % 55}"])),
        })])));
        return id;
    }
}
