using System.Text.Json;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Cards;

/// <summary>Somebody used a component of a card: who, which, and what was chosen or entered.</summary>
public sealed record CardClick
{
    /// <summary>An update that crosses the click's own answer on its way may be lost, so it leaves a little later.</summary>
    internal static readonly TimeSpan AfterAnswer = TimeSpan.FromMilliseconds(500);

    /// <summary>The event.</summary>
    public required EventContext Context { get; init; }

    /// <summary>The action as the SDK reads it.</summary>
    public required CardAction Action { get; init; }

    /// <summary>Who did it.</summary>
    public required CardPerson Person { get; init; }

    /// <summary>The person's, as their client told; else the gateway's.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>The app, by its configured name.</summary>
    public string App => Context.Event.App;

    /// <summary>The company whose app sent the card; null: not told. The old callback tells one company alone, the person's.</summary>
    internal string? OwnTenant => Action.IsLegacy ? null : Context.Event.TenantKey;

    /// <summary>The message that shows the card, or null (a link's preview).</summary>
    public string? MessageId => Action.MessageId is { Length: > 0 } id ? id : null;

    /// <summary>The chat of that message, or null.</summary>
    public string? ChatId => Action.ChatId is { Length: > 0 } id ? id : null;

    /// <summary>Component kind: <c>button</c>, <c>overflow</c>, <c>select_static</c>, <c>multi_select_static</c>, <c>select_person</c>, <c>date_picker</c>, <c>input</c>, <c>checker</c>…</summary>
    public string Tag => Action.Action.Tag;

    /// <summary>Component name.</summary>
    public string? Name => Action.Action.Name;

    /// <summary>The component's own value: an object or a string.</summary>
    public JsonElement Value => Action.Action.Value;

    /// <summary>A member of <see cref="Value"/> as text, or null.</summary>
    public string? ValueText(string name) => Action.Action.ValueText(name);

    /// <summary>The choice of a single select, a menu, a person select (an open id); outside a form.</summary>
    public string? Option => Action.Action.Option is { Length: > 0 } option ? option : null;

    /// <summary>The choices of a multi-select; outside a form. One choice is a list of one.</summary>
    public IReadOnlyList<string> Options => Action.Action.Options is { Count: > 0 } many ? many : Option is { } one ? [one] : [];

    /// <summary>The date of a date picker, or of a date and time picker; outside a form.</summary>
    public DateOnly? Date => CardPickers.TryDate(Option, out var date) ? date : Moment is { } moment ? DateOnly.FromDateTime(moment.DateTime) : null;

    /// <summary>The time of a time picker; outside a form.</summary>
    public TimeOnly? Time => CardPickers.TryTime(Option, out var time) ? time : null;

    /// <summary>The moment of a date and time picker, with the person's offset; outside a form.</summary>
    public DateTimeOffset? Moment => CardPickers.TryMoment(Option, out var moment) ? moment : null;

    /// <summary>Whether a checker is ticked now; outside a form.</summary>
    public bool? Checked => Action.Action.Checked;

    /// <summary>What was typed; outside a form.</summary>
    public string? Input => Action.Action.InputValue;

    /// <summary>What was entered into the form that was sent, read by type.</summary>
    public CardFormValues Form => Action.Action.Form;

    /// <summary>A moment as the person's client shows it, for a toast; on a card every reader
    /// sees their own with <c>CardMarkdown.LocalDateTime</c>.</summary>
    public string Clock(DateTimeOffset at) => CardTime.Text(at, null, TimeZone);

    /// <summary>Another face for the card, after the click was answered: durably, by the message's id, within 14 days of its sending, 5 a second. Send it in the reaction.</summary>
    /// <param name="card">A shared card (JSON 2.0, or 1.0 with <c>update_multi: true</c>).</param>
    /// <exception cref="ArgumentException">It is not shared, so the platform changes it by the click's token alone: <see cref="UpdateByToken"/>.</exception>
    /// <exception cref="InvalidOperationException">There is no message.</exception>
    public OutboxMessage UpdateLater(string card)
    {
        if (!CardTokenUpdate.IsShared(card)) throw new ArgumentException("A card that is not shared is changed by the click's token, for people who are named: UpdateByToken.", nameof(card));
        return OutboxMessage.PatchCard(MessageId ?? throw new InvalidOperationException("The card stands in no message; it is changed by the click's token: UpdateByToken."), card) with { Delay = AfterAnswer };
    }

    /// <summary>
    /// Another face for the card by the click's token, after the click was answered: within 30 minutes, twice. When the token has expired or is used up, a
    /// shared card is changed by its message's id.
    /// </summary>
    /// <param name="card">The card, of the same version as the old one.</param>
    /// <param name="onlyFor">A card that is not shared: the open ids of those who see the change. Null for shared ones.</param>
    /// <exception cref="ArgumentException">A shared card is for all, another one for those who are named.</exception>
    public OutboxMessage UpdateByToken(string card, IReadOnlyList<string>? onlyFor = null) =>
        CardTokenUpdate.Message(Action.Token, MessageId, card, onlyFor) with { Delay = AfterAnswer };

    /// <summary>Tells the person that they may not; nothing changes.</summary>
    public Outcome RefusePerson(IEffects effects) => Tell(effects, Toast.Of("warning", BotTexts.ClickNotAllowed), "not_allowed");

    /// <summary>Tells the person that the button belongs to nothing that exists.</summary>
    public Outcome Stale(IEffects effects) => Tell(effects, Toast.Of("warning", BotTexts.ClickUnknown), "unknown_button");

    /// <summary>Tells the person that the message they clicked is not the card's own; nothing changes.</summary>
    public Outcome OtherMessage(IEffects effects) => Tell(effects, Toast.Of("warning", BotTexts.ClickOtherMessage), "other_message");

    /// <summary>Tells the person to try again: whether the message is the card's own is known once the platform has answered.</summary>
    public Outcome OnItsWay(IEffects effects) => Tell(effects, Toast.Of("info", BotTexts.ClickOnItsWay), "on_its_way");

    /// <summary>Answers with a toast alone, and ends as refused for this reason.</summary>
    public Outcome Tell(IEffects effects, Toast toast, string reason)
    {
        ArgumentNullException.ThrowIfNull(effects);
        effects.Answer(new CallbackAnswer { Toast = toast, Late = Late(toast) });
        return Outcome.Refused(reason);
    }

    /// <summary>What a toast becomes when the click's request has left.</summary>
    public OutboxMessage Late(Toast toast)
    {
        ArgumentNullException.ThrowIfNull(toast);
        return OutboxMessage.ToPerson(Person.OpenId, "text", MessageContent.Text(toast.Chinese + "\n" + toast.English));
    }
}
