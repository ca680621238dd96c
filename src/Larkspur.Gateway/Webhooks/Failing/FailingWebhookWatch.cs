using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks.Attempts;

namespace Larkspur.Gateway.Webhooks.Failing;

/// <summary>Switches off webhooks of which every attempt has failed for days, and has administrators told.</summary>
internal sealed partial class FailingWebhookWatch(
    WebhookEndpointRegistry webhooks, FailingWebhooks failing, WebhookFailureOptions options, IDatabase database, IOutbox outbox,
    IFailingWebhookMessages messages, TimeProvider clock, ILogger<FailingWebhookWatch> logger) : IScheduledJob
{
    /// <summary>The longest pause between two attempts, and more.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromDays(1);

    /// <summary>Time between two looks.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        if (options.SwitchOffAfter == TimeSpan.Zero) return null;
        var off = new List<string>();
        foreach (var webhook in webhooks.All.Where(webhook => webhook.GoneAt is null && !failing.IsOff(webhook.Name)))
        {
            var after = failing.EnabledAt(webhook.Name) ?? DateTimeOffset.UnixEpoch;
            var (span, waiting) = await database.ReadAsync(async sql => await AttemptStore.FailingAsync(sql, webhook.Name,
                after) is { } found && IsEnough(found)
                ? (found, await WebhookRows.CountWaitingAsync(sql, webhook.Name)) : (null, 0), cancellation);
            if (span is null) continue;
            var switched = await failing.SwitchOffAsync(webhook.Name, IsEnough, (unit, row) => TellAsync(unit, row, webhook.Owner, waiting),
                cancellation);
            if (switched) off.Add(webhook.Name);
        }

        return off.Count > 0 ? $"switched off {string.Join(", ", off)}: every attempt failed" : null;
    }

    private bool IsEnough(FailingSpan span) => span.Attempts >= options.LeastAttempts
        // It was tried all that time, and lately: a failure of long ago with nothing since says nothing of today.
        && span.Last - span.Since >= options.SwitchOffAfter && span.Last >= clock.GetUtcNow() - Lately;

    private async ValueTask TellAsync(IUnitOfWork unit, FailingWebhook row, string owner, long waiting)
    {
        if (messages.SwitchedOff(row, owner, waiting) is { } message) await outbox.QueueAsync(unit, message);
        unit.AfterCommit(() => SwitchedOff(row.Name, row.Attempts, row.Since, row.Reason));
    }

    [LoggerMessage(LogLevel.Error,
        "Webhook {Webhook} is off: all of its {Attempts} attempts since {Since} failed, the last one with {Reason}. "
        + "Its messages wait until somebody enables it")]
    private partial void SwitchedOff(string webhook, long attempts, DateTimeOffset since, string reason);
}
