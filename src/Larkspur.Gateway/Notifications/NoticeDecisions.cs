using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Callbacks;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>
/// Clicks on cards that ask for a decision. The first approver decides; the decision, its callback, the other recipients' cards and the applicant's notice
/// are one transaction with the click's end.
/// </summary>
internal sealed class NoticeDecisions(NoticeStore store, NoticeTypes types, NoticeFaces faces, NoticeTurn turn, NoticeOutbox outbox, NoticeSending sending, NoticeGate gate,
    IDestinations destinations, ISettings settings, GatewaySettings gateway, ILogger<NoticeDecisions> logger)
{
    public const string Approved = "approved";
    public const string Rejected = "rejected";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async ValueTask<Reaction> HandleAsync(CardClick click, CancellationToken cancellation)
    {
        if (click.ValueText(CardFace.CardField) is not { } id || click.ValueText(CardFace.ActionField) is not { } action) return new Reaction(effects => ValueTask.FromResult(click.Stale(effects)));
        var told = settings.Now.IsOn(FeishuIntegration.NotifyOnApproval) ? await types.FindAsync(NoticeTypes.Decided, cancellation) : null;
        return new Reaction(effects => ReactAsync(effects, click, id, action, told));
    }

    private async ValueTask<Outcome> ReactAsync(IEffects effects, CardClick click, string id, string action, NoticeType? told)
    {
        if (await store.FindAsync(effects.Unit, id) is not { Decides: true } notice || notice.App != click.App) return click.Stale(effects);
        if (action is not (NoticeFaces.Approve or NoticeFaces.Reject or NoticeFaces.RejectSubmit or NoticeFaces.Back)) return click.Stale(effects);
        if (!gate.IsOpen)
        {
            await RecordAsync(NoticeClick.Off);
            return click.Tell(effects, new Toast("warning", "飞书集成已关闭，没有作任何改动。", "The Feishu integration is switched off. Nothing was changed."), "feishu_disabled");
        }

        if (!click.Person.IsAmong(notice.Approvers))
        {
            await RecordAsync(NoticeClick.Refused);
            return click.RefusePerson(effects);
        }

        // Buttons with this value may stand on any card that is sent in the app's name, under whatever words: only those on the notice's own cards decide.
        var deliveries = await store.DeliveriesAsync(effects.Unit, notice.Seq);
        var own = deliveries.FirstOrDefault(d => d.MessageId is not null && d.MessageId == click.MessageId);
        if (own is null && !deliveries.Any(d => MayBe(d, click))) return click.Stale(effects);
        if (notice.State != NoticeStates.Open) return await AlreadyAsync(notice);
        switch (action)
        {
            case NoticeFaces.Back:
                effects.Answer(new CallbackAnswer { Card = faces.Compile(notice).Content });
                return Outcome.Answered;
            case NoticeFaces.Reject:
                await RecordAsync(NoticeClick.Asked);
                effects.Answer(new CallbackAnswer { Toast = new Toast("info", "请填写驳回理由", "Please say why"), Card = faces.CompileReason(notice) });
                return Outcome.Answered;
        }

        var comment = action == NoticeFaces.RejectSubmit ? ReasonOf(click) : null;
        if (action == NoticeFaces.RejectSubmit && comment is null)
        {
            await RecordAsync(NoticeClick.Incomplete);
            return click.Tell(effects, BotTextsOf("驳回理由", "Reason for the rejection"), "incomplete_form");
        }

        var decision = action == NoticeFaces.Approve ? Approved : Rejected;
        if (!await store.DecideAsync(effects.Unit, notice.Seq, decision, comment, PersonOf(click, own?.Person), effects.Now))
            return await AlreadyAsync(await store.FindAsync(effects.Unit, id) ?? notice);
        var decided = (await store.FindAsync(effects.Unit, id))!;
        await RecordAsync(NoticeClick.Done);
        await turn.RunAsync(effects.Unit, decided, effects.Now, click.MessageId);
        if (!decided.Test)
        {
            await CallBackAsync(effects.Unit, decided);
            if (told is not null) await TellApplicantAsync(effects, decided, told);
        }

        effects.Answer(new CallbackAnswer
        {
            Toast = decision == Approved ? new Toast("success", "已通过", "Approved") : new Toast("success", "已驳回", "Rejected"),
            Card = faces.Compile(decided).Content,
        });
        return Outcome.Answered;

        ValueTask RecordAsync(string outcome) => store.RecordAsync(effects.Unit, click, notice.Seq, action, outcome, effects.Now);

        async ValueTask<Outcome> AlreadyAsync(NoticeRow now)
        {
            await RecordAsync(NoticeClick.Repeated);
            var toast = faces.LineOf(now) is { } line ? new Toast("warning", line.Chinese, line.English) : BotTexts.Toast("warning", "click.unknown");
            // The person may look at an old face of it.
            effects.Answer(new CallbackAnswer { Toast = toast, Card = now.State == NoticeStates.Recalled ? null : faces.Compile(now).Content, Late = click.Late(toast) });
            return Outcome.Refused("already_decided");
        }
    }

    /// <summary>The card is on its way: it can be seen, and clicked, before the platform's answer has told its message.</summary>
    private static bool MayBe(DeliveryRow delivery, CardClick click) =>
        delivery is { MessageId: null, Tried: true, State: DeliveryStates.Queued }
        && (delivery.Person is { } person ? person.OpenId == click.Person.OpenId : delivery.TargetType != "chat_id" || delivery.Target == click.ChatId);

    private static Toast BotTextsOf(string chinese, string english) =>
        new("warning", Language.Chinese.Get("click.incomplete", chinese), Language.English.Get("click.incomplete", english));

    private static string? ReasonOf(CardClick click)
    {
        try
        {
            return click.Form.Text(NoticeFaces.Reason)?.Trim() is { Length: > 0 } text ? text : null;
        }
        catch (FormatException)
        {
            // Told to the person like one that was left empty.
            return null;
        }
    }

    /// <summary>What the directory told of them when the card was sent fills what the click's look-up could not see.</summary>
    private static NoticePerson PersonOf(CardClick click, People.DirectoryPerson? known)
    {
        var same = known is not null && known.OpenId == click.Person.OpenId ? known : null;
        return new NoticePerson(click.Person.OpenId, click.Person.UserId ?? same?.UserId, click.Person.Name ?? same?.Name, click.Person.EnglishName is { Length: > 0 } english ? english : same?.EnName);
    }

    private async ValueTask CallBackAsync(IUnitOfWork unit, NoticeRow notice)
    {
        var data = DataOf(notice);
        foreach (var destination in destinations.Hearing(NoticeTypes.Decided, notice.Owner, notice.App, notice.Callback))
        {
            // One decision, one key, whatever click it came by: the webhook-id is the same forever.
            await outbox.QueueAsync(unit, notice, $"notice:{notice.Id}:decided:{destination.Name}",
                OutboxMessage.ToDestination(destination.Name, NoticeTypes.Decided, data, "matter:" + (notice.Matter ?? notice.Id)).OwnedBy(destination, notice.Owner));
        }
    }

    private static string DataOf(NoticeRow notice) => new JsonObject
    {
        ["notification_id"] = notice.Id,
        // A matter is a system's own word: whose it is stands with it.
        ["system"] = notice.Owner.Length == 0 ? null : notice.Owner,
        ["matter"] = notice.Matter,
        ["event"] = notice.Event,
        ["decision"] = notice.Decision,
        ["comment"] = notice.Comment,
        ["by"] = new JsonObject { ["open_id"] = notice.DecidedBy!.OpenId, ["user_id"] = notice.DecidedBy.UserId, ["name"] = notice.DecidedBy.Name },
        ["at"] = notice.DecidedAt!.Value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        ["app"] = notice.App,
    }.ToJsonString(Relaxed);

    /// <summary>The applicant's own notice, of the type <c>approval.decided</c>.</summary>
    private async ValueTask TellApplicantAsync(IEffects effects, NoticeRow notice, NoticeType type)
    {
        if (notice.Applicant is not { } applicant) return;
        var values = ValuesOf(notice, applicant).Where(v => type.Variables.Any(k => k.Name == v.Key)).ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
        if (type.Variables.FirstOrDefault(v => v.Required && !values.ContainsKey(v.Name)) is { } missing)
        {
            logger.LogWarning("The applicant of notification {Notification} is not told: the type {Type} needs {Variable}, which a decision does not have", notice.Id, type.Name, missing.Name);
            return;
        }

        if (Result(notice, type, values, effects.Now) is var (row, card)) await sending.StoreAsync(effects.Unit, row, [applicant], [], card);
    }

    /// <summary>What the applicant gets; null: the type makes no card of these values. Then the decision counts all the same.</summary>
    private (NoticeRow Row, string Card)? Result(NoticeRow notice, NoticeType type, Dictionary<string, NoticeValue> values, DateTimeOffset now)
    {
        try
        {
            var model = JsonNode.Parse(NoticeFilling.Fill(type, values, []))!;
            if (model["status"]?.ToString() is null or "neutral") model["status"] = notice.Decision == Approved ? "success" : "danger";
            var key = "decided:" + notice.Id;
            var row = new NoticeRow
            {
                Id = NoticeSending.NewId(), App = notice.App, Event = type.Name, Matter = notice.Matter, CallerKey = key, BodyHash = key, RequestedBy = "system", Owner = notice.Owner, State = NoticeStates.Open,
                Urgency = type.Urgency, Model = model.ToJsonString(Relaxed), CreatedAt = now,
            };
            return (row, faces.Compile(row).Content);
        }
        catch (Exception e) when (e is RequestRefusedException or ArgumentException)
        {
            logger.LogWarning("The applicant of notification {Notification} is not told: the type {Type} makes no card of this decision ({Reason})", notice.Id, type.Name, e.Message);
            return null;
        }
    }

    private Dictionary<string, NoticeValue> ValuesOf(NoticeRow notice, NoticeTarget applicant)
    {
        var message = NoticeFaces.MessageOf(notice.Model);
        var head = NoticeFaces.HeadOf(message);
        var at = TimeZoneInfo.ConvertTime(notice.DecidedAt!.Value, gateway.TimeZone);
        var values = new Dictionary<string, NoticeValue>(StringComparer.Ordinal)
        {
            ["subject"] = new(notice.Matter is { } matter ? new LocalText(matter + " · ", matter + " · ") + head : head),
            ["result"] = new(notice.Decision == Approved ? new LocalText("已通过", "Approved") : new LocalText("已驳回", "Rejected")),
            ["decided_at"] = new(new LocalText(at.ToString("yyyy年M月d日 HH:mm", CultureInfo.InvariantCulture), at.ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture))),
        };
        if (notice.DecidedBy?.Name is { } name) values["approver"] = new(new LocalText(name, notice.DecidedBy.EnName ?? name));
        if (applicant.Person?.Names is { } names) values["applicant"] = new(names);
        if (notice.Comment is { } comment) values["comment"] = new(comment);
        if (message.Actions.FirstOrDefault(a => a.Url is not null) is { } link) values["link"] = new(link.Url!);
        return values;
    }
}
