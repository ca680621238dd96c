using Larkspur.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Feishu.Tests.Core;

public sealed class DeliveryQueueTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly DeliveryQueue _queue;
    private readonly List<string> _begun = [];

    public DeliveryQueueTests()
        => _queue = new(new SocketLimits { MaxInHand = 1, MaxWaiting = 2, DrainTimeout = TimeSpan.FromSeconds(3) }, "test", _clock, NullLogger.Instance);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Handlers_wait_in_order_and_no_more_than_may()
    {
        var first = new TaskCompletionSource();
        Assert.True(Run("a", first.Task));
        Assert.True(Run("b", Task.CompletedTask));
        Assert.True(Run("c", Task.CompletedTask));
        Assert.False(Run("d", Task.CompletedTask));
        Assert.Equal(["a"], _begun);
        first.SetResult();
        await _queue.DrainAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal(["a", "b", "c"], _begun);
        Assert.False(Run("e", Task.CompletedTask));
    }

    [Fact]
    public async Task What_waits_for_another_handler_takes_a_place_and_holds_up_nobody()
    {
        var first = new TaskCompletionSource();
        Assert.True(Run("a", first.Task));
        Assert.True(Run("repeat", first.Task, onlyWaits: true));
        Assert.Equal(["a", "repeat"], _begun);
        Assert.True(Run("b", Task.CompletedTask));
        Assert.False(Run("c", Task.CompletedTask));
        first.SetResult();
        await _queue.DrainAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal(["a", "repeat", "b"], _begun);
    }

    [Fact]
    public async Task Draining_ends_with_its_time_and_leaves_what_waited()
    {
        var never = new TaskCompletionSource();
        CancellationToken given = default;
        Assert.True(_queue.TryRun(stopped =>
        {
            given = stopped;
            return never.Task;
        }));
        Assert.True(Run("b", Task.CompletedTask));
        Task draining = _queue.DrainAsync();
        Assert.Same(draining, _queue.DrainAsync());
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(draining.IsCompleted || given.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await draining.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.True(given.IsCancellationRequested);
        never.SetResult();
        Assert.Empty(_begun);
    }

    [Fact]
    public async Task A_handler_that_fails_makes_room_for_the_next()
    {
        Assert.True(_queue.TryRun(static _ => throw new InvalidOperationException("broken")));
        Assert.True(Run("b", Task.CompletedTask));
        await _queue.DrainAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal(["b"], _begun);
    }

    private bool Run(string name, Task until, bool onlyWaits = false) => _queue.TryRun(
        _ =>
        {
            lock (_begun) _begun.Add(name);
            return until;
        },
        onlyWaits);
}
