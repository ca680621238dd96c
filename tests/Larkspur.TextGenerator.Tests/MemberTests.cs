namespace Larkspur.TextGenerator.Tests;

/// <summary>What becomes of the texts of a file.</summary>
public sealed class MemberTests
{
    [Fact]
    public void A_text_is_a_member_of_the_class_of_its_file_in_the_namespace_of_its_folder() =>
        Assert.Equal("API 密钥 | API keys", Compiled.With("""{ "Title": { "zh": "API 密钥", "en": "API keys" } }""").Said("Title"));

    [Fact]
    public void What_it_says_is_said_as_it_is_written()
    {
        const string Json = """{ "Odd": { "about": "A <test> & more", "zh": "“引号” \"\\ {{x}}\n二", "en": "\"quotes\" \\ {{x}}\nä €" } }""";
        Assert.Equal("“引号” \"\\ {x}\n二 | \"quotes\" \\ {x}\nä €", Compiled.With(Json).Said("Odd"));
    }

    [Fact]
    public void Placeholders_are_parameters_in_the_order_of_the_English_text()
    {
        var compiled = Compiled.With("""{ "Sent": { "zh": "{when}由{who}发送", "en": "sent by {who} at {when}" } }""");
        Assert.Equal(["Object who", "Object when"], compiled.ParametersOf("Sent"));
        Assert.Equal("9:00由Bob发送 | sent by Bob at 9:00", compiled.Said("Sent", "Bob", "9:00"));
    }

    [Fact]
    public void A_value_that_is_a_text_is_said_in_each_language()
    {
        var compiled = Compiled.With("""{ "Off": { "zh": "{what}已关闭", "en": "{what} is off" } }""");
        Assert.Equal("通知已关闭 | Mail is off", compiled.Said("Off", compiled.Text("通知", "Mail")));
    }

    [Fact]
    public void A_type_and_a_format_are_said_once_and_hold_for_both_languages()
    {
        var compiled = Compiled.With("""{ "Used": { "zh": "已用 {calls} 次", "en": "{calls:long:N0} used" } }""");
        Assert.Equal(["Int64 calls"], compiled.ParametersOf("Used"));
        Assert.Equal("已用 1,234 次 | 1,234 used", compiled.Said("Used", 1234L));
    }

    [Theory]
    [InlineData(1, "1 条 | one message waits")]
    [InlineData(0, "0 条 | 0 messages wait")]
    [InlineData(12, "12 条 | 12 messages wait")]
    public void A_count_chooses_between_one_and_many(int count, string said) => Assert.Equal(
        said, Compiled.With("""{ "Waiting": { "zh": "{count} 条", "en": "{count:int|one message waits|{count} messages wait}" } }""").Said("Waiting", count));

    [Theory]
    [InlineData("off", "不要求 | Of nobody")]
    [InlineData("some.other", null)]
    [InlineData(null, null)]
    public void A_table_is_looked_up_by_a_word(string? word, string? said) => Assert.Equal(said, Compiled.With(
        """{ "Choice": { "about": "Of whom.", "off": { "zh": "不要求", "en": "Of nobody" }, "all-of": { "zh": "所有", "en": "Of all" } } }""")
        .Said("FindChoice", word));

    [Fact]
    public void Texts_of_a_table_have_the_values_of_all_of_them()
    {
        var compiled = Compiled.With("""{ "Kind": { "a": { "zh": "甲 {x}", "en": "a {x}" }, "b": { "zh": "乙 {y}", "en": "b {y}" } } }""");
        Assert.Equal("乙 2 | b 2", compiled.Said("FindKind", "b", "1", "2"));
    }

    [Fact]
    public void Where_English_is_said_elsewhere_the_Chinese_is_a_string()
    {
        var compiled = Compiled.With("""
            { "TooMany": { "zh": "数量超过上限", "en": null }, "Named": { "zh": "找不到 {name}", "en": null }, "Word": { "gone": { "zh": "已删除", "en": null } } }
            """);
        Assert.Equal((string?[])["数量超过上限", "找不到 x", "已删除"], (string?[])[compiled.Said("TooMany"), compiled.Said("Named", "x"), compiled.Said("FindWord", "gone")]);
    }

    [Fact]
    public void What_did_not_change_is_not_made_again()
    {
        var first = Compiled.With("""{ "Title": { "zh": "密钥", "en": "Keys" } }""");
        var other = Microsoft.CodeAnalysis.CSharp.CSharpCompilation.Create("Other");
        var again = first.Driver.RunGenerators(other, TestContext.Current.CancellationToken).GetRunResult();
        Assert.All(again.Results.Single().TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(run => run.Outputs),
            output => Assert.Equal(Microsoft.CodeAnalysis.IncrementalStepRunReason.Cached, output.Reason));
    }
}
