using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources;
using Larkspur.Gateway.Syncs.Sources.Postgres;
using Larkspur.Gateway.Syncs.Values;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Syncs.Tests.Sources;

/// <summary>PostgreSQL as a source, whichever way changes are heard.</summary>
public abstract class PostgresConformance : SourceNewsConformance
{
    private protected PostgresFixture Postgres => (PostgresFixture)Source;

    private protected override Task SettleAsync() => Postgres.SettleAsync();

    private protected override async Task AssertNothingIsLeftAsync()
    {
        Assert.Equal("0", await Source.ScalarAsync("SELECT COUNT(*) FROM pg_class WHERE relname LIKE 'larkspur%'"));
        Assert.Equal("0", await Source.ScalarAsync("SELECT COUNT(*) FROM pg_proc WHERE proname LIKE 'larkspur%'"));
        Assert.Equal("0", await Source.ScalarAsync("SELECT COUNT(*) FROM pg_trigger WHERE tgname LIKE 'larkspur%'"));
        Assert.Equal("0", await Source.ScalarAsync("SELECT COUNT(*) FROM pg_publication"));
        Assert.Equal("0", await Source.ScalarAsync("SELECT COUNT(*) FROM pg_replication_slots WHERE database = current_database()"));
    }

    [Fact]
    public async Task A_transaction_that_ends_after_a_later_one_is_told()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        await using var early = await Postgres.ConnectAsync();
        await using var transaction = await early.BeginTransactionAsync(Cancellation);
        await using var insert = early.CreateCommand();
        insert.CommandText = "INSERT INTO items (id, note) VALUES ('early', 'n')";
        await insert.ExecuteNonQueryAsync(Cancellation);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('late', 'n')");
        var items = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var news = (await side.NewsAsync(cursor, Cancellation))!;
            items.AddRange(news.Items);
            cursor = news.Cursor;
        }

        Assert.DoesNotContain("early", items);
        await transaction.CommitAsync(Cancellation);
        (var rest, cursor) = await DrainAsync(side, cursor);
        Assert.Equal(["early", "late"], items.Concat(rest).Order(StringComparer.Ordinal));
        Assert.Empty((await DrainAsync(side, cursor)).Items);
    }

    [Fact]
    public async Task A_transaction_that_is_taken_back_is_not_told()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("BEGIN; INSERT INTO items (id, note) VALUES ('a', 'n'); ROLLBACK");
        Assert.Empty((await DrainAsync(side, cursor)).Items);
    }

    [Fact]
    public async Task A_table_that_is_emptied_at_once_is_a_gap()
    {
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('a', 'n')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("TRUNCATE items");
        var gap = await NewsAsync(side, cursor);
        Assert.True(gap.IsGap);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('b', 'n')");
        Assert.Equal(["b"], (await DrainAsync(side, gap.Cursor)).Items);
    }

    [Fact]
    public async Task Changes_in_partitions_are_changes_of_the_table()
    {
        await Source.ExecuteAsync("""
            CREATE TABLE sales (id text, part integer, v text, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
            CREATE TABLE sales_1 PARTITION OF sales FOR VALUES IN (1); CREATE TABLE sales_2 PARTITION OF sales FOR VALUES IN (2)
            """);
        var spec = new SyncSpec
        {
            Table = new("base", "tbl"), Source = new("erp", "sales"), Key = ["id", "part"],
            Fields =
            [
                new() { Field = "id", Column = "id", As = "text" }, new() { Field = "part", Column = "part", As = "number" },
                new() { Field = "v", Column = "v", As = "text" },
            ],
        };
        await using var side = await Source.OpenAsync(spec);
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("INSERT INTO sales VALUES ('a', 1, 'x')");
        await Source.ExecuteAsync("UPDATE sales SET part = 2");
        Assert.Equal(["""["a","1"]""", """["a","2"]"""], (await DrainAsync(side, cursor)).Items.Distinct().Order(StringComparer.Ordinal));
        var row = Assert.Single(await AllAsync(side));
        var write = new SideWrite(WriteKind.Update, row.Id, new Dictionary<int, string?> { [2] = "y" }, row);
        Assert.Equal(WriteState.Done, (await WriteAsync(side, write)).State);
    }

    [Fact]
    public async Task A_sync_whose_way_to_hear_of_changes_is_another_one_leaves_nothing_of_the_old_one()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        await NewsAsync(side, null);
        await using var other = await Postgres.With(Captures.Scan).OpenAsync(SourceFixture.Items());
        Assert.StartsWith("scan:", (await NewsAsync(other, null)).Cursor, StringComparison.Ordinal);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_view_is_read_and_written_through()
    {
        await Source.ExecuteAsync("CREATE VIEW seen AS SELECT * FROM items; INSERT INTO items (id, title, note) VALUES ('a', 't', 'n')");
        await using var side = await Source.OpenAsync(SourceFixture.Items(spec => spec with { Source = new("erp", "seen") }));
        var cursor = (await NewsAsync(side, null)).Cursor;
        Assert.Equal("t", Value(Assert.Single(await AllAsync(side)), "title"));
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Update(await RowAsync(side, "a"), ("title", "u")))).State);
        Assert.False((await NewsAsync(side, cursor)).IsGap);
        Postgres.Clock.Advance(TimeSpan.FromMinutes(2));
        // Of a view nobody knows whether anything changed.
        Assert.True((await NewsAsync(side, cursor)).IsGap);
    }

    [Fact]
    public async Task A_key_beside_a_large_value_that_stays_is_told()
    {
        await Source.ExecuteAsync("ALTER TABLE items ALTER title SET STORAGE EXTERNAL");
        await Source.ExecuteAsync("INSERT INTO items (id, title, note) VALUES ('big', repeat('x', 100000), 'n')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("UPDATE items SET note = 'm' WHERE id = 'big'");
        Assert.Equal(["big"], (await DrainAsync(side, cursor)).Items);
    }

    [Fact]
    public async Task A_table_of_another_schema_with_days_and_padded_texts_as_its_key_is_told()
    {
        await Source.ExecuteAsync("""
            CREATE SCHEMA "The Shop"; ALTER DATABASE CURRENT SET datestyle = 'German'
            """.Replace("CURRENT", (await Source.ScalarAsync("SELECT current_database()"))!, StringComparison.Ordinal));
        await Source.ExecuteAsync("CREATE TABLE \"The Shop\".\"Till \"\"1\" (day date, code char(6), v text, PRIMARY KEY (day, code))");
        var spec = new SyncSpec
        {
            Table = new("base", "tbl"), Source = new("erp", "The Shop.Till \"1"), Key = ["day", "code"],
            Fields =
            [
                new() { Field = "day", Column = "day", As = "date" }, new() { Field = "code", Column = "code", As = "text" },
                new() { Field = "v", Column = "v", As = "text" },
            ],
        };
        await using var side = await Source.OpenAsync(spec);
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("INSERT INTO \"The Shop\".\"Till \"\"1\" VALUES ('1969-12-31', 'ab', 'x')");
        var items = (await DrainAsync(side, cursor)).Items;
        Assert.Equal(["""["1969-12-31","ab"]"""], items);
        var row = await RowAsync(side, items[0]);
        Assert.Equal("x", row.Values[2]);
        var write = new SideWrite(WriteKind.Update, row.Id, new Dictionary<int, string?> { [2] = "y" }, row);
        Assert.Equal(WriteState.Done, (await WriteAsync(side, write)).State);
        Assert.Equal("y", Assert.Single(await AllAsync(side)).Values[2]);
    }
}

