using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Syncs.Tests.Model;

namespace Larkspur.Syncs.Tests;

/// <summary>What keeps a sync from deleting what nobody deleted, and from losing what somebody wrote.</summary>
public sealed class SafeguardTests(ModelDatabase database) : IClassFixture<ModelDatabase>
{
    private static readonly SyncSpec Careful = ModelFields.Spec() with
    {
        Deletes = new() { InSource = DeletionRule.Delete, After = TimeSpan.FromMinutes(10), Most = 3, MostShare = 0.1 },
    };

    [Fact]
    public async Task A_table_that_shows_nothing_deletes_nothing()
    {
        var run = await LiveAsync(Careful, 30);
        foreach (var record in run.Table.Rows.Keys.ToList()) run.Table.Delete(record);
        await CompareAsync(run);
        Assert.Equal((30, Problems.Shrunk), (run.Source.Rows.Count, (await run.RowAsync()).Paused));
    }

    [Fact]
    public async Task A_table_that_hides_its_rows_deletes_nothing_and_says_so_row_by_row()
    {
        var run = await LiveAsync(Careful, 12);
        run.Table.Hidden.UnionWith(run.Table.Rows.Keys.Take(4));
        await CompareAsync(run);
        Assert.Equal(12, run.Source.Rows.Count);
        Assert.Equal([Problems.Hidden], (await run.ProblemsAsync()).Select(problem => problem.Reason).Distinct());
        run.Table.Hidden.Clear();
        await CompareAsync(run);
        Assert.Empty(await run.ProblemsAsync());
    }

    [Fact]
    public async Task Rights_that_changed_stop_it_before_anything_is_read()
    {
        var run = await LiveAsync(Careful, 12);
        run.Table.Rights = "fewer";
        run.Table.Hidden.UnionWith(run.Table.Rows.Keys);
        run.Source.Put("k999", ["k999", "a", "b", null, "c", "d"]);
        await CompareAsync(run);
        Assert.Equal((Problems.RightsChanged, 13, 12), ((await run.RowAsync()).Paused, run.Source.Rows.Count, run.Table.Rows.Count));
    }

    [Fact]
    public async Task More_deletions_than_usual_wait_for_a_yes()
    {
        var run = await LiveAsync(Careful, 30);
        foreach (var record in run.Table.Rows.Keys.Take(5).ToList()) run.Table.Delete(record, byPerson: true);
        await run.DeliverAsync(100);
        await run.WorkAsync();
        run.Clock.Advance(TimeSpan.FromMinutes(11));
        await run.WorkAsync();
        Assert.Equal((30, 5L), (run.Source.Rows.Count, (await run.RowAsync()).Asks));
        await run.SteerAsync(unit => SyncAdmin.ConfirmAsync(unit, run.Sync, run.Clock.GetUtcNow()));
        await run.WorkAsync();
        Assert.Equal((25, 0L), (run.Source.Rows.Count, (await run.RowAsync()).Asks));
    }

    [Fact]
    public async Task Deletions_that_are_refused_come_back()
    {
        var run = await LiveAsync(Careful, 30);
        foreach (var record in run.Table.Rows.Keys.Take(5).ToList()) run.Table.Delete(record, byPerson: true);
        await run.DeliverAsync(100);
        await run.WorkAsync();
        run.Clock.Advance(TimeSpan.FromMinutes(11));
        await run.WorkAsync();
        await run.SteerAsync(unit => SyncAdmin.RefuseDeletionsAsync(unit, run.Sync));
        await run.WorkAsync();
        Assert.Equal((30, 30), (run.Source.Rows.Count, run.Table.Rows.Count));
    }

    [Fact]
    public async Task A_row_that_is_taken_back_in_time_is_not_deleted()
    {
        var run = await LiveAsync(Careful, 12);
        var record = run.Table.Rows.Keys.First();
        run.Table.Delete(record, byPerson: true);
        await run.DeliverAsync(100);
        await run.WorkAsync();
        run.Table.Restore(record);
        await run.DeliverAsync(100);
        run.Clock.Advance(TimeSpan.FromMinutes(11));
        await run.WorkAsync();
        Assert.Equal((12, 12), (run.Source.Rows.Count, run.Table.Rows.Count));
    }

