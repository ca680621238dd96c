using Larkspur.Gateway.Queueing;

namespace Larkspur.Gateway.Outbox;

/// <summary>What a sender is put together from.</summary>
internal sealed class OutboxParts
{
    private readonly Dictionary<string, IChannel> _channels;
    private readonly ISendPolicy _policy;

    private OutboxParts(Dictionary<string, IChannel> channels, ISendPolicy policy, PermitQueues queues, OutboxScheduler scheduler) =>
        (_channels, _policy, Queues, Scheduler) = (channels, policy, queues, scheduler);

    public PermitQueues Queues { get; }

    public OutboxScheduler Scheduler { get; }

    public static OutboxParts Create(IEnumerable<IChannel> channels, ISendPolicy policy, OutboxOptions options, TimeProvider clock, Random random, ILogger logger)
    {
        var byPlatform = channels.ToDictionary(c => c.Platform);
        var queues = new PermitQueues(byPlatform, options.Parallelism, clock, random, logger);
        return new OutboxParts(byPlatform, policy, queues, new OutboxScheduler(queues, policy, clock));
    }

    /// <summary>The queue's bounds: a class for each priority.</summary>
    public static OrderedQueueOptions Bounds(OutboxOptions options) => new(options.Parallelism, options.Capacity) { Ranks = Enum.GetValues<OutboxPriority>().Length };

    public IChannel ChannelOf(OutboxEntry entry) => _channels.GetValueOrDefault(entry.Platform) ?? NoChannel.Instance;

    /// <summary>A frame in between that an app which saves calls does not send.</summary>
    public bool IsDropped(OutboxEntry entry) =>
        entry.Message.Priority == OutboxPriority.Frame && _policy.Decide(entry.Platform, entry.App, OutboxPriority.Frame) == SendDecision.Drop;
}
