using System.Text;
using System.Text.Json;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur tables</c>: bases, queries, and files in and out.</summary>
public sealed class TablesCommandTests : IClassFixture<CliFixture>, IAsyncLifetime
{
    private const string Orders = "订单 Orders";

    private readonly CliFixture _on;

    public TablesCommandTests(CliFixture on) => _on = on;

    public async ValueTask InitializeAsync() =>
        (await _on.RunAsync("tables", "bases", "add", "ledger", "https://acme.feishu.cn/base/" + SeededTables.Ledger)).Is(0,
            "Open: ledger");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Bases_tables_fields_and_records_are_shown()
    {
        (await _on.RunAsync("tables", "bases", "list")).Is(0, "采购台账 Purchase ledger");
        (await _on.RunAsync("tables", "bases", "show", "ledger")).Is(0, SeededTables.Ledger);
        (await _on.RunAsync("tables", "list", "ledger")).Is(0, SeededTables.Orders);
        (await _on.RunAsync("tables", "fields", "ledger", Orders)).Is(0, "待审批, 已批准, 已付款");
        (await _on.RunAsync("tables", "records", "ledger", Orders)).Is(0, "PO-2026-010");
        (await _on.RunAsync("tables", "records", "ledger", Orders, SeededTables.RecordId(3))).Is(0);
        var found = (await _on.RunAsync("tables", "query", "ledger", Orders, "\"状态 Status\" = 已付款", "--fields", "订单号 Order no",
            "--json")).Is(0).Json;
        Assert.Equal(3, found.GetProperty("items").GetArrayLength());
        (await _on.RunAsync("tables", "query", "ledger", Orders, "\"状态 Statsu\" = 已付款")).Is(1, "Did you mean \"状态 Status\"?");
        (await _on.RunAsync("tables", "fields", "ledgr", Orders)).Is(1, "No base has this name");
        (await _on.RunAsync("tables", "bases", "add", "none", "LkNoSuchBaseAnywhere0000001")).Is(1, "no such base");
        (await _on.RunAsync("tables", "bases", "add", "spare", SeededTables.Ledger)).Is(0);
        (await _on.RunAsync("tables", "bases", "remove", "spare")).Is(0, "Closed: spare");
    }

    [Fact]
    public async Task Rows_are_written_changed_and_deleted_by_files()
    {
        var rows = new { rows = new[] { new { fields = new Dictionary<string, object> { ["订单号 Order no"] = "CLI-1" } } } };
        var made = (await _on.RunAsync("tables", "write", "ledger", Orders, _on.Write("rows.json", JsonSerializer.Serialize(rows)),
            "--json")).Is(0).Json;
        var id = made.GetProperty("rows")[0].GetProperty("id").GetString();
        var change = $$$"""{"rows":[{"id":"{{{id}}}","fields":{"金额 Amount":"much"}}]}""";
        (await _on.RunAsync("tables", "change", "ledger", Orders, _on.Write("change.json", change))).Is(1,
            "row 0, 金额 Amount: It must be a number.");
        (await _on.RunAsync("tables", "delete", "ledger", Orders, _on.Write("ids.json", $$"""{"ids":["{{id}}"]}"""))).Is(0, "deleted: 1");
    }

