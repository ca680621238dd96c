using System.Threading.Channels;

namespace Larkspur.Gateway.Queueing;

/// <summary>Lanes in the order in which they became ready, a number of them at once. A lane that was worked on stands behind the others again.</summary>
internal sealed class FifoScheduler<T>(int parallelism) : ILaneScheduler<T> where T : class, IQueuedRow
{
    private static readonly object InLine = new();

    private readonly Channel<Lane<T>> _ready = Channel.CreateUnbounded<Lane<T>>();

    public void Offer(Lane<T> lane)
    {
        if (lane.Place is not null) return;
        lane.Place = InLine;
        _ready.Writer.TryWrite(lane);
    }

    /// <remarks>It stays in the line; when its turn comes it is passed over, or has become ready again.</remarks>
    public void Withdraw(Lane<T> lane)
    {
    }

    public void Begins(T entry)
    {
    }

    public void Ended(T entry)
    {
    }

    public void Recall(T running)
    {
    }

    public Task RunAsync(Func<Lane<T>, Task> workOn, CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, parallelism).Select(_ => WorkAsync(workOn, stopping)));

    private async Task WorkAsync(Func<Lane<T>, Task> workOn, CancellationToken stopping)
    {
        try
        {
            await foreach (var lane in _ready.Reader.ReadAllAsync(stopping))
            {
                if (stopping.IsCancellationRequested) return;
                lane.Place = null;
                await workOn(lane);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping; what was not begun is in the table.
        }
    }
}
