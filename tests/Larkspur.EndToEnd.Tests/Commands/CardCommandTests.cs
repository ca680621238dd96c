using System.Buffers.Text;
using System.IO.Compression;
using System.Text;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur cards</c>, with nobody there to be called.</summary>
public sealed class CardCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-cards-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_patterns_and_the_input_are_validated()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "cards", "more"));
        Write("cards/good.json", SampleFiles.Card);
        Write("cards/more/bad.json", SampleFiles.BadCard);
        var good = (await RunAsync(SampleFiles.Card, "cards", "validate", "-", "cards/good.json")).Is(0, "cards/good.json: ok");
        Assert.Contains("(input): ok", good.Output, StringComparison.Ordinal);

        var both = (await RunAsync(null, "cards", "validate", "cards/**/*.json", "--json")).Is(1).Json;
        Assert.False(both.GetProperty("valid").GetBoolean());
        Assert.Equal([(Path.Combine("cards", "good.json"), true), (Path.Combine("cards", "more", "bad.json"), false)],
            both.GetProperty("files").EnumerateArray().Select(f => (f.GetProperty("file").GetString()!, f.GetProperty("valid").GetBoolean())));
        var finding = both.GetProperty("files")[1].GetProperty("findings")[0];
        Assert.Equal(("/body/elements/0/tag", "card.unknown-tag", "error"), (finding.GetProperty("pointer").GetString(), finding.GetProperty("rule").GetString(), finding.GetProperty("severity").GetString()));

        var table = (await RunAsync(null, "cards", "validate", "cards/more/bad.json")).Is(1, "/body/elements/0/tag");
        Assert.Contains(finding.GetProperty("fix").GetString()!, table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_be_mended_is_written_and_a_template_is_left_alone()
    {
        Write("card.json", """{"schema":"2.0","body":{"elements":[{"tag":"markdwon","content":"a"},{"tag":"hologram"}]}}""");
        var mended = (await RunAsync(null, "cards", "validate", "card.json", "--fix")).Is(1, "card.unknown-tag");
        Assert.Contains("card.json: 1 change made", mended.Errors, StringComparison.Ordinal);
        Assert.Contains("\"markdown\"", File.ReadAllText(Path.Combine(_folder, "card.json")), StringComparison.Ordinal);
        var piped = (await RunAsync("""{"card":{"schema":"2.0","body":{"elements":[]}}}""", "cards", "validate", "-", "--fix")).Is(0);
        Assert.Equal("""{"schema":"2.0","body":{"elements":[]}}""", piped.Output);

        const string template = """{"name":"order","card":{"schema":"2.0","body":{"elements":[]}}}""";
        Write("order.card.json", template);
        (await RunAsync(null, "cards", "validate", "order.card.json", "--fix")).Is(1);
        Assert.Equal(template, File.ReadAllText(Path.Combine(_folder, "order.card.json")));
    }

    [Fact]
    public async Task A_preview_is_text_and_an_address_that_holds_the_card()
    {
        Write("offer.json", SampleFiles.Card);
        var preview = (await RunAsync(null, "cards", "preview", "offer.json", "--emulator", "http://127.0.0.1:9", "--json")).Is(0).Json;
        Assert.Contains("Order 4711", preview.GetProperty("text").GetString(), StringComparison.Ordinal);
        var address = new Uri(preview.GetProperty("url").GetString()!);
        Assert.Equal("http://127.0.0.1:9/cards", address.GetLeftPart(UriPartial.Path));
        using var packed = new DeflateStream(new MemoryStream(Base64Url.DecodeFromChars(address.Fragment.AsSpan("#c=".Length))), CompressionMode.Decompress);
        using var reader = new StreamReader(packed, Encoding.UTF8);
        Assert.Equal(SampleFiles.Card, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));

        Write("steering.json", SampleFiles.Card.Replace("4711", @"\u001b[2J", StringComparison.Ordinal));
        var text = (await RunAsync(null, "cards", "preview", "steering.json")).Is(0, @"Order \u001b[2J");
        Assert.Contains("http://127.0.0.1:8081/cards#c=", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "card.size", "cards", "validate", "large.json")]
    [InlineData(1, "error", "cards", "validate", "words.json")]
    [InlineData(1, "is no card", "cards", "preview", "words.json")]
    [InlineData(2, "not UTF-8", "cards", "validate", "bytes.json")]
    [InlineData(2, "there is no file", "cards", "validate", "nowhere.json")]
    [InlineData(2, "no file fits", "cards", "validate", "nowhere/*.json")]
    [InlineData(0, "Examples:", "cards", "validate", "--help")]
    public async Task What_is_no_card_is_said_with_its_exit_code(int code, string sentence, params string[] arguments)
    {
        Write("large.json", SampleFiles.LargeCard);
        Write("words.json", "no JSON at all");
        File.WriteAllBytes(Path.Combine(_folder, "bytes.json"), [0xff, 0xfe, 0x00]);
        (await RunAsync(null, arguments)).Is(code, sentence);
    }

    private Task<CliRun> RunAsync(string? input, params string[] arguments) => Cli.RunAsync(arguments, _folder, key: "", input: input);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
