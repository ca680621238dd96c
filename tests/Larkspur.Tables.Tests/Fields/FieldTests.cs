using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Fields;

public sealed class FieldTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_keeps_every_option_and_all_else_of_the_field()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Good("""{"field":{"field_id":"fldOne","field_name":"阶段","type":3,"property":{"options":[]}}}""");
        var change = new TableFieldChange
        {
            Name = "状态", AddedOptions = [new(null, "Lost", 5), new(null, "Open")], RenamedOptions = new Dictionary<string,
                string> { ["optDone"] = "Won" },
        };
        await server.Table().Fields.UpdateAsync("阶段", change, Cancel);
        var call = Assert.Single(server.Calls);
        Assert.Equal(("PUT", "/open-apis/bitable/v1/apps/bascnTest/tables/tblTest/fields/fldOne"), (call.Method, call.Path));
        Assert.True(JsonNode.DeepEquals(call.Json, JsonNode.Parse("""
            {"field_name":"状态","type":3,"ui_type":"SingleSelect","property":{"options":[
              {"name":"Open","id":"optOpen","color":0},{"name":"Won","id":"optDone","color":1},{"name":"Lost","color":5}]}}
            """)), call.Json.ToJsonString());
    }

    [Fact]
    public async Task A_change_that_would_drop_options_is_refused_unless_it_names_them()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Good("""{"field":{}}""");
        var fields = server.Table().Fields;
        var lost = await Assert.ThrowsAsync<TableFieldException>(() =>
            fields.UpdateAsync("fldOne", new() { Options = [new("optOpen", "Open"), new(null, "New")] }, Cancel));
        Assert.Contains("Done (optDone)", lost.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TableFieldException>(() => fields.UpdateAsync("fldOne", new() { DroppedOptions = ["optNone"] }, Cancel));
        await Assert.ThrowsAsync<TableFieldException>(() => fields.UpdateAsync("金额", new() { AddedOptions = [new(null, "x")] }, Cancel));
        await Assert.ThrowsAsync<TableFieldException>(() => fields.UpdateAsync("没有", new() { Name = "x" }, Cancel));
        Assert.Empty(server.Calls);
        await fields.UpdateAsync("fldOne", new() { DroppedOptions = ["optDone"] }, Cancel);
        Assert.Equal("""[{"name":"Open","id":"optOpen","color":0}]""",
            Assert.Single(server.Calls).Json["property"]!["options"]!.ToJsonString());
    }

    [Fact]
    public async Task The_other_properties_of_a_field_are_sent_back_as_they_came()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Good("""{"field":{}}""");
        await server.Table().Fields.UpdateAsync("关联", new() { Description = "orders" }, Cancel);
        Assert.True(JsonNode.DeepEquals(Assert.Single(server.Calls).Json, JsonNode.Parse("""
            {"field_name":"关联","type":18,"ui_type":"SingleLink","description":{"text":"orders"},
             "property":{"multiple":true,"table_id":"tblOther"}}
            """)));
    }

    [Fact]
    public async Task A_field_is_made_under_a_token_and_the_list_is_read_anew()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => server.Calls.Count == 1 ? TableServer.Refused(1255040, 504)
            : TableServer.Good("""
                {"field":{"field_id":"fldX","field_name":"级别","type":3,"property":{"options":[{"id":"opt1","name":"高","color":2}]}}}
                """);
        var table = server.Table();
        await table.GetFieldsAsync(cancellationToken: Cancel);
        var made = await table.Fields.CreateAsync(new("级别", TableFieldType.SingleSelect) { Options = [new(null, "高", 2)], Description =
            "d" }, Cancel);
        Assert.Equal(("fldX", "opt1"), (made.Id, made.Options[0].Id));
        Assert.Equal(2, server.Calls.Count);
        Assert.Single(server.Calls.Select(call => Guid.Parse(call.Query["client_token"])).Distinct());
        Assert.Equal(
            """{"field_name":"级别","type":3,"description":{"text":"d"},"property":{"options":[{"name":"高","color":2}]}}""",
            System.Text.RegularExpressions.Regex.Unescape(server.Calls.Last().Json.ToJsonString()));
        await table.GetFieldsAsync(cancellationToken: Cancel);
        Assert.Equal(2, server.FieldLists);
        await Assert.ThrowsAsync<TableFieldException>(() =>
            table.Fields.CreateAsync(new("x", TableFieldType.SingleSelect) { Options = [new(null, "a"), new(null, "a")] }, Cancel));
    }

    [Theory]
    [InlineData(1254014)]
    [InlineData(1255006)]
    public async Task A_field_that_is_there_after_a_lost_answer_is_the_one_that_was_made(int code)
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => server.Calls.Count == 1 ? null : TableServer.Refused(code);
        var fields = server.Table().Fields;
        Assert.Equal("fldNum", (await fields.CreateAsync(new("金额", TableFieldType.Number), Cancel)).Id);
        await Assert.ThrowsAsync<FeishuApiException>(() => fields.CreateAsync(new("金额", TableFieldType.Number), Cancel));
        server.Calls.Clear();
        await Assert.ThrowsAsync<FeishuApiException>(() => fields.CreateAsync(new("金额", TableFieldType.Text), Cancel));
    }

    [Fact]
    public async Task A_field_with_two_equal_options_can_be_changed()
    {
        await using var server = await TableServer.StartAsync();
        server.Fields = server.Fields.Replace("\"name\":\"B\"", "\"name\":\"A\"", StringComparison.Ordinal);
        server.Answer = _ => TableServer.Good("""{"field":{}}""");
        var fields = server.Table().Fields;
        await fields.UpdateAsync("标签", new() { AddedOptions = [new(null, "C")] }, Cancel);
        Assert.Equal(["A", "A", "C"], Assert.Single(server.Calls).Json["property"]!["options"]!.AsArray().Select(o => (string)o!["name"]!));
        var renamed = new TableFieldChange { RenamedOptions = new Dictionary<string, string> { ["optB"] = "C" } };
        await fields.UpdateAsync("标签", renamed, Cancel);
        await Assert.ThrowsAsync<TableFieldException>(() =>
            fields.UpdateAsync("阶段", new() { RenamedOptions = new Dictionary<string, string> { ["optDone"] = "Open" } }, Cancel));
    }

    [Fact]
    public void A_field_that_comes_on_two_pages_counts_once() =>
        Assert.Single(new TableFields([Shapes.Field("金额"), Shapes.Field("金额") with { Name = "总额" }]));

    [Fact]
    public async Task A_view_gets_its_filter_by_field_ids()
    {
        await using var server = await TableServer.StartAsync();
        var busy = true;
        server.Answer = _ => (busy = !busy) ? TableServer.Good("""{"view":{"view_id":"vew1","view_name":"待办","view_type":"grid"}}""")
            : TableServer.Refused(1254291);
        var view = await server.Table().Views.CreateAsync(
            "待办", TableViewType.Grid, Where.Field("阶段").Is("Open") | Where.Field("名称").IsNotEmpty(), ["金额"], Cancel);
        Assert.Equal(new("vew1", "待办", TableViewType.Grid), view);
        Assert.Equal(["POST", "POST", "PATCH", "PATCH"], server.Calls.Select(call => call.Method));
        Assert.True(JsonNode.DeepEquals(server.Calls.Last().Json, JsonNode.Parse("""
            {"property":{"filter_info":{"conjunction":"or","conditions":[
              {"field_id":"fldOne","operator":"is","value":"[\"Open\"]"},{"field_id":"fldText","operator":"isNotEmpty"}]},
             "hidden_fields":["fldNum"]}}
            """)), server.Calls.Last().Json.ToJsonString());
        await Assert.ThrowsAsync<ArgumentException>(() => server.Table().Views.CreateAsync("a[b]", cancellationToken: Cancel));
    }

    [Fact]
    public async Task Views_and_tables_are_listed_over_pages()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Name switch
        {
            "views" => call.Query.ContainsKey("page_token")
                ? TableServer.Good("""{"items":[{"view_id":"vew2","view_name":"b","view_type":"sphere"}],"has_more":false}""")
                : TableServer.Good("""
                    {"items":[{"view_id":"vew1","view_name":"a","view_type":"kanban"}],"has_more":true,"page_token":"x"}
                    """),
            "tables" => TableServer.Good("""{"items":[{"table_id":"tbl1","revision":7,"name":"t"}],"has_more":false}"""),
            _ => TableServer.Good("""{"app":{"name":"b","revision":3,"is_advanced":true,"time_zone":"Asia/Beijing"}}"""),
        };
        var views = await server.Table().Views.ListAsync(Cancel).ToListAsync(Cancel);
        Assert.Equal([("vew1", TableViewType.Kanban), ("vew2", TableViewType.Other)], views.Select(view => (view.Id, view.Type)));
        var found = server.Base();
        Assert.Equal(new("tbl1", "t", 7), Assert.Single(await found.ListTablesAsync(Cancel).ToListAsync(Cancel)));
        Assert.Equal(new("b", 3, true, "Asia/Beijing"), await found.GetAsync(Cancel));
        Assert.Equal("Asia/Shanghai", (await found.GetTimeZoneAsync(Cancel)).Id);
        await server.Table().Views.DeleteAsync("vew1", Cancel);
        Assert.Equal("DELETE", server.Calls.Last().Method);
    }

    [Fact]
    public async Task Files_go_up_for_the_base_and_come_down_with_their_right()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Good("""{"file_token":"box1"}""");
        var files = server.Base().Files;
        var file = await files.UploadAsync(new MemoryStream([1, 2, 3]), "a.bin", Cancel);
        Assert.Equal(new("box1", "a.bin", 3), file);
        var sent = System.Text.Encoding.UTF8.GetString(Assert.Single(server.Calls).Bytes);
        Assert.Contains("bitable_file", sent, StringComparison.Ordinal);
        Assert.Contains("bascnTest", sent, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => files.UploadAsync(new MemoryStream(), "a.bin", Cancel));
        var right = file with { Url = "https://x/medias/box1/download?extra=%7B%22a%22%3A1%7D" };
        await using (await files.DownloadAsync(right, Cancel))
        {
            Assert.Equal("/open-apis/drive/v1/medias/box1/download", server.Calls.Last().Path);
        }

        Assert.Equal("""{"a":1}""", server.Calls.Last().Query["extra"]);
    }
}
