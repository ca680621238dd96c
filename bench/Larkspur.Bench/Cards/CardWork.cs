using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Larkspur.Feishu.Cards;

namespace Larkspur.Bench.Cards;

/// <summary>What is measured of cards, for a small one and a large one.</summary>
[MemoryDiagnoser]
public class CardWork : IDisposable
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private Utf8JsonWriter _writer = null!;
    private string _json = null!;
    private JsonDocument _document = null!;

    /// <summary>small: an approval with header, text, four facts, two buttons; large: a table of 60 rows and 120 texts.</summary>
    [Params("small", "large")]
    public string Card { get; set; } = "small";

    [GlobalSetup]
    public void Setup()
    {
        _json = Build().ToJson();
        _document = JsonDocument.Parse(_json);
        _writer = new Utf8JsonWriter(_buffer, Relaxed);
        if (CardValidator.Validate(_json) is { IsValid: false } report) throw new InvalidOperationException(report.ToString());
    }

    /// <summary>The floor: the same tokens through a bare writer, made into the same string.</summary>
    [Benchmark(Baseline = true)]
    public string Floor()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset(_buffer);
        Copy(_writer, _document.RootElement);
        _writer.Flush();
        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }

    [Benchmark]
    public string BuildAndSerialise() => Build().ToJson();

    [Benchmark]
    public int Validate() => CardValidator.Validate(_json).Errors;

    [Benchmark]
    public int BuildSerialiseValidate() => CardValidator.Validate(Build().ToJson()).Errors;

    [Benchmark]
    public int PlainText() => CardText.Of(_json).Length;

    [GlobalCleanup]
    public void Dispose()
    {
        _writer.Dispose();
        _document.Dispose();
        GC.SuppressFinalize(this);
    }

    private CardBuilder Build() => Card == "small" ? Approval() : Large();

    internal static CardBuilder Approval() => new CardBuilder()
        .Header(new I18nText("采购审批").In("en_us", "Purchase approval"), HeaderTemplate.Orange, tags: new TextTag("待审批", TagColor.Orange))
        .Summary("采购审批：椅子 12 把")
        .Markdown("**椅子 12 把**，请在周五前审批。")
        .Facts(("部门", "采购部"), ("申请人", "王芳"), ("金额", "¥1,200.00"), ("期限", "2026-01-31"))
        .Row(
            new Button("同意") { Type = ButtonType.PrimaryFilled, Behaviors = [Behavior.CallbackJson("""{"action":"approve","order":"42"}""")] },
            new Button("拒绝") { Type = ButtonType.Danger, Behaviors = [Behavior.CallbackJson("""{"action":"reject","order":"42"}""")] });

    internal static CardBuilder Large()
    {
        var card = new CardBuilder().Header("库存", HeaderTemplate.Blue).Table(
            [new("item", Title: "物品"), new("n", ColumnDataType.Number, "数量"), new("state", ColumnDataType.Options, "状态")],
            [.. Enumerable.Range(0, 60).Select(i => new TableRow { ["item"] = $"物品 {i}", ["n"] = i, ["state"] = TableCell.Options(("正常", CardColor.Green)) })]);
        for (var i = 0; i < 120; i++) card.Markdown($"**第 {i} 行** 库存正常，无需补货。");
        return card;
    }

    private static void Copy(Utf8JsonWriter writer, JsonElement element) => element.WriteTo(writer);
}
