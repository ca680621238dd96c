using Larkspur.Feishu.Messaging.Streaming;

namespace Larkspur.Gateway.Streams;

/// <summary>Keeps a stream's cards in the database, and numbers for their operations: a thousand at a time, so that a process that dies leaves a gap and never a repeat.</summary>
/// <param name="store">The rows.</param>
/// <param name="id">The stream.</param>
/// <param name="node">The process whose frames these are; null: the last frame, which goes whoever sent the others.</param>
internal sealed class StreamJournal(StreamStore store, string id, string? node) : IStreamJournal
{
    private const int Block = 1000;

    public ICardSequence NumbersOf(int page) => new Numbers(store, id, page, node);

    public async ValueTask KeepAsync(StreamedPage page, CancellationToken cancellation) => await store.KeepAsync(id, page, cancellation);

    private sealed class Numbers(StreamStore store, string id, int page, string? node) : ICardSequence
    {
        private long _next = 1;
        private long _last;

        public async ValueTask<int> NextAsync(CancellationToken cancellation)
        {
            // The last frame is two operations, seldom more.
            if (_next > _last) await ReserveAsync(0, node is null ? 10 : Block, cancellation);
            return checked((int)_next++);
        }

        public async ValueTask LeapAsync(int by, CancellationToken cancellation) => await ReserveAsync(by, node is null ? 10 : Block, cancellation);

        private async Task ReserveAsync(int leap, int count, CancellationToken cancellation)
        {
            var last = await store.ReserveAsync(id, page, leap + count, node, cancellation) ?? throw new StreamLostException(id);
            (_next, _last) = (last - count + 1, last);
        }
    }
}

/// <summary>The stream has ended, or another process sends its frames now.</summary>
internal sealed class StreamLostException(string id) : Exception($"Stream {id} has ended, or is another process's now.");
