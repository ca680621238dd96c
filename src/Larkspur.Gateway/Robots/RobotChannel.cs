using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Robots;

/// <summary>Sends what group robots say, each by its platform, in order within a robot and no faster than its platform takes it.</summary>
/// <remarks>A channel of its own: robots need no app, and stand still for nothing that an app of their platform waits for.</remarks>
internal sealed class RobotChannel(RobotStore robots, RobotPlatforms platforms, IRateLimiter rateLimiter, OutboxOptions options) : IChannel
{
    private static readonly TimeSpan OffPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UnreadablePause = TimeSpan.FromSeconds(30);

    public string Platform => OutboxScope.RobotPlatform;

    public IReadOnlyCollection<OutboxOperation> Operations { get; } = [RobotRows.Operation];

    public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(options.FirstPause, options.LongestPause, options.Patience) with
    {
        KeyLifetime = TimeSpan.Zero,
    };

    /// <summary>
    /// What a robot is to say that is switched off waits for as long as it is; a test finds out whether it would arrive. One that cannot be
    /// decrypted is not gone: its messages wait until the right key is back, or its address is set again.
    /// </summary>
    public TimeSpan? Away(OutboxEntry entry) => robots.FindById(RobotRows.IdOf(entry)) switch
    {
        { CanSpeak: false } => UnreadablePause,
        { Enabled: false } when !RobotRows.IsTest(entry) => OffPause,
        _ => null,
    };

    /// <summary>A message that waited for its robot is as old as the change that let it go.</summary>
    public DateTimeOffset? WaitsSince(OutboxEntry entry) =>
        robots.FindById(RobotRows.IdOf(entry)) is { } robot && robot.ChangedAt > entry.CreatedAt ? robot.ChangedAt : null;

    public ChannelPace? PaceOf(OutboxEntry entry) =>
        robots.FindById(RobotRows.IdOf(entry)) is { } robot && platforms.Find(robot.Platform) is { } platform
            ? new ChannelPace(rateLimiter, robot.Budget, platform.Limit) : null;

    public async Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        var robot = await FindAsync(RobotRows.IdOf(entry), cancellation)
            ?? throw new ChannelException(RobotFailures.Deleted, $"The group robot \"{entry.Message.Target}\" was deleted.",
                transient: false);
        if (!robot.CanSpeak || platforms.Find(robot.Platform) is not { } platform)
        {
            throw new ChannelException(RobotFailures.Unspeakable,
                $"The group robot \"{robot.Name}\" cannot be decrypted, or its address is none of its platform's.", transient: true)
            {
                NotTried = true, RetryAfter = UnreadablePause,
            };
        }

        try
        {
            await platform.SendAsync(robot, entry, cancellation);
            return new SendReceipt(null, null);
        }
        catch (ChannelException e) when (e is { Blame: Blame.Endpoint, RetryAfter: { } quiet })
        {
            rateLimiter.Pause(robot.Budget, quiet);
            throw;
        }
    }

    /// <summary>
    /// One that is not known is looked up once more: another process may have added it, and this one not have heard of that yet.
    /// </summary>
    private async ValueTask<Robot?> FindAsync(string id, CancellationToken cancellation)
    {
        if (robots.FindById(id) is { } known) return known;
        await robots.CachedTable.LookAsync(cancellation);
        return robots.FindById(id);
    }
}
