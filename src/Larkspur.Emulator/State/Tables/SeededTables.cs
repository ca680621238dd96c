using System.Collections.Immutable;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.State.Tables;

/// <summary>The base of every fresh state: 采购台账 Purchase ledger with ten orders. Alice owns it, every app manages it.</summary>
public static class SeededTables
{
    public const string Ledger = "LkPurchaseLedgerMicaBase001";
    public static readonly string Orders = "tbl" + WireIds.Hash("table", "orders")[..13];
    public static readonly string AllOrders = "vew" + WireIds.Hash("view", "orders")[..7];

    public const string OrderNo = "订单号 Order no";
    public const string Supplier = "供应商 Supplier";
    public const string Amount = "金额 Amount";
    public const string Status = "状态 Status";
    public const string Date = "日期 Date";
    public const string Owner = "负责人 Owner";
    public const string Invoiced = "已开票 Invoiced";
    public const string Tags = "标签 Tags";

    private static readonly string[] Suppliers =
        ["云图办公 Yuntu Office", "深蓝科技 Deep Blue", "华东物流 Huadong Freight", "明德印刷 Mingde Print"];
    private static readonly string[] People = [SeededCompany.Alice, SeededCompany.Bob, SeededCompany.Carol];

    public static void Fill(EmulatorState state)
    {
        var now = state.Clock.GetUtcNow();
        var table = Empty();
        var day = new DateTimeOffset(DateOnly.FromDateTime(now.ToOffset(TimeSpan.FromHours(8)).DateTime), TimeOnly.MinValue,
            TimeSpan.FromHours(8));
        table = table.With([.. Enumerable.Range(1, 10).Select(n => Row(table, n, day.AddDays(n - 11), now))]);
        var document = CloudDocument.Empty(Ledger, "采购台账 Purchase ledger", SeededCompany.Alice, now) with
        {
            Type = "bitable", Members = [.. state.Apps.Select(a => new DocumentMember("app", a.AppId, "full_access"))],
        };
        state.Put(new TableBase { AppToken = Ledger, Name = document.Title, Tables = [table] }, document);
    }

    /// <summary>The id of one of the table's fields, by its name.</summary>
    public static string FieldId(string name) => "fld" + WireIds.Hash("field", name)[..7];

    /// <summary>The id of the row with a number from 1 to 10.</summary>
    public static string RecordId(int number) => "rec" + WireIds.Hash("record", "order/" + number)[..7];

    private static DataTable Empty() => new()
    {
        TableId = Orders, Name = "订单 Orders", Views = [new TableView(AllOrders, "全部 All", "grid")],
        Fields =
        [
            Field(OrderNo, FieldTypes.Text, "Text") with { IsPrimary = true },
            Field(Supplier, FieldTypes.Text, "Text"),
            Field(Amount, FieldTypes.Number, "Currency") with { Property = """{"currency_code":"CNY","formatter":"0.00"}""" },
            Field(Status, FieldTypes.SingleSelect, "SingleSelect") with { Options = Options("待审批", "已批准", "已付款") },
            Field(Date, FieldTypes.DateTime, "DateTime") with { Property = """{"auto_fill":false,"date_formatter":"yyyy/MM/dd"}""" },
            Field(Owner, FieldTypes.User, "User"),
            Field(Invoiced, FieldTypes.Checkbox, "Checkbox"),
            Field(Tags, FieldTypes.MultiSelect, "MultiSelect") with { Options = Options("办公", "IT", "物流", "加急") },
        ],
    };

    private static TableField Field(string name, int type, string uiType) =>
        new() { FieldId = FieldId(name), Name = name, Type = type, UiType = uiType };

    private static ImmutableArray<SelectOption> Options(params string[] names) =>
        [.. names.Select((n, i) => new SelectOption("opt" + WireIds.Hash("option", n)[..7], n, i))];

    private static TableRecord Row(DataTable table, int number, DateTimeOffset day, DateTimeOffset now)
    {
        var cells = ImmutableDictionary.CreateBuilder<string, Cell>();
        cells[FieldId(OrderNo)] = new TextCell($"PO-2026-{number:000}");
        cells[FieldId(Supplier)] = new TextCell(Suppliers[number % Suppliers.Length]);
        cells[FieldId(Amount)] = new NumberCell(number * 1250 + 0.5);
        cells[FieldId(Status)] = new IdsCell([table.Field(FieldId(Status))!.Options[number % 3].Id]);
        cells[FieldId(Date)] = new TimeCell(day.ToUnixTimeMilliseconds());
        cells[FieldId(Owner)] = new IdsCell([People[number % People.Length]]);
        // The last rows were never touched there.
        if (number <= 8) cells[FieldId(Invoiced)] = new FlagCell(number % 2 == 0);
        if (number != 10)
            cells[FieldId(Tags)] = new IdsCell([.. table.Field(FieldId(Tags))!.Options.Take(1 + number % 3).Select(o => o.Id)]);
        return new TableRecord
        {
            RecordId = RecordId(number), Position = number, Serial = number, Cells = cells.ToImmutable(),
            CreatedBy = SeededCompany.Alice, CreatedTime = now, ModifiedBy = SeededCompany.Alice, ModifiedTime = now,
        };
    }
}
