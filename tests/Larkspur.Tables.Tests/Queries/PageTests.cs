using Larkspur.Feishu;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Queries;

/// <summary>A search is handed on page by page.</summary>
public sealed class PageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_says_where_the_next_one_is_and_begins_where_it_is_told()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Query.GetValueOrDefault("page_token") switch
        {
            null => TableServer.Good("""{"items":[{"record_id":"rec1","fields":{}}],"has_more":true,"page_token":"p2","total":2}"""),
            "p2" => TableServer.Good("""{"items":[{"record_id":"rec2","fields":{}}],"has_more":false,"total":2}"""),
            _ => TableServer.Refused(1254030),
        };
        var table = server.Table();
        var first = await table.SearchPageAsync(new TableQuery { PageSize = 1 }, cancellationToken: Cancel);
        Assert.Equal(("rec1", "p2", 2), (Assert.Single(first.Records).Id, first.Next, first.Total));
        Assert.Single(server.Calls);
        var second = await table.SearchPageAsync(new TableQuery { PageSize = 1 }, first.Next, Cancel);
        Assert.Equal(("rec2", null, 2), (Assert.Single(second.Records).Id, second.Next, second.Total));
        Assert.Equal(2, server.Calls.Count);
    }

    [Theory]
    [InlineData("""{"items":[],"has_more":true}""")]
    [InlineData("""{"items":[],"has_more":true,"page_token":"p2"}""")]
    public async Task A_page_that_lost_the_next_one_does_not_pass_for_the_last(string answer)
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Good(answer);
        await Assert.ThrowsAsync<FeishuApiException>(() => server.Table().SearchPageAsync(null, "p2", Cancel));
    }
}
