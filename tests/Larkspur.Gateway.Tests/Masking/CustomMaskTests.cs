using Larkspur.Gateway.Masking;

namespace Larkspur.Gateway.Tests.Masking;

/// <summary>Rules of one's own: words, expressions, and what becomes of overlaps.</summary>
public sealed class CustomMaskTests
{
    [Theory]
    [InlineData("金鹰计划启动", "[项目]启动")]
    [InlineData("关于金鹰的计划", "关于[项目]的计划")]
    [InlineData("project FALCON starts", "project [项目] starts")]
    [InlineData("Falconry is a sport", "Falconry is a sport")]
    [InlineData("aFalcon Falcon2", "aFalcon Falcon2")]
    [InlineData("请看Falcon项目", "请看[项目]项目")]
    [InlineData("Ｆａｌｃｏｎ", "[项目]")]
    [InlineData("Falcon", "[项目]")]
    [InlineData("C++和C+", "[项目]和C+")]
    public void Words_are_found_without_regard_to_case_and_width_and_as_whole_words(string text, string masked) =>
        Assert.Equal(masked, Of(CustomMask.OfWords("projects", ["金鹰", "金鹰计划", "Falcon", "C++"], "[项目]")).Mask(text));

    [Theory]
    [InlineData("EMP-123456", "***")]
    [InlineData("工号 EMP-123456，EMP-12", "工号 ***，EMP-12")]
    [InlineData("XEMP-123456", "XEMP-123456")]
    [InlineData("EMP-1234567", "EMP-1234567")]
    public void An_expression_is_found_wherever_it_stands(string text, string masked)
    {
        var masker = Of(CustomMask.OfPattern("staff", @"\bEMP-[0-9]{6}\b"));
        for (var before = 0; before < 200; before += 7) Assert.Equal(new string('。', before) + masked, masker.Mask(new string('。', before) + text));
    }

    [Fact]
    public void A_line_begins_after_a_line_feed_wherever_the_windows_lie()
    {
        var masker = Of(CustomMask.OfPattern("secret", "^密码：[^\n]+", "密码：***"));
        for (var before = 0; before < 150; before++) Assert.Equal(new string('x', before) + "\n密码：***\nx密码：abc", masker.Mask(new string('x', before) + "\n密码：hunter2\nx密码：abc"));
    }

    [Fact]
    public void What_is_longer_than_the_reach_is_masked_as_far_as_it_reaches()
    {
        var masked = Of(CustomMask.OfPattern("token", "sk-[a-z]+", "#", reach: 64)).Mask("sk-" + new string('a', 500));
        Assert.StartsWith("#", masked, StringComparison.Ordinal);
        Assert.InRange(masked.Length, 400, 440);
    }

    [Theory]
    [InlineData("订单 138 1234 5678", "订单 138 **** 5678")] // the longer one goes first, what the other one found in it is covered
    [InlineData("x138 1234 5678", "#4 5678")]
    public void Of_two_that_begin_together_the_longer_one_is_shown(string text, string masked) =>
        Assert.Equal(masked, new Masker(MaskingPolicy.All with { Custom = [CustomMask.OfPattern("code", "x?138 123", "#")] }).Mask(text));

    [Fact]
    public void What_sticks_out_of_another_one_is_hidden_as_well()
    {
        var rules = new[] { CustomMask.OfWords("first", ["电话13812345678前"], "[甲]"), CustomMask.OfPattern("second", "号电话138", "[乙]") };
        Assert.Equal("[乙]********转1", new Masker(MaskingPolicy.All with { Custom = [rules[1]] }).Mask("号电话13812345678转1"));
        Assert.Equal("[乙][甲]", new Masker(MaskingPolicy.All with { Custom = rules }).Mask("号电话13812345678前"));
    }

    [Fact]
    public void Of_the_same_span_the_earlier_rule_is_shown_and_counted()
    {
        var rules = new[] { CustomMask.OfWords("b_rule", ["金鹰"], "[1]"), CustomMask.OfPattern("a_rule", "金鹰", "[2]") };
        var counts = new MaskCounts();
        Assert.Equal("[1]", Of(rules).Mask("金鹰", counts));
        Assert.Equal(new KeyValuePair<string, int>("b_rule", 1), Assert.Single(counts.ByName));
    }

    [Fact]
    public void A_replacement_is_shown_as_it_stands() => Assert.Equal("$1 \\0", Of(CustomMask.OfPattern("a", "(x)", "$1 \\0")).Mask("x"));

    private static Masker Of(params CustomMask[] rules) => new(new MaskingPolicy { Custom = rules });
}
