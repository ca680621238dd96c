using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Seen;

namespace Larkspur.Gateway.Tests.Seen;

/// <summary>What was seen is known, on whichever level it is and wherever the process ended.</summary>
public sealed class SeenKeysTests
{
    private const int Recent = 64;

    [Fact]
    public async Task A_duplicate_is_known_in_memory_during_a_merge_and_in_the_table()
    {
        await using var file = SeenFile.New(Recent);
        var first = await file.AppendAsync(SeenFile.Events(0, 40));
        Assert.True(file.Seen.IsMerging);
        await AssertKnownAsync(file, first);
        Assert.True(await file.MergeAsync(30));
        await AssertKnownAsync(file, first);
        Assert.False(await file.MergeAsync(1000));
        Assert.Equal(0, file.Seen.InMemory);
        Assert.Equal(80, await file.NumberAsync("SELECT COUNT(*) FROM inbox_seen"));
        await AssertKnownAsync(file, first);
    }

    [Fact]
    public async Task A_process_killed_anywhere_in_a_merge_leaves_one_that_knows_everything()
    {
        await using var file = SeenFile.New(Recent);
        var first = await file.AppendAsync(SeenFile.Events(0, 40));
        for (var more = true; more; more = await file.MergeAsync(7))
        {
            await using var next = file.AfterKill();
            await AssertKnownAsync(next, first);
            Assert.All(await next.AppendAsync(SeenFile.Events(100, 40)), a => Assert.False(a.Duplicate));
            while (await next.MergeAsync(1000))
            {
            }

            await AssertKnownAsync(next, first);
            Assert.Equal(160, await next.NumberAsync("SELECT COUNT(*) FROM inbox_seen") + next.Seen.InMemory);
        }

        await using var last = file.AfterKill();
        await AssertKnownAsync(last, first);
    }

    [Fact]
    public async Task Within_one_batch_the_first_counts()
    {
        await using var file = SeenFile.New(Recent);
        var results = await file.AppendAsync([.. SeenFile.Events(0, 2), .. SeenFile.Events(0, 2), new NewEvent(SeenFile.Event(7, message: 1), null)]);
        Assert.Equal([false, false, true, true, true], results.Select(r => r.Duplicate));
        Assert.Equal(results[1].Id, results[4].Id);
        Assert.Equal(2, (await file.FindAsync(1))[0].Duplicates);
    }

    [Fact]
    public async Task What_was_rolled_back_is_new_and_what_shared_its_commit_is_kept()
    {
        await using var file = SeenFile.New(Recent);
        using var held = await file.HoldWriterAsync();
        var failing = file.AppendAndFailAsync(SeenFile.Events(0, 5));
        var kept = file.AppendAsync([.. SeenFile.Events(3, 5)]);
        held.Dispose();
        await Assert.ThrowsAsync<NotSupportedException>(() => failing);
        Assert.All(await kept, a => Assert.False(a.Duplicate));
        Assert.Equal([false, false, false, true, true], (await file.AppendAsync(SeenFile.Events(0, 5))).Select(a => a.Duplicate));
        Assert.Equal(8, await file.NumberAsync("SELECT COUNT(*) FROM inbox"));
    }

    [Fact]
    public async Task Ids_that_a_failure_gave_back_are_not_taken_for_merged()
    {
        await using var file = SeenFile.New(Recent);
        using var held = await file.HoldWriterAsync();
        var kept = file.AppendAsync(SeenFile.Events(0, 40));
        var failing = file.AppendAndFailAsync(SeenFile.Events(100, 20));
        held.Dispose();
        var first = await kept;
        await Assert.ThrowsAsync<NotSupportedException>(() => failing);
        // These get the ids that the failed ones had.
        var later = await file.AppendAsync(SeenFile.Events(200, 20));
        await file.MergeAsync(1000);
        await using var next = file.AfterKill();
        await AssertKnownAsync(next, first);
        Assert.Equal(later.Select(a => (a.Id, true)), (await next.AppendAsync(SeenFile.Events(200, 20))).Select(a => (a.Id, a.Duplicate)));
    }

    [Fact]
    public async Task A_merge_that_was_rolled_back_is_done_again()
    {
        await using var file = SeenFile.New(Recent);
        var first = await file.AppendAsync(SeenFile.Events(0, 40));
        await file.MergeAsync(30);
        await Assert.ThrowsAsync<NotSupportedException>(() => file.MergeAsync(1000, fail: true));
        Assert.True(file.Seen.IsMerging);
        await file.MergeAsync(1000);
        Assert.Equal(80, await file.NumberAsync("SELECT COUNT(*) FROM inbox_seen"));
        await AssertKnownAsync(file, first);
    }

