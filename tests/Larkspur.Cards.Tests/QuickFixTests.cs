using Larkspur.Feishu.Cards;

namespace Larkspur.Cards.Tests;

/// <summary>Changes that the validator proposes: they mend what was found and leave the rest as it was written.</summary>
public sealed class QuickFixTests
{
    [Theory]
    [InlineData("packed", """{"msg_type":"interactive","card":{"schema":"2.0","body":{"elements":[]}}}""", """{"schema":"2.0","body":{"elements":[]}}""")]
    [InlineData("packed as the API has it", """{"content":"{\"schema\":\"2.0\",\"body\":{\"elements\":[]}}"}""", """{"schema":"2.0","body":{"elements":[]}}""")]
    [InlineData("an answer's form", """{"type":"raw","data":{"schema":"2.0","body":{"elements":[]}}}""", """{"schema":"2.0","body":{"elements":[]}}""")]
    [InlineData("a number as the version", """{"schema":2.0,"body":{"elements":[]}}""", """{"schema":"2.0","body":{"elements":[]}}""")]
    [InlineData("elements of JSON 1.0", """{"schema":"2.0","elements":[{"tag":"hr"}]}""", """{"schema":"2.0","body":{"elements": [{"tag":"hr"}]}}""")]
    [InlineData("a member twice", """{"schema":"2.0","body":{"elements":[]},"body":{"elements":[]}}""", """{"schema":"2.0","body":{"elements":[]}}""")]
    public void The_card_as_a_whole_is_mended(string what, string card, string mended) => Mends(what, card, mended);

    [Theory]
    [InlineData("a typo in a tag", """{"tag":"markdwon","content":"x"}""", """{"tag":"markdown","content":"x"}""")]
    [InlineData("a typo in a name", """{"tag":"markdown","contnet":"x"}""", """{"tag":"markdown","content":"x"}""")]
    [InlineData("a name that is no property", """{"tag":"hr", "shadow":1}""", """{"tag":"hr"}""")]
    [InlineData("the first of two members", """{"shadow":1, "tag":"hr"}""", """{"tag":"hr"}""")]
    [InlineData("a typo in a value", """{"tag":"markdown","content":"x","text_align":"centre"}""", """{"tag":"markdown","content":"x","text_align":"center"}""")]
    [InlineData("a length without its unit", """{"tag":"hr","margin":"4"}""", """{"tag":"hr","margin":"4px"}""")]
    [InlineData("a text as it is not written", """{"tag":"button","text":"Go","disabled":true}""", """{"tag":"button","text":{"tag": "plain_text", "content": "Go"},"disabled":true}""")]
    [InlineData("a truth in quotes", """{"tag":"button","text":{"tag":"plain_text","content":"Go"},"disabled":"true"}""", """{"tag":"button","text":{"tag":"plain_text","content":"Go"},"disabled":true}""")]
    [InlineData("an address of JSON 1.0", """{"tag":"div","text":{"tag":"plain_text","content":"x"},"i18n":{"zh_cn":"x"}}""", null)]
    [InlineData("an address without its scheme", """{"tag":"button","text":{"tag":"plain_text","content":"Go"},"behaviors":[{"type":"open_url","default_url":"erp.example/7"}]}""",
        """{"tag":"button","text":{"tag":"plain_text","content":"Go"},"behaviors":[{"type":"open_url","default_url":"https://erp.example/7"}]}""")]
    public void An_element_is_mended(string what, string element, string? mended)
    {
        var (before, after) = ("""{"schema":"2.0","body":{"elements":[""", "]}}");
        Mends(what, before + element + after, mended is null ? null : before + mended + after);
    }

    [Fact]
    public void A_change_leaves_indentation_and_the_other_lines_as_they_were()
    {
        const string card = """
            {
              "schema": "2.0",
              "header": {
                "title": "Two monitors — 两台显示器"
              },
              "config": { "update_multi": false },
              "body": {
                "elements": [
                  { "tag": "markdown", "content": "a", "colour": "red" },
                  { "tag": "hr" }
                ]
              }
            }
            """;
        var (mended, changes) = CardQuickFix.ApplyAll(card);
        Assert.Equal(3, changes);
        Assert.True(CardValidator.Validate(mended).IsValid, CardValidator.Validate(mended).ToString());
        Assert.Equal(card.Replace("\"Two monitors — 两台显示器\"", "{\"tag\": \"plain_text\", \"content\": \"Two monitors — 两台显示器\"}", StringComparison.Ordinal)
            .Replace("\"update_multi\": false", "\"update_multi\": true", StringComparison.Ordinal).Replace(", \"colour\": \"red\"", "", StringComparison.Ordinal), mended);
    }

    [Fact]
    public void A_missing_member_is_added_as_its_neighbours_stand()
    {
        var options = new CardValidationOptions { WillBeUpdated = true };
        const string card = "{\n  \"header\": {\"title\": {\"tag\": \"plain_text\", \"content\": \"x\"}},\n  \"elements\": []\n}";
        Assert.Equal(card.Replace("[]\n", "[],\n  \"config\": {\"update_multi\": true}\n", StringComparison.Ordinal), CardQuickFix.ApplyAll(card, options).Json);
        Assert.Contains("\"config\":{\"enable_forward\":true, \"update_multi\": true}",
            CardQuickFix.ApplyAll("""{"config":{"enable_forward":true},"elements":[]}""", options).Json, StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_know_their_line_and_a_text_that_breaks_off_the_one_where_it_does()
    {
        var finding = Assert.Single(CardValidator.Validate("{\n\"schema\":\"2.0\",\n\"body\":{\"elements\":[\n{\"tag\":\"hr\"},\n{\"tag\":\"hologram\"}]}}").Findings);
        Assert.Equal(("/body/elements/1/tag", 5), (finding.Pointer, finding.Line));
        Assert.Null(finding.QuickFix);
        Assert.Equal(3, Assert.Single(CardValidator.Validate("{\n\"schema\":\"2.0\"\n\"body\":{}}").Findings).Line);
        Assert.Equal(1, Assert.Single(CardValidator.Validate("[\n]").Findings).Line);
    }

    [Fact]
    public void What_cannot_be_mended_ends_and_keeps_the_text()
    {
        foreach (var text in (string[])["", "[]", "nonsense", "{\"schema\":\"2.0\"", """{"schema":"2.0","body":{"elements":[{"tag":"hologram"}]}}"""])
            Assert.Equal((text, 0), CardQuickFix.ApplyAll(text));

        // Each round mends one, and there is an end to rounds.
        var many = """{"schema":"2.0","body":{"elements":[""" + string.Join(',', Enumerable.Repeat("""{"tag":"hr","x1":1,"x2":2}""", 90)) + "]}}";
        Assert.Equal(100, CardQuickFix.ApplyAll(many).Changes);
    }

    private static void Mends(string what, string card, string? mended)
    {
        Assert.NotEmpty(CardValidator.Validate(card).Findings);
        var (text, changes) = CardQuickFix.ApplyAll(card);
        var left = CardValidator.Validate(text).Findings.Where(f => f.QuickFix is not null);
        Assert.True(changes > 0 && !left.Any(), $"{what}: {changes} changes, {text}");
        if (mended is not null) Assert.Equal(mended, text);
    }
}
