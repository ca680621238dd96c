using System.Text.Json.Serialization;
using Larkspur.Gateway.Outbox.Reading;

namespace Larkspur.Gateway.Approvals;

/// <summary>A payment as the API shows it.</summary>
internal sealed record PaymentView
{
    public required string Id { get; init; }

    /// <summary>The business system's own number.</summary>
    public required string Number { get; init; }

    /// <summary>submitting, pending, approved, rejected, canceled, deleted, reverted, failed.</summary>
    public required string State { get; init; }

    /// <summary>1 for the first decision; one more each time a decision is undone.</summary>
    public required long Version { get; init; }

    public string? Title { get; init; }

    public required string Amount { get; init; }

    public required string Currency { get; init; }

    public string? Payee { get; init; }

    public required string App { get; init; }

    public required string ApprovalCode { get; init; }

    public string? InstanceCode { get; init; }

    public required PersonView Submitter { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>When the platform is asked about it next.</summary>
    public DateTimeOffset? NextCheckAt { get; init; }

    /// <summary>What people may quote and operators search for.</summary>
    public required string Reference { get; init; }

    /// <summary>What happened, oldest first; not in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TimelineView>? Timeline { get; init; }

    /// <summary>The newest webhook message; null: none was made yet, or nobody listens. Not in lists.</summary>
    public PaymentWebhookView? Webhook { get; init; }

    /// <summary>All webhook messages, oldest first; not in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PaymentWebhookView>? Webhooks { get; init; }

    public static PaymentView Of(Payment payment) => new()
    {
        Id = payment.Id, Number = payment.Number, State = payment.State, Version = payment.Version, Title = payment.Title, Amount = payment.Amount, Currency = payment.Currency, Payee = payment.Payee,
        App = payment.App, ApprovalCode = payment.ApprovalCode, InstanceCode = payment.InstanceCode, Submitter = new PersonView(payment.Submitter.OpenId, payment.Submitter.UserId, payment.Submitter.Name),
        Reason = payment.Reason, CreatedAt = payment.CreatedAt, ChangedAt = payment.ChangedAt, NextCheckAt = payment.CheckAt, Reference = payment.Reference,
    };

    public static PaymentView Of(Payment payment, IReadOnlyList<PaymentLine> lines, IReadOnlyList<PaymentDelivery> deliveries,
        IReadOnlyDictionary<string, string> names)
    {
        PaymentWebhookView[] webhooks = [.. deliveries.Select(PaymentWebhookView.Of)];
        TimelineView[] timeline = [.. lines.Select(line => TimelineView.Of(line, names))];
        return Of(payment) with { Timeline = timeline, Webhook = webhooks.LastOrDefault(), Webhooks = webhooks };
    }
}

/// <summary>A person by their ids.</summary>
internal sealed record PersonView(string? OpenId, string? UserId, string? Name);

/// <summary>A line of the time line.</summary>
/// <param name="At">When it happened.</param>
/// <param name="What">submitted, created, pending, approved…, task_approved…, cancel_requested, reminded, failed…</param>
/// <param name="Version">The payment's version then.</param>
/// <param name="Source">By what it was learned: request, create, event, reconciliation, operator.</param>
/// <param name="By">Who did it.</param>
/// <param name="Detail">More about it: a comment, a code, a reason.</param>
internal sealed record TimelineView(DateTimeOffset At, string What, long Version, string Source, PersonView? By, string? Detail)
{
    public static TimelineView Of(PaymentLine line, IReadOnlyDictionary<string, string> names) =>
        new(line.At, line.What, line.Version, line.Source, ByOf(line, names), line.Detail);

    private static PersonView? ByOf(PaymentLine line, IReadOnlyDictionary<string, string> names) =>
        line.OpenId is null && line.UserId is null ? null
            : new PersonView(line.OpenId, line.UserId, line.OpenId is { } id ? names.GetValueOrDefault(id) : null);
}

/// <summary>A webhook message and what became of it.</summary>
/// <param name="Type">payment.decided or payment.failed.</param>
/// <param name="Version">The payment's version that it tells of.</param>
/// <param name="Webhook">Who is told.</param>
/// <param name="State">open (tried again at next_attempt_at), sent, dead (no further attempt; replay it as the delivery), discarded.</param>
/// <param name="Attempts">So far.</param>
/// <param name="NextAttemptAt">When it is tried next.</param>
/// <param name="Reason">What was wrong with the last attempt.</param>
/// <param name="DeliveryId">Its delivery: see and replay it at /outbox.</param>
/// <param name="WebhookId">What the receiver recognises it by.</param>
/// <param name="FinishedAt">When it ended.</param>
internal sealed record PaymentWebhookView(string Type, long Version, string Webhook, string State, int Attempts, DateTimeOffset? NextAttemptAt, string? Reason, long DeliveryId, string WebhookId,
    DateTimeOffset? FinishedAt)
{
    public static PaymentWebhookView Of(PaymentDelivery d)
    {
        // Only what ended well is ever forgotten before dead letters are.
        if (d.Row is not { } row) return new(d.Type, d.Version, d.Webhook, "sent", 0, null, null, d.OutboxId, d.WebhookId, null);
        var next = row.Status == "open" ? row.NotBefore : (DateTimeOffset?)null;
        return new(d.Type, d.Version, d.Webhook, row.Status, row.Attempts, next, row.Reason, d.OutboxId, d.WebhookId, row.FinishedAt);
    }
}

/// <summary>A page of payments, the newest first.</summary>
/// <param name="Items">Without their time lines.</param>
/// <param name="Next">Where the next page begins; null: there is none.</param>
internal sealed record PaymentListView(IReadOnlyList<PaymentView> Items, string? Next);

/// <summary>Who is reminded.</summary>
internal sealed record PaymentReminderView(IReadOnlyList<PersonView> Reminded);
