using System.Globalization;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>Clicks on cards that business systems sent as a <see cref="CardMessage"/>: recorded once, shown on the card, told to the business system.</summary>
internal sealed partial class CardDecisions(
    CardStore cards, CardDeliveries deliveries, CardEvents events, IEnumerable<ICardCompiler> compilers, ILogger<CardDecisions> logger)
{
    /// <summary>Marks our buttons' values among those of other cards.</summary>
    public const string Kind = CardKinds.Decision;

    /// <summary>Of an action that can be repeated, the newest clicks are on the card's face.</summary>
    private const int ShownMarks = 3;

    public ValueTask<Reaction> HandleAsync(CardClick click, CancellationToken cancellation) => ValueTask.FromResult(new Reaction(effects => ReactAsync(effects, click)));

    private async ValueTask<Outcome> ReactAsync(IEffects effects, CardClick click)
    {
        if (click.ValueText(CardFace.CardField) is not { } id || await cards.FindAsync(effects.Unit, click.App, id) is not { } card) return click.Stale(effects);
        switch (await deliveries.JudgeAsync(effects.Unit, card.Id, click))
        {
            case ClickedMessage.Other:
                OtherMessageClicked(card.Id, click.MessageId);
                return click.OtherMessage(effects);
            case ClickedMessage.Unsure: return click.OnItsWay(effects);
        }

        var message = MessageOf(card);
        // A menu's own value says which card, its option which action.
        if (message.FindCallback(click.ValueText(CardFace.ActionField) ?? click.Option ?? "") is not { } action) return click.Stale(effects);

        CardInput? missing = null;
        var form = ReferenceEquals(action, message.Submit) ? CardFormReader.Read(message, click, out missing) : null;
        if (action.Allowed is { } allowed && !click.Person.IsAmong(allowed))
        {
            await RecordAsync(CardActionRow.Refused);
            return click.RefusePerson(effects);
        }

        if (card.DecidedAction is not null) return await AlreadyAsync();
        if (missing is not null)
        {
            await RecordAsync(CardActionRow.Incomplete);
            return click.Tell(effects, Toast.Of("warning", BotTexts.ClickIncomplete(missing.Label)), "incomplete_form");
        }

        if (action.Once && !await cards.DecideAsync(effects.Unit, card.Id, action.Id, effects.Now)) return await AlreadyAsync();
        await RecordAsync(CardActionRow.Done);
        await events.TellAsync(effects, click, new CardDecision(card, message, action, form));
        var done = DoneOf(action);
        effects.Answer(new CallbackAnswer
        {
            Toast = Toast.Of("success", done),
            Card = await FaceAsync(effects, card with { DecidedAction = action.Once ? action.Id : null }, message),
        });
        return Outcome.Answered;

        ValueTask RecordAsync(string outcome) => cards.RecordAsync(effects.Unit, click, card.Id, new CardActionRow
        {
            Action = action.Id, Outcome = outcome, PersonId = click.Person.OpenId, PersonName = click.Person.Name,
            MessageId = click.MessageId, Form = form, At = effects.Now,
        });

        async ValueTask<Outcome> AlreadyAsync()
        {
            await RecordAsync(CardActionRow.Repeated);
            var decided = await cards.FindAsync(effects.Unit, click.App, card.Id) ?? card;
            var mark = await MarksAsync(effects, decided, message) is [.., var newest] ? newest : null;
            effects.Answer(new CallbackAnswer
            {
                Toast = Toast.Of("warning", mark is null ? BotTexts.ClickUnknown : new LocalText(
                    Said(mark, BotTexts.Somebody.Chinese).Chinese, Said(mark, BotTexts.Somebody.English).English)),
                // The person may look at an old face of it.
                Card = await FaceAsync(effects, decided, message),
            });
            return Outcome.Refused("already_done");

            // A toast is read by the one who clicked, whose zone the client tells.
            LocalText Said(CardMark mark, string somebody) => mark.Sentence(mark.Name ?? somebody, card.CreatedAt, click.TimeZone);
        }
    }

    private async ValueTask<string> FaceAsync(IEffects effects, StoredCard card, CardMessage message)
    {
        var decidedBy = card.DecidedAction is { } id ? message.FindCallback(id) : null;
        var compiler = compilers.First(c => c.Platform == PlatformNames.Feishu);
        // The outcome first, in the head and in the preview, where whoever sent the card has named it.
        if (decidedBy?.Done is { } done)
        {
            var title = MessageCardTexts.Text(done, message.Title);
            message = message with { Title = title, Summary = title };
        }

        return compiler.Compile(message, new CardFace(Kind, card.Id)
        {
            SentAt = card.CreatedAt, Marks = await MarksAsync(effects, card, message), IsResolved = decidedBy is not null, Status = decidedBy is null ? null : StatusOf(decidedBy),
        }).Content;
    }

    private async ValueTask<IReadOnlyList<CardMark>> MarksAsync(IEffects effects, StoredCard card, CardMessage message) =>
        [.. (await cards.DoneAsync(effects.Unit, card.Id, ShownMarks)).Select(row => new CardMark(message.FindCallback(row.Action) is { } action ? DoneOf(action) : row.Action, row.PersonId, row.PersonName, row.At))];

    private static CardMessage MessageOf(StoredCard card)
    {
        using var model = JsonDocument.Parse(card.Model, RequestJson.Stored);
        return CardMessageReader.Read(model.RootElement, "");
    }

    private static LocalText DoneOf(CardMessageAction action) => action.Done ?? MessageCardTexts.Chosen(action.Label);

    private static CardStatus StatusOf(CardMessageAction action) => action.DoneStatus ?? action.Style switch
    {
        CardActionStyle.Primary => CardStatus.Success,
        CardActionStyle.Danger => CardStatus.Danger,
        _ => CardStatus.Closed,
    };

    [LoggerMessage(LogLevel.Warning,
        "A button of card {Card} was clicked on message {MessageId}, which is none of the card's own: nothing was decided")]
    private partial void OtherMessageClicked(string card, string? messageId);
}
