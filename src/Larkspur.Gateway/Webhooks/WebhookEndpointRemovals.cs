using Larkspur.Gateway.Scheduling;

namespace Larkspur.Gateway.Webhooks;

/// <summary>
/// Goes on with removals of webhooks whose process died or whose caller went away before the last waiting message was a dead letter.
/// </summary>
internal sealed class WebhookEndpointRemovals(WebhookEndpointStore stored) : IScheduledJob
{
    /// <summary>Time between two looks.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<string?> RunAsync(CancellationToken cancellation) =>
        await stored.EndRemovalsAsync(cancellation) is > 0 and var dead ? $"{dead} messages of removed webhooks became dead letters" : null;
}
