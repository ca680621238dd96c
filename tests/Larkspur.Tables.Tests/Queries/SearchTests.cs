using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Queries;

public sealed class SearchTests
{
    [Fact]
    public async Task A_search_is_sent_as_the_platform_documents_it()
    {
        await using var server = await TableServer.StartAsync();
        var table = server.Table(new() { UserIdType = "user_id", TimeZone = BaseTimeZone.Find("Asia/Beijing") });
        var query = new TableQuery
        {
            Filter = Where.Field("阶段").Is(Stage.Open) & Where.Field("fldNum").IsGreaterOrEqual(100.50m)
                & (Where.Field("完成").Is(true) | Where.Field("日期").IsLess(new DateOnly(2023, 8, 3)) | Where.Field("名称").IsEmpty()),
            Sort = [new("fldDate", Descending: true), new("名称")],
            Fields = ["fldText", "金额"],
            WithAuthors = true,
            PageSize = 200,
        };
        Assert.Empty(await table.SearchAsync(query,
            TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        var call = Assert.Single(server.Calls);
        Assert.Equal("/open-apis/bitable/v1/apps/bascnTest/tables/tblTest/records/search", call.Path);
        Assert.Equal(("200", "user_id", false),
            (call.Query["page_size"], call.Query["user_id_type"], call.Query.ContainsKey("page_token")));
        Assert.True(JsonNode.DeepEquals(call.Json, JsonNode.Parse("""
            {
              "field_names": ["名称", "金额"],
              "sort": [{"field_name":"日期","desc":true},{"field_name":"名称","desc":false}],
              "filter": {
                "conjunction": "and",
                "conditions": [
                  {"field_name":"阶段","operator":"is","value":["Open"]},
                  {"field_name":"金额","operator":"isGreaterEqual","value":["100.50"]}
                ],
                "children": [{"conjunction":"or","conditions":[
                  {"field_name":"完成","operator":"is","value":["true"]},
                  {"field_name":"日期","operator":"isLess","value":["ExactDate","1690992000000"]},
                  {"field_name":"名称","operator":"isEmpty","value":[]}
                ]}]
              },
              "automatic_fields": true
            }
            """)), call.Json.ToJsonString());
    }

    public static TheoryData<string, TableQuery> Wrong { get; } = new()
    {
        { "50 conditions", new() { Filter = TableFilter.Any(Enumerable.Range(0, 51).Select(n => Where.Field("金额").Is(n))) } },
        { "11 values", new() { Filter = Where.Field("标签").Contains([.. Enumerable.Range(0, 11).Select(n => $"{n}")]) } },
        { "one value", new() { Filter = Where.Field("名称").Contains("a", "b") } },
        { "characters", new() { Filter = Where.Field("名称").Is(new string('x', 2000)) } },
        { "one level", new() { Filter =
            Where.Field("名称").Is("a") & (Where.Field("名称").Is("b") | (Where.Field("金额").Is(1) & Where.Field("金额").Is(2))) } },
        { "At most 100", new() { Sort = [.. Enumerable.Repeat(new TableSort("名称"), 101)] } },
        { "characters", new() { Sort = [.. Enumerable.Repeat(new TableSort("名称"), 60)] } },
        { "At most 200", new() { Fields = [.. Enumerable.Repeat("名称", 201)] } },
        { "1 to 500", new() { PageSize = 501 } },
        { "view", new() { ViewId = "vew1", Sort = [new("名称")] } },
        { "no field", new() { Filter = Where.Field("没有").IsEmpty() } },
        { "no field", new() { Fields = ["没有"] } },
        { "no condition", new() { Filter = Where.Field("公式").Is("x") } },
        { "no condition", new() { Filter = Where.Field("完成").IsNot(true) } },
        { "no condition", new() { Filter = Where.Field("日期").IsNot(TableDay.Today) } },
        { "no condition", new() { Filter = Where.Field("附件").Is("box1") } },
        { "is no number", new() { Filter = Where.Field("金额").IsGreater("viel") } },
        { "goes with Is only", new() { Filter = Where.Field("日期").IsGreater(TableDay.LastMonth) } },
        { "neither true nor false", new() { Filter = Where.Field("完成").Is("yes") } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_passes_a_limit_is_not_sent(string why, TableQuery query)
    {
        await using var server = await TableServer.StartAsync();
        var wrong = await Assert.ThrowsAsync<TableQueryException>(async () =>
            await server.Table().SearchAsync(query,
                TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Contains(why, wrong.Message, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task Pages_follow_each_other_and_records_are_typed()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Query.GetValueOrDefault("page_token") switch
        {
            null => TableServer.Good("""
                {"items":[{"record_id":"rec1","fields":{"金额":12.5,"不在":1},"created_time":1690992000000,"last_modified_by":{"id":"ou_2"}}],
                 "has_more":true,"page_token":"p2","total":2}
                """),
            "p2" => TableServer.Good("""{"items":[{"record_id":"rec2","fields":{"完成":true}}],"has_more":false,"total":2}"""),
            _ => TableServer.Refused(1254030),
        };
        var records = await server.Table().SearchAsync(cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["rec1", "rec2"], records.Select(record => record.Id));
        Assert.Equal(new NumberCell(12.5m), records[0]["金额"]);
        Assert.Equal(new NumberCell(12.5m), records[0]["fldNum"]);
        Assert.Equal(new CheckboxCell(false), records[0]["完成"]);
        Assert.Equal(CellValue.Empty, records[1]["金额"]);
        Assert.IsType<RawCell>(records[0].Cells["不在"]);
        Assert.Equal((1690992000000, "ou_2"), (records[0].CreatedAt!.Value.ToUnixTimeMilliseconds(), records[0].ModifiedBy));
        Assert.Throws<KeyNotFoundException>(() => records[0]["没有"]);
        Assert.NotEqual(records[0].StableHash("金额", "完成"), records[1].StableHash("金额", "完成"));
        Assert.Equal(records[0].StableHash("金额", "完成"), records[0].StableHash("fldTick", "fldNum"));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("""{"code":0,"data":{"total":"many"}}""")]
    public async Task An_answer_of_another_shape_is_not_asked_for_again(string body)
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => (200, body);
        await Assert.ThrowsAsync<FeishuApiException>(() =>
            server.Table().CountAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_page_that_is_too_large_is_asked_for_in_halves()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => int.Parse(call.Query["page_size"], null) > 125
            ? TableServer.Refused(1254030)
            : TableServer.Good("""{"items":[{"record_id":"rec1","fields":{}}],"has_more":false}""");
        Assert.Single(await server.Table().SearchAsync(cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["500", "250", "125"], server.Calls.Select(call => call.Query["page_size"]));
    }

    [Fact]
    public async Task A_field_that_was_not_asked_for_is_not_taken_for_empty()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Good("""{"items":[{"record_id":"rec1","fields":{}}],"has_more":false}""");
        var record = Assert.Single(await server.Table().SearchAsync(new() { Fields = ["金额"] }, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(CellValue.Empty, record["金额"]);
        Assert.Throws<KeyNotFoundException>(() => record["名称"]);
    }

    [Fact]
    public async Task Records_that_are_gone_come_apart_from_those_that_may_not_be_seen()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => TableServer.Good(call.Json["record_ids"]!.AsArray().Count == 100
            ? """{"records":[{"record_id":"rec0","fields":{"名称":[{"type":"text","text":"a"}]}}],"forbidden_record_ids":["rec1"]}"""
            : """{"absent_record_ids":["rec100"]}""");
        var found = await server.Table().GetAsync(
            Enumerable.Range(0, 101).Select(n => $"rec{n}").Append("rec0"), true, TestContext.Current.CancellationToken);
        Assert.Equal(new TextCell("a"), Assert.Single(found.Records)["名称"]);
        Assert.Equal(["rec100"], found.Absent);
        Assert.Equal(["rec1"], found.Forbidden);
        Assert.Equal([100, 1], server.Calls.Select(call => call.Json["record_ids"]!.AsArray().Count));
        Assert.All(server.Calls, call => Assert.True((bool)call.Json["automatic_fields"]!));
    }

    [Fact]
    public async Task An_answer_to_ids_that_is_too_large_is_asked_for_in_halves()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Json["record_ids"]!.AsArray() is { Count: <= 25 } ids
            ? TableServer.Good($$"""{"absent_record_ids":{{ids.ToJsonString()}}}""") : TableServer.Refused(1254030);
        string[] asked = [.. Enumerable.Range(0, 100).Select(n => $"rec{n}")];
        Assert.Equal(asked, (await server.Table().GetAsync(asked, cancellationToken: TestContext.Current.CancellationToken)).Absent);
        Assert.Equal(7, server.Calls.Count);
    }

    [Theory]
    [InlineData(1254290)]
    [InlineData(1254291)]
    [InlineData(1254607)]
    [InlineData(1254036, 400)]
    [InlineData(1255001)]
    [InlineData(1255002)]
    [InlineData(1255040, 504)]
    public async Task Reading_is_tried_again_while_it_may_help(int code, int status = 200)
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => server.Calls.Count < 3 ? TableServer.Refused(code, status) : TableServer.Good("""{"total":7}""");
        Assert.Equal(7, await server.Table().CountAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(3, server.Calls.Count);
    }

    private enum Stage
    {
        Open,
    }
}