    [Fact]
    public async Task Without_its_sentinel_nothing_is_deleted()
    {
        var run = await LiveAsync(Careful with { Sentinel = "k001" }, 12);
        var records = run.Table.Rows.Where(row => row.Value[0] is "k001" or "k005").Select(row => row.Key).ToList();
        foreach (var record in records) run.Table.Delete(record, byPerson: true);
        await run.DeliverAsync(100);
        await run.WorkAsync();
        run.Clock.Advance(TimeSpan.FromMinutes(11));
        await run.WorkAsync();
        Assert.Equal((12, Problems.SentinelGone), (run.Source.Rows.Count, (await run.RowAsync()).Paused));
    }

    [Fact]
    public async Task A_field_that_is_gone_empties_no_column_and_the_others_go_on()
    {
        var run = await LiveAsync(Careful, 12);
        run.Table.GoneFields.Add(ModelFields.Asked);
        foreach (var row in run.Table.Rows.Values) row[ModelFields.Asked] = null;
        run.Source.Set("k002", ModelFields.SourceWins, "new");
        await CompareAsync(run);
        Assert.All(run.Source.Rows.Values, row => Assert.NotNull(row[ModelFields.Asked]));
        Assert.Equal("new", run.Table.Rows.Values.Single(row => row[0] == "k002")[ModelFields.SourceWins]);
        var map = StoredMap.Read((await run.RowAsync()).Map!);
        Assert.Equal(Problems.FieldGone, map.Fields[ModelFields.Asked].Paused);
    }

    [Fact]
    public async Task An_edit_that_a_write_overtook_is_kept_and_asked_about()
    {
        var run = await LiveAsync(Careful, 1);
        var record = run.Table.Rows.Keys.Single();
        run.Source.Set("k001", ModelFields.Asked, "from the source");
        // Carol types between the engine's reading and its writing.
        run.Table.BeforeWrite = () => run.Table.Set(record, ModelFields.Asked, "Carol's");
        await run.WorkAsync();
        Assert.Equal("from the source", run.Table.Rows[record][ModelFields.Asked]);
        await run.DeliverAsync(100);
        var lost = Assert.Single(await run.ConflictsAsync());
        Assert.Equal((ConflictRow.Overwritten, "Carol's"), (lost.Kind, lost.TableValue));
        await run.DecideAsync(lost, Decisions.Table);
        await run.WorkAsync();
        Assert.Equal(("Carol's", "Carol's"), (run.Table.Rows[record][ModelFields.Asked], run.Source.Rows["k001"][ModelFields.Asked]));
    }

    [Fact]
    public async Task A_row_that_is_refused_waits_with_its_reason_and_the_rest_goes_on()
    {
        var run = await LiveAsync(Careful, 3);
        run.Source.Set("k001", ModelFields.SourceWins, "bad!");
        run.Source.Set("k002", ModelFields.SourceWins, "good");
        await run.WorkAsync();
        Assert.Equal("good", run.Table.Rows.Values.Single(row => row[0] == "k002")[ModelFields.SourceWins]);
        Assert.Equal((Problems.ValueRefused, "k001"), (await run.ProblemsAsync()).Select(problem => (problem.Reason, problem.Key!)).Single());
        var writes = run.World.Writes;
        await CompareAsync(run);
        Assert.Equal(writes, run.World.Writes);
        run.Source.Set("k001", ModelFields.SourceWins, "mended");
        run.Clock.Advance(TimeSpan.FromMinutes(1));
        await run.WorkAsync();
        Assert.Empty(await run.ProblemsAsync());
        Assert.Equal("mended", run.Table.Rows.Values.Single(row => row[0] == "k001")[ModelFields.SourceWins]);
    }

    private async Task<ModelRun> LiveAsync(SyncSpec spec, int rows)
    {
        var run = await ModelRun.BeginAsync(database.Database, 1, spec);
        run.World.IsCalm = true;
        for (var i = 1; i <= rows; i++) run.Source.Put($"k{i:D3}", [$"k{i:D3}", $"a{i}", $"b{i}", null, $"c{i}", $"d{i}"]);
        await run.WorkAsync();
        await run.ExecuteAsync("UPDATE sync SET phase = 'copy_source' WHERE id = $1");
        await run.WorkAsync();
        Assert.Equal(rows, run.Table.Rows.Count);
        run.Table.Events.Clear();
        run.Clock.Advance(TimeSpan.FromMinutes(1));
        return run;
    }

    private static async Task CompareAsync(ModelRun run)
    {
        await run.ExecuteAsync("UPDATE sync SET scan = 'test' WHERE id = $1");
        run.Clock.Advance(TimeSpan.FromMinutes(1));
        await run.WorkAsync();
    }
}
