using Larkspur.Emulator.State.Tables;
using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.Tables.Syncs;

/// <summary>A table is kept equal with a company's own data, both ways, and a person decides what the two cannot.</summary>
public sealed class SyncTests : IAsyncLifetime
{
    private SyncFixture _on = null!;

    public async ValueTask InitializeAsync() => _on = await SyncFixture.StartAsync();

    public ValueTask DisposeAsync() => _on.DisposeAsync();

    [Fact]
    public async Task A_sync_surveys_waits_for_its_start_copies_and_lives()
    {
        await _on.ErpAsync("""
            INSERT INTO orders VALUES ('PO-2026-001', 'Other supplier', 1250.5, '待审批', 0, 'x'), ('PO-2027-001', 'New', 7, '已批准', 1, 'x')
            """);
        await _on.SurveyedAsync(SyncFixture.Spec());
        Assert.Null(await _on.OrderAsync("PO-2027-001"));
        Assert.Equal("2", await _on.ErpValueAsync("SELECT COUNT(*) FROM orders"));

        var plan = await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/plan");
        var survey = plan.Body.GetProperty("survey");
        Assert.Equal((10, 2, 1, 9), (survey.GetProperty("table_rows").GetInt64(), survey.GetProperty("source_rows").GetInt64(),
            survey.GetProperty("only_source").GetInt64(), survey.GetProperty("only_table").GetInt64()));
        var differing = survey.GetProperty("examples").EnumerateArray().Single(e => e.GetProperty("kind").GetString() == "differing");
        Assert.Contains(differing.GetProperty("values").EnumerateArray(), value =>
            value.GetProperty("field").GetString() == SeededTables.Supplier && value.GetProperty("source").GetString() == "Other supplier");

        SyncFixture.Done(await _on.Gateway.PostRestAsync(SyncFixture.Path + "/start", new { winner = "source" }));
        await _on.StateAsync("live");
        Assert.Equal("11", await _on.ErpValueAsync("SELECT COUNT(*) FROM orders"));
        Assert.Equal("New", await _on.CellAsync("PO-2027-001", SeededTables.Supplier));
        Assert.Equal("Other supplier", await _on.CellAsync("PO-2026-001", SeededTables.Supplier));
        Assert.Equal(11, await _on.CountAsync("linked"));
        var again = await _on.Gateway.PostRestAsync(SyncFixture.Path + "/start", new { winner = "source" });
        Assert.Equal((409, "sync_not_ready"), (again.Status, again.Error));
    }

    [Fact]
    public async Task Edits_go_over_either_way_and_stand_in_the_rows_history()
    {
        await _on.LiveAsync(SyncFixture.Spec());
        await _on.ActAsync(new
        {
            @as = "alice", @do = "set_cell", record_id = SeededTables.RecordId(1), field = SeededTables.Supplier, value = "Alice & Co",
        });
        await _on.HoldsAsync(async () => await _on.ErpValueAsync("SELECT supplier FROM orders WHERE no = 'PO-2026-001'") == "Alice & Co",
            "the table's edit in the file");
        await _on.ErpAsync("UPDATE orders SET amount = 99.5 WHERE no = 'PO-2026-002'");
        await _on.HoldsAsync(async () => await _on.CellAsync("PO-2026-002", SeededTables.Amount) == "99.5", "the file's edit in the table");

        var history = await _on.Gateway.GetRestAsync(SyncFixture.Path + "/rows/PO-2026-001/history");
        var change = history.Items.First(item => item.GetProperty("kind").GetString() == "update");
        Assert.Equal(("source", SeededTables.Supplier, "Alice & Co"), (change.GetProperty("side").GetString(),
            change.GetProperty("field").GetString(), change.GetProperty("after").GetString()));
        Assert.Equal(404, (await _on.Gateway.GetRestAsync(SyncFixture.Path + "/rows/PO-1/history")).Status);
    }

