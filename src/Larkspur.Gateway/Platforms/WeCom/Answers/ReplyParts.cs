using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>What the bots' answers share.</summary>
internal sealed partial class ReplyParts(ReplyStore store, LiveReplies live, IOutbox outbox, WeComPictures pictures, ILeases leases,
    TimeProvider clock, ILogger<BotAnswer> logger)
{
    public ReplyStore Store { get; } = store;

    public LiveReplies Live { get; } = live;

    public IOutbox Outbox { get; } = outbox;

    public WeComPictures Pictures { get; } = pictures;

    public TimeProvider Clock { get; } = clock;

    /// <summary>Another process may write answers, or have a bot's connection.</summary>
    public bool MayBeShared => leases.MayBeShared;

    public ILogger Logger { get; } = logger;

    /// <summary>Writes what is worth keeping and not worth failing for.</summary>
    /// <returns>False: it could not be written.</returns>
    public async Task<bool> TryAsync(Func<Task> write, string streamId)
    {
        try
        {
            await write();
            return true;
        }
        catch (StorageUnavailableException e)
        {
            ProgressNotPutDown(Logger, streamId, e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "How far stream {StreamId} is could not be put down ({Reason})")]
    private static partial void ProgressNotPutDown(ILogger logger, string streamId, string reason);
}
