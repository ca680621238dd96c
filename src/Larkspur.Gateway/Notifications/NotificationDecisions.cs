using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Notifications;

/// <summary>
/// Clicks on cards that ask for a decision. The first approver decides; the decision, its webhook, the other recipients' cards and the applicant's notification
/// are one transaction with the click's end.
/// </summary>
internal sealed partial class NotificationDecisions(NotificationStore store, NotificationTypeRegistry types, NotificationCards faces,
    CardSynchronizer turn, NotificationOutbox outbox, NotificationIntake sending, IntegrationGuard gate,
    IWebhookEndpoints webhooks, ISettings settings, Installation gateway, ILogger<NotificationDecisions> logger)
{
    public const string Approved = "approved";
    public const string Rejected = "rejected";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async ValueTask<Reaction> HandleAsync(CardClick click, CancellationToken cancellation)
    {
        if (click.ValueText(CardFace.CardField) is not { } id || click.ValueText(CardFace.ActionField) is not { } action) return new Reaction(effects => ValueTask.FromResult(click.Stale(effects)));
        var told = settings.Now.IsOn(FeishuIntegration.NotifyOnApproval) ? await types.FindAsync(NotificationTypeRegistry.Decided, cancellation) : null;
        return new Reaction(effects => ReactAsync(effects, click, id, action, told));
    }

    private async ValueTask<Outcome> ReactAsync(IEffects effects, CardClick click, string id, string action, NotificationType? told)
    {
        if (await store.FindAsync(effects.Unit, id) is not { Decides: true } notification || notification.App != click.App) return click.Stale(effects);
        if (action is not (NotificationCards.Approve or NotificationCards.Reject or NotificationCards.RejectSubmit or NotificationCards.Back)) return click.Stale(effects);
        if (!gate.IsOpen)
        {
            await RecordAsync(NotificationClick.Off);
            return click.Tell(effects, Toast.Of("warning", NotificationTexts.FeishuIntegrationIsSwitched), "feishu_disabled");
        }

        if (!click.Person.IsAmong(notification.Approvers))
        {
            await RecordAsync(NotificationClick.Refused);
            return click.RefusePerson(effects);
        }

        // Buttons with this value may stand on any card that is sent in the app's name, under whatever words: only those on the notification's own cards decide.
        var deliveries = await store.DeliveriesAsync(effects.Unit, notification.Seq);
        var own = deliveries.FirstOrDefault(d => d.MessageId is not null && d.MessageId == click.MessageId);
        if (own is null && !deliveries.Any(d => MayBe(d, click))) return click.Stale(effects);
        if (notification.State != NotificationStates.Open) return await AlreadyAsync(notification);
        switch (action)
        {
            case NotificationCards.Back:
                effects.Answer(new CallbackAnswer { Card = faces.Compile(notification).Content });
                return Outcome.Answered;
            case NotificationCards.Reject:
                await RecordAsync(NotificationClick.Asked);
                effects.Answer(new CallbackAnswer { Toast = Toast.Of("info", NotificationTexts.PleaseSayWhy),
                    Card = faces.CompileReason(notification) });
                return Outcome.Answered;
        }

        var comment = action == NotificationCards.RejectSubmit ? ReasonOf(click) : null;
        if (action == NotificationCards.RejectSubmit && comment is null)
        {
            await RecordAsync(NotificationClick.Incomplete);
            return click.Tell(effects, Toast.Of("warning", BotTexts.ClickIncomplete(NotificationTexts.ReasonForRejection)),
                "incomplete_form");
        }

        var decision = action == NotificationCards.Approve ? Approved : Rejected;
        if (!await store.DecideAsync(effects.Unit, notification.Seq, decision, comment, PersonOf(click, own?.Person), effects.Now))
            return await AlreadyAsync(await store.FindAsync(effects.Unit, id) ?? notification);
        var decided = (await store.FindAsync(effects.Unit, id))!;
        await RecordAsync(NotificationClick.Done);
        await turn.RunAsync(effects.Unit, decided, effects.Now, click.MessageId);
        if (!decided.Test)
        {
            await CallBackAsync(effects.Unit, decided);
            if (told is not null) await TellApplicantAsync(effects, decided, told);
        }

        effects.Answer(new CallbackAnswer
        {
            Toast = decision == Approved ? Toast.Of("success", NotificationTexts.Approved)
                : Toast.Of("success", NotificationTexts.Rejected),
            Card = faces.Compile(decided).Content,
        });
        return Outcome.Answered;

        ValueTask RecordAsync(string outcome) => store.RecordAsync(effects.Unit, click, notification.Seq, action, outcome, effects.Now);

        async ValueTask<Outcome> AlreadyAsync(NotificationRow now)
        {
            await RecordAsync(NotificationClick.Repeated);
            var toast = faces.LineOf(now, click.TimeZone) is { } line ? Toast.Of("warning", line)
                : Toast.Of("warning", BotTexts.ClickUnknown);
            // The person may look at an old face of it.
            effects.Answer(new CallbackAnswer { Toast = toast, Card = now.State == NotificationStates.Recalled ? null : faces.Compile(now).Content, Late = click.Late(toast) });
            return Outcome.Refused("already_decided");
        }
    }

    /// <summary>The card is on its way: it can be seen, and clicked, before the platform's answer has told its message.</summary>
    private static bool MayBe(DeliveryRow delivery, CardClick click) =>
        delivery is { MessageId: null, Tried: true, State: DeliveryStates.Queued }
        && (delivery.Person is { } person ? person.OpenId == click.Person.OpenId : delivery.TargetType != "chat_id" || delivery.Target == click.ChatId);

    private static string? ReasonOf(CardClick click)
    {
        try
        {
            return click.Form.Text(NotificationCards.Reason)?.Trim() is { Length: > 0 } text ? text : null;
        }
        catch (FormatException)
        {
            // Told to the person like one that was left empty.
            return null;
        }
    }

    /// <summary>What the directory told of them when the card was sent fills what the click's look-up could not see.</summary>
    private static NotificationPerson PersonOf(CardClick click, People.PlatformPerson? known)
    {
        var same = known is not null && known.OpenId == click.Person.OpenId ? known : null;
        return new NotificationPerson(click.Person.OpenId, click.Person.UserId ?? same?.UserId, click.Person.Name ?? same?.Name, click.Person.EnglishName is { Length: > 0 } english ? english : same?.EnName);
    }

    private async ValueTask CallBackAsync(IUnitOfWork unit, NotificationRow notification)
    {
        var data = DataOf(notification);
        foreach (var webhook in webhooks.Hearing(NotificationTypeRegistry.Decided, notification.Owner, notification.App, notification.Webhook))
        {
            // One decision, one key, whatever click it came by: the webhook-id is the same forever.
            await outbox.QueueAsync(unit, notification, $"notification:{notification.Id}:decided:{webhook.Name}",
                OutboxMessage.ToWebhookEndpoint(webhook.Name, NotificationTypeRegistry.Decided, data, "subject:" + (notification.Subject ?? notification.Id)).OwnedBy(webhook, notification.Owner));
        }
    }

    private static string DataOf(NotificationRow notification) => new JsonObject
    {
        ["notification_id"] = notification.Id,
        // A subject is a system's own word: whose it is stands with it.
        ["system"] = notification.Owner.Length == 0 ? null : notification.Owner,
        ["subject"] = notification.Subject,
        ["event"] = notification.Event,
        ["decision"] = notification.Decision,
        ["comment"] = notification.Comment,
        ["by"] = new JsonObject { ["open_id"] = notification.DecidedBy!.OpenId, ["user_id"] = notification.DecidedBy.UserId, ["name"] = notification.DecidedBy.Name },
        ["at"] = notification.DecidedAt!.Value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        ["app"] = notification.App,
    }.ToJsonString(Relaxed);

    /// <summary>The applicant's own notification, of the type <c>approval.decided</c>.</summary>
    private async ValueTask TellApplicantAsync(IEffects effects, NotificationRow notification, NotificationType type)
    {
        if (notification.Applicant is not { } applicant) return;
        var values = ValuesOf(notification, applicant).Where(v => type.Variables.Any(k => k.Name == v.Key)).ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
        if (type.Variables.FirstOrDefault(v => v.Required && !values.ContainsKey(v.Name)) is { } missing)
        {
            DecisionLacksVariable(notification.Id, type.Name, missing.Name);
            return;
        }

        if (Result(notification, type, values, effects.Now) is var (row, card)) await sending.StoreAsync(effects.Unit, row, [applicant], [], card);
    }

    /// <summary>What the applicant gets; null: the type makes no card of these values. Then the decision counts all the same.</summary>
    private (NotificationRow Row, string Card)? Result(NotificationRow notification, NotificationType type, Dictionary<string, NotificationValue> values, DateTimeOffset now)
    {
        try
        {
            var model = JsonNode.Parse(NotificationTemplateFiller.Fill(type, values, []))!;
            if (model["status"]?.ToString() is null or "neutral") model["status"] = notification.Decision == Approved ? "success" : "danger";
            var key = "decided:" + notification.Id;
            var row = new NotificationRow
            {
                Id = NotificationIntake.NewId(), App = notification.App, Event = type.Name, Subject = notification.Subject, CallerKey = key, BodyHash = key, RequestedBy = "system", Owner = notification.Owner, State = NotificationStates.Open,
                Urgency = type.Urgency, Model = model.ToJsonString(Relaxed), CreatedAt = now,
            };
            return (row, faces.Compile(row).Content);
        }
        catch (Exception e) when (e is RequestRefusedException or ArgumentException)
        {
            DecisionHasNoCard(notification.Id, type.Name, e.Message);
            return null;
        }
    }

    private Dictionary<string, NotificationValue> ValuesOf(NotificationRow notification, NotificationTarget applicant)
    {
        var message = NotificationCards.MessageOf(notification.Model);
        var head = NotificationCards.HeadOf(message);
        var at = TimeZoneInfo.ConvertTime(notification.DecidedAt!.Value, gateway.TimeZone);
        var values = new Dictionary<string, NotificationValue>(StringComparer.Ordinal)
        {
            ["subject"] = new(notification.Subject is { } subject ? new LocalText(subject + " · ", subject + " · ") + head : head),
            ["result"] = new(notification.Decision == Approved ? NotificationTexts.Approved : NotificationTexts.Rejected),
            ["decided_at"] = new(NotificationTexts.DateFormat.Select(date => at.ToString(date + " HH:mm 'UTC'zzz", CultureInfo.InvariantCulture))),
        };
        if (notification.DecidedBy?.Name is { } name) values["approver"] = new(new LocalText(name, notification.DecidedBy.EnName ?? name));
        if (applicant.Person?.Names is { } names) values["applicant"] = new(names);
        if (notification.Comment is { } comment) values["comment"] = new(comment);
        if (message.Actions.FirstOrDefault(a => a.Url is not null) is { } link) values["link"] = new(link.Url!);
        return values;
    }

    [LoggerMessage(LogLevel.Warning,
        "The applicant of notification {Notification} is not told: the type {Type} needs {Variable}, which a decision does not have")]
    private partial void DecisionLacksVariable(string notification, string type, string variable);
    [LoggerMessage(LogLevel.Warning,
        "The applicant of notification {Notification} is not told: the type {Type} makes no card of this decision ({Reason})")]
    private partial void DecisionHasNoCard(string notification, string type, string reason);
}