/// <summary>Changes heard by the server's log, and what has nothing to do with changes.</summary>
public sealed class PostgresSourceTests : PostgresConformance
{
    private protected override async Task<SourceFixture> StartAsync() => await PostgresFixture.CreateAsync();

    private async Task<string> SlotAsync() => (await Source.ScalarAsync(
        "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = 'larkspur_sync_1' AND database = current_database()"))!;

    [Fact]
    public async Task The_slot_moves_on_only_when_the_engine_comes_back_with_a_cursor()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var first = (await NewsAsync(side, null)).Cursor;
        Assert.StartsWith("log:", first, StringComparison.Ordinal);
        var before = await SlotAsync();
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('a', 'n')");
        var second = (await NewsAsync(side, first)).Cursor;
        Assert.Equal(before, await SlotAsync());
        await NewsAsync(side, second);
        Assert.Equal(second!["log:".Length..], await SlotAsync());
        var kept = Assert.Single((await Source.Kind.ProbeAsync(Source.Connection, null, Cancellation)).Kept);
        Assert.Equal("larkspur_sync_1", kept.Name);
        Assert.True(kept.Bytes >= 0);
        Assert.Equal("-1", kept.Most);
        // A cursor from before is of what the server has thrown away.
        Assert.True((await NewsAsync(side, first)).IsGap);
    }

    [Fact]
    public async Task A_slot_or_publication_that_is_gone_is_made_anew_with_a_gap()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        foreach (var loss in (string[])["SELECT pg_drop_replication_slot('larkspur_sync_1')", "DROP PUBLICATION larkspur_sync_1"])
        {
            await Source.ExecuteAsync(loss);
            await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('unheard', 'n') ON CONFLICT (id) DO UPDATE SET note = 'm'");
            var gap = await NewsAsync(side, cursor);
            Assert.True(gap.IsGap);
            await Source.ExecuteAsync("UPDATE items SET title = 'x'");
            (var items, cursor) = await DrainAsync(side, gap.Cursor);
            Assert.Equal(["unheard"], items);
        }
    }

    [Fact]
    public async Task A_probe_says_why_the_log_cannot_be_read()
    {
        await Source.ExecuteAsync("CREATE TABLE loose (id text, v text); CREATE VIEW seen AS SELECT * FROM items");
        Assert.Equal(Captures.LogicalDecoding, (await Source.Kind.ProbeAsync(Source.Connection, "items", Cancellation)).Capture);
        var loose = await Source.Kind.ProbeAsync(Source.Connection, "public.loose", Cancellation);
        Assert.Equal((Captures.Triggers, PostgresChoice.ReplicaIdentity), (loose.Capture, Assert.Single(loose.Refused).Reason));
        var view = await Source.Kind.ProbeAsync(Source.Connection, "seen", Cancellation);
        Assert.Equal(Captures.Scan, view.Capture);
        Assert.Equal(PostgresChoice.NotATable, view.Refused[0].Reason);
        var reader = await Postgres.ForRoleAsync("GRANT SELECT ON items TO ROLE");
        var read = await Source.Kind.ProbeAsync(reader, "items", Cancellation);
        Assert.Equal([PostgresChoice.NoReplicationRight, PostgresChoice.NoTriggerRight, PostgresChoice.NoColumn],
            read.Refused.Select(refused => refused.Reason));
    }

    [Fact]
    public async Task A_key_that_the_log_does_not_name_is_heard_by_triggers()
    {
        await Source.ExecuteAsync("ALTER TABLE items ADD CONSTRAINT items_title UNIQUE (title)");
        await using var side = await Source.OpenAsync(SourceFixture.Items(spec => spec with { Key = ["title"] }));
        var cursor = (await NewsAsync(side, null)).Cursor;
        Assert.StartsWith("notes:", cursor, StringComparison.Ordinal);
        await Source.ExecuteAsync("INSERT INTO items (id, title, note) VALUES ('1', 'a', 'n')");
        await Source.ExecuteAsync("DELETE FROM items");
        Assert.Equal(["a"], (await DrainAsync(side, cursor)).Items);
    }

    [Theory]
    [InlineData("a varchar(3)", ValueKind.Text, "abcd", Problems.TooLong)]
    [InlineData("a varchar(3)", ValueKind.Text, "🧾🧾🧾", null)]
    [InlineData("a uuid", ValueKind.Text, "no uuid", Problems.ValueRefused)]
    [InlineData("a uuid", ValueKind.Text, "9b2d4c1e-0000-4000-8000-000000000001", null)]
    [InlineData("a numeric(5,2)", ValueKind.Number, "12345", Problems.ValueRefused)]
    [InlineData("a numeric(5,2)", ValueKind.Number, "123.45", null)]
    [InlineData("a numeric(38,10)", ValueKind.Text, "1234567890123456789012345678.0123456789", null)]
    [InlineData("a bigint", ValueKind.Text, "9223372036854775807", null)]
    [InlineData("a bigint", ValueKind.Number, "1E+19", Problems.ValueRefused)]
    [InlineData("a real", ValueKind.Number, "0.1", null)]
    [InlineData("a double precision", ValueKind.Number, "1E+300", null)]
    [InlineData("a colour", ValueKind.Choice, "blue", Problems.UnknownOption)]
    [InlineData("a colour[]", ValueKind.Choices, """["green","red"]""", null)]
    [InlineData("a jsonb", ValueKind.Choices, """["a","b"]""", null)]
    [InlineData("a jsonb", ValueKind.Text, "{", Problems.ValueRefused)]
    [InlineData("a text", ValueKind.People, """["alice"]""", null)]
    [InlineData("a text[]", ValueKind.People, """["alice","{b},\\\"c"]""", null)]
    [InlineData("a timestamp", ValueKind.Instant, "1969-07-20T20:17:40.500Z", null)]
    [InlineData("a time", ValueKind.Text, "20:17:40", null)]
    [InlineData("a text CHECK (a <> 'no')", ValueKind.Text, "no", Problems.Constraint)]
    [InlineData("a short", ValueKind.Text, "toolong", Problems.TooLong)]
    [InlineData("a text CHECK (a IN ('x', 'y''z'))", ValueKind.Choice, "y'z", null)]
    [InlineData("a text CHECK (a IN ('x', 'y''z'))", ValueKind.Choice, "q", Problems.UnknownOption)]
    [InlineData("a varchar(9) CHECK (a IN ('x', 'y'))", ValueKind.Choice, "y", null)]
    [InlineData("a char(5)", ValueKind.Text, "ab", null)]
    internal async Task A_type_takes_what_it_holds_exactly_and_refuses_the_rest(
        string column, ValueKind kind, string value, string? problem)
    {
        await Source.ExecuteAsync($"CREATE DOMAIN short AS varchar(3); CREATE TABLE one (id text PRIMARY KEY, other text, {column})");
        var spec = new SyncSpec
        {
            Table = new("base", "tbl"), Source = new("erp", "one"), Key = ["id"],
            Fields =
            [
                new() { Field = "id", Column = "id", As = "text" }, new() { Field = "a", Column = "a", As = kind.Word() },
                new() { Field = "other", Column = "other", As = "text" },
            ],
        };
        await using var side = await Source.OpenAsync(spec);
        var described = (await side.DescribeAsync(true, Cancellation)).Columns.Single(found => found.Name == "a");
        Assert.Contains(kind, described.Kinds);
        if (kind == ValueKind.Choice) Assert.Equal(2, described.Options.Count);
        var write = new SideWrite(WriteKind.Create, "k", new Dictionary<int, string?> { [0] = "k", [1] = value, [2] = "o" }, null);
        var made = await WriteAsync(side, write);
        Assert.Equal((problem is null ? WriteState.Done : WriteState.Refused, problem), (made.State, made.Reason));
        if (problem is null) Assert.Equal(value, (await RowAsync(side, "k")).Values[1]);
        else Assert.Equal(1, made.Field);
    }

    [Fact]
    public async Task Values_that_the_table_has_no_form_for_are_said()
    {
        await Source.ExecuteAsync("""
            INSERT INTO items (id, amount, at, tags, note) VALUES
            ('a', 'NaN', 'infinity', ARRAY['x', NULL], 'n'), ('b', 1.00000000000000000000000001, '0044-03-15 12:00:00 BC', '{}', 'n')
            """);
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        int[] places = [SourceFixture.Place("amount"), SourceFixture.Place("at")];
        Assert.Equal([.. places, SourceFixture.Place("tags")], (await RowAsync(side, "a")).Unreadable.Keys);
        Assert.Equal(places, (await RowAsync(side, "b")).Unreadable.Keys);
        // What is not read is not written over either: another column is.
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Update(await RowAsync(side, "a"), ("title", "t")))).State);
        Assert.Equal(WriteState.Done, (await WriteAsync(side, SourceFixture.Delete(await RowAsync(side, "a")))).State);
    }

    [Fact]
    public async Task A_row_that_somebody_holds_waits_and_no_other_does()
    {
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('held', 'n'), ('free', 'n')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var (held, free) = (await RowAsync(side, "held"), await RowAsync(side, "free"));
        await using var other = await Postgres.ConnectAsync();
        await using (var transaction = await other.BeginTransactionAsync(Cancellation))
        {
            await using var update = other.CreateCommand();
            update.CommandText = "UPDATE items SET title = 'theirs' WHERE id = 'held'";
            await update.ExecuteNonQueryAsync(Cancellation);
            var results = await side.WriteAsync(
                [SourceFixture.Update(held, ("title", "ours")), SourceFixture.Update(free, ("title", "ours"))], Cancellation);
            Assert.Equal([WriteState.Failed, WriteState.Done], results.Select(result => result.State));
            Assert.Equal(Problems.Busy, results[0].Reason);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(WriteState.Moved, (await WriteAsync(side, SourceFixture.Update(held, ("title", "ours")))).State);
    }

    [Fact]
    public async Task Constraints_that_wait_for_the_end_concern_their_row_alone()
    {
        await Source.ExecuteAsync("""
            ALTER TABLE items ADD CONSTRAINT items_title UNIQUE (title) DEFERRABLE INITIALLY DEFERRED;
            CREATE FUNCTION closed() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.title = 'closed' THEN RAISE EXCEPTION 'this month is closed'; END IF;
            IF NEW.title = 'ignored' THEN RETURN NULL; END IF; RETURN NEW; END $$;
            CREATE TRIGGER closed BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION closed();
            INSERT INTO items (id, title, note) VALUES ('a', 'taken', 'n')
            """);
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var results = await side.WriteAsync([.. ((string[])["b", "taken", "closed", "ignored", "c"])
            .Select(title => SourceFixture.Create("id-" + title, ("title", title), ("note", "n")))], Cancellation);
        Assert.Equal([WriteState.Done, WriteState.Refused, WriteState.Refused, WriteState.Refused, WriteState.Done],
            results.Select(result => result.State));
        Assert.Equal((Problems.Constraint, SourceFixture.Place("title")), (results[1].Reason, results[1].Field));
        Assert.Equal((Problems.RowRefused, "this month is closed"), (results[2].Reason, results[2].Detail));
        Assert.Equal(3, (await AllAsync(side)).Count);
    }

    [Fact]
    public async Task Two_processes_that_make_one_row_make_it_once()
    {
        await using var one = await Source.OpenAsync(SourceFixture.Items());
        await using var two = await Source.OpenAsync(SourceFixture.Items());
        SideWrite[] writes = [.. Enumerable.Range(0, 50).Select(i => SourceFixture.Create($"k{i}", ("note", "n")))];
        var results = await Task.WhenAll(one.WriteAsync(writes, Cancellation), two.WriteAsync([.. writes.Reverse()], Cancellation));
        Assert.Equal("50", await Source.ScalarAsync("SELECT COUNT(*) FROM items"));
        Assert.Equal(50, results.SelectMany(result => result).Count(result => result.State == WriteState.Done));
        Assert.All(results.SelectMany(result => result), result => Assert.Contains(result.State,
            (WriteState[])[WriteState.Done, WriteState.Moved, WriteState.Failed]));
    }

    [Fact]
    public async Task Keys_of_another_writing_are_other_keys()
    {
        await Source.ExecuteAsync("""
            CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE TABLE names (n text COLLATE any_case PRIMARY KEY, v text); INSERT INTO names VALUES ('Ab', 'v')
            """);
        var spec = new SyncSpec
        {
            Table = new("base", "tbl"), Source = new("erp", "names"), Key = ["n"],
            Fields = [new() { Field = "n", Column = "n", As = "text" }, new() { Field = "v", Column = "v", As = "text" }],
        };
        await using var side = await Source.OpenAsync(spec);
        Assert.Contains("ab", (await side.ReadAsync(["ab"], Cancellation)).Absent);
        var write = new SideWrite(WriteKind.Create, "ab", new Dictionary<int, string?> { [0] = "ab", [1] = "w" }, null);
        var made = await WriteAsync(side, write);
        Assert.Equal((WriteState.Refused, Problems.Constraint, 0), (made.State, made.Reason, made.Field));
    }

    [Fact]
    public async Task What_a_role_may_not_do_stops_the_sync_and_tells_no_secret()
    {
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('a', 'n')");
        var reader = await Postgres.ForRoleAsync("GRANT SELECT ON items TO ROLE");
        await using var side = await Source.Kind.OpenAsync(reader, 1, SourceFixture.Items(), Cancellation);
        side.Use(SourceFixture.Map(SourceFixture.Items()));
        var write = SourceFixture.Update(await RowAsync(side, "a"), ("title", "t"));
        var stopped = await Assert.ThrowsAsync<SideStoppedException>(() => WriteAsync(side, write));
        Assert.Equal(Problems.NoPermission, stopped.Reason);
        foreach (var (address, reason) in ((string, string)[])
            [(reader.Address.Replace("secret-of-role", "wrong-secret", StringComparison.Ordinal), Problems.NoPermission),
                (reader.Address + ";Database=none", Problems.NotFound)])
        {
            stopped = await Assert.ThrowsAsync<SideStoppedException>(
                () => Source.Kind.ProbeAsync(reader with { Address = address }, null, Cancellation));
            Assert.Equal(reason, stopped.Reason);
            Assert.DoesNotContain("secret", stopped.ToString(), StringComparison.Ordinal);
        }

        var away = await Assert.ThrowsAsync<SideAwayException>(
            () => Source.Kind.ProbeAsync(reader with { Address = reader.Address + ";Port=1" }, null, Cancellation));
        Assert.Equal((Problems.Unreachable, SideName.Source), (away.Reason, away.Side));
        Assert.NotNull(Source.Kind.ProblemOf("Host=x"));
        Assert.NotNull(Source.Kind.ProblemOf("Password=secret;Nonsense=1"));
        Assert.DoesNotContain("secret", Source.Kind.ProblemOf("Password=secret;Nonsense=1"), StringComparison.Ordinal);
        Assert.NotNull(new PostgresSourceKind(Postgres.Clock, NullLogger<PostgresSourceKind>.Instance,
            Postgres.Options with { OwnAddress = Postgres.Address }).ProblemOf(reader.Address));
    }
}

