using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Writes;

/// <summary>Writes of a base, one after the other, and at a distance where others write it too.</summary>
public sealed class GateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_conflict_writes_keep_their_distance()
    {
        await using var server = await TableServer.StartAsync();
        var clock = new ManualTimeProvider();
        var options = new TableOptions { ConflictPause = TimeSpan.FromSeconds(0.5), Random = new Zero() };
        server.Answer = call => server.Calls.Count == 1 ? TableServer.Refused(1254291) : Rows.Make(call);
        var writing = server.Table(options, clock).CreateAsync(Rows.Numbered(4), new() { BatchSize = 2 }, Cancel);
        await clock.DueInAsync(TimeSpan.FromSeconds(0.5));
        Assert.Single(server.Calls);
        clock.Advance(TimeSpan.FromSeconds(0.5));
        await clock.DueInAsync(TimeSpan.FromSeconds(0.5));
        Assert.Equal(2, server.Calls.Count);
        clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.True((await writing).IsComplete);
        Assert.Equal(3, server.Calls.Count);
    }

    [Fact]
    public async Task The_distance_holds_for_every_writer_of_the_base()
    {
        await using var server = await TableServer.StartAsync();
        var clock = new ManualTimeProvider();
        var options = new TableOptions { ConflictPause = TimeSpan.FromSeconds(0.5), Random = new Zero() };
        server.Answer = call => server.Calls.Count == 1 ? TableServer.Refused(1254291) : TableServer.Good("{}");
        var first = server.Table(options, clock).UpdateAsync([new TableRow("rec1").Set("金额", 1)], cancellationToken: Cancel);
        await clock.DueInAsync(TimeSpan.FromSeconds(0.5));
        clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.True((await first).IsComplete);
        var second = server.Table(options, clock).Views.DeleteAsync("vew1", Cancel);
        await clock.DueInAsync(TimeSpan.FromSeconds(0.5));
        Assert.Equal(2, server.Calls.Count);
        clock.Advance(TimeSpan.FromSeconds(0.5));
        await second;
        clock.Advance(TimeSpan.FromMinutes(2));
        await server.Table(options, clock).Views.DeleteAsync("vew1", Cancel);
        Assert.Equal(4, server.Calls.Count);
    }

    [Fact]
    public async Task One_writes_a_base_at_a_time_whatever_objects_it_is_written_through()
    {
        await using var server = await TableServer.StartAsync();
        server.Answer = call => call.Name == "search" ? TableServer.Good("""{"total":0}""") : Rows.Make(call);
        var (arrived, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Holding = call =>
        {
            if (call.Name != "batch_create") return Task.CompletedTask;
            arrived.TrySetResult();
            return go.Task;
        };
        var tables = Enumerable.Range(0, 5).Select(_ => server.Table()).ToList();
        // With the fields known, the way to the gate, or past it, has no other call.
        foreach (var table in tables) await table.GetFieldsAsync(cancellationToken: Cancel);
        var writing = tables.Select(table => table.CreateAsync(Rows.Numbered(1), cancellationToken: Cancel)).ToList();
        await arrived.Task;
        // While the first write is held, reads come and go; a second write that did not wait would have come before them.
        for (var n = 0; n < 20; n++) await tables[n % 5].CountAsync(cancellationToken: Cancel);
        Assert.Single(server.Calls, call => call.Name == "batch_create");
        go.SetResult();
        await Task.WhenAll(writing);
        Assert.Equal(5, server.Calls.Count(call => call.Name == "batch_create"));
    }

    private sealed class Zero : Random
    {
        public override double NextDouble() => 0;
    }
}
