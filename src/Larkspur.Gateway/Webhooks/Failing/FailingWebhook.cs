using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Webhooks.Failing;

/// <summary>A webhook that was switched off because every attempt failed, or was switched on again.</summary>
/// <param name="Name">Its name.</param>
/// <param name="OffAt">Since when it is off; null: it is on again.</param>
/// <param name="Since">The first attempt of those that failed.</param>
/// <param name="Attempts">How many failed.</param>
/// <param name="Reason">Why the last one did.</param>
/// <param name="EnabledAt">When it was switched on again; what failed before counts no more.</param>
internal sealed record FailingWebhook(
    string Name, DateTimeOffset? OffAt, DateTimeOffset Since, long Attempts, string Reason, DateTimeOffset? EnabledAt);

/// <summary>Tells administrators of webhooks that were switched off.</summary>
internal interface IFailingWebhookMessages
{
    /// <summary>What they are sent, once; null: nobody is to be told but the log.</summary>
    /// <param name="failing">The webhook.</param>
    /// <param name="owner">The system that it belongs to; empty: the administrators'.</param>
    /// <param name="waiting">Messages that wait for it.</param>
    QueuedMessage? SwitchedOff(FailingWebhook failing, string owner, long waiting);
}
