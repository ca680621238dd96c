using System.Collections.Concurrent;
using Larkspur.Feishu.Messaging.Streaming;

namespace Larkspur.Gateway.Streams;

/// <summary>The streams whose frames this process sends.</summary>
internal sealed class LiveStreams
{
    private readonly ConcurrentDictionary<string, DurableStream> _streams = new(StringComparer.Ordinal);

    public int Count => _streams.Count;

    /// <summary>Those of a system.</summary>
    public int CountOf(string owner) => _streams.Values.Count(stream => stream.Owner == owner);

    public IEnumerable<DurableStream> All => _streams.Values;

    public DurableStream? Find(string id) => _streams.GetValueOrDefault(id);

    /// <summary>Adds a stream, or finds the one that is there.</summary>
    public DurableStream Add(DurableStream stream) => _streams.GetOrAdd(stream.Id, stream);

    public void Remove(DurableStream stream) => _streams.TryRemove(KeyValuePair.Create(stream.Id, stream));

    /// <summary>The loading card is there: frames may go.</summary>
    public void Opened(string id, StreamedPage page) => Find(id)?.Opened(page);

    /// <summary>No more frames of a stream; ends when the one on its way was answered: the last frame must not be overtaken.</summary>
    public Task QuietAsync(string id) => Find(id)?.QuietAsync() ?? Task.CompletedTask;
}
