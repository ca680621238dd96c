using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Channels.WeCom.Answers;

/// <summary>What the bots' answers share.</summary>
internal sealed class ReplyParts(ReplyStore store, LiveReplies live, IOutbox outbox, TimeProvider clock, ILogger<BotAnswer> logger)
{
    public ReplyStore Store { get; } = store;

    public LiveReplies Live { get; } = live;

    public IOutbox Outbox { get; } = outbox;

    public TimeProvider Clock { get; } = clock;

    public ILogger Logger { get; } = logger;

    /// <summary>Writes what is worth keeping and not worth failing for.</summary>
    public async Task TryAsync(Func<Task> write, string streamId)
    {
        try
        {
            await write();
        }
        catch (StorageUnavailableException e)
        {
            Logger.LogWarning("How far stream {StreamId} is could not be put down ({Reason})", streamId, e.Message);
        }
    }
}
