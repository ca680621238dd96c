using Larkspur.WeCom.Cards;
using Larkspur.WeCom.Messages;

namespace Larkspur.WeCom.Tests.Messages;

/// <summary>What the platform would refuse, cut or drop is refused before, with a sentence that says where.</summary>
public sealed class JudgementTests
{
    private static readonly CardAction Open = CardAction.Open("https://a.example");

    public static TheoryData<string, TemplateCard> BadCards => new()
    {
        { "card_action is missing", new NoticeCard { MainTitle = new("t") } },
        { "main_title.title or sub_title_text is missing", new NoticeCard { CardAction = Open } },
        { "card_action.url is no http", new NoticeCard { MainTitle = new("t"), CardAction = CardAction.Open("javascript:alert(1)") } },
        { "horizontal_content_list has 7", new NoticeCard { MainTitle = new("t"), CardAction = Open, HorizontalContentList = [.. Enumerable.Repeat(new CardRow("k", "v"), 7)] } },
        { "horizontal_content_list.url is missing", new NoticeCard { MainTitle = new("t"), CardAction = Open, HorizontalContentList = [new("k", "v", 1)] } },
        { "horizontal_content_list.userid is missing", new NoticeCard { MainTitle = new("t"), CardAction = Open, HorizontalContentList = [new("k", "v", 3)] } },
        { "jump_list has 4", new NoticeCard { MainTitle = new("t"), CardAction = Open, JumpList = [.. Enumerable.Repeat(new CardJump("t"), 4)] } },
        { "jump_list.type is 3", new NoticeCard { MainTitle = new("t"), CardAction = Open, JumpList = [new("t", 3, Question: "q")] } },
        { "task_id is missing", new NoticeCard { MainTitle = new("t"), CardAction = Open, ActionMenu = new("m", [new("a", "a")]) } },
        { "more than once", new NoticeCard { MainTitle = new("t"), CardAction = Open, TaskId = "t", ActionMenu = new("m", [new("a", "a"), new("b", "a")]) } },
        { "card_image or image_text_area is missing", new NewsCard { MainTitle = new("t"), CardAction = Open } },
        { "aspect_ratio", new NewsCard { MainTitle = new("t"), CardAction = Open, CardImage = new("https://p.example", 3) } },
        { "vertical_content_list has 5", new NewsCard { MainTitle = new("t"), CardAction = Open, CardImage = new("https://p.example"), VerticalContentList = [.. Enumerable.Repeat(new CardTitle("t"), 5)] } },
        { "task_id may have", new ButtonCard { MainTitle = new("t"), TaskId = "t 1", ButtonList = [new("a", "a")] } },
        { "button_list has 0", new ButtonCard { MainTitle = new("t"), TaskId = "t", ButtonList = [] } },
        { "button_list.key has 1025 bytes", new ButtonCard { MainTitle = new("t"), TaskId = "t", ButtonList = [new("a", new string('k', 1025))] } },
        { "button_list has the key", new ButtonCard { MainTitle = new("t"), TaskId = "t", ButtonList = [new("a", "k"), new("b", "k")] } },
        { "button_list.style", new ButtonCard { MainTitle = new("t"), TaskId = "t", ButtonList = [new("a", "k", 5)] } },
        { "checkbox.option_list has 21", new VoteCard { MainTitle = new("t"), TaskId = "t", SubmitButton = new("s", "k"), Checkbox = new("q", [.. Enumerable.Range(0, 21).Select(i => new CardOption($"{i}", "o"))]) } },
        { "submit_button.key is missing", new VoteCard { MainTitle = new("t"), TaskId = "t", SubmitButton = new("s", ""), Checkbox = new("q", [new("1", "o")]) } },
        { "select_list has 4", new MultipleChoiceCard { MainTitle = new("t"), TaskId = "t", SubmitButton = new("s", "k"), SelectList = [.. Enumerable.Range(0, 4).Select(i => new CardSelect($"q{i}", [new("1", "o")]))] } },
        { "selected_id is none", new MultipleChoiceCard { MainTitle = new("t"), TaskId = "t", SubmitButton = new("s", "k"), SelectList = [new("q", [new("1", "o")], SelectedId: "2")] } },
    };

