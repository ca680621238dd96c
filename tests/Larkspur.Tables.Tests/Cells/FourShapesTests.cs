using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Cells;

/// <summary>One value in the four shapes in which the platform sends it is one value. The shapes are literal: facts A1.</summary>
public sealed class FourShapesTests
{
    /// <summary>Field, the canonical form, then the value in a search, the old list, the echo of a write ("" : there is none).</summary>
    public static TheoryData<string, string, string, string, string> Answers { get; } = new()
    {
        { "名称", "text:你好 @李", """[{"type":"text","text":"你好 "},{"type":"mention","text":"@李","token":"ou_1"}]""", "\"你好 @李\"",
            "\"你好 @李\"" },
        { "名称", "empty", "[]", "\"\"", "null" },
        { "邮箱", "text:a@b.cn", """[{"type":"url","link":"mailto:a@b.cn","text":"a@b.cn"}]""", "\"a@b.cn\"", "\"a@b.cn\"" },
        { "条码", "text:6901234", """[{"type":"text","text":"6901234"}]""", "\"6901234\"", "\"6901234\"" },
        { "金额", "number:0.66", "0.66", "\"0.66\"", "0.66" },
        { "金额", "number:100", "100", "\"100\"", "100.0" },
        { "阶段", "select:=Open", "\"Open\"", "\"Open\"", "\"Open\"" },
        { "标签", "options:2:=A2:=B", """["B","A"]""", """["A","B"]""", """["A","B"]""" },
        { "标签", "empty", "[]", "null", "null" },
        { "日期", "time:1690992000000", "1690992000000", "1690992000000", "1690992000000" },
        { "完成", "checkbox:true", "true", "true", "true" },
        { "完成", "checkbox:false", "", "", "false" },
        {
            "人员", "people:4:ou_14:ou_2", """[{"id":"ou_2","name":"王","en_name":"W","email":"w@x.cn","avatar_url":"u"},{"id":"ou_1"}]""",
            """[{"id":"ou_1","name":"李"},{"id":"ou_2"}]""", """[{"id":"ou_1"},{"id":"ou_2"}]"""
        },
        { "电话", "phone:+8613800000000", "\"+8613800000000\"", "\"+8613800000000\"", "\"+8613800000000\"" },
        {
            "链接", "url:12:https://a.cn6:A site", """{"link":"https://a.cn","text":"A site"}""",
            """{"text":"A site","link":"https://a.cn"}""", """{"link":"https://a.cn","text":"A site"}"""
        },
        {
            "附件", "files:4:box1",
            """[{"file_token":"box1","name":"a.pdf","size":12,"type":"application/pdf","url":"https://x/1?rev=7","tmp_url":"t"}]""",
            """[{"file_token":"box1","name":"b.pdf","size":12,"url":"https://x/1?rev=9"}]""", """[{"file_token":"box1"}]"""
        },
        {
            "关联", "links:4:recA4:recB", """{"link_record_ids":["recB","recA"]}""",
            """[{"record_ids":["recA","recB"],"table_id":"tblOther","text":"x","text_arr":["x"],"type":"text"}]""", """["recA","recB"]"""
        },
        { "双向", "empty", "{}", "[]", "null" },
        { "双向", "links:4:recA", """{"link_record_ids":["recA"]}""", """[{"record_ids":["recA"],"table_id":"t"}]""", """["recA"]""" },
        {
            "位置", "place:116.397755,39.903179",
            """
            {"location":"116.397755,39.903179","pname":"北京市","cityname":"北京市","adname":"东城区","address":"长安街",
             "name":"天安门","full_address":"天安门，北京"}
            """,
            """{"location":"116.3977550,39.903179","name":"别名"}""", "\"116.397755,39.903179\""
        },
        { "群", "groups:4:oc_1", """[{"id":"oc_1","name":"群","avatar_url":"u"}]""", """[{"id":"oc_1","name":"另名"}]""",
            """[{"id":"oc_1"}]""" },
        { "公式", "computed:8:number:2", """{"type":2,"ui_type":"Number","value":[2]}""", "2", "" },
        { "公式", "computed:6:text:x", """{"type":1,"value":[{"type":"text","text":"x"}]}""", """[{"type":"text","text":"x"}]""", "" },
        { "引用", "computed:8:number:18:number:2", """{"type":2,"value":[1,2]}""", "[1,2]", "" },
        { "引用", "empty", """{"type":1,"value":[]}""", "null", "" },
        { "创建时间", "time:1690992000000", "1690992000000", "1690992000000", "" },
        { "修改时间", "time:1690992000000", "1690992000000", "1690992000000", "" },
        { "创建人", "people:4:ou_1", """[{"id":"ou_1","name":"李"}]""", """{"id":"ou_1","name":"李","email":"l@x.cn"}""", "" },
        { "修改人", "people:4:ou_1", """[{"id":"ou_1","name":"李"}]""", """{"id":"ou_1","name":"李"}""", "" },
        { "编号", "text:017no20230201", "\"017no20230201\"", "\"017no20230201\"", "" },
    };