    [Fact]
    public async Task A_conflict_waits_for_a_person_and_is_decided_over_REST()
    {
        await _on.LiveAsync(SyncFixture.Spec());
        await ConflictAsync("PO-2026-003", 3);
        var conflict = (await _on.Gateway.GetRestAsync(SyncFixture.Path + "/conflicts?state=open")).Items.Single();
        Assert.Equal((SeededTables.Supplier, "Table's", "Source's", "text"), (conflict.GetProperty("field").GetString(),
            conflict.GetProperty("table").GetString(), conflict.GetProperty("source").GetString(),
            conflict.GetProperty("value_kind").GetString()));
        var path = $"{SyncFixture.Path}/conflicts/{conflict.GetProperty("id").GetInt64()}";

        var stale = await _on.Gateway.PostRestAsync(
            path, new { decision = "source", seen = new { table = "Another", source = "Source's" } });
        Assert.Equal((409, "conflict_changed"), (stale.Status, stale.Error));
        foreach (var (body, word, pointer) in ((object, string, string)[])
            [
                (new { decision = "keep" }, "bad_value", "/decision"), (new { decision = "value" }, "missing", "/value"),
                (new { decision = "value", value = 12 }, "wrong_type", "/value"),
                (new { decision = "table", value = "x" }, "bad_value", "/value"),
                (new { decison = "table" }, "missing", "/decision"),
            ])
        {
            var refused = await _on.Gateway.PostRestAsync(path, body);
            Assert.True((refused.Error, refused.Pointer) == (word, pointer), refused.ToString());
        }

        SyncFixture.Done(await _on.Gateway.PostRestAsync(path, new { decision = "value", value = "Agreed" }));
        await _on.HoldsAsync(async () => await _on.ErpValueAsync("SELECT supplier FROM orders WHERE no = 'PO-2026-003'") == "Agreed"
            && await _on.CellAsync("PO-2026-003", SeededTables.Supplier) == "Agreed", "the decision on both sides");
        await _on.HoldsAsync(async () => await _on.CountAsync("conflicts") == 0, "no open conflict");
        var decided = (await _on.Gateway.GetRestAsync(SyncFixture.Path + "/conflicts?state=decided")).Items.Single();
        Assert.Equal("value", decided.GetProperty("decision").GetString());
    }

    [Fact]
    public async Task All_conflicts_of_a_field_are_decided_at_once()
    {
        await _on.LiveAsync(SyncFixture.Spec());
        await ConflictAsync("PO-2026-004", 4);
        await ConflictAsync("PO-2026-005", 5, 2);
        var unknown = await _on.Gateway.PostRestAsync(SyncFixture.Path + "/conflicts", new { decision = "table", field = "Supplyer" });
        Assert.Equal((422, "no_field", "/field"), (unknown.Status, unknown.Error, unknown.Pointer));
        var done = SyncFixture.Done(await _on.Gateway.PostRestAsync(
            SyncFixture.Path + "/conflicts", new { decision = "table", field = SeededTables.Supplier }));
        Assert.Equal(2, done.Body.GetProperty("decided").GetInt32());
        await _on.HoldsAsync(async () =>
            await _on.ErpValueAsync("SELECT COUNT(*) FROM orders WHERE supplier = 'Table''s'") == "2", "the table's");
    }

