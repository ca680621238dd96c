using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Syncs.Tests.Sources;

/// <summary>Files that were made to trouble whoever reads them.</summary>
public sealed class SqliteGuardTests : IAsyncLifetime
{
    private const string Endless =
        "SELECT COUNT(*) FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)";

    private SqliteFixture _sqlite = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _sqlite = await SqliteFixture.CreateAsync();

    public ValueTask DisposeAsync() => _sqlite.DisposeAsync();

    [Fact]
    public async Task A_check_of_nothing_but_quotation_marks_is_read_at_once()
    {
        await _sqlite.ExecuteAsync($"CREATE TABLE evil (id TEXT PRIMARY KEY, v TEXT /* CHECK (v IN ({new string('\'', 4001)}! */)");
        var probe = await _sqlite.Kind.ProbeAsync(_sqlite.Connection, "evil", Cancellation);
        Assert.Empty(probe.Columns[1].Options);
    }

    [Theory]
    [InlineData("v IN ('a', 'b''c' ,'')", "a|b'c|")]
    [InlineData("v IN ('a' 'b')", "")]
    [InlineData("\"v\" in('a,b')", "a,b")]
    public async Task Words_of_a_check_are_choices(string check, string words)
    {
        await _sqlite.ExecuteAsync("CREATE TABLE other (id TEXT)");
        // One that is no SQL stands in a remark.
        var declared = check.Contains("'a' 'b'", StringComparison.Ordinal) ? $"/* CHECK ({check}) */" : $"CHECK ({check})";
        await _sqlite.ExecuteAsync($"CREATE TABLE one (id TEXT PRIMARY KEY, v TEXT {declared})");
        var probe = await _sqlite.Kind.ProbeAsync(_sqlite.Connection, "one", Cancellation);
        Assert.Equal(words, string.Join('|', probe.Columns[1].Options));
    }

    [Fact]
    public async Task A_trigger_without_end_holds_nobody()
    {
        await _sqlite.ExecuteAsync($"""
            INSERT INTO items (id, note) VALUES ('a', 'n');
            CREATE TRIGGER spin AFTER UPDATE ON items BEGIN INSERT INTO pairs (a) {Endless}; END
            """);
        var impatient = new SqliteSourceKind(_sqlite.Clock, NullLogger<SqliteSourceKind>.Instance,
            new() { Longest = TimeSpan.FromMilliseconds(100) });
        await using var side = await impatient.OpenAsync(_sqlite.Connection, 1, SourceFixture.Items(), Cancellation);
        side.Use(SourceFixture.Map(SourceFixture.Items()));
        var row = Assert.Single((await side.ReadAsync(["a"], Cancellation)).Rows);
        var write = SourceFixture.Update(row, ("title", "t"));
        var away = await Assert.ThrowsAsync<SideAwayException>(() => side.WriteAsync([write], Cancellation));
        Assert.Equal((Problems.Busy, SideName.Source), (away.Reason, away.Side));

        await using var patient = await _sqlite.OpenAsync(SourceFixture.Items());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        ending.CancelAfter(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => patient.WriteAsync([write], ending.Token));
        // Nothing was written, and nothing is locked.
        await _sqlite.ExecuteAsync("DROP TRIGGER spin");
        Assert.Equal(WriteState.Done, Assert.Single(await patient.WriteAsync([write], Cancellation)).State);
    }

    [Fact]
    public async Task Triggers_of_others_stay_whatever_they_are_called()
    {
        await _sqlite.ExecuteAsync("""
            CREATE TRIGGER larkspur_of_ours AFTER INSERT ON items BEGIN DELETE FROM pairs; END;
            CREATE TRIGGER larkspur_ AFTER INSERT ON items BEGIN DELETE FROM pairs; END;
            CREATE TRIGGER larkspur_0123456789ab_insert AFTER INSERT ON items BEGIN DELETE FROM pairs; END
            """);
        await using var side = await _sqlite.OpenAsync(SourceFixture.Items());
        await side.NewsAsync(null, Cancellation);
        Assert.Equal("6", await _sqlite.ScalarAsync("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'"));
        await _sqlite.Kind.ForgetAsync(_sqlite.Connection, 1, SourceFixture.Items(), Cancellation);
        Assert.Equal("3", await _sqlite.ScalarAsync("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'larkspur%'"));
    }

    [Theory]
    [InlineData("'X''zz'''")]
    [InlineData("'X''0'''")]
    [InlineData("'X'''")]
    [InlineData("'nonsense'")]
    [InlineData("'''a'',''b'''")]
    [InlineData("X'00FF'")]
    [InlineData("'NULL', 'never'", "tbl, row_key, at")]
    public async Task A_forged_note_is_a_gap_and_no_accident(string note, string columns = "tbl, row_key")
    {
        await using var side = await _sqlite.OpenAsync(SourceFixture.Items());
        var cursor = (await side.NewsAsync(null, Cancellation))!.Cursor;
        var at = columns.EndsWith("at", StringComparison.Ordinal) ? "" : ", 1";
        await _sqlite.ExecuteAsync($"INSERT INTO larkspur_change (tbl, row_key, at) SELECT tbl, {note}{at} FROM larkspur_capture");
        var news = (await side.NewsAsync(cursor, Cancellation))!;
        Assert.Empty(news.Items);
        Assert.Equal(at.Length > 0, news.IsGap);
        await _sqlite.ExecuteAsync("INSERT INTO items (id, note) VALUES ('b', 'n')");
        news = (await side.NewsAsync(news.Cursor, Cancellation))!;
        Assert.True(news.IsGap || news.Items is ["b"]);
    }

    [Fact]
    public async Task A_key_that_is_too_long_ends_no_page()
    {
        await using var side = await _sqlite.OpenAsync(SourceFixture.Items());
        var cursor = (await side.NewsAsync(null, Cancellation))!.Cursor;
        await _sqlite.ExecuteAsync($"""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
            INSERT INTO items (id, note) SELECT printf('k%05d', i) || CASE i WHEN 1000 THEN '{new string('x', 100_001)}' ELSE '' END, 'n'
            FROM n
            """);
        var count = 0;
        await foreach (var page in side.ScanAsync(null, Cancellation)) count += page.Rows.Count;
        Assert.Equal(1499, count);
        Assert.Equal(1499, (await side.NewsAsync(cursor, Cancellation))!.Items.Count);
    }
}