    public static TheoryData<string, MessageContent> BadContents => new()
    {
        { "text.content has 2049 bytes", new TextContent(new string('好', 683)) },
        { "text.content is missing", new TextContent(" ") },
        { "markdown.content has 2049", new MarkdownContent(new string('x', 2049)) },
        { "image.media_id is missing", new ImageContent("") },
        { "textcard.title has 129", new TextCardContent(new string('x', 129), "d", "https://a.example") },
        { "textcard.url is no http", new TextCardContent("t", "d", "ftp://a.example") },
        { "textcard.btntxt", new TextCardContent("t", "d", "https://a.example", "五个字太长") },
        { "news.articles has 9", new NewsContent([.. Enumerable.Repeat(new NewsArticle("t", "https://a.example"), 9)]) },
        { "mpnews.articles.content has", new MpNewsContent([new("t", "M", new string('x', 666 * 1024 + 1))]) },
        { "miniprogram_notice.content_item has 11", new MiniProgramNoticeContent("wx", "t", ContentItem: [.. Enumerable.Repeat(new MiniProgramItem("k", "v"), 11)]) },
    };

    [Theory]
    [MemberData(nameof(BadCards), DisableDiscoveryEnumeration = true)]
    public async Task Cards(string problem, TemplateCard card) => await RefusedAsync(problem, MessageTarget.To("alice"), new CardContent(card));

    [Theory]
    [MemberData(nameof(BadContents), DisableDiscoveryEnumeration = true)]
    public async Task Contents(string problem, MessageContent content) => await RefusedAsync(problem, MessageTarget.To("alice"), content);

    [Fact]
    public async Task Recipients()
    {
        await RefusedAsync("recipients are missing", new MessageTarget(), new TextContent("x"));
        await RefusedAsync("touser has 1001", MessageTarget.To([.. Enumerable.Range(0, 1001).Select(i => $"u{i}")]), new TextContent("x"));
        await RefusedAsync("which is no userid", MessageTarget.To("@all"), new TextContent("x"));
        await RefusedAsync("which is no userid", MessageTarget.To("a|b"), new TextContent("x"));
        await RefusedAsync("everybody and somebody", new MessageTarget { IsEverybody = true, Users = ["a"] }, new TextContent("x"));
    }

    [Fact]
    public void Five_kinds_of_cards_are_good()
    {
        CardOption[] options = [new("1", "o"), new("2", "p")];
        foreach (TemplateCard card in new TemplateCard[]
        {
            new NoticeCard { MainTitle = new("t"), CardAction = Open, TaskId = "t-1_@", ActionMenu = new("m", [new("a", "a")]) },
            new NewsCard { MainTitle = new("t"), CardAction = Open, CardImage = new("https://p.example", 1.3) },
            new ButtonCard { MainTitle = new("t"), TaskId = "t", ButtonSelection = new("q", options), ButtonList = [new("a", "k"), new("b", Type: 1, Url: "https://a.example")] },
            new VoteCard { MainTitle = new("t"), TaskId = "t", Checkbox = new("q", options, 1), SubmitButton = new("s", "k") },
            new MultipleChoiceCard { MainTitle = new("t"), TaskId = "t", SelectList = [new("q", options, SelectedId: "2")], SubmitButton = new("s", "k") },
        })
        {
            Exception? faults = Record.Exception(() => { _ = new WeComClient(new WeComOptions { CorpId = "ww", Secret = "s" }).Messages.SendAsync(MessageTarget.To("a"), new CardContent(card), cancellationToken: TestContext.Current.CancellationToken); });
            // Judged good: what stops it is the agent id that is missing.
            Assert.IsType<InvalidOperationException>(faults);
        }
    }

    [Fact]
    public void A_long_text_is_cut_between_characters_and_joined_again()
    {
        string text = string.Join('\n', Enumerable.Range(0, 400).Select(i => $"第{i}行 😀 text"));
        IReadOnlyList<string> pieces = WeComText.Split(text, 2048);
        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, p => Assert.True(System.Text.Encoding.UTF8.GetByteCount(p) <= 2048));
        Assert.All(pieces.SkipLast(1), p => Assert.EndsWith("\n", p, StringComparison.Ordinal));
        Assert.Equal(["😀😀😀😀", "😀"], WeComText.Split("😀😀😀😀😀", 16));
        Assert.Empty(WeComText.Split("", 16));
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(WeComText.Shorten(text, 100)) <= 100);
    }

    private static async Task RefusedAsync(string problem, MessageTarget target, MessageContent content)
    {
        var client = new WeComClient(new WeComOptions { CorpId = "ww", AgentId = 1, Secret = "s", BaseUrl = new Uri("http://127.0.0.1:1") });
        WeComContentException refused = await Assert.ThrowsAsync<WeComContentException>(() => client.Messages.SendAsync(target, content, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }
}
