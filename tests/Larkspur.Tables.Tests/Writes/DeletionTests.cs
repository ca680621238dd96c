using System.Text.Json.Nodes;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Writes;

public sealed class DeletionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deletions_go_in_batches_of_five_hundred_and_what_is_gone_is_deleted()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = new Kept(600, "rec7").Answer;
        var report = await server.Table().DeleteAsync([.. Enumerable.Range(0, 600).Select(n => $"rec{n}")], cancellationToken: Cancel);
        Assert.True(report.IsComplete);
        Assert.Equal([500, 499, 100], Sizes(server));
        Assert.Equal(5, server.Calls.Count(call => call.Name == "batch_get"));
    }

    [Fact]
    public async Task The_loss_of_an_answer_does_not_cost_a_call_a_row()
    {
        await using var server = await TableServer.StartAsync();
        var kept = new Kept(500);
        server.Answer = call => kept.Answer(call) is var answer && call.Name == "batch_delete" && server.Calls.Count == 1 ? null : answer;
        var report = await server.Table().DeleteAsync([.. Enumerable.Range(0, 500).Select(n => $"rec{n}")], cancellationToken: Cancel);
        Assert.True(report.IsComplete);
        Assert.Equal(6, server.Calls.Count);
    }

    [Fact]
    public async Task A_record_that_a_lagging_copy_does_not_have_yet_is_not_taken_for_deleted()
    {
        await using var server = await TableServer.StartAsync();
        var kept = new Kept(3);
        server.Answer = call => call.Name == "batch_delete" && server.Calls.Count < 3 ? TableServer.Refused(1254043) : kept.Answer(call);
        Assert.True((await server.Table().DeleteAsync(["rec0", "rec1", "rec2"], cancellationToken: Cancel)).IsComplete);
        Assert.Empty(kept.Ids);
        Assert.Equal([3, 3], Sizes(server));
    }

    [Fact]
    public async Task What_is_there_and_stays_refused_is_refused()
    {
        await using var server = await TableServer.StartAsync();
        var kept = new Kept(2);
        server.Answer = call => call.Name == "batch_delete" && call.Json["records"]!.AsArray().Any(id => (string)id! == "rec1")
            ? TableServer.Refused(1254043) : kept.Answer(call);
        var options = TableServer.Quick with { MaxAttempts = 3 };
        var report = await server.Table(options).DeleteAsync(["rec0", "rec1"], cancellationToken: Cancel);
        Assert.Equal("1 Written, 1 Refused", report.ToString());
        Assert.Equal(["rec1"], kept.Ids);
        Assert.Equal([2, 2, 2, 1, 1], Sizes(server));
    }

    [Fact]
    public async Task A_record_that_the_answer_leaves_out_is_not_taken_for_deleted()
    {
        await using var server = await TableServer.StartAsync();
        var kept = new Kept(2);
        server.Answer = call => server.Calls.Count == 1 ? TableServer.Good("""{"records":[{"record_id":"rec0","deleted":true}]}""")
            : kept.Answer(call);
        Assert.True((await server.Table().DeleteAsync(["rec0", "rec1"], cancellationToken: Cancel)).IsComplete);
        Assert.DoesNotContain("rec1", kept.Ids);
        Assert.Equal([2, 1], Sizes(server));
    }

    private static IEnumerable<int> Sizes(TableServer server) =>
        server.Calls.Where(call => call.Name == "batch_delete").Select(call => call.Rows.Count);

    /// <summary>The records that a table has: deleted all or not at all, and known by their ids.</summary>
    private sealed class Kept(int count, params string[] gone)
    {
        public HashSet<string> Ids { get; } = [.. Enumerable.Range(0, count).Select(n => $"rec{n}").Except(gone)];

        public (int Status, string Body)? Answer(TableCall call)
        {
            if (call.Name == "batch_get")
            {
                var absent = call.Json["record_ids"]!.AsArray().Select(id => (string)id!).Where(id => !Ids.Contains(id));
                return TableServer.Good(new JsonObject { ["absent_record_ids"] = new JsonArray([.. absent.Select(id => (JsonNode)id)]) }
                    .ToJsonString());
            }

            string[] ids = [.. call.Rows.Select(id => (string)id!)];
            if (!ids.All(Ids.Contains)) return TableServer.Refused(1254043);
            Ids.ExceptWith(ids);
            return TableServer.Good(new JsonObject
            {
                ["records"] = new JsonArray([.. ids.Select(id => (JsonNode)new JsonObject { ["record_id"] = id, ["deleted"] = true })]),
            }.ToJsonString());
        }
    }
}
