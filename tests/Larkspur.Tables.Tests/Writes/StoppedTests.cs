using Larkspur.Feishu;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Writes;

/// <summary>Whatever ends the writing, a report says what became of each row.</summary>
public sealed class StoppedTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancelled_the_rows_under_way_are_unknown_and_the_others_as_they_are()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = Rows.Make;
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        server.Holding = async call =>
        {
            if (call.Name == "batch_create" && server.Calls.Count == 2) await source.CancelAsync();
        };
        server.Answer = call => server.Calls.Count == 1 ? Rows.Make(call) : null;
        var canceled = await Assert.ThrowsAsync<TableWriteCanceledException>(() =>
            server.Table().CreateAsync(Rows.Numbered(6), new() { BatchSize = 2 }, source.Token));
        Assert.Equal("2 NotTried, 2 Written, 2 Unknown", canceled.Report.ToString());
        Assert.Equal(source.Token, canceled.CancellationToken);
    }

    [Fact]
    public async Task Cancelled_in_a_pause_after_a_refusal_nothing_is_unknown()
    {
        await using var server = await TableServer.StartAsync();
        var clock = new ManualTimeProvider();
        var options = new TableOptions { ConflictPause = TimeSpan.FromMinutes(5), LongestPause = TimeSpan.FromMinutes(5) };
        server.Answer = _ => TableServer.Refused(1254291);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writing = server.Table(options, clock).CreateAsync(Rows.Numbered(2), cancellationToken: source.Token);
        await clock.DueInAsync(TimeSpan.FromMinutes(5));
        await source.CancelAsync();
        Assert.Equal("2 NotTried", (await Assert.ThrowsAsync<TableWriteCanceledException>(() => writing)).Report.ToString());
    }

    [Fact]
    public async Task Whatever_else_goes_wrong_comes_with_the_report()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => server.Calls.Count == 1 ? Rows.Make(call) : null;
        var options = TableServer.Quick with { Random = new Broken() };
        var stopped = await Assert.ThrowsAsync<TableOutcomeUnknownException>(() =>
            server.Table(options).UpdateAsync([Change(1), Change(2), Change(3)], new() { BatchSize = 1 }, Cancel));
        Assert.IsType<NotSupportedException>(stopped.InnerException);
        Assert.Equal("1 NotTried, 1 Written, 1 Unknown", stopped.Report.ToString());
    }

    [Fact]
    public async Task A_wait_that_is_longer_than_a_call_may_take_ends_the_writing()
    {
        await using var server = await TableServer.StartAsync();
        server.RetryAfter = 3600;
        server.Answer = _ => TableServer.Refused(99991400, 429);
        var stopped = await Assert.ThrowsAsync<TableWriteException>(() =>
            server.Table().CreateAsync(Rows.Numbered(2), cancellationToken: Cancel));
        Assert.Equal(("2 NotTried", TableFailure.Busy), (stopped.Report.ToString(), stopped.Failure));
        await Assert.ThrowsAsync<FeishuApiException>(() => server.Base().GetAsync(Cancel));
        Assert.Equal(2, server.Calls.Count);
    }

    private static TableRow Change(int n) => new TableRow($"rec{n}").Set("名称", $"K{n}");

    /// <summary>Something that nobody thinks of breaks.</summary>
    private sealed class Broken : Random
    {
        public override double NextDouble() => throw new NotSupportedException();
    }
}
