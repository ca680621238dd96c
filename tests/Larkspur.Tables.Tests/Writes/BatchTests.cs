using System.Text.Json.Nodes;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Writes;

public sealed class BatchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_go_in_batches_of_a_thousand_each_under_its_own_token()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = Rows.Make;
        var report = await server.Table().CreateAsync(Rows.Numbered(2500), cancellationToken: Cancel);
        Assert.True(report.EnsureWritten().IsComplete);
        Assert.Equal([1000, 1000, 500], server.Calls.Select(call => call.Rows.Count));
        Assert.Equal(Enumerable.Range(0, 2500).Select(n => $"rec-K{n}"), report.Rows.Select(row => row.RecordId));
        var tokens = server.Calls.Select(call => Guid.Parse(call.Query["client_token"])).ToList();
        Assert.Equal(3, tokens.Distinct().Count());
        Assert.All(tokens, token => Assert.Equal(4, token.Version));
    }

    [Fact]
    public async Task A_batch_that_one_cell_spoils_is_halved_and_the_rest_is_written()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Rows.Any(row => (string)row["fields"]!["电话"]! == "666") ? TableServer.Refused(1254072)
            : Rows.Make(call);
        var rows = Rows.Numbered(1000);
        rows[17].Set("电话", "666");
        rows[733].Set("电话", "666");
        var report = await server.Table().CreateAsync(rows, cancellationToken: Cancel);
        Assert.Equal("998 Written, 2 Refused", report.ToString());
        Assert.Equal([17, 733], report.Refused.Select(row => row.Index));
        Assert.All(report.Refused, row =>
            Assert.Equal(("电话", 1254072, CellRefusal.Platform), (row.Problem!.Field, row.Problem.Code, row.Problem.Refusal)));
        Assert.Equal(998, server.Calls.Where(call => call.Rows.All(row => (string)row["fields"]!["电话"]! != "666"))
            .Sum(call => call.Rows.Count));
        Assert.InRange(server.Calls.Count, 20, 41);
        Assert.Contains("row 17", Assert.Throws<TableWriteException>(report.EnsureWritten).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Which_cell_it_was_is_named_when_the_refusal_or_the_types_tell()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Refused(1254060, message: "TextFieldConvFail, field: 邮箱");
        var rows = new[] { new TableRow().Set("名称", "a").Set("邮箱", "b").Set("金额", 1) };
        Assert.Equal("邮箱", (await server.Table().CreateAsync(rows, cancellationToken: Cancel)).Rows[0].Problem!.Field);
        server.Answer = _ => TableServer.Refused(1254061);
        Assert.Equal("金额", (await server.Table().CreateAsync(rows, cancellationToken: Cancel)).Rows[0].Problem!.Field);
        server.Answer = _ => TableServer.Refused(1254060);
        Assert.Null((await server.Table().CreateAsync(rows, cancellationToken: Cancel)).Rows[0].Problem!.Field);
    }

    [Fact]
    public async Task Rows_that_are_seen_to_be_wrong_are_not_sent()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = Rows.Make;
        var rows = Rows.Numbered(3);
        rows[1].Set("阶段", "Opne").Set("没有", 1).Set("公式", 2);
        var report = await server.Table().CreateAsync(rows, cancellationToken: Cancel);
        Assert.Equal([TableRowState.Written, TableRowState.Refused, TableRowState.Written], report.Rows.Select(row => row.State));
        Assert.Equal(2, Assert.Single(server.Calls).Rows.Count);
        var problems = await server.Table().ValidateAsync(rows, cancellationToken: Cancel);
        Assert.Equal([(1, CellRefusal.UnknownOption), (1, CellRefusal.UnknownField), (1, CellRefusal.ReadOnly)],
            problems.Select(problem => (problem.Index, problem.Problem.Refusal)));
    }

    [Fact]
    public async Task A_value_that_cannot_be_made_a_cell_does_not_cost_the_other_rows()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = Rows.Make;
        var rows = Rows.Numbered(2);
        rows[1].Set("日期", DateOnly.MinValue);
        var table = server.Table(TableServer.Quick with { TimeZone = BaseTimeZone.Find("Asia/Shanghai") });
        var report = await table.CreateAsync(rows, cancellationToken: Cancel);
        Assert.Equal("1 Written, 1 Refused", report.ToString());
        Assert.Equal(("日期", CellRefusal.WrongType), (report.Rows[1].Problem!.Field, report.Rows[1].Problem!.Refusal));
    }

    [Fact]
    public async Task A_link_that_is_given_without_its_label_keeps_it()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => TableServer.Good(call.Name == "search"
            ? """{"items":[{"record_id":"rec1","fields":{"链接":{"link":"https://a.cn","text":"A"}}}],"has_more":false}""" : "{}");
        var table = server.Table();
        var read = await table.SearchAsync(cancellationToken: Cancel).FirstAsync(Cancel);
        await table.UpdateAsync(
            [new TableRow(read).Set("链接", "https://a.cn"), new TableRow(read).Set("链接", new Uri("https://a.cn"))],
            cancellationToken: Cancel);
        Assert.Single(server.Calls);
        await table.UpdateAsync([new TableRow(read).Set("链接", new UrlCell("https://a.cn"))], cancellationToken: Cancel);
        Assert.Equal(2, server.Calls.Count);
    }

    [Fact]
    public async Task A_table_that_takes_nothing_is_given_up()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Refused(1254015, 400);
        var report = await server.Table().CreateAsync(Rows.Numbered(2000), new() { MostRefusals = 5 }, Cancel);
        Assert.Equal((5, 1995), (report.Count(TableRowState.Refused), report.Count(TableRowState.NotTried)));
        Assert.InRange(server.Calls.Count, 10, 25);
    }

    [Fact]
    public async Task What_concerns_all_rows_stops_and_says_what_became_of_each()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => server.Calls.Count == 1 ? Rows.Make(call) : TableServer.Refused(1254302);
        var stopped = await Assert.ThrowsAsync<TableWriteException>(() =>
            server.Table().CreateAsync(Rows.Numbered(30), new() { BatchSize = 10 }, Cancel));
        Assert.Equal("20 NotTried, 10 Written", stopped.Report.ToString());
        Assert.Equal(TableFailure.Forbidden, stopped.Failure);
        Assert.Equal(2, server.Calls.Count);
    }

    [Fact]
    public async Task An_update_writes_only_what_differs_from_what_was_read()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Name == "search"
            ? TableServer.Good("""
                {"items":[{"record_id":"rec1","fields":{
                  "名称":[{"type":"mention","text":"@李","token":"ou_1"}],"金额":1,"标签":["B","A"]}}],"has_more":false}
                """)
            : TableServer.Good("{}");
        var table = server.Table();
        var read = await table.SearchAsync(cancellationToken: Cancel).FirstAsync(Cancel);
        var report = await table.UpdateAsync(
            [
                new TableRow(read).Set("名称", "@李").Set("金额", 2.0).Set("标签", new[] { "A", "B" }).Set("完成", false).Set("人员", null),
                new TableRow(read).Set("金额", 1m),
                new TableRow(read).Set("名称", "@王"),
                new TableRow("rec2").Set("人员", null).Set("完成", false),
            ],
            cancellationToken: Cancel);
        Assert.Equal([TableRowState.Written, TableRowState.Written, TableRowState.Refused, TableRowState.Written],
            report.Rows.Select(row => row.State));
        Assert.Equal(CellRefusal.MarkupWouldBeLost, report.Rows[2].Problem!.Refusal);
        var sent = server.Calls.Last();
        Assert.Equal("batch_update", sent.Name);
        Assert.True(JsonNode.DeepEquals(sent.Json["records"], JsonNode.Parse(
            """[{"record_id":"rec1","fields":{"金额":2}},{"record_id":"rec2","fields":{"人员":null,"完成":false}}]""")),
                sent.Json.ToJsonString());
    }
}
