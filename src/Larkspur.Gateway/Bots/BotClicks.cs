using Larkspur.Feishu.Events;
using Larkspur.Gateway.Bots.ApproveDemo;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Bots;

/// <summary>A click on a card of ours.</summary>
internal sealed record CardClick
{
    public required string App { get; init; }

    public required string PersonId { get; init; }

    public FeishuPerson? Person { get; init; }

    /// <summary>The card's message.</summary>
    public string? MessageId { get; init; }

    /// <summary>The person's, as their client told.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>What a toast becomes when the click's request has left.</summary>
    public OutboxMessage Late(Toast toast) => OutboxMessage.ToPerson(PersonId, "text", MessageContent.Text(toast.Chinese + "\n" + toast.English));

    /// <summary>The button belongs to nothing that exists.</summary>
    public Outcome Stale(IEffects effects)
    {
        effects.Answer(new CallbackAnswer
        {
            Toast = BotTexts.Toast("warning", "click.unknown"),
            Late = Late(BotTexts.Toast("warning", "click.unknown")),
        });
        return Outcome.Refused("unknown_button");
    }
}

/// <summary>Takes clicks, new callback and old, to the cards they belong to.</summary>
internal sealed class BotClicks(FeishuPeople people, DemoClicks demo, GatewaySettings settings)
{
    public async ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        var clicked = context.Event.Kind == EventKind.LegacyCardCallback ? context.Read<LegacyCardAction>().ToCardAction() : context.Read<CardActionTrigger>().ToCardAction();
        if (clicked is not { Operator.OpenId: { Length: > 0 } openId, Action: { } action }) return Reaction.Ignore("incomplete");
        var person = await people.FindAsync(context.Event.App, openId, cancellation);
        var click = new CardClick
        {
            App = context.Event.App,
            PersonId = openId,
            Person = person,
            MessageId = clicked.MessageId is "" ? null : clicked.MessageId,
            TimeZone = Clocks.TryFind(action.Timezone) ?? settings.TimeZone,
        };
        return action.ValueText("kind") == DemoCard.Kind && action.ValueText("request") is { } request
            && action.ValueText("choice") is { } choice and ("approve" or "reject" or "finance")
            ? demo.React(click, choice, request)
            : new Reaction(effects => ValueTask.FromResult(click.Stale(effects)));
    }
}
