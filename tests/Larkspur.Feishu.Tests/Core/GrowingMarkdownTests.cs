namespace Larkspur.Feishu.Tests.Core;

public sealed class GrowingMarkdownTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("The **ans", "The ")]
    [InlineData("The **", "The ")]
    [InlineData("The *", "The ")]
    [InlineData("The **answer*", "The ")]
    [InlineData("The **answer** is", "The **answer** is")]
    [InlineData("The **answer** is **4", "The **answer** is ")]
    [InlineData("a `b", "a ")]
    [InlineData("a `b` c", "a `b` c")]
    [InlineData("**a `b", "")]
    [InlineData("2 ** 3 and", "2 ** 3 and")]
    [InlineData("\\**not bold", "\\**not bold")]
    [InlineData("* item", "* item")]
    [InlineData("*", "*")]
    [InlineData("**bold never closed\nnext line", "**bold never closed\nnext line")]
    [InlineData("```python\nf(**args", "```python\nf(**args")]
    [InlineData("```python\nf(**args)\n```\nIt **is", "```python\nf(**args)\n```\nIt ")]
    [InlineData("```pyth", "```pyth")]
    [InlineData("***both** an", "***both** an")]
    public void Marks_that_are_not_closed_yet_are_not_shown(string text, string shown) => Assert.Equal(shown, GrowingMarkdown.WithoutOpenMarks(text));

    [Fact]
    public void What_is_never_closed_is_shown_after_a_while()
    {
        var text = "**" + new string('a', GrowingMarkdown.MostHeldBack - 2);
        Assert.Equal("", GrowingMarkdown.WithoutOpenMarks(text));
        Assert.Equal(text + "a", GrowingMarkdown.WithoutOpenMarks(text + "a"));
    }

    /// <summary>A client that types goes on only where the old text begins the new one.</summary>
    [Fact]
    public void What_is_shown_is_a_beginning_of_the_text_whatever_it_is()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var text = string.Concat(Enumerable.Range(0, 60).Select(_ => random.Next(8) switch { 0 => "**", 1 => "*", 2 => "`", 3 => "\n", 4 => "\\", _ => "字 a" }));
            for (var length = 0; length <= text.Length; length++)
                Assert.StartsWith(GrowingMarkdown.WithoutOpenMarks(text[..length]), text, StringComparison.Ordinal);
        }
    }
}