/// <summary>Changes heard by triggers.</summary>
public sealed class PostgresTriggerTests : PostgresConformance
{
    private protected override async Task<SourceFixture> StartAsync() => await PostgresFixture.CreateAsync(Captures.Triggers);

    [Fact]
    public async Task A_program_without_rights_to_the_notes_is_not_disturbed()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        Assert.StartsWith("notes:", cursor, StringComparison.Ordinal);
        var clerk = await Postgres.ForRoleAsync("GRANT SELECT, INSERT, UPDATE, DELETE ON items TO ROLE");
        await using var database = Npgsql.NpgsqlDataSource.Create(clerk.Address);
        await using var command = database.CreateCommand("INSERT INTO items (id, note) VALUES ('clerk', 'n')");
        await command.ExecuteNonQueryAsync(Cancellation);
        Assert.Equal(["clerk"], (await DrainAsync(side, cursor)).Items);
    }

    [Fact]
    public async Task A_table_that_is_changed_under_its_triggers_can_be_written_on()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("ALTER TABLE items RENAME COLUMN id TO number; INSERT INTO items (number, note) VALUES ('a', 'n')");
        await Source.ExecuteAsync("ALTER TABLE items RENAME COLUMN number TO id");
        Assert.True((await NewsAsync(side, cursor)).IsGap);
        await Source.ExecuteAsync("DROP TABLE larkspur_change; UPDATE items SET title = 'b'");
        Assert.True((await NewsAsync(side, cursor)).IsGap);
    }

    [Fact]
    public async Task Triggers_that_are_gone_are_made_anew_with_a_gap()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("ALTER TABLE items DISABLE TRIGGER USER");
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('unheard', 'n')");
        var gap = await NewsAsync(side, cursor);
        Assert.True(gap.IsGap);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('heard', 'n')");
        Assert.Equal(["heard"], (await DrainAsync(side, gap.Cursor)).Items);
    }

    [Fact]
    public async Task Numbers_of_another_server_are_a_gap()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var parts = (await NewsAsync(side, null)).Cursor!.Split(':');
        Assert.True((await NewsAsync(side, $"{parts[0]}:{parts[1]}:{ulong.Parse(parts[2]) + 1_000_000}:0")).IsGap);
    }

    [Fact]
    public async Task Old_notes_go_once_all_know_them()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        await using var other = await Source.OpenAsync(SourceFixture.Items(), 2);
        var (cursor, late) = ((await NewsAsync(side, null)).Cursor, (await NewsAsync(other, null)).Cursor);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('a', 'n')");
        await Source.ExecuteAsync("UPDATE larkspur_change SET at = at - interval '8 days'");
        (_, cursor) = await DrainAsync(side, cursor);
        await DrainAsync(side, cursor);
        Assert.Equal("1", await Source.ScalarAsync("SELECT COUNT(*) FROM larkspur_change"));
        (_, late) = await DrainAsync(other, late);
        await DrainAsync(other, late);
        Assert.Equal("0", await Source.ScalarAsync("SELECT COUNT(*) FROM larkspur_change"));
    }
}

