using System.Collections.Frozen;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Messages.Cards;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>Takes clicks, new callback and old, to the handlers they belong to.</summary>
internal sealed class CardClicks
{
    private readonly FeishuPeople _people;
    private readonly Installation _settings;
    private readonly CardEvents _events;
    private readonly FrozenDictionary<string, CardActionHandler> _handlers;

    public CardClicks(FeishuPeople people, Installation settings, CardEvents events, IEnumerable<CardActionRoute> routes)
    {
        _people = people;
        _settings = settings;
        _events = events;
        _handlers = routes.ToFrozenDictionary(r => r.Kind, r => r.Handler, StringComparer.Ordinal);
    }

    public async ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        var clicked = context.Event.Kind == EventKind.LegacyCardCallback ? context.Read<LegacyCardAction>().ToCardAction() : context.Read<CardActionTrigger>().ToCardAction();
        if (clicked is not { Operator.OpenId: { Length: > 0 } openId, Action: { } action }) return Reaction.Ignore("incomplete");
        var known = await _people.FindAsync(context.Event.App, openId, cancellation);
        var click = new CardClick
        {
            Context = context,
            Action = clicked,
            Person = CardPerson.Of(clicked.Operator, clicked.IsLegacy ? null : context.Event.TenantKey, known),
            TimeZone = Clocks.TryFind(action.Timezone) ?? _settings.TimeZone,
        };
        if (click.ValueText(CardFace.KindField) is { } kind && _handlers.GetValueOrDefault(kind) is { } handler) return await handler(click, cancellation);
        return new Reaction(effects => ForeignAsync(click, effects));
    }

    /// <summary>A card that a business system has drawn by itself: it gets the click, and answers by changing the card.</summary>
    private async ValueTask<Outcome> ForeignAsync(CardClick click, IEffects effects)
    {
        if (!await _events.TellAsync(effects, click, null)) return click.Stale(effects);
        effects.Answer(new CallbackAnswer { Toast = Toast.Of("info", BotTexts.ClickReceived) });
        return Outcome.Answered;
    }
}