    [Fact]
    public async Task What_is_pruned_during_a_merge_is_forgotten_on_both_levels()
    {
        await using var file = SeenFile.New(Recent);
        await file.AppendAsync(SeenFile.Events(0, 40));
        await file.MergeAsync(30);
        Assert.Equal(40, await file.PruneAsync());
        await file.MergeAsync(1000);
        Assert.Equal(0, await file.NumberAsync("SELECT COUNT(*) FROM inbox_seen"));
        Assert.All(await file.AppendAsync(SeenFile.Events(0, 20)), a => Assert.False(a.Duplicate));
    }

    [Fact]
    public async Task Memory_is_bounded_although_nobody_merges()
    {
        await using var file = SeenFile.New(Recent);
        for (var i = 0; i < 100; i++)
        {
            await file.AppendAsync(SeenFile.Events(i * 20, 20));
            Assert.InRange(file.Seen.InMemory, 0, 7 * Recent);
        }

        Assert.All(await file.AppendAsync(SeenFile.Events(0, 2000)), a => Assert.True(a.Duplicate));
    }

    [Fact]
    public async Task With_a_filter_everything_is_still_known_also_what_came_while_it_was_made()
    {
        await using var file = SeenFile.New(Recent);
        var first = await file.AppendAsync(SeenFile.Events(0, 40));
        await file.MergeAsync(1000);
        Assert.True(file.Seen.WantsFilter);
        var filter = file.Seen.BeginFilter(80);
        // Merged meanwhile: the maker may have read past them.
        await file.AppendAsync(SeenFile.Events(100, 40));
        await file.MergeAsync(1000);
        foreach (var i in Enumerable.Range(0, 40))
        {
            filter.Add(SeenKey.ForEvent("feishu", "default", $"ev_{i}"));
            filter.Add(SeenKey.ForMessage("feishu", "default", $"om_{i}"));
        }

        file.Seen.UseFilter(filter);
        Assert.False(file.Seen.WantsFilter);
        await AssertKnownAsync(file, first);
        Assert.All(await file.AppendAsync(SeenFile.Events(100, 40)), a => Assert.True(a.Duplicate));
        Assert.All(await file.AppendAsync(SeenFile.Events(200, 40)), a => Assert.False(a.Duplicate));
    }

    [Fact]
    public void The_filter_denies_no_key_that_it_has_and_nearly_all_others()
    {
        const int count = 200_000;
        var filter = new KeyFilter(count);
        for (var i = 0; i < count; i++) filter.Add(SeenKey.ForEvent("feishu", "default", $"ev_{i}"));
        Assert.All(Enumerable.Range(0, count), i => Assert.True(filter.MayHave(SeenKey.ForEvent("feishu", "default", $"ev_{i}"))));
        var passed = Enumerable.Range(count, count).Count(i => filter.MayHave(SeenKey.ForEvent("feishu", "default", $"ev_{i}")));
        Assert.InRange(passed, 0, count * 0.02);
        Assert.InRange(filter.Bytes, 0, count * 13 / 8);
    }

    [Fact]
    public void A_stored_key_has_the_order_of_its_numbers()
    {
        var keys = Enumerable.Range(0, 500).Select(i => SeenKey.ForEvent("feishu", "a", $"ev_{i}")).ToArray();
        Assert.Equal(keys.Order(), keys.OrderBy(k => Convert.ToHexString(k.ToArray()), StringComparer.Ordinal));
        Assert.Equal(keys, keys.Select(k => SeenKey.Read(k.ToArray())));
    }

    /// <summary>Pushed again it is a duplicate of its row, by the event's id and by the message's under another one; and it is found by its id.</summary>
    private static async Task AssertKnownAsync(SeenFile file, IReadOnlyList<Appended> first)
    {
        var numbers = Enumerable.Range(0, first.Count).ToArray();
        var again = await file.AppendAsync([.. numbers.Select(i => new NewEvent(SeenFile.Event(i), null))]);
        var otherwise = await file.AppendAsync([.. numbers.Select(i => new NewEvent(SeenFile.Event(50_000 + i, message: i), null))]);
        Assert.All(again.Concat(otherwise), a => Assert.True(a.Duplicate));
        Assert.Equal(first.Select(a => a.Id), again.Select(a => a.Id));
        Assert.Equal(first.Select(a => a.Id), otherwise.Select(a => a.Id));
        foreach (var i in numbers) Assert.Equal(first[i].Id, Assert.Single(await file.FindAsync(i)).Id);
    }
}
