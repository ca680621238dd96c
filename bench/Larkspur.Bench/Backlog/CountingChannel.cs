using Larkspur.Bench.Running;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Bench.Backlog;

/// <summary>A platform that takes everything at once, and counts.</summary>
internal sealed class CountingChannel : IChannel
{
    public const string Name = "bench";

    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(2);

    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = New();
    private long _count;

    public string Platform => Name;

    public IReadOnlyCollection<OutboxOperation> Operations => [MessageOperations.Create];

    public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(TimeSpan.FromSeconds(1), LongestPause, TimeSpan.FromDays(7));

    public long Count => Interlocked.Read(ref _count);

    public Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        Counted();
        return Task.FromResult(new SendReceipt($"m_{entry.Id}", null));
    }

    public void Counted()
    {
        lock (_gate)
        {
            _count++;
            _changed.TrySetResult();
            _changed = New();
        }
    }

    /// <exception cref="BenchException">So many did not come in time.</exception>
    public async Task UntilAsync(long count, TimeSpan atMost, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_count >= count) return;
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(atMost, cancellation);
            }
            catch (TimeoutException)
            {
                throw new BenchException($"{Count:#,0} of {count:#,0} came, and no more for {atMost.TotalMinutes:0} minutes");
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
