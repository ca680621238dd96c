using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Webhooks;

/// <summary>Sends a signed <c>webhook.test</c> the way every webhook goes, and tells what the receiver said to its first attempt. There is no second one.</summary>
internal sealed class WebhookTester(IWebhookEndpoints webhooks, IOutbox outbox, IDatabase database, OutboxQueries queries,
    OutboxRepairs repairs, OutboxReports reports, AuditTrail audit, TimeProvider clock)
{
    public const string EventType = "webhook.test";

    /// <summary>So long the caller waits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    public async Task<WebhookTestView> RunAsync(Actor who, string name, CancellationToken cancellation)
    {
        var test = Guid.NewGuid().ToString("N");
        // In a lane of its own: it does not wait for what others wait for.
        var message = OutboxMessage.ToWebhookEndpoint(name, EventType, new JsonObject { ["webhook"] = name,
            ["test"] = test }.ToJsonString(), "test:" + test)
            with { Owner = webhooks.Find(name)?.Owner ?? "" };
        // A key that is bound to apps sees its own tests.
        var app = webhooks.Find(name)?.Apps is [var first, ..] ? first : AppNames.Default;
        var key = IdempotencyKeys.ForQueued(OutboxScope.WebhookPlatform, app, test);
        var queued = new QueuedMessage(OutboxScope.WebhookPlatform, app, test, message);
        var id = await database.TransactAsync(async unit =>
        {
            await outbox.QueueAsync(unit, queued);
            await audit.AddAsync(unit, who, "webhook.tested", name);
            return await OutboxRows.IdOfAsync(unit, queued) ?? 0;
        }, cancellation);

        OutboxItem? row = null;
        try
        {
            row = await WaitAsync(id, cancellation);
        }
        finally
        {
            // Also when whoever asked has gone: a test is not repeated.
            if (row is null or { Status: "open" }) await repairs.DiscardAsync(id, who.Name, CancellationToken.None);
        }

        return new WebhookTestView(id, key, row switch
        {
            { Status: "sent" } => "delivered",
            { Status: "dead" } or { Attempts: > 0, Reason: not null } => "failed",
            _ => "not_tried",
        }, row?.Status == "sent" ? null : row?.Reason);
    }

    /// <summary>Until the first attempt has its end.</summary>
    private async Task<OutboxItem?> WaitAsync(long id, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        using var watch = reports.Outcomes.Listen(id);
        while (true)
        {
            var row = await queries.FindAsync(id, cancellation);
            if (row is not { Status: "open" } || row.Reason is not null || clock.GetElapsedTime(started) >= Patience) return row;
            await Task.WhenAny(watch.Ended, Task.Delay(LookEvery, clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }
}

/// <summary>What came of a test.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="WebhookId">The header <c>webhook-id</c> that it carried.</param>
/// <param name="State"><c>delivered</c>: the receiver answered 2xx. <c>failed</c>: see the reason. <c>not_tried</c>:
/// not within 10 s; the sender has too much to do.</param>
/// <param name="Reason"><c>http_503</c>, <c>timed_out</c>, <c>no_connection</c>, <c>tls_failed</c>, <c>address_refused</c>, <c>redirect_refused</c>, <c>gone</c>…</param>
internal sealed record WebhookTestView(long Id, string WebhookId, string State, string? Reason);
