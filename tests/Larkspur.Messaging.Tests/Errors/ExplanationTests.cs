using System.Text.Json;
using Larkspur.Feishu;

namespace Larkspur.Messaging.Tests.Errors;

public sealed class ExplanationTests
{
    [Theory]
    [InlineData(230001), InlineData(230002), InlineData(230006), InlineData(230009), InlineData(230011), InlineData(230013), InlineData(230017), InlineData(230018)]
    [InlineData(230020), InlineData(230022), InlineData(230023), InlineData(230025), InlineData(230027), InlineData(230029), InlineData(230031), InlineData(230033)]
    [InlineData(230034), InlineData(230035), InlineData(230038), InlineData(230049), InlineData(230053), InlineData(230055), InlineData(230072), InlineData(230075)]
    [InlineData(230099), InlineData(230110), InlineData(300020), InlineData(300030), InlineData(300040), InlineData(300090)]
    public void Codes_that_people_meet_are_told_in_two_languages(int code)
    {
        FeishuExplanation words = new FeishuApiException("x") { Code = code }.Explanation!;
        Assert.Contains(words.Chinese, c => c is >= '\u4e00' and <= '\u9fff');
        Assert.DoesNotContain(words.English, c => c is >= '\u4e00' and <= '\u9fff');
        Assert.EndsWith(".", words.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_inner_code_of_a_card_in_the_catalogue_is_told()
    {
        using JsonDocument catalogue = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "catalogue/feishu/endpoints/im-v1.json")));
        int[] inner = [.. catalogue.RootElement.EnumerateArray()
            .SelectMany(e => e.TryGetProperty("errors", out JsonElement errors) ? errors.EnumerateArray().ToArray() : [])
            .Where(e => e.TryGetProperty("parent", out _)).Select(e => e.GetProperty("code").GetInt32()).Distinct()];
        Assert.NotEmpty(inner);
        Assert.All(inner, code => Assert.NotNull(FeishuExplanation.Of(code)));
    }

    [Fact]
    public void The_inner_error_of_a_card_is_taken_apart()
    {
        var refused = new FeishuApiException("x")
        {
            Code = 230099,
            Msg = "Failed to create card content, ext=ErrCode: 200861; ErrPath: ROOT -> body -> elements -> 2; ErrMsg: cards of schema V2 no longer support; this; ErrorValue: unsupported tag action; ",
        };
        Assert.Equal(new FeishuCardError(200861, "ROOT -> body -> elements -> 2", "cards of schema V2 no longer support; this", "unsupported tag action"), refused.CardError);
        Assert.Equal(FeishuExplanation.Of(200861), refused.Explanation);
        Assert.Null(new FeishuApiException("x") { Code = 230099, Msg = "Failed to create card content." }.CardError);
        Assert.Null(new FeishuApiException("x") { Code = 1 }.Explanation);
    }
}
