using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Approvals;

/// <summary>What a business system can still do about a payment that is on its way: withdraw it, and have those reminded who hold it up.</summary>
internal sealed class PaymentSteps(PaymentStore store, ApprovalReads reads, DefinitionCache definitions, PlatformCalls calls, IOutbox outbox, AuditTrail audit, IDatabase database, TimeProvider clock)
{
    /// <summary>The approval bot's message "please decide".</summary>
    private const string ReminderTemplate = "1013";

    /// <summary>Queues the withdrawal, in the submitter's name. Asked for again it is the same one, unless that one has failed: then it is tried anew.</summary>
    /// <exception cref="RequestRefusedException">There is nothing to withdraw.</exception>
    public Task<Payment> CancelAsync(string id, KeyGrant caller, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        var payment = await store.TakeAsync(unit, id) ?? throw Unknown();
        caller.DemandChange(payment.Owner, payment.App, Unknown);
        if (payment.State is not (PaymentStates.Submitting or PaymentStates.Pending))
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "already_decided", null, $"The payment is {payment.State}: it cannot be withdrawn.");
        var asked = await store.WithdrawalsAsync(unit, payment);
        if (asked > 0 && await OutboxRows.IsUnderWayAsync(unit, PaymentCalls.Cancel(payment, asked - 1))) return payment;
        await outbox.QueueAsync(unit, PaymentCalls.Cancel(payment, asked));
        var now = clock.GetUtcNow();
        await store.NoteAsync(unit, id, new PaymentLine { Key = $"cancel_requested:{payment.Version}:{asked}", At = now, What = "cancel_requested", Version = payment.Version, Source = PaymentSource.Request, Detail = caller.Who.Name });
        await audit.AddAsync(unit, caller.Who, "payment.cancel_requested", id);
        // Should the event not come, it is looked up soon.
        await store.CheckAtAsync(unit, id, now);
        return payment;
    }, cancellation);

    /// <summary>Reminds everybody whose decision is waited for, by the approval bot.</summary>
    /// <param name="id">The payment.</param>
    /// <param name="comment">A word to them; null: none.</param>
    /// <param name="key">Names the reminder: repeated under it, nobody gets another one.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Who is reminded.</returns>
    /// <exception cref="RequestRefusedException">Nobody can be.</exception>
    public async Task<IReadOnlyList<string>> RemindAsync(string id, string? comment, string key, KeyGrant caller, CancellationToken cancellation)
    {
        var payment = await database.ReadAsync(sql => store.FindAsync(sql, id), cancellation) ?? throw Unknown();
        caller.DemandChange(payment.Owner, payment.App, Unknown);
        if (payment is not { State: PaymentStates.Pending, InstanceCode: { } instance })
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "not_pending", null, $"The payment is {payment.State}: nobody's decision is waited for.");
        var app = calls.App(payment.App);
        var definition = await definitions.GetAsync(app, payment.ApprovalCode, null, cancellation);
        calls.Call(app, Endpoints.InstanceGet);
        var seen = await reads.FindAsync(app.Name, instance, cancellation);
        string[] waiting = [.. (seen?.PendingTasks ?? []).Select(t => t.OpenId).OfType<string>().Where(p => p.Length > 0).Distinct()];
        if (waiting.Length == 0) throw new RequestRefusedException(StatusCodes.Status409Conflict, "nobody_to_remind", null, "No task of the instance waits for anybody.");
        await database.TransactAsync(async unit =>
        {
            foreach (var person in waiting)
            {
                if (!await outbox.QueueAsync(unit, PaymentCalls.Remind(payment, person, Reminder(payment, definition.Name, person, comment), key))) continue;
                await store.NoteAsync(unit, id, new PaymentLine
                {
                    Key = $"remind_requested:{person}:{key}", At = clock.GetUtcNow(), What = "remind_requested", Version = payment.Version, Source = PaymentSource.Request, OpenId = person, Detail = caller.Who.Name,
                });
            }

            await audit.AddAsync(unit, caller.Who, "payment.reminded", id);
        }, cancellation);
        return waiting;
    }

    /// <summary>In both languages; the approval bot picks the reader's. Source: approval/v1/message/send, template 1013.</summary>
    private static string Reminder(Payment payment, string approval, string person, string? comment)
    {
        var summary = $"{payment.Number}: {payment.Amount} {payment.Currency}{(payment.Payee is { } payee ? " → " + payee : "")}";
        var body = new JsonObject
        {
            ["template_id"] = ReminderTemplate,
            ["open_id"] = person,
            ["approval_name"] = "@i18n@1",
            ["title_user_id"] = payment.Submitter.OpenId ?? payment.Submitter.UserId,
            ["title_user_id_type"] = payment.Submitter.OpenId is null ? "user_id" : "open_id",
            ["comment"] = comment is null ? null : "@i18n@2",
            ["content"] = new JsonObject
            {
                ["user_id"] = payment.Submitter.OpenId ?? payment.Submitter.UserId, ["user_id_type"] = payment.Submitter.OpenId is null ? "user_id" : "open_id",
                ["summaries"] = new JsonArray(new JsonObject { ["summary"] = "@i18n@3" }),
            },
            ["actions"] = new JsonArray(),
            ["i18n_resources"] = new JsonArray(Texts("zh-CN", isDefault: true), Texts("en-US", isDefault: false)),
        };
        if (comment is null) body.Remove("comment");
        return body.ToJsonString(FeishuJson.Options);

        JsonObject Texts(string locale, bool isDefault)
        {
            var texts = new JsonObject { ["@i18n@1"] = approval, ["@i18n@3"] = summary };
            if (comment is not null) texts["@i18n@2"] = comment;
            return new JsonObject { ["locale"] = locale, ["is_default"] = isDefault, ["texts"] = texts };
        }
    }

    /// <summary>There is none, or it is another system's.</summary>
    public static RequestRefusedException Unknown() => new(StatusCodes.Status404NotFound, "unknown_payment", null, $"There is no such payment. {KeyGrant.OthersHint}");
}
