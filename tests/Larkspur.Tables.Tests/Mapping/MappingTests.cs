using System.Text.Json.Nodes;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Mapping;

public sealed class MappingTests
{
    private const string Row = """
        {"items":[{"record_id":"rec1","fields":{
          "名称":[{"type":"text","text":"K1"}],"金额":12.50,"阶段":"Done","标签":["A","B"],"日期":1690992000000,"人员":[{"id":"ou_1"}],
          "链接":{"link":"https://a.cn","text":"A"},"公式":{"type":2,"value":[3]},"编号":"7"}},
          {"record_id":"rec2","fields":{"名称":[{"type":"text","text":"K2"}],"金额":0,"阶段":"Open"}}],"has_more":false}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_of_CSharp_is_read_by_the_attributes_of_its_parameters()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Good(Row);
        var table = Zoned(server).Of<Order>();
        var orders = await table.SearchAsync(table.Field(order => order.Stage).IsNot(Stage.Won), Cancel).ToListAsync(Cancel);
        Assert.Equal(
            """{"field_name":"阶段","operator":"isNot","value":["Done"]}""",
            System.Text.RegularExpressions.Regex.Unescape(server.Calls.Single().Json["filter"]!["conditions"]![0]!.ToJsonString()));
        Assert.Throws<TableMappingException>(() => table.Field(order => order.Id));
        Assert.Equal(
            ("rec1", "K1", 12.50m, Stage.Won, false, new DateOnly(2023, 8, 3), 3, "7"),
            (orders[0].Id, orders[0].Number, orders[0].Amount, orders[0].Stage, orders[0].Done, orders[0].Due, orders[0].Total,
                orders[0].Serial));
        Assert.Equal(["A", "B"], orders[0].Labels);
        Assert.Equal(["ou_1"], orders[0].People);
        Assert.Equal(new Uri("https://a.cn"), orders[0].Link);
        Assert.Equal((null, null, 0, null), (orders[1].Due, orders[1].Link, orders[1].Labels.Count, orders[1].Total));
        Assert.Equal(
            ["名称", "金额", "阶段", "标签", "日期", "人员", "完成", "链接", "公式", "编号"],
            Assert.Single(server.Calls).Json["field_names"]!.AsArray().Select(name => (string)name!));
    }

    [Fact]
    public async Task What_was_read_is_written_back_the_same()
    {
        await using var server = await TableServer.StartAsync();
        var row = Row.Replace("""[{"type":"text","text":"K1"}]""", """[{"type":"mention","text":"K1","token":"ou_1"}]""",
            StringComparison.Ordinal).Replace("1690992000000", "1690999999999", StringComparison.Ordinal);
        server.Answer = call => TableServer.Good(call.Name switch
        {
            "search" => row,
            "batch_get" => row.Replace("\"items\"", "\"records\"", StringComparison.Ordinal),
            _ => "{}",
        });
        var table = Zoned(server).Of<Order>();
        var orders = await table.SearchAsync(cancellationToken: Cancel).ToListAsync(Cancel);
        Assert.True((await table.UpdateAsync(orders, cancellationToken: Cancel)).IsComplete);
        Assert.DoesNotContain(server.Calls, call => call.Name == "batch_update");
        // What is changed is written, and nothing else; what was a mention is not overwritten unasked.
        var report = await table.UpdateAsync(
            [orders[0] with { Amount = 13m }, orders[1] with { Labels = ["B"], Due = new DateOnly(2023, 8, 3) }],
            cancellationToken: Cancel);
        Assert.True(report.IsComplete);
        Assert.True(JsonNode.DeepEquals(server.Calls.Last().Json["records"], JsonNode.Parse("""
            [{"record_id":"rec1","fields":{"金额":13}},{"record_id":"rec2","fields":{"标签":["B"],"日期":1690992000000}}]
            """)), server.Calls.Last().Json.ToJsonString());
        var lossy = await table.UpdateAsync([orders[0] with { Number = "K9" }], cancellationToken: Cancel);
        Assert.Equal(CellRefusal.MarkupWouldBeLost, Assert.Single(lossy.Refused).Problem!.Refusal);
    }

    [Fact]
    public async Task A_record_that_is_not_there_is_for_the_platform_to_refuse()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Name == "batch_get" ? TableServer.Good("""{"absent_record_ids":["rec9"]}""")
            : TableServer.Refused(1254043);
        var table = server.Table().Of(new TableMap<Plain>().RecordId(plain => plain.Id).Field("金额", plain => plain.Count));
        var report = await table.UpdateAsync([new() { Id = "rec9", Count = 1 }], cancellationToken: Cancel);
        Assert.Equal(1254043, Assert.Single(report.Refused).Problem!.Code);
    }

    [Fact]
    public async Task A_map_can_be_built_for_a_type_without_attributes()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Name == "batch_get"
            ? TableServer.Good("""
                {"records":[{"record_id":"rec1","fields":{"名称":[{"type":"text","text":"K1"}],"金额":3}}],"absent_record_ids":["rec9"]}
                """)
            : Writes.Rows.Make(call);
        var map = new TableMap<Plain>().RecordId(plain => plain.Id).Field("fldText", plain => plain.Name, key: true).Field("金额", plain =>
            plain.Count);
        var table = server.Table().Of(map);
        var found = await table.GetAsync(["rec1", "rec9"], Cancel);
        Assert.Equal(("rec1", "K1", 3), (found.Records[0].Id, found.Records[0].Name, found.Records[0].Count));
        Assert.Equal(["rec9"], found.Absent);
        var report = await table.CreateAsync([new() { Name = "N", Count = 1 }], cancellationToken: Cancel);
        Assert.Equal("rec-N", report.Rows[0].RecordId);
        await Assert.ThrowsAsync<ArgumentException>(() => table.UpdateAsync([new() { Name = "N" }], cancellationToken: Cancel));
        Assert.Throws<TableMappingException>(() => map.Field("邮箱", plain => plain.Name, key: true));
        Assert.Throws<TableMappingException>(() => map.Field("邮箱", plain => plain.Name.Length));
        Assert.Throws<TableMappingException>(() => TableMap.Of<Plain>());
    }

    [Fact]
    public async Task What_does_not_go_with_the_table_is_found_before_any_record_is_asked_for()
    {
        await using var server = await TableServer.StartAsync();
        var wrong = await Assert.ThrowsAsync<TableMappingException>(async () =>
            await server.Table().Of<Wrong>().SearchAsync(cancellationToken: Cancel).ToListAsync(Cancel));
        Assert.Equal(3, wrong.Problems.Count);
        Assert.Contains("Amount: a String does not go with field \"金额\" of type Number", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("no field \"没有\"", wrong.Message, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task A_cell_that_its_property_cannot_hold_is_named()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Good("""{"items":[{"record_id":"rec1","fields":{"金额":1.5}}],"has_more":false}""");
        var table = server.Table().Of(new TableMap<Plain>().Field("金额", plain => plain.Count));
        var wrong = await Assert.ThrowsAsync<TableMappingException>(async () =>
            await table.SearchAsync(cancellationToken: Cancel).ToListAsync(Cancel));
        Assert.Equal("Record rec1, field \"金额\": number:1.5 is no Int32 for Count.", wrong.Message);
    }

    [Fact]
    public async Task Rows_are_validated_without_writing()
    {
        await using var server = await TableServer.StartAsync();
        var order = new Order("", "K1", 1m, Stage.Open, ["A"], null, [], false, null, null, "");
        var problems = await Zoned(server).Of<Order>().ValidateAsync(
            [order, order with { Amount = 0.1234567890123456789m, Labels = ["A", "Z"] }, order with { Stage = Stage.New }],
                cancellationToken: Cancel);
        Assert.Equal(
            [(1, "金额", CellRefusal.NumberDoesNotSurvive), (1, "标签", CellRefusal.UnknownOption), (2, "阶段", CellRefusal.UnknownOption)],
            problems.Select(problem => (problem.Index, problem.Problem.Field, problem.Problem.Refusal)));
        Assert.Empty(server.Calls);
    }

    private static FeishuTable Zoned(TableServer server) => server.Table(new() { TimeZone = BaseTimeZone.Find("Asia/Beijing") });

    internal enum Stage
    {
        Open,

        [TableOption("Done")]
        Won,

        New,
    }

    internal sealed record Order(
        [property: TableRecordId] string Id,
        [TableField("名称", Key = true)] string Number,
        [TableField("金额")] decimal Amount,
        [TableField("阶段")] Stage Stage,
        [TableField("标签")] IReadOnlyList<string> Labels,
        [TableField("日期")] DateOnly? Due,
        [TableField("人员")] string[] People,
        [TableField("完成")] bool Done,
        [TableField("链接")] Uri? Link,
        [TableField("公式")] int? Total,
        [TableField("编号")] string Serial);

    internal sealed class Plain
    {
        public string? Id { get; init; }

        public string Name { get; set; } = "";

        public int Count { get; set; }
    }

    internal sealed class Wrong
    {
        [TableField("金额")]
        public string Amount { get; set; } = "";

        [TableField("没有")]
        public string Gone { get; set; } = "";

        [TableField("标签")]
        public decimal Labels { get; set; }
    }
}
