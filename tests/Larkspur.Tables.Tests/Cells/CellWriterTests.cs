using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Cells;

public sealed class CellWriterTests
{
    public static TheoryData<string, CellValue, string> Written { get; } = new()
    {
        { "名称", new TextCell("a\r\nb"), "\"a\\nb\"" },
        { "金额", new NumberCell(88000.50m), "88000.5" },
        { "阶段", new SelectCell("Open"), "\"Open\"" },
        { "标签", new MultiSelectCell(["A", "B", "A"]), """["A","B"]""" },
        { "日期", new DateTimeCell(new DateTimeOffset(2023, 8, 3, 0, 0, 0, TimeSpan.FromHours(8)).AddTicks(9)), "1690992000000" },
        { "完成", new CheckboxCell(false), "false" },
        { "人员", new PeopleCell("ou_1"), """[{"id":"ou_1"}]""" },
        { "电话", new PhoneCell("13800000000"), "\"13800000000\"" },
        { "链接", new UrlCell("https://a.cn"), """{"link":"https://a.cn","text":"https://a.cn"}""" },
        { "附件", new AttachmentsCell("box1"), """[{"file_token":"box1"}]""" },
        { "关联", new LinksCell("recA"), """["recA"]""" },
        { "位置", new LocationCell(116.40m, 39.9m), "\"116.4,39.9\"" },
        { "群", new GroupsCell("oc_1"), """[{"id":"oc_1"}]""" },
    };

    public static TheoryData<string, CellValue, CellRefusal> Refused { get; } = new()
    {
        { "公式", new NumberCell(1L), CellRefusal.ReadOnly },
        { "编号", new TextCell("1"), CellRefusal.ReadOnly },
        { "创建人", new PeopleCell("ou_1"), CellRefusal.ReadOnly },
        { "将来", new TextCell("1"), CellRefusal.ReadOnly },
        { "金额", new TextCell("1"), CellRefusal.WrongType },
        { "名称", new NumberCell(1L), CellRefusal.WrongType },
        { "人员", new GroupsCell("oc_1"), CellRefusal.WrongType },
        { "名称", new TextCell(new string('x', 100_001)), CellRefusal.TooLong },
        { "名称", new TextCell([new("mention", "@李", null, "ou_1")]), CellRefusal.MarkupWouldBeLost },
        { "金额", new NumberCell(9007199254740993), CellRefusal.NumberDoesNotSurvive },
        { "金额", new NumberCell(double.NaN), CellRefusal.NotFinite },
        { "阶段", new SelectCell("Opne"), CellRefusal.UnknownOption },
        { "标签", new MultiSelectCell(["A", "C"]), CellRefusal.UnknownOption },
        { "标签", new MultiSelectCell(Enumerable.Range(0, 1001).Select(n => $"{n}")), CellRefusal.TooMany },
        { "群", new GroupsCell(Enumerable.Range(0, 11).Select(n => $"oc_{n}")), CellRefusal.TooMany },
        { "关联", new LinksCell(Enumerable.Range(0, 501).Select(n => $"rec{n}")), CellRefusal.TooMany },
        { "电话", new PhoneCell("010-1234"), CellRefusal.NotAPhoneNumber },
        { "电话", new PhoneCell(new string('1', 65)), CellRefusal.TooLong },
        { "位置", new LocationCell(39.9m, 116.4m), CellRefusal.NotOnEarth },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void A_cell_is_written_as_the_platform_takes_it(string field, CellValue cell, string json) =>
        Assert.Equal(json, CellWriter.Write(Shapes.Field(field), cell)!.ToJsonString());

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_the_platform_would_refuse_is_refused_here(string field, CellValue cell, CellRefusal refusal)
    {
        var wrong = Assert.Throws<TableCellException>(() => CellWriter.Write(Shapes.Field(field), cell));
        Assert.Equal((field, refusal), (wrong.Problem.Field, wrong.Problem.Refusal));
    }

    [Fact]
    public void What_may_be_lost_or_made_can_be_allowed()
    {
        var options = new TableWriteOptions { AllowMarkupLoss = true, AllowNewOptions = true };
        Assert.Equal("@李", CellWriter.Write(Shapes.Field("名称"), new TextCell([new("mention", "@李", null, "ou_1")]), options)!.ToString());
        Assert.Equal("新", CellWriter.Write(Shapes.Field("阶段"), new SelectCell("新"), options)!.ToString());
    }

    [Fact]
    public void Nothing_clears_the_cell() => Assert.All(
        new (string Field, CellValue Cell)[]
        {
            ("金额", CellValue.Empty), ("名称", new TextCell("")), ("人员", new PeopleCell()), ("标签", new MultiSelectCell([])),
        },
        empty =>
        {
            Assert.Null(CellWriter.Write(Shapes.Field(empty.Field), empty.Cell));
            Assert.Equal(CellValue.Empty, empty.Cell);
        });

    [Theory]
    [InlineData("Asia/Beijing", 1690992000000)]
    [InlineData("Asia/Shanghai", 1690992000000)]
    [InlineData("America/New_York", 1691035200000)]
    public void A_date_is_midnight_in_the_bases_zone(string zone, long milliseconds)
    {
        var found = BaseTimeZone.Find(zone);
        var cell = DateTimeCell.Of(new DateOnly(2023, 8, 3), found);
        Assert.Equal(milliseconds, cell.Milliseconds);
        Assert.Equal(new DateOnly(2023, 8, 3), cell.ToDate(found));
    }
}
