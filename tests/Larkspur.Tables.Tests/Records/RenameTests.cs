using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Records;

/// <summary>People rename fields while programs run: cells come by names, and must not read as empty for it.</summary>
public sealed class RenameTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_renamed_field_is_read_by_its_id_and_not_as_empty()
    {
        await using var server = await TableServer.StartAsync();
        var table = server.Table();
        await table.GetFieldsAsync(cancellationToken: Cancel);
        Rename(server, "金额", "总额");
        server.Answer = call => TableServer.Good(call.Name == "search"
            ? """{"items":[{"record_id":"rec1","fields":{"总额":5,"谁也不识":1}}],"has_more":false}"""
            : """{"records":[{"record_id":"rec1","fields":{"总额":5}}]}""");
        var found = Assert.Single(await table.SearchAsync(cancellationToken: Cancel).ToListAsync(Cancel));
        Assert.Equal((new NumberCell(5L), new NumberCell(5L)), (found["fldNum"], found["总额"]));
        Assert.Throws<KeyNotFoundException>(() => found["金额"]);
        var known = (await table.GetAsync(["rec1"], cancellationToken: Cancel)).Records.Single();
        Assert.Equal(new NumberCell(5L), known["fldNum"]);
        Assert.Equal(2, server.FieldLists);
    }

    [Fact]
    public async Task A_name_that_no_list_has_costs_one_reading_of_the_list()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => TableServer.Good(call.Query.ContainsKey("page_token")
            ? """{"items":[{"record_id":"rec2","fields":{"不在":1}}],"has_more":false}"""
            : """{"items":[{"record_id":"rec1","fields":{"不在":1}}],"has_more":true,"page_token":"x"}""");
        var found = await server.Table().SearchAsync(cancellationToken: Cancel).ToListAsync(Cancel);
        Assert.All(found, record => Assert.IsType<RawCell>(record.Cells["不在"]));
        Assert.Equal(2, server.FieldLists);
    }

    [Fact]
    public async Task A_search_that_names_fields_by_id_follows_their_new_names()
    {
        await using var server = await TableServer.StartAsync();
        var table = server.Table();
        await table.GetFieldsAsync(cancellationToken: Cancel);
        Rename(server, "金额", "总额");
        server.Answer = call => (string)call.Json["field_names"]![0]! != "总额" ? TableServer.Refused(1254045)
            : TableServer.Good("""{"items":[{"record_id":"rec1","fields":{"总额":5}}],"has_more":false,"total":1}""");
        var query = new TableQuery { Fields = ["fldNum"], Filter = Where.Field("fldNum").Is(5) };
        var found = Assert.Single(await table.SearchAsync(query, Cancel).ToListAsync(Cancel));
        Assert.Equal(new NumberCell(5L), found["fldNum"]);
        Assert.Throws<KeyNotFoundException>(() => found["名称"]);
        Assert.Equal("总额", (string)server.Calls.Last().Json["filter"]!["conditions"]![0]!["field_name"]!);
        await Assert.ThrowsAsync<TableQueryException>(() => table.CountAsync(Where.Field("金额").Is(5), Cancel));
        server.Answer = _ => TableServer.Refused(1254045);
        await Assert.ThrowsAsync<FeishuApiException>(() => table.CountAsync(Where.Field("fldNum").Is(5), Cancel));
    }

    [Fact]
    public async Task Rows_go_by_the_new_name_when_the_old_one_is_refused()
    {
        await using var server = await TableServer.StartAsync();
        var table = server.Table();
        await table.GetFieldsAsync(cancellationToken: Cancel);
        Rename(server, "金额", "总额");
        server.Answer = call => call.Rows.Any(row => row["fields"]!["金额"] is not null) ? TableServer.Refused(1254045)
            : Writes.Rows.Make(call);
        var report = await table.CreateAsync(Writes.Rows.Numbered(20), new() { BatchSize = 10 }, Cancel);
        Assert.True(report.IsComplete);
        Assert.Equal([10, 10, 10], server.Calls.Select(call => call.Rows.Count));
        Assert.Equal(19, (int)server.Calls.Last().Rows[9]["fields"]!["总额"]!);
        Assert.Equal(2, server.FieldLists);
    }

    [Fact]
    public async Task A_field_or_an_option_that_is_newer_than_the_list_is_written()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = Writes.Rows.Make;
        var table = server.Table();
        await table.GetFieldsAsync(cancellationToken: Cancel);
        Rename(server, "金额", "总额");
        server.Fields = server.Fields.Replace("\"Done\"", "\"Won\"", StringComparison.Ordinal);
        var row = new TableRow().Set("名称", "K1").Set("总额", 1).Set("阶段", "Won");
        Assert.Empty(await table.ValidateAsync([row], cancellationToken: Cancel));
        table = server.Table();
        Assert.True((await table.CreateAsync([row], cancellationToken: Cancel)).IsComplete);
    }

    [Fact]
    public async Task A_record_that_was_read_before_is_compared_by_field_ids()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => TableServer.Good(call.Name == "search"
            ? """{"items":[{"record_id":"rec1","fields":{"金额":5}}],"has_more":false}""" : "{}");
        var table = server.Table();
        var read = await table.SearchAsync(cancellationToken: Cancel).FirstAsync(Cancel);
        Rename(server, "金额", "总额");
        table.ForgetFields();
        Assert.True((await table.UpdateAsync([new TableRow(read).Set("总额", 5)], cancellationToken: Cancel)).IsComplete);
        Assert.DoesNotContain(server.Calls, call => call.Name == "batch_update");
        await table.UpdateAsync([new TableRow(read).Set("fldNum", 6)], cancellationToken: Cancel);
        Assert.True(JsonNode.DeepEquals(
            server.Calls.Last().Json["records"], JsonNode.Parse("""[{"record_id":"rec1","fields":{"总额":6}}]""")));
    }

    [Fact]
    public async Task A_list_whose_reading_began_before_it_was_forgotten_is_not_kept()
    {
        await using var server = await TableServer.StartAsync();
        var (arrived, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Holding = _ =>
        {
            arrived.TrySetResult();
            return go.Task;
        };
        var table = server.Table();
        var old = table.GetFieldsAsync(cancellationToken: Cancel);
        await arrived.Task;
        Rename(server, "金额", "总额");
        table.ForgetFields();
        go.SetResult();
        Assert.NotNull((await old).Find("金额"));
        Assert.NotNull((await table.GetFieldsAsync(cancellationToken: Cancel)).Find("总额"));
    }

    private static void Rename(TableServer server, string old, string name) =>
        server.Fields = server.Fields.Replace($"\"{old}\"", $"\"{name}\"", StringComparison.Ordinal);
}
