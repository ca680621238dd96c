using Larkspur.Feishu;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Queries;

/// <summary>What says how much a table holds must not say it when it does not know.</summary>
public sealed class ScanTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(7, 1, true)]
    [InlineData(8, 1, false)]
    [InlineData(7, 2, false)]
    [InlineData(7, null, false)]
    public async Task A_scan_says_whether_it_is_all_of_a_table_that_did_not_change(int after, int? total, bool isSnapshot)
    {
        await using var server = await TableServer.StartAsync();
        var revision = 7;
        server.Answer = call => (revision = call.Name == "search" ? after : revision) < 0 ? null : call.Name switch
        {
            "tables" => TableServer.Good($$"""{"items":[{"table_id":"tblTest","revision":{{revision}},"name":"t"}],"has_more":false}"""),
            "search" => call.Query.ContainsKey("page_token")
                ? TableServer.Good($$$"""
                    {"items":[{"record_id":"rec1","fields":{"金额":2}}],"has_more":false,"total":{{{total?.ToString() ?? "null"}}}}
                    """)
                : TableServer.Good("""{"items":[{"record_id":"rec1","fields":{"金额":1}}],"has_more":true,"page_token":"x"}"""),
            _ => TableServer.Good("""{"app":{"is_advanced":true}}"""),
        };
        var scan = await server.Table().ScanAsync(cancellationToken: Cancel);
        Assert.Equal(new NumberCell(2L), Assert.Single(scan.Records)["金额"]);
        Assert.Equal((after, isSnapshot, true), (scan.Revision, scan.IsSnapshot, scan.IsAdvanced));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","page_token":"" """)]
    [InlineData(""","page_token":"same" """)]
    public async Task A_scan_whose_next_page_is_not_to_be_found_does_not_pass_for_whole(string place)
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Good($$$"""{"items":[],"has_more":true{{{place}}}}""");
        await Assert.ThrowsAsync<FeishuApiException>(async () => await server.Table().SearchAsync(
            cancellationToken: Cancel).ToListAsync(Cancel));
        await Assert.ThrowsAsync<FeishuApiException>(async () => await server.Base().ListTablesAsync(
            Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_count_asks_for_people_by_the_ids_that_its_filter_has_and_is_no_guess()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Good(server.Calls.Count == 1 ? """{"total":3}""" : """{"items":[]}""");
        var table = server.Table(TableServer.Quick with { UserIdType = "user_id" });
        Assert.Equal(3, await table.CountAsync(Where.Field("人员").Contains("u1"), Cancel));
        Assert.Equal(("user_id", "1"), (server.Calls.Last().Query["user_id_type"], server.Calls.Last().Query["page_size"]));
        await Assert.ThrowsAsync<FeishuApiException>(() => table.CountAsync(cancellationToken: Cancel));
    }
}
