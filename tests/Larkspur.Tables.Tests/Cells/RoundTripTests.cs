using System.Text;
using System.Text.Json;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Cells;

/// <summary>
/// What is written and read back is what it was: otherwise two sides of a synchronisation would correct each other for ever.
/// </summary>
public sealed class RoundTripTests
{
    private const int Runs = 2000;

    public static TheoryData<string> Writable { get; } =
        ["名称", "邮箱", "条码", "金额", "阶段", "标签", "日期", "完成", "人员", "电话", "链接", "附件", "关联", "双向", "位置", "群"];

    [Theory]
    [MemberData(nameof(Writable))]
    public void Decoding_what_was_encoded_gives_the_same_value(string name)
    {
        var field = Shapes.Field(name);
        var random = new Random(20261122 + name[0]);
        for (var run = 0; run < Runs; run++)
        {
            var cell = Arbitrary(field.Type, random);
            if (CellWriter.Check(field, cell) is not null) continue;
            var sent = CellWriter.Write(field, cell);
            var back = CellReader.Read(field, sent is null ? default : JsonSerializer.SerializeToElement(sent));
            Assert.Equal(cell, back);
            Assert.Equal(cell.StableHash, back.StableHash);
            Assert.Equal(sent?.ToJsonString(), CellWriter.Write(field, back)?.ToJsonString());
        }
    }

    [Fact]
    public void Decimals_survive_when_they_say_so()
    {
        var random = new Random(7);
        for (var run = 0; run < Runs; run++)
        {
            var value = new decimal(random.Next(), random.Next(run % 3 == 0 ? int.MaxValue : 1000), 0, run % 2 == 0, (byte)random.Next(10));
            var cell = new NumberCell(value);
            Assert.Equal(cell.IsExact, cell.TryGetDecimal(out var back) && back == value);
        }

        Assert.True(NumberCell.Survives(0.1m));
        Assert.True(NumberCell.Survives(-88000.50m));
        Assert.True(NumberCell.Survives(9007199254740992m));
        Assert.False(NumberCell.Survives(9007199254740993m));
        Assert.False(NumberCell.Survives(0.12345678901234567890m));
        Assert.Equal(new NumberCell(0.30000000000000004), new NumberCell(0.1 + 0.2));
        Assert.NotEqual(new NumberCell(0.3), new NumberCell(0.1 + 0.2));
        Assert.Equal(new NumberCell(0.0), new NumberCell(-0.0));
    }

    private static CellValue Arbitrary(TableFieldType type, Random random) => random.Next(20) == 0 && type != TableFieldType.Checkbox
        ? CellValue.Empty
        : type switch
        {
            TableFieldType.Text => new TextCell(Text(random)),
            TableFieldType.Number => random.Next(2) == 0
                ? new NumberCell(BitConverter.Int64BitsToDouble(random.NextInt64()))
                : new NumberCell(new decimal(random.Next(), random.Next(99), 0, false, (byte)random.Next(8))),
            TableFieldType.SingleSelect => new SelectCell(random.Next(2) == 0 ? "Open" : "Done"),
            TableFieldType.MultiSelect => new MultiSelectCell(Some(random, "A", "B", "A")),
            TableFieldType.DateTime => new DateTimeCell(random.NextInt64(-1L << 40, 1L << 42)),
            TableFieldType.Checkbox => new CheckboxCell(random.Next(2) == 0),
            TableFieldType.User => new PeopleCell(Some(random, "ou_1", "ou_2", "ou_3")),
            TableFieldType.GroupChat => new GroupsCell(Some(random, "oc_1", "oc_2")),
            TableFieldType.Attachment => new AttachmentsCell(Some(random, "box1", "box2", "box3")),
            TableFieldType.SingleLink or TableFieldType.DuplexLink => new LinksCell(Some(random, "recA", "recB", "recC")),
            TableFieldType.Phone => new PhoneCell($"+{random.NextInt64(1L << 50)}"),
            TableFieldType.Url => new UrlCell("https://a.cn/" + Text(random), random.Next(2) == 0 ? null : Text(random)),
            TableFieldType.Location => new LocationCell(random.Next(-1800, 1800) / 10.00m, random.Next(-900, 900) / 10m),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };

    private static IEnumerable<string> Some(Random random, params string[] of)
    {
        random.Shuffle(of);
        return of[..random.Next(of.Length + 1)];
    }

    /// <summary>Also line ends of all kinds, quotes, characters of two code units, and blanks at both ends.</summary>
    private static string Text(Random random)
    {
        string[] pieces = ["a", "金额", "\r\n", "\r", "\n", "\"", "\\", "😀", " ", "{}", "[1]", "\u00e9", "e\u0301", "\t"];
        var text = new StringBuilder();
        for (var left = random.Next(6); left > 0; left--) text.Append(pieces[random.Next(pieces.Length)]);
        return text.ToString();
    }
}
