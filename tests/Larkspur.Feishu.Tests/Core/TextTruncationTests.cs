namespace Larkspur.Feishu.Tests.Core;

public sealed class TextTruncationTests
{
    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc…")]
    [InlineData("ab😀", 3, "ab…")]
    [InlineData("😀b", 2, "😀…")]
    [InlineData("abc", 0, "…")]
    public void A_text_is_cut_between_characters(string text, int mostChars, string expected) => Assert.Equal(expected, text.Truncate(mostChars));

    [Theory]
    [InlineData("好好", 0, 5, 1)]
    [InlineData("a好😀", 1, 7, 3)]
    [InlineData("a好😀", 1, 6, 1)]
    public void Bytes_hold_whole_characters(string text, int start, int mostBytes, int length) => Assert.Equal(length, TextTruncation.LengthWithin(text, start, mostBytes));

    [Fact]
    public void An_excerpt_is_one_line() => Assert.Equal("<html> <body>", TextTruncation.Excerpt("\r\n<html>\r\n\t<body>Bad gateway", 13));
}
