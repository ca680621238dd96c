using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Larkspur.Gateway.Channels.WeCom.Answers;

/// <summary>The bots' answers that this process writes now.</summary>
internal sealed class LiveReplies
{
    private readonly ConcurrentDictionary<(string App, string StreamId), BotAnswer> _answers = new();

    public void Add(string app, BotAnswer answer) => _answers[(app, answer.StreamId)] = answer;

    public void Remove(string app, BotAnswer answer) => _answers.TryRemove(KeyValuePair.Create((app, answer.StreamId), answer));

    public bool TryGet(string app, string streamId, [NotNullWhen(true)] out BotAnswer? answer) => _answers.TryGetValue((app, streamId), out answer);

    /// <summary>How many are written in a conversation: they share its 30 messages a minute.</summary>
    public int In(string app, string conversation) => _answers.Count(a => a.Key.App == app && a.Value.Conversation == conversation);

    /// <summary>No further frame of this answer is sent here, and none is on its way, when this ends.</summary>
    public Task QuietAsync(string app, string streamId) => TryGet(app, streamId, out var answer) ? answer.QuietAsync() : Task.CompletedTask;
}
