using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Approvals;

/// <summary>Takes payments on: everything is judged first, then the payment and the call that makes its instance become durable together.</summary>
internal sealed class PaymentRequests(PaymentWorkflow workflow, PaymentStore store, PaymentWebhooks webhooks, DefinitionCache definitions, Applicants applicants, PlatformCalls calls,
    IOutbox outbox, IDatabase database, PaymentOptions options, PaymentMetrics metrics, TimeProvider clock)
{
    private const string IdPrefix = "pay_";

    /// <summary>The payment, new or the one that the same request has made before.</summary>
    /// <exception cref="RequestRefusedException">It is not taken on; nothing was stored.</exception>
    public async Task<Payment> SubmitAsync(PaymentOrder order, KeyGrant caller, CancellationToken cancellation)
    {
        var who = caller.Who;
        var app = calls.App(caller, order.App, "/app");
        // What was taken on before is answered whatever has changed since.
        if (await database.ReadAsync(sql => KnownAsync(sql, app.Name, order.Key, who.Name), cancellation) is { } before) return Same(before, order);

        var code = workflow.Need();
        if (order.Webhook is { } webhook && !webhooks.MayName(caller, webhook))
            throw RequestRefusedException.Impossible("unknown_webhook", "/webhook", $"No webhook \"{JsonFields.Shown(webhook)}\" is the calling key's system's or the administrators'.");
        var (submitter, body) = await BodyAsync(app, code, order, cancellation);
        var now = clock.GetUtcNow();
        var id = IdPrefix + Guid.CreateVersion7(now).ToString("N");
        var payment = new Payment
        {
            Id = id, App = app.Name, RequestKey = order.Key, RequestHash = order.Hash, Number = order.Number, Title = order.Title, Amount = order.Amount, Currency = order.Currency,
            Payee = order.Payee, Submitter = submitter, Webhook = order.Webhook, ApprovalCode = code, Uuid = PaymentCalls.UuidOf(app.Name, id), State = PaymentStates.Submitting, StateAt = now,
            RequestedBy = who.Name, Owner = caller.Owner, Reference = Reference.For(PlatformNames.Feishu, app.Name, id), CreatedAt = now, ChangedAt = now, CheckAt = now + options.CheckAfter,
        };
        var added = await database.TransactAsync(async unit =>
        {
            if (!await store.AddAsync(unit, payment)) return false;
            await store.NoteAsync(unit, id, new PaymentLine { Key = "submitted", At = now, What = "submitted", Source = PaymentSource.Request, Detail = who.Name });
            await outbox.QueueAsync(unit, PaymentCalls.Create(payment, body));
            unit.AfterCommit(metrics.Requested);
            return true;
        }, cancellation);
        if (added) return payment;
        // The same request came twice at once, and the other one was faster.
        return Same((await database.ReadAsync(sql => store.FindByRequestAsync(sql, app.Name, order.Key), cancellation))!, order);
    }

    private async Task<(Applicant Submitter, string Body)> BodyAsync(FeishuApp app, string code, PaymentOrder order, CancellationToken cancellation)
    {
        var definition = await definitions.GetAsync(app, code, null, cancellation);
        InstanceBody.CheckState(definition, null);
        var form = InstanceBody.FormOf(definition, order.Form, "/form");
        PaymentForm.Check(definition, form, order);
        var steps = InstanceBody.StepsOf(definition, order.Approvers, "/approvers");
        var people = await applicants.FindAsync(app, [order.Submitter, .. order.Approvers.Select(a => a.Person)], cancellation);
        return (people[0], InstanceBody.Of(definition, people[0], form, [.. steps.Select((s, i) => (s.Node, people[i + 1]))], order.Title));
    }

    /// <summary>Under the caller's own key, or under its word from before keys had owners.</summary>
    private async ValueTask<Payment?> KnownAsync(ISql sql, string app, string key, string who) => await store.FindByRequestAsync(sql, app, key)
        ?? (IdempotencyKey.Unowned(key) is { } word && await store.FindByRequestAsync(sql, app, word) is { } old && old.RequestedBy == who ? old : null);

    private static Payment Same(Payment before, PaymentOrder order) => before.RequestHash == order.Hash ? before
        : throw new RequestRefusedException(StatusCodes.Status409Conflict, "key_in_use", null, "This Idempotency-Key was used for another payment.");
}