    [Theory]
    [InlineData("csv"), InlineData("xlsx")]
    public async Task What_is_exported_comes_back_as_it_was(string kind)
    {
        var file = $"orders.{kind}";
        (await _on.RunAsync("tables", "export", "ledger", Orders, file, "--force", "--filter", "\"订单号 Order no\" contains PO-2026")).Is(0,
            "10 records");
        (await _on.RunAsync("tables", "export", "ledger", Orders, file)).Is(2, "--force replaces it");
        var before = await StateAsync();
        (await _on.RunAsync("tables", "import", "ledger", Orders, file, "--key", "订单号 Order no"))
            .Is(0, "0 made, 0 brought up to date, 10 as they were; 0 not taken");
        Assert.Equal(before, await StateAsync());
        // What was lost comes back, with every type as it was.
        await DeleteAsync("PO-2026-004");
        (await _on.RunAsync("tables", "import", "ledger", Orders, file, "--key", "订单号 Order no")).Is(0, "1 made");
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Lines_of_JSON_and_a_document_have_every_record()
    {
        (await _on.RunAsync("tables", "export", "ledger", Orders, "all.ndjson", "--force")).Is(0);
        (await _on.RunAsync("tables", "export", "ledger", Orders, "all.json", "--force", "--fields", "订单号 Order no")).Is(0);
        var lines = File.ReadAllLines(Path.Combine(_on.Folder, "all.ndjson")).Select(l =>
            JsonSerializer.Deserialize<JsonElement>(l)).ToArray();
        var document = JsonSerializer.Deserialize<JsonElement[]>(await File.ReadAllTextAsync(Path.Combine(_on.Folder, "all.json"),
            TestContext.Current.CancellationToken))!;
        Assert.Equal(lines.Select(l => l.GetProperty("id").GetString()).Order(),
            document.Select(r => r.GetProperty("id").GetString()).Order());
        Assert.Equal("订单号 Order no", Assert.Single(document[0].GetProperty("fields").EnumerateObject()).Name);
    }

    [Fact]
    public async Task Every_problem_of_a_file_is_told_with_its_row_and_column_and_the_rest_is_taken()
    {
        var csv = "订单号 Order no,金额 Amount,状态 Status,日期 Date\n"
            + "IMP-1,\"1,280.50\",待审批,2026/11/30\nIMP-2,lots,待审核,soon\n,1,待审批,\nIMP-1,2,待审批,\nIMP-3,3,待审核,\n";
        var file = _on.Write("problems.csv", csv);
        var dry = (await _on.RunAsync("tables", "import", "ledger", Orders, file, "--key", "订单号 Order no", "--dry-run")).Is(1,
            "Dry run: 1 would be made");
        Assert.Contains("row 3, column B (金额 Amount): \"lots\": it is no number.", dry.Errors, StringComparison.Ordinal);
        Assert.Contains("row 3, column D (日期 Date): \"soon\": it is no date", dry.Errors, StringComparison.Ordinal);
        Assert.Contains("row 4, column A (订单号 Order no): the key is missing.", dry.Errors, StringComparison.Ordinal);
        Assert.Contains("row 5, column A (订单号 Order no): row 2 has the same key.", dry.Errors, StringComparison.Ordinal);
        Assert.Contains("row 6, column C (状态 Status): There is no option \"待审核\"", dry.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("IMP-1", await StateAsync(), StringComparison.Ordinal);
        var taken = (await _on.RunAsync("tables", "import", "ledger", Orders, file, "--key", "订单号 Order no", "--json")).Is(1).Json;
        Assert.Equal((1, 4), (taken.GetProperty("created").GetInt32(), taken.GetProperty("refused").GetInt32()));
        (await _on.RunAsync("tables", "import", "ledger", Orders, file, "--key", "订单号 Order no")).Is(1,
            "0 made, 0 brought up to date, 1 as they were");
        var unknown = _on.Write("unknown.csv", "订单号 Order no,金额 Amuont\nX,1\n");
        (await _on.RunAsync("tables", "import", "ledger", Orders, unknown, "--key", "订单号 Order no")).Is(2,
            "column B: the table has no field \"金额 Amuont\". Did you mean \"金额 Amount\"?");
        (await _on.RunAsync("tables", "import", "ledger", Orders, file, "--key", "订单号")).Is(2, "no column is the key");
        await DeleteAsync("IMP-1");
    }

    [Fact]
    public async Task A_file_of_Chinese_Excel_is_read_and_it_is_said_how()
    {
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("GBK")!.GetBytes("订单号 Order no,供应商 Supplier\nGBK-1,明德印刷\n");
        (await _on.RunAsync("tables", "import", "ledger", Orders, _on.Write("gbk.csv", gbk), "--key", "订单号 Order no")).Is(0, "read as GBK");
        byte[] marked = [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes("订单号 Order no;供应商 Supplier\nGBK-1;\"深蓝\n科技\"\n")];
        (await _on.RunAsync("tables", "import", "ledger", Orders, _on.Write("utf8.csv", marked), "--key", "订单号 Order no")).Is(0,
            "1 brought up to date");
        var found = (await _on.RunAsync("tables", "query", "ledger", Orders, "\"订单号 Order no\" = GBK-1", "--json")).Is(0).Json;
        Assert.Equal("深蓝\n科技", found.GetProperty("items")[0].GetProperty("fields").GetProperty("供应商 Supplier").GetString());
        await DeleteAsync("GBK-1");
    }

    [Fact]
    public async Task No_cell_of_a_CSV_is_a_formula_and_numbers_stay_numbers()
    {
        var csv = "订单号 Order no,供应商 Supplier,金额 Amount\n"
            + "INJ-1,\"=HYPERLINK(\"\"http://x\"\")\",-12.5\nINJ-2,@SUM(A1),7\nINJ-3,+86 21,\nINJ-4,-x,\n";
        (await _on.RunAsync("tables", "import", "ledger", Orders, _on.Write("inj.csv", csv), "--key", "订单号 Order no")).Is(0, "4 made");
        (await _on.RunAsync("tables", "export", "ledger", Orders, "inj-out.csv", "--force", "--filter", "\"订单号 Order no\" contains INJ-",
            "--fields", "订单号 Order no, 供应商 Supplier, 金额 Amount", "--sort", "订单号 Order no")).Is(0);
        var lines = await File.ReadAllLinesAsync(Path.Combine(_on.Folder, "inj-out.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(["订单号 Order no,供应商 Supplier,金额 Amount", "INJ-1,\"'=HYPERLINK(\"\"http://x\"\")\",-12.5", "INJ-2,'@SUM(A1),7",
            "INJ-3,'+86 21,",
            "INJ-4,'-x,"], lines);
        (await _on.RunAsync("tables", "import", "ledger", Orders, "inj-out.csv", "--key", "订单号 Order no")).Is(0, "4 as they were");
        foreach (var number in (string[])["INJ-1", "INJ-2", "INJ-3", "INJ-4"]) await DeleteAsync(number);
    }

    /// <summary>The orders as the platform has them, whatever their records are called.</summary>
    private async Task<string> StateAsync()
    {
        var records = (await _on.RunAsync("tables", "query", "ledger", Orders, "\"订单号 Order no\" is not empty", "--sort", "订单号 Order no",
            "--json")).Is(0).Json;
        return string.Join('\n', records.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("fields").GetRawText()));
    }

    private async Task DeleteAsync(string number)
    {
        var found = (await _on.RunAsync("tables", "query", "ledger", Orders, $"\"订单号 Order no\" = {number}", "--json")).Is(0).Json;
        var id = found.GetProperty("items")[0].GetProperty("id").GetString();
        (await _on.RunAsync("tables", "delete", "ledger", Orders, _on.Write("gone.json", $$"""{"ids":["{{id}}"]}"""))).Is(0);
    }
}
