using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources;
using Larkspur.Gateway.Syncs.Sources.Sqlite;
using Microsoft.Data.Sqlite;

namespace Larkspur.Syncs.Tests.Sources;

/// <summary>SQLite files as sources.</summary>
public sealed class SqliteSourceTests : SourceNewsConformance
{
    private SqliteFixture Sqlite => (SqliteFixture)Source;

    private protected override async Task<SourceFixture> StartAsync() => await SqliteFixture.CreateAsync();

    private protected override string Chr(int code) => $"CHAR({code})";

    private protected override async Task AssertNothingIsLeftAsync() =>
        Assert.Equal("0", await Source.ScalarAsync("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'larkspur%'"));

    [Fact]
    public async Task A_file_that_was_brought_back_from_before_is_a_gap()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('a', 'n')");
        (_, cursor) = await DrainAsync(side, cursor);
        File.Copy(Sqlite.Path, Sqlite.Path + ".bak");
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('b', 'n')");
        (_, cursor) = await DrainAsync(side, cursor);
        File.Move(Sqlite.Path + ".bak", Sqlite.Path, true);
        // The number is there again, of another change.
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('c', 'n'), ('d', 'n')");
        await Source.ExecuteAsync("UPDATE larkspur_change SET at = at + 1 WHERE row_key = '''c'''");
        var gap = await NewsAsync(side, cursor);
        Assert.True(gap.IsGap);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('e', 'n')");
        Assert.Equal(["e"], (await DrainAsync(side, gap.Cursor)).Items);
    }

    [Fact]
    public async Task A_table_that_was_made_anew_is_a_gap()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("ALTER TABLE items RENAME TO old; " + SqliteFixture.ItemsTable + "; DROP TABLE old");
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('unheard', 'n')");
        var gap = await NewsAsync(side, cursor);
        Assert.True(gap.IsGap);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('heard', 'n')");
        Assert.Equal(["heard"], (await DrainAsync(side, gap.Cursor)).Items);
    }

    [Fact]
    public async Task Old_notes_go_once_all_know_them()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        await using var other = await Source.OpenAsync(SourceFixture.Items(), 2);
        var (cursor, late) = ((await NewsAsync(side, null)).Cursor, (await NewsAsync(other, null)).Cursor);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('a', 'n'), ('b', 'n')");
        await Source.ExecuteAsync("UPDATE larkspur_change SET at = at - 8 * 86400000");
        (_, cursor) = await DrainAsync(side, cursor);
        await DrainAsync(side, cursor);
        Assert.Equal("2", await Source.ScalarAsync("SELECT COUNT(*) FROM larkspur_change"));
        (_, late) = await DrainAsync(other, late);
        await DrainAsync(other, late);
        Assert.Equal("1", await Source.ScalarAsync("SELECT COUNT(*) FROM larkspur_change"));
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('c', 'n')");
        Assert.Equal(["c"], (await DrainAsync(side, cursor)).Items);
    }

    [Fact]
    public async Task A_sync_that_gets_another_key_leaves_nothing_of_the_old_one()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        await NewsAsync(side, null);
        await using var other = await Source.OpenAsync(SourceFixture.Items(spec => spec with { Key = ["title"] }));
        var cursor = (await NewsAsync(other, null)).Cursor;
        Assert.Equal("3", await Source.ScalarAsync("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'"));
        await Source.ExecuteAsync("INSERT INTO items (id, title, note) VALUES ('a', 't', 'n')");
        Assert.Equal(["t"], (await DrainAsync(other, cursor)).Items);
        Assert.Empty((await NewsAsync(other, (await NewsAsync(other, cursor)).Cursor)).Items);
    }

    [Fact]
    public async Task Notes_that_somebody_dropped_are_made_anew_or_taken_away_wholly()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("DROP TABLE larkspur_change");
        Assert.True((await NewsAsync(side, cursor)).IsGap);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('a', 'n')");
        await Source.ExecuteAsync("DROP TABLE larkspur_change; DROP TABLE larkspur_capture");
        await Source.Kind.ForgetAsync(Source.Connection, 1, SourceFixture.Items(), Cancellation);
        await AssertNothingIsLeftAsync();
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('b', 'n')");
    }

    [Fact]
    public async Task A_file_with_a_write_ahead_log_is_read_and_heard()
    {
        await Source.ExecuteAsync("PRAGMA journal_mode = WAL");
        await using var reader = new SqliteConnection($"Data Source={Sqlite.Path};Pooling=false");
        await reader.OpenAsync(Cancellation);
        await using var begin = reader.CreateCommand();
        begin.CommandText = "BEGIN; SELECT COUNT(*) FROM items";
        await begin.ExecuteNonQueryAsync(Cancellation);
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var mark = await side.MarkAsync(Cancellation);
        var cursor = (await NewsAsync(side, null)).Cursor;
        await WriteAsync(side, SourceFixture.Create("a", ("note", "n")));
        Assert.Equal(["a"], (await DrainAsync(side, cursor)).Items);
        Assert.NotEqual(mark, await side.MarkAsync(Cancellation));
    }

    [Fact]
    public async Task A_program_that_writes_keys_of_any_type_is_not_disturbed()
    {
        await Source.ExecuteAsync("CREATE TABLE loose (k PRIMARY KEY, v TEXT)");
        var spec = new SyncSpec
        {
            Table = new("base", "tbl"), Source = new("erp", "loose"), Key = ["k"],
            Fields = [new() { Field = "k", Column = "k", As = "text" }, new() { Field = "v", Column = "v", As = "text" }],
        };
        await using var side = await Source.OpenAsync(spec);
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("INSERT INTO loose (k, v) VALUES (X'00FF', 'bytes'), (NULL, 'null'), (1.5, 'real'), ('t''x', 'text')");
        // What could not be asked for by its text is no key.
        Assert.Equal(["t'x"], (await DrainAsync(side, cursor)).Items);
        Assert.Equal("t'x", Assert.Single(await AllAsync(side)).Id);
    }

    [Fact]
    public async Task Texts_that_a_collation_takes_for_equal_are_rows_of_their_own()
    {
        await Source.ExecuteAsync("CREATE TABLE names (n TEXT COLLATE NOCASE, v TEXT)");
        await Source.ExecuteAsync("""
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2999)
            INSERT INTO names SELECT CASE i % 2 WHEN 0 THEN 'k' ELSE 'K' END || (i / 2), 'v' || i FROM n
            """);
        var spec = new SyncSpec
        {
            Table = new("base", "tbl"), Source = new("erp", "names"), Key = ["n"],
            Fields = [new() { Field = "n", Column = "n", As = "text" }, new() { Field = "v", Column = "v", As = "text" }],
        };
        await using var side = await Source.OpenAsync(spec);
        var all = await AllAsync(side);
        Assert.Equal(3000, all.Select(row => row.Id).Distinct().Count());
        Assert.All(all, row => Assert.Empty(row.Unreadable));
        Assert.Equal("v1", (await RowAsync(side, "K0")).Values[1]);
        var write = new SideWrite(WriteKind.Update, "K0", new Dictionary<int, string?> { [1] = "w" }, await RowAsync(side, "K0"));
        Assert.Equal(WriteState.Done, (await WriteAsync(side, write)).State);
        Assert.Equal("v0", (await RowAsync(side, "k0")).Values[1]);
    }

    [Fact]
    public async Task Numbers_in_a_column_of_times_are_not_guessed()
    {
        await Source.ExecuteAsync("INSERT INTO items (id, at, note, done) VALUES ('r', 1764230130123, 'n', 'yes')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var row = await RowAsync(side, "r");
        Assert.Equal(SourceFixture.Place("at"), Assert.Single(row.Unreadable).Key);
        Assert.Equal("true", Value(row, "done"));
    }

    [Fact]
    public async Task A_table_without_triggers_is_compared_when_the_file_changes()
    {
        await Source.ExecuteAsync("CREATE VIRTUAL TABLE found USING fts4(k, v)");
        var spec = new SyncSpec
        {
            Table = new("base", "tbl"), Source = new("erp", "found"), Key = ["k"],
            Fields = [new() { Field = "k", Column = "k", As = "text" }, new() { Field = "v", Column = "v", As = "text" }],
        };
        var probe = await Source.Kind.ProbeAsync(Source.Connection, "found", Cancellation);
        Assert.Equal((Captures.Scan, SqliteSourceKind.Virtual), (probe.Capture, Assert.Single(probe.Refused).Reason));
        Assert.Equal(Captures.Triggers, (await Source.Kind.ProbeAsync(Source.Connection, "items", Cancellation)).Capture);
        await using var side = await Source.OpenAsync(spec);
        var first = await NewsAsync(side, null);
        Sqlite.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False((await NewsAsync(side, first.Cursor)).IsGap);
        await Source.ExecuteAsync("INSERT INTO found (k, v) VALUES ('a', 'b')");
        var gap = await NewsAsync(side, first.Cursor);
        Assert.True(gap.IsGap);
        await Source.ExecuteAsync("INSERT INTO found (k, v) VALUES ('c', 'd')");
        Assert.False((await NewsAsync(side, gap.Cursor)).IsGap);
        Sqlite.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True((await NewsAsync(side, gap.Cursor)).IsGap);
    }

    [Fact]
    public async Task A_file_that_another_program_holds_is_busy()
    {
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('r', 'n')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var row = await RowAsync(side, "r");
        await using var holder = new SqliteConnection($"Data Source={Sqlite.Path};Pooling=false");
        await holder.OpenAsync(Cancellation);
        await using var begin = holder.CreateCommand();
        begin.CommandText = "BEGIN EXCLUSIVE";
        await begin.ExecuteNonQueryAsync(Cancellation);
        var away = await Assert.ThrowsAsync<SideAwayException>(() => WriteAsync(side, SourceFixture.Update(row, ("title", "t"))));
        Assert.Equal((Problems.Busy, SideName.Source), (away.Reason, away.Side));
    }

    [Fact]
    public async Task Only_a_file_that_is_there_and_is_not_the_gateways_is_opened()
    {
        Assert.NotNull(Source.Kind.ProblemOf("erp.db"));
        Assert.NotNull(Source.Kind.ProblemOf(""));
        Assert.NotNull(Source.Kind.ProblemOf(Sqlite.OwnFile));
        File.CreateSymbolicLink(Sqlite.Path + ".link", Sqlite.OwnFile);
        Assert.NotNull(Source.Kind.ProblemOf(Sqlite.Path + ".link"));
        Assert.Null(Source.Kind.ProblemOf(Sqlite.Path));
        var missing = Source.Connection with { Address = Sqlite.Path + ".none" };
        var stopped = await Assert.ThrowsAsync<SideStoppedException>(() => Source.Kind.ProbeAsync(missing, null, Cancellation));
        Assert.Equal(Problems.NotFound, stopped.Reason);
        Assert.False(File.Exists(missing.Address));
        await File.WriteAllTextAsync(missing.Address, new string('x', 4096), Cancellation);
        stopped = await Assert.ThrowsAsync<SideStoppedException>(() => Source.Kind.ProbeAsync(missing, null, Cancellation));
        Assert.Equal(Problems.Broken, stopped.Reason);
        await Assert.ThrowsAsync<SideStoppedException>(
            () => Source.Kind.ProbeAsync(missing with { Address = Sqlite.OwnFile }, null, Cancellation));
    }

    [Fact]
    public async Task What_undoes_a_whole_transaction_concerns_its_row_alone()
    {
        await Source.ExecuteAsync("""
            CREATE TABLE parents (id TEXT PRIMARY KEY);
            CREATE TABLE children (id TEXT PRIMARY KEY, parent TEXT REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
            CREATE TRIGGER all_back BEFORE INSERT ON children WHEN NEW.id = 'bad' BEGIN SELECT RAISE(ROLLBACK, 'all back'); END;
            INSERT INTO parents VALUES ('p')
            """);
        var spec = new SyncSpec
        {
            Table = new("base", "tbl"), Source = new("erp", "children"), Key = ["id"],
            Fields = [new() { Field = "id", Column = "id", As = "text" }, new() { Field = "parent", Column = "parent", As = "text" }],
        };
        await using var side = await Source.OpenAsync(spec);
        var results = await side.WriteAsync([Child("a", "p"), Child("b", "none"), Child("bad", "p"), Child("c", "p")], Cancellation);
        Assert.Equal([WriteState.Done, WriteState.Refused, WriteState.Refused, WriteState.Done], results.Select(result => result.State));
        Assert.Equal(["a", "c"], (await AllAsync(side)).Select(row => row.Id));

        static SideWrite Child(string id, string parent) =>
            new(WriteKind.Create, id, new Dictionary<int, string?> { [0] = id, [1] = parent }, null);
    }

    [Theory]
    [InlineData("people", """["alice"]""", "alice")]
    [InlineData("people", """["[odd","alice"]""", """["[odd","alice"]""")]
    [InlineData("choices", """["a"]""", """["a"]""")]
    [InlineData("link", "https://example.com/?a=1", "https://example.com/?a=1")]
    [InlineData("number", "0.5", "0.5")]
    [InlineData("number", "1E+300", "1E+300")]
    [InlineData("instant", "2026-11-27T08:15:30.120Z", "2026-11-27 08:15:30.12")]
    [InlineData("date", "1582-10-04", "1582-10-04")]
    public async Task A_column_of_texts_holds_what_the_mapping_says(string kind, string value, string stored)
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items(spec => spec with
        {
            Fields = [.. spec.Fields.Select(field => field.Column == "title" ? field with { As = kind } : field)],
        }));
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Create("a", ("title", value), ("note", "n")))).State);
        Assert.Equal(value, Value(await RowAsync(side, "a"), "title"));
        Assert.Equal(stored, await Source.ScalarAsync("SELECT title FROM items"));
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Update(await RowAsync(side, "a"), ("title", null)))).State);
        Assert.Null(Value(await RowAsync(side, "a"), "title"));
    }

    [Fact]
    public async Task A_trigger_of_the_table_may_refuse_a_row()
    {
        await Source.ExecuteAsync("""
            CREATE TRIGGER no BEFORE INSERT ON items WHEN NEW.title = 'no' BEGIN SELECT RAISE(ABORT, 'closed month'); END;
            CREATE TRIGGER ignore BEFORE INSERT ON items WHEN NEW.title = 'ignored' BEGIN SELECT RAISE(IGNORE); END
            """);
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var results = await side.WriteAsync(
        [
            SourceFixture.Create("a", ("title", "no"), ("note", "n")), SourceFixture.Create("b", ("title", "ignored"), ("note", "n")),
            SourceFixture.Create("c", ("title", "yes"), ("note", "n")),
        ], Cancellation);
        Assert.Equal([WriteState.Refused, WriteState.Refused, WriteState.Done], results.Select(result => result.State));
        Assert.Equal(Problems.RowRefused, results[0].Reason);
        Assert.Contains("closed month", results[0].Detail, StringComparison.Ordinal);
    }
}
