using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People;
using Larkspur.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>What directories said of people, while they answer and while they do not.</summary>
public sealed class RememberedPeopleTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly RememberedPeople<string> _people;
    private int _asked;
    private Func<Task<string?>> _directory = static () => Task.FromResult<string?>("Alice");

    public RememberedPeopleTests() => _people = new RememberedPeople<string>(_clock, NullLogger.Instance);

    private async Task<string?> FindAsync() => await _people.FindAsync("app", "alice", _ =>
    {
        _asked++;
        return _directory();
    }, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_directory_is_asked_once_an_hour()
    {
        Assert.Equal("Alice", await FindAsync());
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("Alice", await FindAsync());
        Assert.Equal(1, _asked);
        _clock.Advance(TimeSpan.FromMinutes(2));
        _directory = static () => Task.FromResult<string?>("Alice Wang");
        Assert.Equal("Alice Wang", await FindAsync());
    }

    [Fact]
    public async Task While_it_is_away_what_it_said_within_a_day_counts()
    {
        await FindAsync();
        _directory = static () => throw new PlatformNetworkException("feishu", "away", effectUnknown: false, timedOut: false);
        _clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal("Alice", await FindAsync());
        // Not asked with every message: each would wait.
        Assert.Equal("Alice", await FindAsync());
        Assert.Equal(2, _asked);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Null(await FindAsync());
        _directory = static () => Task.FromResult<string?>("Alice");
        _clock.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal("Alice", await FindAsync());
    }

    [Fact]
    public async Task Who_may_not_be_seen_any_more_is_forgotten()
    {
        await FindAsync();
        _directory = static () => Task.FromResult<string?>(null);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Null(await FindAsync());
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Null(await FindAsync());
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_slow_one_is_waited_for_a_second_and_a_half()
    {
        await FindAsync();
        _clock.Advance(TimeSpan.FromHours(2));
        var never = new TaskCompletionSource<string?>();
        var finding = _people.FindAsync("app", "alice", limit => never.Task.WaitAsync(limit), TestContext.Current.CancellationToken);
        Assert.False(finding.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("Alice", await finding);
    }

    [Fact]
    public async Task An_app_that_is_away_is_said_to_who_asks_and_nobody_is_forgotten_for_it()
    {
        _directory = static () => throw new ChannelException("app_off", "away", transient: true);
        await Assert.ThrowsAsync<ChannelException>(FindAsync);
        _directory = static () => Task.FromResult<string?>("Alice");
        Assert.Equal("Alice", await FindAsync());
    }
}