    /// <summary>Field, the canonical form, <c>field_value</c>, <c>field_identity_value</c>.</summary>
    public static TheoryData<string, string, string?, string?> Events { get; } = new()
    {
        { "名称", "text:plain text", "plain text", null },
        { "名称", "text:\"quoted\"", "\"quoted\"", null },
        { "名称", "text:ab", """[{"type":"text","text":"a"},{"type":"mention","text":"b","token":"ou_1"}]""", null },
        { "名称", "text:[1,2]", "[1,2]", null },
        { "名称", "empty", "", null },
        { "金额", "number:666", "666", null },
        { "阶段", "select:=Open", "optOpen", null },
        { "阶段", "select:#optGone", "optGone", null },
        { "标签", "options:2:=A2:=B", """["optB","optA"]""", null },
        { "标签", "options:2:=A2:=B", "optA,optB", null },
        { "日期", "time:1690992000000", "1690992000000", null },
        { "完成", "checkbox:true", "true", null },
        { "完成", "checkbox:false", null, null },
        {
            "人员", "people:4:ou_1", """{"users":[{"name":"李"}]}""",
            """{"users":[{"user_id":{"open_id":"ou_1","union_id":"on_1","user_id":"u1"},"name":"李"}]}"""
        },
        { "人员", "empty", """{"users":[]}""", null },
        { "电话", "phone:13800000000", "13800000000", null },
        { "链接", "url:12:https://a.cn1:A", """{"link":"https://a.cn","text":"A"}""", null },
        { "附件", "files:4:box1", """[{"file_token":"box1","name":"a"}]""", null },
        { "关联", "links:4:recA", """{"link_record_ids":["recA"]}""", null },
        { "位置", "place:116.4,39.9", """{"location":"116.4,39.9","name":"x"}""", null },
        { "群", "groups:4:oc_1", """[{"id":"oc_1"}]""", null },
        { "编号", "text:12", "12", null },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void The_answers_of_search_list_and_write_are_one_value(string field, string canonical, string search, string list, string echo)
    {
        CellValue[] cells = [.. new[] { search, list, echo }.Where(json => json.Length > 0 || canonical == "checkbox:false")
            .Select(json => CellReader.Read(Shapes.Field(field), json.Length == 0 ? default : Shapes.Json(json)))];
        Assert.All(cells, cell => Assert.Equal(canonical, cell.Canonical));
        Assert.Single(cells.Select(cell => cell.StableHash).Distinct());
        Assert.Single(cells.Distinct());
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_is_the_same_value(string field, string canonical, string? value, string? identity) => Assert.Equal(
        canonical, EventCellReader.Read(Shapes.Field(field), value, identity is null ? default : Shapes.Json(identity)).Canonical);

    [Fact]
    public void People_of_an_event_come_by_the_id_that_is_asked_for()
    {
        var identity = Shapes.Json("""{"users":[{"user_id":{"open_id":"ou_1","union_id":"on_1"}}]}""");
        Assert.Equal(new PeopleCell("on_1"), EventCellReader.Read(Shapes.Field("人员"), "{}", identity, "union_id"));
        Assert.IsType<RawCell>(EventCellReader.Read(Shapes.Field("人员"), "{}", identity, "user_id"));
        Assert.IsType<RawCell>(EventCellReader.Read(Shapes.Field("人员"), """{"users":[{"name":"李"}]}"""));
    }

    [Theory]
    [InlineData("金额", "{}")]
    [InlineData("金额", "\"many\"")]
    [InlineData("日期", "\"2026-01-01\"")]
    [InlineData("附件", """[{"name":"a"}]""")]
    [InlineData("流程", "\"x\"")]
    [InlineData("将来", """{"b":1,"a":[2]}""")]
    public void What_is_not_of_the_type_is_kept_as_it_came(string field, string json) =>
        Assert.IsType<RawCell>(CellReader.Read(Shapes.Field(field), Shapes.Json(json)));

    [Fact]
    public void Raw_values_are_compared_without_the_order_of_their_members() => Assert.Equal(
        CellReader.Read(Shapes.Field("将来"), Shapes.Json("""{"b":1,"a":[2]}""")),
            CellReader.Read(Shapes.Field("将来"), Shapes.Json("""{"a":[2],"b":1}""")));

    [Fact]
    public void A_text_knows_whether_it_holds_more_than_text()
    {
        Assert.True(Assert.IsType<TextCell>(CellReader.Read(
            Shapes.Field("名称"), Shapes.Json("""[{"type":"url","link":"https://a.cn","text":"a"}]"""))).HasMarkup);
        Assert.False(Assert.IsType<TextCell>(CellReader.Read(
            Shapes.Field("邮箱"), Shapes.Json("""[{"type":"url","link":"mailto:a@b.cn","text":"a@b.cn"}]"""))).HasMarkup);
    }

    [Fact]
    public void A_formula_that_the_old_list_shows_as_text_is_what_its_field_says_it_is()
    {
        var field = Shapes.Field("公式") with { ResultType = TableFieldType.Number };
        var list = CellReader.Read(field, Shapes.Json("""[{"type":"text","text":"2.5"}]"""));
        Assert.Equal(CellReader.Read(field, Shapes.Json("""{"type":2,"value":[2.5]}""")), list);
        Assert.Equal("computed:8:text:2,5", CellReader.Read(field, Shapes.Json("""[{"type":"text","text":"2,5"}]""")).Canonical);
    }

    [Fact]
    public void Computed_text_of_a_link_keeps_it()
    {
        var cell = Assert.IsType<ComputedCell>(CellReader.Read(
            Shapes.Field("公式"), Shapes.Json("""{"type":1,"value":[{"type":"url","link":"https://a.cn","text":"a"}]}""")));
        Assert.Equal("computed:6:text:a", cell.Canonical);
        Assert.Equal("https://a.cn", Assert.Single(Assert.IsType<TextCell>(cell.Single).Segments).Link);
    }
}
