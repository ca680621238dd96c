namespace Larkspur.TextGenerator.Tests;

/// <summary>What is wrong in a file of texts fails the build, with the line where it stands.</summary>
public sealed class FindingTests
{
    [Theory]
    [InlineData("LARK201", 3, "{\n\"Title\": { \"zh\": \"甲\",\n \"en\" \"Keys\" } }")]
    [InlineData("LARK201", 2, "{\n\"Title\": { \"zh\": \"甲\n\", \"en\": \"Keys\" } }")]
    [InlineData("LARK201", 1, "[]")]
    [InlineData("LARK201", 1, "")]
    [InlineData("LARK201", 2, "{ \"Title\": { \"zh\": \"甲\", \"en\": \"a\" } }\n}")]
    [InlineData("LARK201", 1, """{ "Title": 3 }""")]
    [InlineData("LARK201", 1, """{ "Title": { "zh": "\q", "en": "a" } }""")]
    [InlineData("LARK202", 2, "{\n\"Title\": { \"zh\": \"甲\" } }")]
    [InlineData("LARK202", 1, """{ "Title": { "en": "Keys" } }""")]
    [InlineData("LARK202", 1, """{ "Title": { "zh": null, "en": "Keys" } }""")]
    [InlineData("LARK202", 1, """{ "Title": "Keys" }""")]
    [InlineData("LARK202", 3, "{ \"Kind\": {\n\"a\": { \"zh\": \"甲\", \"en\": \"a\" },\n\"b\": { \"zh\": \"乙\", \"en\": null } } }")]
    [InlineData("LARK203", 1, """{ "Title": { "zh": "甲", "en": " " } }""")]
    [InlineData("LARK204", 3, "{\n\"Old\": { \"zh\": \"至 {when}\",\n\"en\": \"until {time} {when}\" } }")]
    [InlineData("LARK204", 1, """{ "Waits": { "zh": "等待", "en": "{count|one waits|{count} wait}" } }""")]
    [InlineData("LARK205", 1, """{ "old-title": { "zh": "甲", "en": "a" } }""")]
    [InlineData("LARK205", 1, """{ "title": { "zh": "甲", "en": "a" } }""")]
    [InlineData("LARK206", 2, "{ \"Title\": { \"zh\": \"甲\", \"en\": \"a\" },\n\"Title\": { \"zh\": \"乙\", \"en\": \"b\" } }")]
    [InlineData("LARK206", 2, "{ \"Kind\": { \"a\": { \"zh\": \"甲\", \"en\": \"a\" },\n\"a\": { \"zh\": \"乙\", \"en\": \"b\" } } }")]
    [InlineData("LARK206", 1, """{ "Title": { "zh": "甲", "en": "a", "en": "b" } }""")]
    [InlineData("LARK207", 1, """{ "Title": { "zh": "甲", "en": "{" } }""")]
    [InlineData("LARK207", 1, """{ "Title": { "zh": "甲", "en": "a } b" } }""")]
    [InlineData("LARK207", 1, """{ "Title": { "zh": "{X}", "en": "a" } }""")]
    [InlineData("LARK207", 1, """{ "Title": { "zh": "{x:date}", "en": "{x}" } }""")]
    [InlineData("LARK207", 1, """{ "Title": { "zh": "{x}", "en": "{x|one}" } }""")]
    [InlineData("LARK207", 1, """{ "Title": { "zh": "{x}", "en": "{x|one|two|three}" } }""")]
    [InlineData("LARK207", 1, """{ "Title": { "zh": "{x}", "en": "{x:int} and {x:long}" } }""")]
    [InlineData("LARK208", 1, """{ "Title": { "zh": "甲", "en": "a", "de": "b" } }""")]
    public void A_fault_is_named_with_its_line(string id, int line, string json)
    {
        var found = Assert.Single(Compiled.With(json).Found);
        Assert.Equal((id, line), (found.Id, found.Location.GetLineSpan().StartLinePosition.Line + 1));
        Assert.Equal("/home/us/Bot/Pages/Keys/KeysTexts.json", found.Location.GetLineSpan().Path);
    }

    [Fact]
    public void A_fault_says_which_text_it_is() => Assert.Equal(
        "Old has {time} in \"en\" alone; both languages have the same placeholders",
        Assert.Single(Compiled.With("""{ "Old": { "zh": "至今", "en": "until {time}" } }""").Found).GetMessage());

    [Fact]
    public void All_faults_of_a_file_are_told_at_once() => Assert.Equal(["LARK203", "LARK205"], Compiled.With(
        """{ "Title": { "zh": "", "en": "a" }, "no name": { "zh": "甲", "en": "a" } }""").Found.Select(found => found.Id).Order());
}
