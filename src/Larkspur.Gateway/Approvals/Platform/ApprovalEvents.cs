using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Approvals;

/// <summary>
/// Events of approvals. None is trusted as the last word: they come twice, late and in any order. An <c>approval_instance</c> is taken as the hint that the instance
/// is worth a look, and what the look finds is what counts; only where the platform does not let us look is the event's own status used, by the same rule
/// (<see cref="PaymentStates.Follows"/>), which never goes back.
/// </summary>
internal sealed partial class ApprovalEvents(PaymentStore store, PaymentTransitions transitions, ApprovalCodeStore codes,
    ApprovalReads reads, PaymentWorkflow workflow, IDatabase database,
    ILogger<ApprovalEvents> logger)
{
    /// <summary>An instance came into a state: <c>approval_instance</c>.</summary>
    public async ValueTask<Reaction> InstanceAsync(EventContext context, CancellationToken cancellation)
    {
        var body = Body.Of(context);
        if (body.Instance is not { } instance) return Reaction.Ignore("incomplete");
        var app = context.Event.App;
        var (payment, seen) = await FindAsync(app, instance, body, cancellation);
        if (payment is null) return Reaction.Ignore(Foreign(app, body));
        seen ??= await LookAsync(app, instance, body, context, cancellation);
        return new Reaction(async effects =>
        {
            var change = await transitions.SeenAsync(effects.Unit, payment.Id, seen, PaymentSource.Event, effects.Now);
            await store.NoteAsync(effects.Unit, payment.Id, new PaymentLine
            {
                Key = "event:" + context.Event.EventId, At = body.At ?? context.Event.HappenedAt, What = "event_" + (body.Status?.ToLowerInvariant() ?? "unknown"), Version = payment.Version,
                Source = PaymentSource.Event,
            });
            return change switch
            {
                PaymentChange.Moved or PaymentChange.Recorded => Outcome.Answered,
                PaymentChange.Gone => Outcome.Ignored("not_a_payment"),
                _ => Outcome.Ignored("nothing_new"),
            };
        });
    }

    /// <summary>Somebody's task came or went: for the time line. The decision itself is the instance's.</summary>
    public async ValueTask<Reaction> TaskAsync(EventContext context, CancellationToken cancellation)
    {
        var body = Body.Of(context);
        if (body.Instance is not { } instance || body.Status is not { } status) return Reaction.Ignore("incomplete");
        var (payment, _) = await FindAsync(context.Event.App, instance, body, cancellation);
        if (payment is null) return Reaction.Ignore(Foreign(context.Event.App, body));
        return Note(context, payment, body, "task_" + status.ToLowerInvariant());
    }

    /// <summary>Somebody got a copy, or read it: <c>approval_cc</c>.</summary>
    public async ValueTask<Reaction> CopyAsync(EventContext context, CancellationToken cancellation)
    {
        var body = Body.Of(context);
        if (body.Instance is not { } instance) return Reaction.Ignore("incomplete");
        var (payment, _) = await FindAsync(context.Event.App, instance, body, cancellation);
        return payment is null ? Reaction.Ignore(Foreign(context.Event.App, body)) : Note(context, payment, body, body.Operate == "READ" ? "copy_read" : "copied");
    }

    /// <summary>A definition is another one now: <c>approval.approval.updated_v4</c>. It says nothing about any instance.</summary>
    public ValueTask<Reaction> DefinitionAsync(EventContext context, CancellationToken cancellation)
    {
        var body = Body.Of(context);
        if (body.ApprovalCode is not { } code) return ValueTask.FromResult(Reaction.Ignore("incomplete"));
        return ValueTask.FromResult(new Reaction(async effects =>
        {
            await codes.DefinitionChangedAsync(effects.Unit, context.Event.App, code, effects.Now);
            return Outcome.Answered;
        }));
    }

    /// <summary>By the key that we made, which stands in the event; by the code that we know; or, while a payment has none yet, by asking which key the instance has.</summary>
    private async Task<(Payment? Payment, InstanceFacts? Seen)> FindAsync(string app, string instance, Body body, CancellationToken cancellation)
    {
        var (payment, unrecorded) = await database.ReadAsync(async sql =>
        {
            var found = body.Uuid is { } uuid ? await store.FindByUuidAsync(sql, uuid) : null;
            found ??= await store.FindByInstanceAsync(sql, instance);
            return (found, found is null && body.Uuid is null && body.ApprovalCode is { } code && await store.HasUnrecordedAsync(sql, app, code));
        }, cancellation);
        if (payment is not null) return payment.App == app ? (payment, null) : (null, null);
        if (!unrecorded || await reads.FindAsync(app, instance, cancellation) is not { Uuid: { } key } seen) return (null, null);
        return (await database.ReadAsync(sql => store.FindByUuidAsync(sql, key), cancellation) is { } late && late.App == app ? late : null, seen);
    }

    private async Task<InstanceFacts> LookAsync(string app, string instance, Body body, EventContext context, CancellationToken cancellation)
    {
        var told = new InstanceFacts { InstanceCode = instance, Uuid = body.Uuid, ApprovalCode = body.ApprovalCode, State = InstanceFacts.StateOf(body.Status), At = body.At ?? context.Event.HappenedAt };
        try
        {
            // An instance that is not found was deleted; then the event says so.
            if (await reads.FindAsync(app, instance, cancellation) is not { } seen) return told;
            // The read knows no word for what was undone in this very moment but its own flag; the event's word is not lost over it.
            return seen.State == PaymentStates.Approved && told.State == PaymentStates.Reverted ? told : seen;
        }
        catch (PlatformApiException e) when (!e.IsTransient && e.FailureKind is FailureKind.Permission or FailureKind.Quota)
        {
            InstanceNotReadable(instance, e.Message);
            return told;
        }
    }

    private Reaction Note(EventContext context, Payment payment, Body body, string what) => new(async effects =>
    {
        await store.NoteAsync(effects.Unit, payment.Id, new PaymentLine
        {
            Key = "event:" + context.Event.EventId, At = body.At ?? context.Event.HappenedAt, What = what, Version = payment.Version, Source = PaymentSource.Event, OpenId = body.OpenId,
            UserId = body.UserId, Detail = body.TaskId,
        });
        return Outcome.Answered;
    });

    /// <summary>Why an event is nobody's: of a code that payments do not use, or of an instance that somebody else made under ours.</summary>
    private string Foreign(string app, Body body) => workflow.Target is { } target && target == (app, body.ApprovalCode) ? "not_a_payment" : "other_approval_code";

    /// <summary>What the four events say, of which each says a part. Their times are texts of milliseconds, or numbers.</summary>
    private sealed record Body(string? Instance, string? ApprovalCode, string? Uuid, string? Status, DateTimeOffset? At, string? OpenId, string? UserId, string? TaskId, string? Operate)
    {
        public static Body Of(EventContext context)
        {
            try
            {
                using var json = JsonDocument.Parse(context.Event.Payload);
                var root = json.RootElement;
                if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("object", out var inner)) root = inner;
                if (root.ValueKind != JsonValueKind.Object) throw new UnreadableEventException($"The body of {context.Event.EventType} is no object.");
                return new Body(Text(root, "instance_code"), Text(root, "approval_code"), Text(root, "uuid"), Text(root, "status"),
                    InstanceFacts.TimeOf(Text(root, "instance_operate_time") ?? Text(root, "operate_time") ?? Text(root, "create_time")), Text(root, "open_id"), Text(root, "user_id"), Text(root, "task_id"),
                    Text(root, "operate"));
            }
            catch (JsonException e)
            {
                throw new UnreadableEventException($"The body of {context.Event.EventType} is not JSON.", e);
            }
        }

        private static string? Text(JsonElement root, string name) => !root.TryGetProperty(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() is { Length: > 0 and <= 256 } text ? text : null,
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
    }

    [LoggerMessage(LogLevel.Warning, "Instance {InstanceCode} may not be looked at ({Reason}): the event's own word is used")]
    private partial void InstanceNotReadable(string instanceCode, string reason);
}
