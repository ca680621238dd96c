using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>A stream that this process shows frames of.</summary>
internal interface ILiveStream
{
    string StreamId { get; }

    string Conversation { get; }

    /// <summary>Sends no further frame, and waits for the one on its way: its acknowledgement must not be taken for another's.</summary>
    Task QuietAsync();
}

/// <summary>The bots' answers that this process writes now, and those that it shows for another one.</summary>
internal sealed class LiveReplies
{
    private readonly ConcurrentDictionary<(string App, string StreamId), ILiveStream> _streams = new();

    /// <summary>This process writes the answer from now on; whatever showed it here before is quiet when this ends.</summary>
    public async Task AddAsync(string app, BotAnswer answer)
    {
        ILiveStream? before = null;
        _streams.AddOrUpdate((app, answer.StreamId), answer, (_, known) =>
        {
            before = known;
            return answer;
        });
        if (before is not null) await before.QuietAsync();
    }

    /// <summary>Shows it for another process.</summary>
    /// <returns>False: this process writes it, or shows it already.</returns>
    public bool TryFollow(string app, RelayedStream stream) => _streams.TryAdd((app, stream.StreamId), stream);

    public void Remove(string app, ILiveStream stream) => _streams.TryRemove(KeyValuePair.Create((app, stream.StreamId), stream));

    /// <summary>The answer that this process writes.</summary>
    public bool TryGet(string app, string streamId, [NotNullWhen(true)] out BotAnswer? answer) => (answer = _streams.GetValueOrDefault((app, streamId)) as BotAnswer) is not null;

    /// <summary>How many are shown in a conversation: they share its 30 messages a minute.</summary>
    public int In(string app, string conversation) => _streams.Count(a => a.Key.App == app && a.Value.Conversation == conversation);

    /// <summary>No further frame of this answer is sent here, and none is on its way, when this ends.</summary>
    public Task QuietAsync(string app, string streamId) => _streams.TryGetValue((app, streamId), out var stream) ? stream.QuietAsync() : Task.CompletedTask;
}
