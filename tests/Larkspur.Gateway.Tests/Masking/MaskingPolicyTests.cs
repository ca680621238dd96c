using Larkspur.Gateway.Masking;

namespace Larkspur.Gateway.Tests.Masking;

/// <summary>A policy as settings and JSON give it, and what is refused.</summary>
public sealed class MaskingPolicyTests
{
    [Theory]
    [InlineData("mobile,id_card,bank_card,email", "mobile,id_card,bank_card,email")]
    [InlineData(" Email , MOBILE ", "mobile,email")]
    [InlineData("mobile,mobile", "mobile")]
    [InlineData("all", "mobile,id_card,bank_card,email")]
    [InlineData("None", "none")]
    public void Kinds_are_read_from_a_setting(string text, string kinds)
    {
        var policy = MaskingPolicy.Parse(text);
        Assert.Equal(kinds, policy.KindsText);
        Assert.Equal(kinds == "none", policy.IsEmpty);
        Assert.Equal(kinds, MaskingPolicy.Parse(policy.KindsText).KindsText);
    }

    [Theory]
    [InlineData("", "is missing: mobile, id_card, bank_card, email")]
    [InlineData("mobile,", "is missing")]
    [InlineData("mobile,phone", "\"phone\" is no kind of personal data: mobile, id_card, bank_card, email")]
    [InlineData("all,mobile", "\"all\" is no kind")]
    [InlineData("mobile;email", "\"mobile;email\" is no kind")]
    public void What_is_not_known_is_refused_in_words(string text, string words) => Assert.Contains(words, Assert.Throws<FormatException>(() => MaskingPolicy.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_policy_is_read_from_JSON_with_rules_of_its_own()
    {
        const string Json = """{"kinds":["mobile"],"mark":"•","custom":[{"name":"projects","words":["金鹰计划","Falcon"],"replacement":"[项目]"},{"name":"staff","pattern":"EMP-[0-9]{6}","reach":16,"timeout_ms":500,"ignore_case":true}]}""";
        var policy = MaskingPolicyJson.Read(Json);
        Assert.Equal("[项目]、***、138••••5678，li@example.com", new Masker(policy).Mask("金鹰计划、emp-123456、13812345678，li@example.com"));
        Assert.Equal(Json, MaskingPolicyJson.Write(policy));
        Assert.Equal("""{"kinds":[]}""", MaskingPolicyJson.Write(MaskingPolicy.None));
        Assert.Equal(MaskingPolicy.All.KindsText, MaskingPolicyJson.Read("""{"kinds":["mobile","id_card","bank_card","email"]}""").KindsText);
    }

    [Theory]
    [InlineData("[]", "an object")]
    [InlineData("{", "not JSON")]
    [InlineData("""{"kinds":"mobile"}""", "not JSON")]
    [InlineData("""{"kinds":["phone"]}""", "\"phone\" is no kind")]
    [InlineData("""{"kind":["mobile"]}""", "kind")]
    [InlineData("""{"mark":"ab"}""", "mark")]
    [InlineData("""{"mark":"7"}""", "mark")]
    [InlineData("""{"custom":[{"name":"a"}]}""", "either words or a pattern")]
    [InlineData("""{"custom":[{"name":"a","words":["x"],"pattern":"y"}]}""", "either words or a pattern")]
    [InlineData("""{"custom":[{"words":["x"]}]}""", "name")]
    [InlineData("""{"custom":[{"name":"A b","words":["x"]}]}""", "a-z")]
    [InlineData("""{"custom":[{"name":"mobile","words":["x"]}]}""", "a kind of its own")]
    [InlineData("""{"custom":[{"name":"a","words":[]}]}""", "1 to 1000 words")]
    [InlineData("""{"custom":[{"name":"a","words":[" x"]}]}""", "blanks")]
    [InlineData("""{"custom":[{"name":"a","words":[null]}]}""", "1 to 64")]
    [InlineData("""{"custom":[null]}""", "rule")]
    [InlineData("""{"custom":[{"name":"a","pattern":"("}]}""", "not an expression")]
    [InlineData("""{"custom":[{"name":"a","pattern":"(?<=x)y"}]}""", "backtracking")]
    [InlineData("""{"custom":[{"name":"a","pattern":"(?<x>a)\\k<x>"}]}""", "backtracking")]
    [InlineData("""{"custom":[{"name":"a","pattern":"a*"}]}""", "empty text")]
    [InlineData("""{"custom":[{"name":"a","pattern":"a$"}]}""", "$ cannot be used")]
    [InlineData("""{"custom":[{"name":"a","pattern":"a\\z"}]}""", "\\z cannot be used")]
    [InlineData("""{"custom":[{"name":"a","pattern":"a","reach":8}]}""", "16 to 1024")]
    [InlineData("""{"custom":[{"name":"a","pattern":"a","timeout_ms":1}]}""", "10 ms to 10 s")]
    [InlineData("""{"custom":[{"name":"a","words":["x"]},{"name":"a","words":["y"]}]}""", "Two masking rules")]
    [InlineData("""{"custom":[{"name":"a","pattern":"((a{100}){100}){100}"}]}""", "too large")]
    [InlineData("""{"custom":[{"name":"a","pattern":"[ab]{900}"}]}""", "come to 899 characters")]
    [InlineData("""{"custom":[{"name":"a","pattern":"(x[^]{9}]{2,101}|y){2}"}]}""", "come to 203 characters")]
    [InlineData("""{"custom":[{"name":"a","pattern":"\\({250,}"}]}""", "come to 249 characters")]
    public void JSON_that_makes_no_policy_is_refused_in_words(string json, string words) => Assert.Contains(words, Assert.Throws<FormatException>(() => MaskingPolicyJson.Read(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{4}")]
    [InlineData("[{900}]x")]
    [InlineData("\\{900}")]
    [InlineData("x{900y}")]
    [InlineData("(?:[A-Z]{2}[0-9]{9}){1,10}")]
    public void What_only_looks_large_is_taken(string pattern) => Assert.Equal(pattern, CustomMask.OfPattern("a", pattern).Pattern!.ToString());

    [Fact]
    public void A_dollar_in_a_class_or_after_a_backslash_is_a_dollar() =>
        Assert.Equal("*** ***", new Masker(new MaskingPolicy { Custom = [CustomMask.OfPattern("price", @"\$[0-9]+|[€$][0-9]+")] }).Mask("$12 €5"));

    [Fact]
    public void There_is_a_bound_for_everything()
    {
        Assert.Throws<FormatException>(() => CustomMask.OfWords("a", [new string('x', 65)]));
        Assert.Throws<FormatException>(() => CustomMask.OfWords("a", ["x"], new string('*', 65)));
        Assert.Throws<FormatException>(() => CustomMask.OfWords("a", [.. Enumerable.Range(0, 1001).Select(i => $"w{i}")]));
        Assert.Throws<FormatException>(() => CustomMask.OfPattern("a", new string('x', 1001)));
        Assert.Throws<FormatException>(() => new MaskingPolicy { Custom = [.. Enumerable.Range(0, 33).Select(i => CustomMask.OfWords($"r{i}", ["x"]))] });
    }
}
