using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>What is said of a body that cannot be read, and what it costs to find out.</summary>
public sealed class BrokenJsonTests
{
    [Theory]
    [InlineData("""{"a":{"b":[{"c":1},{"d":1,"d":2}]}}""", "duplicate_member", "/a/b/1/d")]
    [InlineData("""{"a/b":{"~":1,"~":2}}""", "duplicate_member", "/a~1b/~0")]
    [InlineData("""{"a":1,""", "bad_json", null)]
    [InlineData("""[[[[[[[[[[[[[[1]]]]]]]]]]]]]]""", "too_deep", null)]
    public void It_says_what_is_wrong_and_where(string body, string word, string? pointer)
    {
        var refusal = Of(Encoding.UTF8.GetBytes(body), 10);
        Assert.Equal((word, pointer), (refusal.Word, refusal.Pointer));
    }

    [Fact]
    public void A_long_name_above_many_items_costs_no_more_than_the_body()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"{{new string('/', 200_000)}}":[{{string.Join(',', Enumerable.Repeat("[0]", 50_000))}}],"a":1,"a":2}""");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("/a", Of(body, 100).Pointer);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Fact]
    public void Nor_does_the_search_for_half_a_character()
    {
        var items = string.Join(',', Enumerable.Repeat("0", 100_000));
        using var json = JsonDocument.Parse($$"""{"{{new string('/', 200_000)}}":[{{items}},"\u0041","\ud83d"]}""");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Assert.Throws<RequestRefusedException>(() => RequestJson.DemandReadable(json.RootElement, "/frames/3"));
        Assert.Equal("bad_text", refusal.Word);
        Assert.StartsWith("/frames/3/~1~1", refusal.Pointer, StringComparison.Ordinal);
        Assert.EndsWith("/100001", refusal.Pointer, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    private static RequestRefusedException Of(byte[] body, int deepest)
    {
        var failure = Assert.ThrowsAny<JsonException>(() =>
            JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = deepest, AllowDuplicateProperties = false }));
        return BrokenJson.Of(body, deepest, failure);
    }
}