    [Fact]
    public async Task A_run_is_undone_and_what_was_changed_since_stays()
    {
        await _on.LiveAsync(SyncFixture.Spec());
        SyncFixture.Done(await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/pause"));
        await _on.ErpAsync("""
            UPDATE orders SET supplier = 'Wrong import' WHERE no IN ('PO-2026-001', 'PO-2026-002');
            INSERT INTO orders (no, supplier) VALUES ('PO-2027-009', 'Wrong import')
            """);
        var before = await _on.CellAsync("PO-2026-001", SeededTables.Supplier);
        SyncFixture.Done(await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/resume"));
        await _on.HoldsAsync(async () => await _on.CellAsync("PO-2026-001", SeededTables.Supplier) == "Wrong import"
            && await _on.CellAsync("PO-2026-002", SeededTables.Supplier) == "Wrong import"
            && await _on.OrderAsync("PO-2027-009") is not null, "the import in the table");
        await _on.QuietAsync();
        var runs = (await _on.Gateway.GetRestAsync(SyncFixture.Path + "/runs")).Items;
        SyncFixture.Done(await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/pause"));
        await _on.ActAsync(new
        {
            @as = "alice", @do = "set_cell", record_id = SeededTables.RecordId(2), field = SeededTables.Supplier, value = "Alice knows",
        });

        var wrote = runs.Where(run => run.GetProperty("to_table").GetInt64() > 0 && run.GetProperty("kind").GetString() != "copy").ToList();
        Assert.NotEmpty(wrote);
        var kept = 0L;
        foreach (var run in wrote)
        {
            var path = $"{SyncFixture.Path}/runs/{run.GetProperty("id").GetInt64()}/undo";
            var undone = SyncFixture.Done(await _on.Gateway.RestAsync(HttpMethod.Post, path));
            Assert.True(undone.Body.GetProperty("done").GetBoolean());
            kept += undone.Body.GetProperty("kept").GetInt64();
            var again = await _on.Gateway.RestAsync(HttpMethod.Post, path);
            Assert.Equal((409, "run_undone"), (again.Status, again.Error));
        }

        Assert.Equal(1, kept);
        Assert.Equal(before, await _on.CellAsync("PO-2026-001", SeededTables.Supplier));
        Assert.Equal("Alice knows", await _on.CellAsync("PO-2026-002", SeededTables.Supplier));
        Assert.Null(await _on.OrderAsync("PO-2027-009"));
        var sync = await _on.Gateway.GetRestAsync(SyncFixture.Path);
        Assert.Equal(("paused", "undone"), (sync.Text("state"), sync.Text("reason")));
        Assert.Equal(404, (await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/runs/999999/undo")).Status);
    }

    [Fact]
    public async Task A_row_with_a_problem_waits_and_is_looked_at_again_when_asked()
    {
        await _on.LiveAsync(SyncFixture.Spec());
        await _on.ErpAsync("UPDATE orders SET status = '无此选项' WHERE no = 'PO-2026-006'");
        await _on.HoldsAsync(async () => await _on.CountAsync("problems") == 1, "the problem");
        var problem = (await _on.Gateway.GetRestAsync(SyncFixture.Path + "/problems")).Items.Single();
        Assert.Equal(("PO-2026-006", "unknown_option", SeededTables.Status), (problem.GetProperty("key").GetString(),
            problem.GetProperty("reason").GetString(), problem.GetProperty("field").GetString()));
        Assert.Contains("选项", problem.GetProperty("message_zh").GetString(), StringComparison.Ordinal);
        var retried = SyncFixture.Done(await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/problems/retry"));
        Assert.Equal(1, retried.Body.GetProperty("retried").GetInt32());
        await _on.ErpAsync("UPDATE orders SET status = '已付款' WHERE no = 'PO-2026-006'");
        await _on.HoldsAsync(async () => await _on.CountAsync("problems") == 0, "no problem");
        Assert.Equal("已付款", await _on.CellAsync("PO-2026-006", SeededTables.Status));
    }

    [Fact]
    public async Task Many_deletions_wait_for_a_yes_and_come_back_on_a_no()
    {
        await _on.LiveAsync(SyncFixture.Spec(deletes: new { after_seconds = 0, most = 1, most_percent = 0 }));
        var none = await _on.Gateway.PostRestAsync(SyncFixture.Path + "/deletions", new { decision = "delete" });
        Assert.Equal((409, "no_deletions_wait"), (none.Status, none.Error));
        await _on.ErpAsync("DELETE FROM orders WHERE no IN ('PO-2026-007', 'PO-2026-008', 'PO-2026-009')");
        await _on.HoldsAsync(async () => await _on.CountAsync("deletions_waiting") == 3, "three that wait");
        Assert.NotNull(await _on.OrderAsync("PO-2026-008"));
        SyncFixture.Done(await _on.Gateway.PostRestAsync(SyncFixture.Path + "/deletions", new { decision = "restore" }));
        await _on.HoldsAsync(async () => await _on.ErpValueAsync("SELECT COUNT(*) FROM orders") == "10", "all rows again");
    }

    [Fact]
    public async Task A_sync_is_paused_compared_and_forgotten_with_its_triggers()
    {
        await _on.SurveyedAsync(SyncFixture.Spec());
        var early = await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/run");
        Assert.Equal((409, "sync_not_live"), (early.Status, early.Error));
        SyncFixture.Done(await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/start"));
        await _on.StateAsync("live");
        var paused = SyncFixture.Done(await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/pause"));
        Assert.Equal(("paused", "by_person"), (paused.Text("state"), paused.Text("reason")));
        SyncFixture.Done(await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/resume"));
        await _on.HoldsAsync(async () => (await _on.Gateway.GetRestAsync(SyncFixture.Path + "/runs")).Items
            .Any(run => run.GetProperty("kind").GetString() == "compare"), "a comparison");
        Assert.NotEqual("0", await _on.ErpValueAsync("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'"));
        Assert.Equal(204, (await _on.Gateway.RestAsync(HttpMethod.Delete, SyncFixture.Path)).Status);
        Assert.Equal(404, (await _on.Gateway.GetRestAsync(SyncFixture.Path)).Status);
        Assert.Equal("0", await _on.ErpValueAsync("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'"));
    }

    /// <summary>Both sides change one value while nobody looks.</summary>
    private async Task ConflictAsync(string no, int record, int conflicts = 1)
    {
        SyncFixture.Done(await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/pause"));
        await _on.ActAsync(new
        {
            @as = "alice", @do = "set_cell", record_id = SeededTables.RecordId(record), field = SeededTables.Supplier, value = "Table's",
        });
        await _on.ErpAsync($"UPDATE orders SET supplier = 'Source''s' WHERE no = '{no}'");
        SyncFixture.Done(await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/resume"));
        await _on.HoldsAsync(async () => await _on.CountAsync("conflicts") == conflicts, "the conflict");
    }
}
