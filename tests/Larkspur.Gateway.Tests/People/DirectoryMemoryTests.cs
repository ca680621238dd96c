using Larkspur.Gateway.Apps;
using Larkspur.Gateway.People;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People;

/// <summary>What directories said, asked for by several at once and by many.</summary>
public sealed class DirectoryMemoryTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly DirectoryMemory<int, string> _memory;
    private readonly List<string> _told = [];
    private int _asked;

    public DirectoryMemoryTests() => _memory = new DirectoryMemory<int, string>(_clock)
    {
        Unknown = "unknown", IsWhole = static said => said != "part", KeepUnknown = TimeSpan.FromMinutes(1), Refused = (key, _) => _told.Add($"{key} refused"), Silent = (key, _) => _told.Add($"{key} silent"),
    };

    private async Task<string> FindAsync(IEnumerable<int> keys, Func<CancellationToken, Task<string>> said) => string.Join(' ', await _memory.FindAsync(keys, (_, limit) =>
    {
        _asked++;
        return said(limit);
    }, TestContext.Current.CancellationToken));

    [Fact]
    public async Task Several_wait_together_as_long_as_one_and_what_is_known_of_one_of_them_counts()
    {
        Assert.Equal("two", await FindAsync([2], static _ => Task.FromResult("two")));
        _clock.Advance(TimeSpan.FromHours(2));
        var never = new TaskCompletionSource<string>();
        var finding = FindAsync([1, 2, 3], limit => never.Task.WaitAsync(limit));
        Assert.False(finding.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal("unknown two unknown", await finding.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(["1 silent", "2 silent", "3 silent"], _told);
    }

    [Fact]
    public async Task A_part_is_asked_for_again_in_a_minute_and_so_is_what_is_refused()
    {
        Assert.Equal("part", await FindAsync([1], static _ => Task.FromResult("part")));
        Assert.Equal("part unknown", await FindAsync([1, 2], static _ => throw new Refusal()));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("part unknown", await FindAsync([1, 2], static _ => Task.FromResult("whole")));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("whole whole", await FindAsync([1, 2], static _ => Task.FromResult("whole")));
        Assert.Equal(4, _asked);
        Assert.Equal(["2 refused"], _told);
    }

    [Fact]
    public async Task Ten_thousand_are_kept()
    {
        var all = Enumerable.Range(0, 10_000).ToArray();
        await FindAsync(all, static _ => Task.FromResult("whole"));
        await FindAsync(all, static _ => Task.FromResult("whole"));
        Assert.Equal(10_000, _asked);
        await FindAsync([10_000, 0], static _ => Task.FromResult("whole"));
        Assert.Equal(10_002, _asked);
    }

    private sealed class Refusal() : PlatformApiException("Not for this app.")
    {
        public override string Platform => "feishu";

        public override bool IsTransient => false;
    }
}
