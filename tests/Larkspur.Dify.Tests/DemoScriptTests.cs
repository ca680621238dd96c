using System.Net;
using Larkspur.Emulator.Dify;

namespace Larkspur.Dify.Tests;

/// <summary>What a visitor of the demo asks first, and how the scripted assistant answers: by our own client, against the emulator.</summary>
public sealed class DemoScriptTests : IAsyncLifetime
{
    private const string Demo = "app-demo";
    private const string User = "alice";

    private EmulatorApp _emulator = null!;
    private DifyClient _dify = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync(s => s with { DifyApps = [DifyApp.Seeded(Demo)[0] with { Pause = TimeSpan.Zero, Thinks = TimeSpan.Zero }] });
        _dify = new DifyClient(new DifyOptions { BaseUrl = new Uri(_emulator.BaseUrl, "v1"), ApiKey = Demo }, DifyClient.CreateHttpClient());
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Theory]
    [InlineData("What can you do?", "summarise documents")]
    [InlineData("你好", "起草文字")]
    [InlineData("How many days of leave do I have?", "years of service")]
    [InlineData("年假还有几天？", "按工龄")]
    [InlineData("How do I report sick?", "doctor's certificate")]
    [InlineData("出差标准是什么？", "| 城市 | 住宿 |")]
    [InlineData("What may a hotel cost on a business trip?", "600 CNY")]
    [InlineData("Who approves a purchase?", "**Bob**, the head of department")]
    [InlineData("帮我写一份周报", "下周计划")]
    [InlineData("Draft an email to the supplier", "Here is a draft")]
    [InlineData("Compare two laptops", "| Processor | 8 cores | 16 cores |")]
    [InlineData("How do I reset my own password?", "Forgot password")]
    [InlineData("What is Bob's salary?", "I can't help with that")]
    [InlineData("鲍勃的工资是多少？", "不能回答")]
    [InlineData("Thank you!", "You're welcome")]
    [InlineData("What is this thing about ships?", "scripted assistant of the demo")]
    [InlineData("月亮有多重？", "演示用的脚本助手")]
    public async Task A_first_question_is_answered_as_a_visitor_would_believe(string question, string says) =>
        Assert.Contains(says, (await AskAsync(question)).Text, StringComparison.Ordinal);

    [Fact]
    public async Task A_follow_up_is_understood_by_what_was_asked_before_it()
    {
        var first = await AskAsync("What is left of the budget?");
        var second = await AskAsync("And who approves it?", first.Ids.ConversationId);
        Assert.Contains("the office budget", second.Text, StringComparison.Ordinal);
        Assert.Contains("for 2027", (await AskAsync("And next year?", first.Ids.ConversationId)).Text, StringComparison.Ordinal);
        // Without what was before it, it is a question about purchases, and next year is nothing.
        Assert.Contains("A purchase", (await AskAsync("And who approves it?")).Text, StringComparison.Ordinal);
        Assert.Contains("scripted assistant", (await AskAsync("And next year?")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_question_again_is_answered_in_other_words_and_its_source_is_named()
    {
        var first = await AskAsync("出差标准是什么？");
        var again = await AskAsync("出差标准是什么？", first.Ids.ConversationId);
        Assert.NotEqual(first.Text, again.Text);
        Assert.Equal(first.Text, (await AskAsync("出差标准是什么？", first.Ids.ConversationId)).Text);
        Assert.Equal("差旅费管理办法.docx", Assert.Single(first.Sources).DocumentName);
    }

    [Theory]
    [InlineData("Show me a chart of last quarter's spending", "the chart follows", "spending-en.png")]
    [InlineData("用图表展示上季度的支出", "见下图", "spending-zh.png")]
    public async Task A_chart_comes_with_its_words_and_its_address_is_good_for_five_minutes(string question, string says, string name)
    {
        var answer = await AskAsync(question);
        Assert.Contains(says, answer.Text, StringComparison.Ordinal);
        var file = Assert.Single(answer.Files);
        Assert.Equal(("image", "assistant"), (file.Type, file.BelongsTo));
        Assert.Equal("/files/tools/" + name, new Uri(file.Url).AbsolutePath);

        // Whoever has the address needs no key.
        using var http = new HttpClient();
        var bytes = await http.GetByteArrayAsync(new Uri(file.Url), Cancel);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
        using var forged = await http.GetAsync(new Uri(file.Url.Replace("timestamp=", "timestamp=1", StringComparison.Ordinal)), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        await _emulator.AdvanceAsync(TimeSpan.FromMinutes(6));
        using var late = await http.GetAsync(new Uri(file.Url), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    [Fact]
    public async Task A_document_that_comes_along_is_summarised_by_its_own_lines()
    {
        const string Question = "Summarise it\n<document-0a1b2c title=\"Supplier review\">\n# Findings\nTwo of three suppliers deliver late.\n- Prices rose by 4 %.\nWe should talk to the third.\n</document-0a1b2c>";
        var answer = (await AskAsync(Question)).Text;
        foreach (var part in (string[])["Supplier review", "- Findings", "- Two of three suppliers deliver late.", "- Prices rose by 4 %."])
            Assert.Contains(part, answer, StringComparison.Ordinal);
    }

    private Task<DifyAnswer> AskAsync(string question, string? conversation = null) =>
        _dify.Chat.AskAsync(new DifyQuestion(question, User) { ConversationId = conversation }, Cancel);
}
