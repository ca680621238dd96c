namespace Larkspur.Feishu.Tests.Core;

public sealed class CodeFenceTests
{
    [Theory]
    [InlineData("", null, null)]
    [InlineData("text", null, null)]
    [InlineData("```csharp\nvar a", "```", "```csharp")]
    [InlineData("```\ncode\n```", null, null)]
    [InlineData("````\n```\nstill code", "````", "````")]
    [InlineData("~~~ py \n```\ncode\n", "~~~", "~~~ py")]
    [InlineData("   ```\nindented", "```", "```")]
    [InlineData("    ```\nfour are code by themselves", null, null)]
    [InlineData("``` `inline` ```\n", null, null)]
    [InlineData("```\r\ncode", "```", "```")]
    [InlineData("```\ncode\n``` not closed by this", "```", "```")]
    public void The_block_that_a_text_ends_in_is_found(string text, string? marks, string? line)
    {
        var open = CodeFence.OpenIn(text);
        Assert.Equal((marks, line), (open?.Marks, open?.Line));
    }

    [Fact]
    public void A_very_long_opening_is_repeated_without_its_words()
    {
        Assert.Equal("```", CodeFence.OpenIn("```" + new string('x', 100) + "\ncode")!.Line);
        Assert.Null(CodeFence.OpenIn(new string('`', CodeFence.MostMarks + 1) + "\ncode"));
    }
}
