using Larkspur.Feishu.Messaging.Streaming;

namespace Larkspur.Messaging.Tests.Streaming;

public sealed class MarkdownTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("```csharp\nvar a", "```csharp\nvar a\n```")]
    [InlineData("```\ncode\n", "```\ncode\n```")]
    [InlineData("```\ncode\n```\nafter", "```\ncode\n```\nafter")]
    [InlineData("````\n```\nstill code", "````\n```\nstill code\n````")]
    [InlineData("~~~\n```\ncode", "~~~\n```\ncode\n~~~")]
    [InlineData("text\n``", "text\n")]
    [InlineData("```\ncode\n``", "```\ncode\n```")]
    [InlineData("see <font col", "see ")]
    [InlineData("1 < 2", "1 < 2")]
    [InlineData("a `b` c", "a `b` c")]
    public void A_half_finished_text_can_be_shown(string text, string shown) => Assert.Equal(shown, StreamingMarkdown.Showable(text));

    [Fact]
    public void Half_an_emoji_is_left_out() => Assert.Equal("a", StreamingMarkdown.Showable("a😀"[..2]));

    [Theory]
    [InlineData("<at id=all></at> hi", "&#60;at id=all>&#60;/at> hi")]
    [InlineData("<AT user_id=\"all\">", "&#60;AT user_id=\"all\">")]
    [InlineData("<person id='x'>", "&#60;person id='x'>")]
    [InlineData("<attention>", "<attention>")]
    [InlineData("```\n<at id=all></at>\n```", "```\n<at id=all></at>\n```")]
    public void Nobody_is_called_by_what_a_model_writes(string text, string harmless)
    {
        Assert.Equal(harmless, StreamingMarkdown.WithoutMentions(text));
        Assert.Equal(harmless, StreamingMarkdown.WithoutMentions(harmless));
    }

    [Fact]
    public void A_page_fits_and_nothing_is_lost()
    {
        var text = string.Join("\n\n", Enumerable.Range(0, 400).Select(i => $"Absatz {i}: 这是一段很长的文字，用来测试分页。\"quoted\" \\ end"));
        var pages = StreamingMarkdown.Split(text, 3000);
        Assert.True(pages.Count > 5);
        Assert.All(pages, p => Assert.True(StreamingMarkdown.Size(p) <= 3000));
        Assert.Equal(text.Replace("\n", ""), string.Concat(pages).Replace("\n", ""));
    }

    [Fact]
    public void A_fence_that_a_page_ends_in_is_closed_there_and_opened_again()
    {
        var text = "intro\n```python\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"line_{i} = {i}\n")) + "```\nend";
        var pages = StreamingMarkdown.Split(text, 1000);
        Assert.True(pages.Count > 3);
        Assert.All(pages, p => Assert.True(StreamingMarkdown.Size(p) <= 1000));
        Assert.All(pages, p => Assert.Equal(p, StreamingMarkdown.Showable(p)));
        Assert.All(pages.Skip(1).SkipLast(1), p => Assert.StartsWith("```python\n", p, StringComparison.Ordinal));
        for (var i = 0; i < 300; i++) Assert.Single(pages, p => p.Contains($"line_{i} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Earlier_pages_stay_as_they_are_while_the_text_grows()
    {
        var random = new Random(5);
        var text = string.Concat(Enumerable.Range(0, 3000).Select(_ => random.Next(12) switch { 0 => "\n", 1 => "\n\n", 2 => "\n```\n", 3 => "😀", _ => "词语 " }));
        IReadOnlyList<string> before = [""];
        for (var length = 0; length <= text.Length; length += 37)
        {
            var pages = StreamingMarkdown.Split(text[..length], 700);
            for (var i = 0; i < before.Count - 1; i++) Assert.Equal(before[i], pages[i]);
            before = pages;
        }
    }

    [Theory]
    [InlineData('`')]
    [InlineData('\n')]
    [InlineData('中')]
    [InlineData('\ud83d')]
    [InlineData('"')]
    public void Hostile_texts_end(char filler)
    {
        var pages = StreamingMarkdown.Split("```" + new string('x', 5000) + "\n" + new string(filler, 5000), 500);
        Assert.InRange(pages.Count, 1, 200);
    }
}
