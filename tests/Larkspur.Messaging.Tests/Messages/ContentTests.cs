using System.Text.Json.Nodes;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Messaging.Tests.Messages;

public sealed class ContentTests
{
    private static string TextOf(MessageContent content) => JsonNode.Parse(content.Json)!["text"]!.GetValue<string>();

    [Fact]
    public void What_people_wrote_mentions_nobody()
    {
        foreach (string trick in (string[])["<at user_id=\"all\"></at>", "<AT user_id='all'/>", "< at user_id=\"all\">", "</at>", "&lt;at user_id=\"all\">", "&#60;at", "&#x3C;at", "<b>fat</b>", "[x](https://evil.example)"])
        {
            string text = TextOf(MessageContent.Text(trick));
            Assert.Equal(trick, text.Replace("\u200B", "", StringComparison.Ordinal));
            Assert.DoesNotMatch(@"(?i)<\s*/?\s*(at|b)\b|&(lt|#60|#x3c)\b|\]\(", text);
        }

        Assert.Equal("a < b && b > at 5% <attack>", TextOf(MessageContent.Text("a < b && b > at 5% <attack>")));
    }

    [Fact]
    public async Task What_people_wrote_costs_time_in_proportion_to_its_length()
    {
        // Blanks behind "<" may belong before or after a slash that never comes: each way of sharing them out must not be tried.
        string blanks = "<" + new string(' ', 1_000_000);
        Task<(string, string)> made = Task.Run(() => (MessageText.Harmless(blanks + "/" + blanks), MessageText.Harmless("<" + blanks + "at>")), TestContext.Current.CancellationToken);
        (string shown, string mention) = await made.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(blanks + "/" + blanks, shown);
        Assert.Equal("<<\u200B" + blanks[1..] + "at>", mention);
    }

    [Fact]
    public void Mentions_links_and_styles_are_written_as_the_platform_reads_them()
    {
        MessageContent content = MessageContent.Text(t => t.Mention("ou_1", "To<m>").Text(" <at user_id=\"all\">").MentionAll().Line().Bold("a<b>").Link("docs", "https://e.example/a(1) b"));
        Assert.Equal(
            "<at user_id=\"ou_1\">To‹m›</at> <\u200Bat user_id=\"all\"><at user_id=\"all\"></at>\n<b>a<\u200Bb></b>[docs](https://e.example/a%281%29%20b)", TextOf(content));
    }

    [Theory]
    [InlineData("ou_1\"><at user_id=\"all")]
    [InlineData("")]
    [InlineData("all")]
    public void A_mention_takes_ids_only(string id) => Assert.Throws<MessageContentException>(() => MessageContent.Text(t => t.Mention(id)));

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/relative")]
    public void A_link_is_an_address(string address)
    {
        Assert.Throws<MessageContentException>(() => MessageContent.Text(t => t.Link("x", address)));
        Assert.Throws<MessageContentException>(() => MessageContent.Post(p => p.English(null, b => b.Paragraph(l => l.Link("x", address)))));
    }

    [Fact]
    public void A_post_has_its_languages_and_paragraphs()
    {
        MessageContent content = MessageContent.Post(p => p
            .Chinese("周报", b => b
                .Paragraph(l => l.Text("完成", PostStyle.Bold | PostStyle.LineThrough).Link("here", "https://e.example").Mention("ou_1").MentionAll().Emotion("SMILE"))
                .Image("img_1").Media("file_1", "img_2").Rule().Code("x()", "GO").Markdown("**m**"))
            .English("Report", b => b.Paragraph("done")));
        Assert.Equal(
            """{"zh_cn":{"title":"周报","content":[[{"tag":"text","text":"完成","style":["bold","lineThrough"]},{"tag":"a","text":"here","href":"https://e.example"},{"tag":"at","user_id":"ou_1"},{"tag":"at","user_id":"all"},{"tag":"emotion","emoji_type":"SMILE"}],[{"tag":"img","image_key":"img_1"}],[{"tag":"media","file_key":"file_1","image_key":"img_2"}],[{"tag":"hr"}],[{"tag":"code_block","text":"x()","language":"GO"}],[{"tag":"md","text":"**m**"}]]},"en_us":{"title":"Report","content":[[{"tag":"text","text":"done"}]]}}""",
            content.Json);
    }

    [Fact]
    public void Content_that_is_not_JSON_is_an_error_with_its_place()
    {
        foreach (Action make in (Action[])[() => MessageContent.Card("{\"a\":\n x}"), () => MessageContent.Raw("text", "hello"), () => MessageContent.Card("[]"), () => MessageContent.Card("")])
            Assert.Equal(MessageContentProblem.NotJson, Assert.Throws<MessageContentException>(make).Problem);
        Assert.Contains("line 2", Assert.Throws<MessageContentException>(() => MessageContent.Card("{\"a\":\n x}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_of_31_KB_is_an_error()
    {
        string card = $$$"""{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"{{{new string('a', 31 << 10)}}}"}]}}""";
        MessageContentException error = Assert.Throws<MessageContentException>(() => MessageContent.Card(card));
        Assert.Equal(MessageContentProblem.TooLarge, error.Problem);
        Assert.Contains("30 KB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_are_counted_in_bytes_of_UTF8()
    {
        int room = (150 << 10) - """{"text":""}""".Length;
        Assert.Equal("text", MessageContent.Text(new string('中', room / 3)).Type.Value);
        Assert.Equal(MessageContentProblem.TooLarge, Assert.Throws<MessageContentException>(() => MessageContent.Text(new string('中', room / 3 + 1))).Problem);
    }

    [Fact]
    public void Every_other_type_has_its_shape()
    {
        Assert.Equal("""{"chat_id":"oc_1"}""", MessageContent.ShareChat("oc_1").Json);
        Assert.Equal("""{"user_id":"ou_1"}""", MessageContent.ShareUser("ou_1").Json);
        Assert.Equal("""{"file_key":"f"}""", MessageContent.Audio("f").Json);
        Assert.Equal("""{"file_key":"f","image_key":"i"}""", MessageContent.Media("f", "i").Json);
        Assert.Equal("""{"type":"template","data":{"template_id":"AAq1","template_version_name":"1.0.0","template_variable":{"who":"Bob","n":3}}}""",
            MessageContent.CardTemplate("AAq1", new Dictionary<string, object?> { ["who"] = "Bob", ["n"] = 3 }, "1.0.0").Json);
        Assert.Equal("""{"type":"card","data":{"card_id":"73"}}""", MessageContent.CardEntity("73").Json);
        Assert.Equal("""{"type":"divider","params":{"divider_text":{"text":"新","i18n_text":{"en_US":"New"}}},"options":{"need_rollup":true}}""",
            MessageContent.Divider("新", new Dictionary<string, string> { ["en_US"] = "New" }).Json);
        Assert.Throws<MessageContentException>(() => MessageContent.ShareChat("ou_1"));
        Assert.Throws<MessageContentException>(() => MessageContent.Divider(new string('x', 21)));
        Assert.Throws<MessageContentException>(() => MessageContent.Image("a\"b"));
        Assert.Throws<MessageContentException>(() => MessageContent.Text("  "));
        Assert.Throws<MessageContentException>(() => MessageContent.Post(_ => { }));
    }
}
