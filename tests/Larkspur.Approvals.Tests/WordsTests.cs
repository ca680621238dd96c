using System.Text.Json;
using Larkspur.Feishu;

namespace Larkspur.Approvals.Tests;

public sealed class WordsTests
{
    [Fact]
    public void Every_code_of_approval_in_the_catalogue_is_told_in_two_languages()
    {
        using JsonDocument catalogue = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "catalogue/feishu/endpoints/approval-v4.json")));
        int[] codes = [.. catalogue.RootElement.EnumerateArray().SelectMany(e => e.GetProperty("errors").EnumerateArray()).Select(e => e.GetProperty("code").GetInt32()).Distinct()];
        Assert.InRange(codes.Length, 10, 100);
        Assert.All(codes.Concat(Enumerable.Range(60001, 14)), code =>
        {
            FeishuExplanation words = new FeishuApiException("x") { Code = code, Endpoint = "approval.v4.instance.create" }.Explanation!;
            Assert.Contains(words.Chinese, c => c is >= '\u4e00' and <= '\u9fff');
            Assert.DoesNotContain(words.English, c => c is >= '\u4e00' and <= '\u9fff');
            Assert.EndsWith(".", words.English, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_short_numbers_are_approvals_only_where_approval_answered()
    {
        Assert.Null(new FeishuApiException("x") { Code = 60003, Endpoint = "contact.v3.user.get" }.Explanation);
        Assert.NotNull(new FeishuApiException("x") { Code = 60003, Endpoint = "approval_openapi.v2.instance.get.post" }.Explanation);
    }
}