/// <summary>What is left where neither the log nor triggers can be had.</summary>
public sealed class PostgresOtherCaptureTests : IAsyncLifetime
{
    private PostgresFixture _postgres = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _postgres = await PostgresFixture.CreateAsync(Captures.TransactionColumn, Captures.Scan);

    public ValueTask DisposeAsync() => _postgres.DisposeAsync();

    [Fact]
    public async Task A_column_with_the_transactions_number_tells_what_came_up_to_the_oldest_open_one()
    {
        await _postgres.ExecuteAsync("""
            ALTER TABLE items ADD tx xid8 NOT NULL DEFAULT pg_current_xact_id();
            CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.tx = pg_current_xact_id(); RETURN NEW; END $$;
            CREATE TRIGGER stamp BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION stamp();
            INSERT INTO items (id, note) VALUES ('old', 'n')
            """);
        await using var side = await _postgres.OpenAsync(SourceFixture.Items());
        var cursor = (await side.NewsAsync(null, Cancellation))!.Cursor;
        Assert.StartsWith("column:", cursor, StringComparison.Ordinal);
        await using var early = await _postgres.ConnectAsync();
        await using var transaction = await early.BeginTransactionAsync(Cancellation);
        await using var insert = early.CreateCommand();
        insert.CommandText = "INSERT INTO items (id, note) VALUES ('early', 'n')";
        await insert.ExecuteNonQueryAsync(Cancellation);
        await _postgres.ExecuteAsync("UPDATE items SET title = 'x' WHERE id = 'old'");
        var news = (await side.NewsAsync(cursor, Cancellation))!;
        Assert.Empty(news.Items);
        await transaction.CommitAsync(Cancellation);
        await _postgres.SettleAsync();
        news = (await side.NewsAsync(news.Cursor, Cancellation))!;
        Assert.Equal(["early", "old"], news.Items.Order(StringComparer.Ordinal));
        Assert.Empty((await side.NewsAsync(news.Cursor, Cancellation))!.Items);
        _postgres.Clock.Advance(TimeSpan.FromHours(2));
        Assert.True((await side.NewsAsync(news.Cursor, Cancellation))!.IsGap);
    }

    [Fact]
    public async Task Without_anything_all_is_compared_when_the_server_counted_a_change()
    {
        await using var side = await _postgres.OpenAsync(SourceFixture.Items());
        var cursor = (await side.NewsAsync(null, Cancellation))!.Cursor;
        _postgres.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False((await side.NewsAsync(cursor, Cancellation))!.IsGap);
        await _postgres.ExecuteAsync("INSERT INTO items (id, note) VALUES ('a', 'n')");
        // A session that ends has told its counts.
        while (await _postgres.ScalarAsync("SELECT pg_stat_get_tuples_inserted('items'::regclass)") == "0")
            Cancellation.ThrowIfCancellationRequested();
        var gap = (await side.NewsAsync(cursor, Cancellation))!;
        Assert.True(gap.IsGap);
        Assert.False((await side.NewsAsync(gap.Cursor, Cancellation))!.IsGap);
        Assert.NotNull(await side.MarkAsync(Cancellation));
    }
}
