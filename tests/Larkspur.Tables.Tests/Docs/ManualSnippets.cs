using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Docs;

/// <summary>What docs/tables-sdk.md shows, compiled.</summary>
internal static class ManualSnippets
{
    public static async Task Find(FeishuClient feishu)
    {
        FeishuTable table = feishu.Tables("bascn…").Table("tbl…");
        var open = new TableQuery
        {
            Filter = Where.Field("阶段").Is("Open") & (Where.Field("金额").IsGreater(100) | Where.Field("日期").Is(TableDay.Today)),
            Sort = [new("日期", Descending: true)],
            Fields = ["名称", "金额"],
        };
        await foreach (TableRecord record in table.SearchAsync(open))
        {
            if (record["金额"] is NumberCell amount && amount.TryGetDecimal(out decimal value)) Console.WriteLine($"{record.Id} {value}");
        }

        TableLookup known = await table.GetAsync(["rec1", "rec2"]);     // Records, Absent, Forbidden
    }

    public static async Task Write(FeishuTable table, TableRecord record)
    {
        TableWriteReport made = await table.CreateAsync(
            [new TableRow().Set("单号", "A-1").Set("金额", 12.50m).Set("阶段", "Open").Set("日期", new DateOnly(2026, 11, 30))],
            new() { KeyField = "单号" });
        foreach (TableRowResult row in made.Refused) Console.WriteLine($"{row.Index} {row.Problem!.Field} {row.Problem.Message}");

        await table.UpdateAsync([new TableRow(record).Set("阶段", "Done").Set("人员", null)]);   // only what differs from what was read
        await table.DeleteAsync(["rec3"]);
    }

    public static async Task Lost(FeishuTable table, IReadOnlyList<TableRow> rows, Func<TableRowResult, Task> lookAfter)
    {
        try
        {
            await table.CreateAsync(rows);
        }
        catch (TableOutcomeUnknownException lost)
        {
            foreach (TableRowResult row in lost.Report.Rows.Where(row => row.State == TableRowState.Unknown)) await lookAfter(row);
        }
    }

    public static async Task Map(FeishuTable table)
    {
        MappedTable<Order> orders = table.Of<Order>();
        await foreach (Order order in orders.SearchAsync(orders.Field(o => o.Stage).Is(Stage.Open))) Console.WriteLine(order.Amount);

        IReadOnlyList<(int Index, CellProblem Problem)> problems = await orders.ValidateAsync([new(null, "A-2", 99m, Stage.Open, null)]);
        if (problems.Count == 0) await orders.CreateAsync([new(null, "A-2", 99m, Stage.Open, null)]);
    }

    public static MappedTable<Invoice> Built(FeishuTable table)
    {
        var map = new TableMap<Invoice>()
            .RecordId(invoice => invoice.Id)
            .Field("fldx9Qa1", invoice => invoice.Number, key: true)       // a field id outlives a new name
            .Field("金额", invoice => invoice.Amount);
        return table.Of(map);
    }

    public static void Compare(TableField field, JsonElement cell, string fieldValue, JsonElement fieldIdentityValue)
    {
        CellValue read = CellReader.Read(field, cell);                                       // search, batch_get, old list, echo of a write
        CellValue changed = EventCellReader.Read(field, fieldValue, fieldIdentityValue);     // drive.file.bitable_record_changed_v1
        if (read == changed) Console.WriteLine(read.StableHash);
    }

    public static async Task Define(FeishuTable table)
    {
        var draft = new TableFieldDraft("级别", TableFieldType.SingleSelect) { Options = [new(null, "高"), new(null, "低")] };
        TableField level = await table.Fields.CreateAsync(draft);
        await table.Fields.UpdateAsync(level.Id, new() { AddedOptions = [new(null, "中")] });
        TableView todo = await table.Views.CreateAsync("待办", TableViewType.Grid, Where.Field("级别").Is("高"), hiddenFields: ["备注"]);
    }

    public static async Task Attach(FeishuClient feishu, string recordId)
    {
        FeishuBase @base = feishu.Tables("bascn…");
        await using FileStream invoice = File.OpenRead("invoice.pdf");
        TableFile file = await @base.Files.UploadAsync(invoice, "invoice.pdf");
        await @base.Table("tbl…").UpdateAsync([new TableRow(recordId).Set("附件", new AttachmentsCell([file]))]);
    }

    public enum Stage
    {
        Open,
        [TableOption("已完成")] Done,
    }

    public sealed record Order(
        [TableRecordId] string? Id,
        [TableField("单号", Key = true)] string Number,
        [TableField("金额")] decimal Amount,
        [TableField("阶段")] Stage Stage,
        [TableField("日期")] DateOnly? Due);

    public sealed class Invoice
    {
        public string? Id { get; init; }

        public string Number { get; init; } = "";

        public decimal Amount { get; init; }
    }
}
