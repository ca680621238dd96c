using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Syncs.Tests.Sources;

/// <summary>How a source that tells which rows changed does so.</summary>
public abstract class SourceNewsConformance : SourceConformance
{
    /// <summary>What is told once everything that ended can be told.</summary>
    private protected async Task<SideNews> NewsAsync(ISide side, string? cursor)
    {
        await SettleAsync();
        return (await side.NewsAsync(cursor, Cancellation))!;
    }

    /// <summary>Waits for what other databases of a server do: a source may tell nothing before it.</summary>
    private protected virtual Task SettleAsync() => Task.CompletedTask;

    private protected async Task<(List<string> Items, string Cursor)> DrainAsync(ISide side, string? cursor)
    {
        var items = new List<string>();
        for (; ; )
        {
            var news = await NewsAsync(side, cursor);
            Assert.False(news.IsGap);
            items.AddRange(news.Items);
            cursor = news.Cursor;
            if (!news.HasMore) return (items, cursor!);
        }
    }

    [Fact]
    public async Task What_others_change_is_told_once()
    {
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('before', 'n')");
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var first = await NewsAsync(side, null);
        Assert.Empty(first.Items);
        Assert.False(first.IsGap);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('new', 'n'), ('it''s', 'n')");
        var (items, cursor) = await DrainAsync(side, first.Cursor);
        Assert.Equal(["it's", "new"], items.Distinct().Order(StringComparer.Ordinal));
        (items, cursor) = await DrainAsync(side, cursor);
        Assert.Empty(items);
        await Source.ExecuteAsync("UPDATE items SET title = 'x' WHERE id = 'before'");
        (items, cursor) = await DrainAsync(side, cursor);
        Assert.Equal(["before"], items);
        await Source.ExecuteAsync("DELETE FROM items WHERE id = 'new'");
        (items, cursor) = await DrainAsync(side, cursor);
        Assert.Equal(["new"], items);
        await Source.ExecuteAsync("UPDATE items SET id = 'after' WHERE id = 'before'");
        (items, cursor) = await DrainAsync(side, cursor);
        Assert.Equal(["after", "before"], items.Distinct().Order(StringComparer.Ordinal));
        Assert.Empty((await DrainAsync(side, cursor)).Items);
    }

    [Fact]
    public async Task What_was_told_and_not_kept_is_told_again()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('one', 'n')");
        Assert.Equal(["one"], (await NewsAsync(side, cursor)).Items);
        // The process ended before it kept the answer; another one asks.
        await using var again = await Source.OpenAsync(SourceFixture.Items());
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('two', 'n')");
        Assert.Equal(["one", "two"], (await DrainAsync(again, cursor)).Items);
    }

    [Fact]
    public async Task Own_writes_are_told_like_others()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        await WriteAsync(side, SourceFixture.Create("own", ("note", "n")));
        await WriteAsync(side, SourceFixture.Update(await RowAsync(side, "own"), ("title", "t")));
        Assert.Equal(["own"], (await DrainAsync(side, cursor)).Items.Distinct());
    }

    [Fact]
    public async Task Many_changes_come_in_parts()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        var cursor = (await NewsAsync(side, null)).Cursor;
        for (var i = 0; i < 3; i++)
        {
            await Source.ExecuteAsync(Many(6000));
            if (i < 2) await Source.ExecuteAsync("DELETE FROM items");
        }

        Assert.Equal(6000, (await DrainAsync(side, cursor)).Items.Distinct().Count());
    }

    [Fact]
    public async Task Composite_keys_are_told()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Pairs());
        var cursor = (await NewsAsync(side, null)).Cursor;
        await Source.ExecuteAsync("INSERT INTO pairs (a, b, v) VALUES ('x, ''y''', 1, 'v')");
        (var items, cursor) = await DrainAsync(side, cursor);
        Assert.Equal(["""["x, 'y'","1"]"""], items);
        Assert.Equal("v", (await RowAsync(side, items[0])).Values[2]);
        await Source.ExecuteAsync("UPDATE pairs SET b = 2");
        Assert.Equal(["""["x, 'y'","1"]""", """["x, 'y'","2"]"""], (await DrainAsync(side, cursor)).Items.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_syncs_of_a_table_hear_each_for_themselves()
    {
        await using var one = await Source.OpenAsync(SourceFixture.Items(), 1);
        await using var two = await Source.OpenAsync(SourceFixture.Items(), 2);
        var (first, second) = ((await NewsAsync(one, null)).Cursor, (await NewsAsync(two, null)).Cursor);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('a', 'n')");
        Assert.Equal(["a"], (await DrainAsync(one, first)).Items);
        await Source.Kind.ForgetAsync(Source.Connection, 1, SourceFixture.Items(), Cancellation);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('b', 'n')");
        Assert.Equal(["a", "b"], (await DrainAsync(two, second)).Items);
        await Source.Kind.ForgetAsync(Source.Connection, 2, SourceFixture.Items(), Cancellation);
        await AssertNothingIsLeftAsync();
        await Source.Kind.ForgetAsync(Source.Connection, 2, SourceFixture.Items(), Cancellation);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('c', 'n')");
    }

    [Fact]
    public async Task A_cursor_of_something_else_is_a_gap()
    {
        await using var side = await Source.OpenAsync(SourceFixture.Items());
        await NewsAsync(side, null);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('a', 'n')");
        var gap = await NewsAsync(side, "nonsense");
        Assert.True(gap.IsGap);
        Assert.Empty((await DrainAsync(side, gap.Cursor)).Items);
        await Source.ExecuteAsync("INSERT INTO items (id, note) VALUES ('b', 'n')");
        Assert.Equal(["b"], (await DrainAsync(side, gap.Cursor)).Items);
    }

    private protected abstract Task AssertNothingIsLeftAsync();
}
