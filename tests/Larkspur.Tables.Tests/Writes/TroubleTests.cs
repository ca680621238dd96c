using System.Text.Json.Nodes;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Writes;

public sealed class TroubleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1254290)]
    [InlineData(1254291)]
    [InlineData(1254036, 400)]
    [InlineData(1255001)]
    [InlineData(1255002)]
    [InlineData(99991400, 429)]
    public async Task A_refusal_that_passes_is_waited_out_under_the_same_token(int code, int status = 200)
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => server.Calls.Count < 3 ? TableServer.Refused(code, status) : Rows.Make(call);
        Assert.True((await server.Table().CreateAsync(Rows.Numbered(2), cancellationToken: Cancel)).IsComplete);
        Assert.Equal(3, server.Calls.Count);
        Assert.Single(server.Calls.Select(call => call.Query["client_token"]).Distinct());
    }

    [Fact]
    public async Task A_table_that_is_not_ready_for_so_much_gets_less()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Rows.Count > 250 ? TableServer.Refused(1254607) : Rows.Make(call);
        Assert.True((await server.Table().CreateAsync(Rows.Numbered(1000), cancellationToken: Cancel)).IsComplete);
        Assert.Equal([1000, 500, 250, 250, 500, 250, 250], server.Calls.Select(call => call.Rows.Count));
        Assert.Equal(7, server.Calls.Select(call => call.Query["client_token"]).Distinct().Count());
    }

    [Fact]
    public async Task Trouble_that_does_not_pass_ends()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => TableServer.Refused(1254291);
        var options = new TableOptions { ConflictPause = TimeSpan.Zero, MaxAttempts = 4 };
        var stopped = await Assert.ThrowsAsync<TableWriteException>(() =>
            server.Table(options).CreateAsync(Rows.Numbered(2), cancellationToken: Cancel));
        Assert.Equal((4, TableFailure.Conflict, "2 NotTried"), (server.Calls.Count, stopped.Failure, stopped.Report.ToString()));
    }

    [Fact]
    public async Task A_token_that_is_taken_is_replaced()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => server.Calls.Count == 1 ? TableServer.Refused(1255006, 400) : Rows.Make(call);
        Assert.True((await server.Table().CreateAsync(Rows.Numbered(2), cancellationToken: Cancel)).IsComplete);
        Assert.Equal(2, server.Calls.Select(call => call.Query["client_token"]).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_answer_without_a_key_is_said_to_be_unknown(bool dropped)
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => server.Calls.Count == 1 ? Rows.Make(call) : dropped ? null : TableServer.Refused(1255040, 504);
        var unknown = await Assert.ThrowsAsync<TableOutcomeUnknownException>(() =>
            server.Table().CreateAsync(Rows.Numbered(6), new() { BatchSize = 2 }, Cancel));
        Assert.Equal("2 NotTried, 2 Written, 2 Unknown", unknown.Report.ToString());
        Assert.Equal(2, server.Calls.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_answer_is_cleared_up_by_the_key(bool wasMade)
    {
        await using var server = await TableServer.StartAsync();
        var (made, lost) = (new List<string>(), false);
        server.Answer = call =>
        {
            if (call.Name == "search") return Found(call, made);
            if (call.Name == TableServer.AppToken) return TableServer.Info(isAdvanced: false);
            var losing = !lost;
            lost = true;
            if (!losing || wasMade) made.AddRange(call.Rows.Select(row => (string)row["fields"]!["名称"]!));
            return losing ? null : Rows.Make(call);
        };
        var report = await server.Table().CreateAsync(Rows.Numbered(120), new() { KeyField = "名称" }, Cancel);
        Assert.True(report.IsComplete);
        Assert.Equal(Enumerable.Range(0, 120).Select(n => $"rec-K{n}"), report.Rows.Select(row => row.RecordId));
        Assert.Equal(120, made.Count);
        var writes = server.Calls.Where(call => call.Name == "batch_create").ToList();
        Assert.Equal(wasMade ? 1 : 2, writes.Count);
        Assert.Single(writes.Select(call => call.Query["client_token"]).Distinct());
        Assert.All(server.Calls.Where(call => call.Name == "search"), call =>
        {
            Assert.InRange(call.Json["filter"]!["conditions"]!.AsArray().Count, 1, 50);
            Assert.InRange(call.Json["filter"]!.ToJsonString().Length, 1, 2000);
        });
    }

    [Fact]
    public async Task Where_rows_may_be_hidden_not_finding_them_proves_nothing()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Name == "search" ? Found(call, [])
            : call.Name == TableServer.AppToken ? TableServer.Info(isAdvanced: true) : null;
        var unknown = await Assert.ThrowsAsync<TableOutcomeUnknownException>(() =>
            server.Table().CreateAsync(Rows.Numbered(2), new() { KeyField = "名称" }, Cancel));
        Assert.Equal("2 Unknown", unknown.Report.ToString());
        Assert.Single(server.Calls, call => call.Name == "batch_create");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    public async Task A_servers_error_without_a_code_is_looked_into_at_once(int status)
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Name == "search" ? Found(call, ["K0", "K1"]) : (status, "<html>");
        Assert.True((await server.Table().CreateAsync(Rows.Numbered(2), new() { KeyField = "名称" }, Cancel)).IsComplete);
        Assert.Single(server.Calls, call => call.Name == "batch_create");
    }

    [Fact]
    public async Task Rows_of_which_only_some_are_found_stay_unknown()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Name == "search" ? Found(call, ["K0"]) : null;
        var unknown = await Assert.ThrowsAsync<TableOutcomeUnknownException>(() =>
            server.Table().CreateAsync(Rows.Numbered(2), new() { KeyField = "fldText" }, Cancel));
        Assert.Equal("2 Unknown", unknown.Report.ToString());
    }

    [Fact]
    public async Task Rows_that_cannot_be_looked_for_stay_unknown()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Name == "search" ? TableServer.Refused(1254302) : null;
        var table = server.Table();
        foreach (var rows in new[] { Rows.Numbered(2), [new TableRow().Set("名称", new string('k', 2000))], [new TableRow().Set("金额", 1)] })
        {
            var unknown = await Assert.ThrowsAsync<TableOutcomeUnknownException>(() =>
                table.CreateAsync(rows, new() { KeyField = "名称" }, Cancel));
            Assert.Equal($"{rows.Length} Unknown", unknown.Report.ToString());
        }

        Assert.Single(server.Calls, call => call.Name == "search");
    }

    [Fact]
    public async Task An_internal_error_that_stays_is_looked_into()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Name == "search" ? Found(call, ["K0", "K1"]) : TableServer.Refused(1255001);
        var report = await server.Table().CreateAsync(Rows.Numbered(2), new() { KeyField = "名称" }, Cancel);
        Assert.Equal("2 Written", report.ToString());
        Assert.Equal(6, server.Calls.Count(call => call.Name == "batch_create"));
        await Assert.ThrowsAsync<TableOutcomeUnknownException>(() =>
            server.Table().CreateAsync(Rows.Numbered(2), cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_no_answer()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => (200, "<html>");
        await Assert.ThrowsAsync<TableOutcomeUnknownException>(() =>
            server.Table().CreateAsync(Rows.Numbered(2), cancellationToken: Cancel));
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_change_whose_answer_is_lost_is_made_again()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = _ => server.Calls.Count switch { 1 => null, 2 => TableServer.Refused(1255040, 504), _ => TableServer.Good("{}") };
        Assert.True((await server.Table().UpdateAsync([new TableRow("rec1").Set("金额", 1)], cancellationToken: Cancel)).IsComplete);
        Assert.Equal(3, server.Calls.Count);
    }

    private static (int Status, string Body)? Found(TableCall call, List<string> made)
    {
        var asked = call.Json["filter"]!["conditions"]!.AsArray().Select(condition => (string)condition!["value"]![0]!).ToHashSet();
        return TableServer.Good(new JsonObject
        {
            ["has_more"] = false,
            ["items"] = new JsonArray([.. made.Where(asked.Contains).Select(key => (JsonNode)new JsonObject
            {
                ["record_id"] = $"rec-{key}",
                ["fields"] = new JsonObject { ["名称"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = key }) },
            })]),
        }.ToJsonString());
    }
}
