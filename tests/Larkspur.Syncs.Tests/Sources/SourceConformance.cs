using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Syncs.Tests.Sources;

/// <summary>What every kind of source does alike: reading, finding, writing. A new kind derives from it.</summary>
public abstract class SourceConformance : IAsyncLifetime
{
    private protected SourceFixture Source { get; private set; } = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Source = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Source.DisposeAsync();
    }

    private protected abstract Task<SourceFixture> StartAsync();

    private protected static async Task<SideRow> RowAsync(ISide side, string id) =>
        Assert.Single((await side.ReadAsync([id], Cancellation)).Rows);

    private protected static async Task<WriteResult> WriteAsync(ISide side, SideWrite write) =>
        Assert.Single(await side.WriteAsync([write], Cancellation));

    private protected static string? Value(SideRow row, string column) => row.Values[SourceFixture.Place(column)];

    private protected static async Task<List<SideRow>> AllAsync(ISide side, string? after = null)
    {
        var rows = new List<SideRow>();
        await foreach (var page in side.ScanAsync(after, Cancellation)) rows.AddRange(page.Rows);
        return rows;
    }

    [Fact]
    public async Task A_cell_that_no_table_takes_is_left_where_it_is()
    {
        var most = new string('x', 100_000);
        await Source.ExecuteAsync($"INSERT INTO items (id, title, note) VALUES ('a', '{most}', 'n'), ('b', '{most}x', 'm')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var rows = (await AllAsync(side)).ToDictionary(row => row.Id);
        Assert.Equal(most, Value(rows["a"], "title"));
        Assert.Empty(rows["a"].Unreadable);
        Assert.Equal((Problems.TooLong, null), (rows["b"].Unreadable[SourceFixture.Place("title")], Value(rows["b"], "title")));
        Assert.Equal("m", Value(rows["b"], "note"));
        // What is not read is not written over, and hinders nothing else.
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Update(await RowAsync(side, "b"), ("note", "o")))).State);
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Delete(await RowAsync(side, "b")))).State);
    }

    [Fact]
    public async Task A_gateways_own_database_is_nobodys_source()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        await Source.ExecuteAsync("CREATE TABLE sync_connection (name text); CREATE TABLE data_protection_key (id text)");
        foreach (var use in (Func<Task>[])
            [
                () => side.CountAsync(Cancellation), () => Source.OpenAsync(SourceFixture.Items()),
                () => Source.Kind.ProbeAsync(Source.Connection, null, Cancellation),
            ])
            Assert.Equal(Problems.NoPermission, (await Assert.ThrowsAsync<SideStoppedException>(use)).Reason);
    }

    [Fact]
    public async Task Columns_are_told_with_what_they_take_and_lose()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var columns = (await side.DescribeAsync(true, Cancellation)).Columns.ToDictionary(column => column.Name);
        foreach (var (name, kind) in SourceFixture.ItemKinds) Assert.Contains(kind, columns[name].Kinds);
        Assert.True(columns["id"].IsKey);
        Assert.False(columns["title"].IsKey);
        Assert.True(columns["doubled"].IsReadOnly);
        Assert.False(columns["size"].IsReadOnly);
        Assert.True(columns["note"].IsRequired);
        Assert.False(columns["size"].IsRequired);
        Assert.False(columns["title"].IsRequired);
        Assert.Empty(columns["bytes"].Kinds);
        Assert.Contains(Losses.EmptyText, columns["title"].Losses);
        Assert.Contains(Losses.UnknownBoolean, columns["done"].Losses);
        Assert.Contains(Losses.Microseconds, columns["at"].Losses);
        Assert.Contains(Losses.Digits, columns["amount"].Losses);
        Assert.Contains(ValueKind.Text, columns["amount"].Kinds);
        Assert.Equal((ValueKind.Choice, 2), (columns["kind"].Kinds[0], columns["kind"].Options.Count));
        Assert.Equal(["red", "green"], columns["kind"].Options);
    }

    public static TheoryData<string, string?> Edges => new()
    {
        { "title", null }, { "title", "two\nlines" }, { "title", "emoji 🧾 and 汉字, 'quoted' \"twice\" \\ %_" }, { "title", " spaces " },
        { "title", new string('长', 100_000) }, { "amount", "0" }, { "amount", "0.1" }, { "amount", "-12345.678" }, { "amount", "1E+21" },
        { "amount", "9007199254740992" }, { "amount", "1E+28" }, { "amount", "0.30000000000000004" },
        { "amount", "1E-07" }, { "amount", null }, { "done", "true" }, { "done", "false" },
        { "at", "2026-11-27T08:15:30.123Z" }, { "at", "1969-12-31T23:59:59.999Z" }, { "at", "0001-01-01T00:00:00.000Z" }, { "at", null },
        { "day", "2026-02-28" }, { "day", "1582-10-04" }, { "day", null }, { "kind", "red" }, { "kind", null },
        { "tags", """["a","b \"c\"","汉"]""" }, { "tags", null }, { "size", "-2147483648" }, { "note", "n" },
    };

    [Theory]
    [MemberData(nameof(Edges))]
    public async Task A_written_value_is_read_back_as_the_same(string column, string? value)
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var made = SourceFixture.Create("new", [("size", "1"), ("note", "n"), (column, value)]);
        Assert.Equal(WriteState.Done, (await WriteAsync(side, made)).State);
        Assert.Equal(value, Value(await RowAsync(side, "new"), column));
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Create("old", ("note", "n"), ("title", "t")))).State);
        var old = await RowAsync(side, "old");
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Update(old, (column, value)))).State);
        Assert.Equal(value, Value(await RowAsync(side, "old"), column));
    }

    [Fact]
    public async Task Stored_values_are_read_as_canonical_ones()
    {
        await Source.ExecuteAsync("""
            INSERT INTO items (id, title, amount, done, at, note) VALUES
            ('empty', '', NULL, NULL, NULL, ''), ('micro', 'a', 1.50, TRUE, '2026-11-27 08:15:30.123999', 'x')
            """);
        await Source.ExecuteAsync("UPDATE items SET title = 'a' || CHR13 || CHR10 || 'b' WHERE id = 'micro'"
            .Replace("CHR13", Chr(13), StringComparison.Ordinal).Replace("CHR10", Chr(10), StringComparison.Ordinal));
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var (empty, micro) = (await RowAsync(side, "empty"), await RowAsync(side, "micro"));
        Assert.Null(Value(empty, "title"));
        Assert.Null(Value(empty, "note"));
        Assert.Equal("false", Value(empty, "done"));
        Assert.Equal("7", Value(empty, "size"));
        Assert.Equal("14", Value(empty, "doubled"));
        Assert.Equal("a\nb", Value(micro, "title"));
        Assert.Equal("1.5", Value(micro, "amount"));
        Assert.Equal("2026-11-27T08:15:30.123Z", Value(micro, "at"));
        // What is stored more exactly than it is read is nobody's edit.
        Assert.Equal(WriteState.Done, (await WriteAsync(side,
            SourceFixture.Update(micro, ("at", "2026-11-28T00:00:00.000Z"), ("title", "c")))).State);
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Update(empty, ("title", "c"), ("done", "true")))).State);
    }

    private protected virtual string Chr(int code) => $"CHR({code})";

    [Fact]
    public async Task What_cannot_be_read_is_said_and_nothing_else_is_lost()
    {
        await Source.ExecuteAsync("INSERT INTO items (id, title, amount, note) VALUES ('big', 't', 9007199254740993, 'n')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var row = await RowAsync(side, "big");
        Assert.StartsWith(Problems.DigitsLost, Assert.Single(row.Unreadable).Value, StringComparison.Ordinal);
        Assert.Equal(SourceFixture.Place("amount"), Assert.Single(row.Unreadable).Key);
        Assert.Equal("t", Value(row, "title"));
        await using var text = await Source.OpenAsync(SourceFixture.Items(spec => spec with
        {
            Fields = [.. spec.Fields.Select(field => field.Column == "amount" ? field with { As = "text" } : field)],
        }));
        Assert.Equal("9007199254740993", Value(await RowAsync(text, "big"), "amount"));
        var write = SourceFixture.Update(await RowAsync(text, "big"), ("amount", "9007199254740995"));
        Assert.Equal(WriteState.Done, (await WriteAsync(text, write)).State);
        Assert.Equal("9007199254740995", Value(await RowAsync(text, "big"), "amount"));
        var words = SourceFixture.Update(await RowAsync(text, "big"), ("amount", "many"));
        Assert.Equal(WriteState.Refused, (await WriteAsync(text, words)).State);
    }

    [Fact]
    public async Task A_row_is_found_by_all_columns_of_its_key()
    {
        await Source.ExecuteAsync("""
            INSERT INTO pairs (a, b, v) VALUES ('x', 1, 'one'), ('x', 2, 'two'), ('y', 1, 'three'), ('it''s "', -5, 'q')
            """);
        await using var side = await Source.OpenAsync(SourceFixture.Pairs());
        var found = await side.ReadAsync(["""["x","2"]""", """["x","3"]""", """["it's \"","-5"]""", "no array"], Cancellation);
        Assert.Equal(["q", "two"], found.Rows.Select(row => row.Values[2]).Order(StringComparer.Ordinal));
        Assert.Equal(["""["x","3"]""", "no array"], found.Absent.Order(StringComparer.Ordinal));
        Assert.Empty(found.Hidden);
        Assert.Equal("one", Assert.Single(await side.FindAsync(["""["x","1"]"""], Cancellation)).Values[2]);
        var all = await AllAsync(side);
        Assert.Equal(4, all.Count);
        Assert.Equal(all.Skip(2).Select(row => row.Id), (await AllAsync(side, all[1].Id)).Select(row => row.Id));
        var write = new SideWrite(WriteKind.Create, """["z","9"]""",
            new Dictionary<int, string?> { [0] = "z", [1] = "9", [2] = "v" }, null);
        Assert.Equal(WriteState.Done, (await WriteAsync(side, write)).State);
        Assert.Equal("v", (await RowAsync(side, """["z","9"]""")).Values[2]);
    }

    [Fact]
    public async Task A_thousand_keys_are_read_at_once()
    {
        await Source.ExecuteAsync(Many(2500));
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var found = await side.ReadAsync([.. Enumerable.Range(1, 2600).Select(i => $"k{i:00000}")], Cancellation);
        Assert.Equal(2500, found.Rows.Count);
        Assert.Equal(100, found.Absent.Count);
    }

    private protected static string Many(int count) => $"""
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
        INSERT INTO items (id, title, note) SELECT 'k' || substr(CAST(100000 + i AS TEXT), 2), 't' || i, 'n' FROM n
        """;

    [Fact]
    public async Task A_scan_meets_every_row_once_while_others_come_and_goes_on_where_it_stopped()
    {
        await Source.ExecuteAsync(Many(5000));
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var (seen, afters) = (new List<string>(), new List<string>());
        await foreach (var page in side.ScanAsync(null, Cancellation))
        {
            seen.AddRange(page.Rows.Select(row => row.Id));
            afters.Add(page.After!);
            // Rows before and behind the place where the reading is.
            await Source.ExecuteAsync($"INSERT INTO items (id, note) VALUES ('a{afters.Count}', 'n'), ('z{afters.Count}', 'n')");
            await Source.ExecuteAsync($"DELETE FROM items WHERE id = 'k00{afters.Count}01'");
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.All(Enumerable.Range(1, 5000).Where(i => i % 100 != 1).Select(i => $"k{i:00000}"), id => Assert.Contains(id, seen));
        Assert.Equal(5, afters.Count(after => after.StartsWith('k')));
        Assert.Equal("k02001", (await AllAsync(side, "k02000"))[0].Id);
        Assert.Equal(await side.CountAsync(Cancellation), (await AllAsync(side)).Count);
    }

    [Fact]
    public async Task Keys_of_any_writing_have_one_order()
    {
        string[] ids = ["a", "B", "Z", "_", "ä", "中", "0", "10", "9", "é", "e", "E", " x", "~", "🧾"];
        foreach (var id in ids) await Source.ExecuteAsync($"INSERT INTO items (id, note) VALUES ('{id}', 'n')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var all = (await AllAsync(side)).Select(row => row.Id).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), all.Order(StringComparer.Ordinal));
        for (var i = 0; i < all.Count; i++)
            Assert.Equal(all.Skip(i + 1), (await AllAsync(side, all[i])).Select(row => row.Id));
    }

    [Fact]
    public async Task A_row_that_changed_since_it_was_read_is_not_written_over()
    {
        await Source.ExecuteAsync("INSERT INTO items (id, title, amount, note) VALUES ('r', 'a', 1, 'n'), ('d', 'a', 1, 'n')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var (row, other) = (await RowAsync(side, "r"), await RowAsync(side, "d"));
        await Source.ExecuteAsync("UPDATE items SET title = 'theirs'");
        Assert.Equal(WriteState.Moved, (await WriteAsync(side, SourceFixture.Update(row, ("title", "ours")))).State);
        Assert.Equal(WriteState.Moved, (await WriteAsync(side, SourceFixture.Delete(other))).State);
        Assert.Equal("theirs", await Source.ScalarAsync("SELECT title FROM items WHERE id = 'r'"));
        // Another column is another thing.
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Update(row, ("amount", "2")))).State);
        await Source.ExecuteAsync("DELETE FROM items WHERE id = 'r'");
        Assert.Equal(WriteState.Moved, (await WriteAsync(side, SourceFixture.Update(row, ("amount", "3")))).State);
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Delete(row))).State);
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Delete(await RowAsync(side, "d")))).State);
        Assert.Equal("0", await Source.ScalarAsync("SELECT COUNT(*) FROM items"));
    }

    [Fact]
    public async Task A_bad_row_is_no_other_rows_trouble()
    {
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('there', 'n'), ('u', 'n')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var u = await RowAsync(side, "u");
        var results = await side.WriteAsync(
        [
            SourceFixture.Create("one", ("note", "n")),
            SourceFixture.Create("two", ("note", "n"), ("kind", "purple")),
            SourceFixture.Create("there", ("note", "n")),
            SourceFixture.Create("three", ("note", null)),
            SourceFixture.Create("four", ("note", "n"), ("size", "1.5")),
            SourceFixture.Update(u, ("size", null)),
            SourceFixture.Update(u, ("doubled", "3")),
            SourceFixture.Update(u, ("title", "new")),
        ], Cancellation);
        Assert.Equal(
            [
                WriteState.Done, WriteState.Refused, WriteState.Moved, WriteState.Done, WriteState.Refused, WriteState.Refused,
                WriteState.Refused, WriteState.Done,
            ], results.Select(result => result.State));
        Assert.Equal(SourceFixture.Place("kind"), results[1].Field);
        Assert.NotNull(results[1].Detail);
        Assert.Equal((Problems.ValueRefused, SourceFixture.Place("size")), (results[4].Reason, results[4].Field));
        Assert.Equal((Problems.ValueRefused, SourceFixture.Place("size")), (results[5].Reason, results[5].Field));
        Assert.Equal((Problems.ValueRefused, SourceFixture.Place("doubled")), (results[6].Reason, results[6].Field));
        Assert.Equal("", await Source.ScalarAsync("SELECT note FROM items WHERE id = 'three'"));
        Assert.Equal(["one", "there", "three", "u"], (await AllAsync(side)).Select(row => row.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_violated_constraint_is_said_with_its_column()
    {
        await Source.ExecuteAsync("CREATE UNIQUE INDEX items_title ON items (title)");
        await Source.ExecuteAsync("INSERT INTO items (id, title, note) VALUES ('a', 'taken', 'n')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var made = await WriteAsync(side, SourceFixture.Create("b", ("title", "taken"), ("note", "n")));
        Assert.Equal((WriteState.Refused, Problems.Constraint, SourceFixture.Place("title")), (made.State, made.Reason, made.Field));
        Assert.Contains("title", made.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_marked_row_is_gone_and_can_come_back()
    {
        await Source.ExecuteAsync("""
            INSERT INTO items (id, title, note, changed) VALUES ('r', 'a', 'n', '2026-01-02 03:04:05'), ('s', 'b', 'n', NULL)
            """);
        await using var side = await Source.OpenAsync(SourceFixture.Marked());
        var row = await RowAsync(side, "r");
        Assert.Equal(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), row.ChangedAt);
        Assert.Null((await RowAsync(side, "s")).ChangedAt);
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Delete(row))).State);
        Assert.NotEmpty((await Source.ScalarAsync("SELECT deleted FROM items WHERE id = 'r'"))!);
        Assert.Contains("r", (await side.ReadAsync(["r"], Cancellation)).Absent);
        Assert.Equal("s", Assert.Single(await AllAsync(side)).Id);
        Assert.Equal(1, await side.CountAsync(Cancellation));
        Assert.Equal(WriteState.Moved, (await WriteAsync(side, SourceFixture.Update(row, ("title", "c")))).State);
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Delete(row))).State);
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Create("r", ("title", "back"), ("note", "n")))).State);
        Assert.Equal("back", Value(await RowAsync(side, "r"), "title"));
    }

    [Fact]
    public async Task Rows_that_cannot_be_told_apart_are_not_touched()
    {
        var spec = SourceFixture.Items(spec => spec with { Key = ["title"] });
        await Source.ExecuteAsync("""
            INSERT INTO items (id, title, note) VALUES ('1', 'same', 'n'), ('2', 'same', 'm'), ('3', 'x', 'n'), ('4', NULL, 'n')
            """);
        await using var side = await Source.OpenAsync(spec);
        var same = await RowAsync(side, "same");
        Assert.Equal(spec.Fields.Count, same.Unreadable.Count);
        Assert.Equal(["same", "x"], (await AllAsync(side)).Select(row => row.Id));
        var written = await WriteAsync(side, SourceFixture.Update(same, ("note", "o")));
        Assert.Equal((WriteState.Refused, Problems.KeyTwice), (written.State, written.Reason));
    }

    [Fact]
    public async Task A_key_that_cannot_be_asked_for_is_left_out()
    {
        await Source.ExecuteAsync($"INSERT INTO items (id, note) VALUES ('a' || {Chr(13)} || 'b', 'n'), ('', 'n'), ('c', 'n')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        Assert.Equal(["c"], (await AllAsync(side)).Select(row => row.Id));
        await using var one = side.ScanAsync(null, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await one.MoveNextAsync());
        Assert.Equal("c", one.Current.After);
    }

    [Fact]
    public async Task A_key_that_the_column_would_write_otherwise_makes_no_row()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Pairs() with
        {
            Fields = [.. SourceFixture.Pairs().Fields.Select(field => field.Column == "b" ? field with { As = "text" } : field)],
        });
        var write = new SideWrite(WriteKind.Create, """["z","05"]""", new Dictionary<int, string?> { [0] = "z", [1] = "05" }, null);
        Assert.Equal(WriteState.Refused, (await WriteAsync(side, write)).State);
        Assert.Empty(await AllAsync(side));
    }

    [Fact]
    public async Task A_table_that_is_not_there_stops_the_sync()
    {
        var spec = SourceFixture.Items(spec => spec with { Source = new("erp", "no\"such; DROP TABLE items") });
        var stopped = await Assert.ThrowsAsync<SideStoppedException>(() => Source.Kind.OpenAsync(Source.Connection, 1, spec, Cancellation));
        Assert.Equal((Problems.NotFound, SideName.Source), (stopped.Reason, stopped.Side));
        await Source.ExecuteAsync("SELECT * FROM items");
    }

    [Fact]
    public async Task A_probe_lists_tables_and_columns()
    {
        var probe = await Source.Kind.ProbeAsync(Source.Connection, null, Cancellation);
        Assert.Contains(probe.Tables, name => name.EndsWith("items", StringComparison.Ordinal));
        var of = await Source.Kind.ProbeAsync(Source.Connection, "items", Cancellation);
        Assert.Contains(of.Columns, column => column.Name == "title");
        Assert.NotNull(of.Capture);
    }
}
