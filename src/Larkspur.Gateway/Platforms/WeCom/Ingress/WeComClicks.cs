using System.Text.Json;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Assistant.Linking;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.WeCom.Answers;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary>Clicks on the buttons of answers, and the platform's own thumbs below a bot's.</summary>
internal sealed class WeComClicks(WeComApps apps, WeComPeople people, IBotPeople languages, ReplyStore replies, IAssistant assistant)
{
    /// <summary>A click on a card; its answer is the card's new face.</summary>
    public async ValueTask<Reaction> CardAsync(EventContext context, CancellationToken cancellation)
    {
        var click = Read(context.Event);
        if (!AnswerAction.TryParse(click.Key, out var action)) return Reaction.Ignore("unknown_button");
        // The key may stand on any card that is sent with the application's secret: only the turn's own counts.
        if (!WeComButtons.IsOf(click.TaskId, action.Turn)) return Reaction.Ignore("other_card");
        if (context.Event.PersonId is not { } person) return Reaction.Ignore("no_assistant");
        var app = apps.Get(context.Event.App);
        var language = await languages.LanguageAsync(app.Name, WeComPeople.Known(person), cancellation) ?? Language.Chinese;
        var reaction = await assistant.ReactAsync(action, await people.AccountAsync(app, person, click.CorpId, cancellation), context, cancellation);
        return new Reaction(async effects =>
        {
            var given = new GivenReplies(effects);
            var outcome = await reaction.Apply(given);
            if (given.Toast is not { } toast) return outcome;
            var words = language == Language.Chinese ? toast.Chinese : toast.English;
            var face = await FaceAsync(effects.Unit, app, click.TaskId, action, language, words, isDone: toast.Kind == "success");
            effects.Answer(new CallbackAnswer { Toast = toast, Card = face.ToJson(), Late = Late(context.Event, click, face, person) });
            return outcome;
        });
    }

    /// <summary>The platform's thumbs, which nobody may answer. Only a thumb that was taken back is nothing to us.</summary>
    public async ValueTask<Reaction> FeedbackAsync(EventContext context, CancellationToken cancellation)
    {
        var app = apps.Get(context.Event.App);
        if (WeComIncoming.Delivery(context.Event) is not { Content: BotFeedback feedback } delivery || context.Event.PersonId is not { } person) return Reaction.Ignore("incomplete");
        AnswerActionKind? what = feedback.Verdict switch { 1 => AnswerActionKind.Helpful, 2 => AnswerActionKind.Unhelpful, _ => null };
        if (what is not { } kind) return Reaction.Ignore("feedback_taken_back");
        // A stream that was begun in the answer to a callback had no turn yet.
        var turn = feedback.FeedbackId.StartsWith("tu_", StringComparison.Ordinal) ? feedback.FeedbackId : (await replies.FindAsync(app.Name, feedback.FeedbackId, cancellation))?.Turn;
        if (turn?.StartsWith("tu_", StringComparison.Ordinal) != true) return Reaction.Ignore("no_answer_of_ours");
        return await assistant.ReactAsync(new AnswerAction(kind, turn), await people.AccountAsync(app, person, delivery.CorpId, cancellation), context, cancellation);
    }

    /// <summary>The card after a click. It is put down, so that the next click's face has nothing that this one used up.</summary>
    private async ValueTask<WeComButtons> FaceAsync(IUnitOfWork unit, WeComApp app, string taskId, AnswerAction action, Language language, string words, bool isDone)
    {
        while (true)
        {
            var reply = await ReplyStore.OfTurnAsync(unit, app.Name, action.Turn);
            var stored = Stored(reply, taskId);
            // Where it is forgotten: with the one button that was clicked.
            var shown = stored ?? new WeComButtons(taskId, TitleOf(action, language), [new WeComButton("…", action.ToString(), IsPrimary: false)]);
            // What was refused has used no button up.
            if (!isDone) return shown with { Said = words };
            var face = shown.After(action, words);
            if (stored is null || await replies.ChangeCardAsync(unit, app.Name, reply!.StreamId, reply.Card!, face.ToJson())) return face;
            // Another click was first: its face is the one that this one is about.
        }
    }

    private static string TitleOf(AnswerAction action, Language language) =>
        !action.IsOfLink ? (action.IsVerdict ? WeComTexts.HowWasIt : WeComTexts.WhatNext).In(language)
        : (action.What == AnswerActionKind.Unlink ? LinkTexts.TitleJoined
            : LinkTexts.Title).In(language);

    private static WeComButtons? Stored(Reply? reply, string taskId)
    {
        try
        {
            return reply?.ButtonsShown() is { } card && card.TaskId == taskId ? card : null;
        }
        catch (JsonException)
        {
            // Another version's: the click counts all the same.
            return null;
        }
    }

    /// <summary>For an application the card can be changed later by the click's code; a bot's card cannot, so words follow.</summary>
    private static OutboxMessage? Late(InboundEvent inbound, Clicked click, WeComButtons face, string person)
    {
        if (WeComIncoming.ReplyTo(inbound) is not { } to) return null;
        return click.ResponseCode is { } code
            ? new WeComMessage { Buttons = face, ResponseCode = code }.To(new WeComReplyTo(WeComReplyTo.UserId, person), inbound.App, WeComMessage.Card, CardTokenUpdate.Operation) with { Lane = "wecom:card:" + face.TaskId }
            : WeComMessage.Say(to, inbound.App, face.Said ?? face.Title);
    }

    private static Clicked Read(InboundEvent inbound)
    {
        if (inbound.EventType.StartsWith("aibot.", StringComparison.Ordinal))
            return WeComIncoming.Delivery(inbound) is { Content: BotCardClicked bot } delivery ? new Clicked(bot.Key, bot.TaskId, null, delivery.CorpId) : throw new UnreadableEventException("The click has no button.");
        using var json = JsonDocument.Parse(inbound.Payload);
        var fields = json.RootElement;
        return new Clicked(fields.Text("EventKey") ?? "", fields.Text("TaskId") ?? "", fields.Text("ResponseCode"), inbound.TenantKey);
    }

    private sealed record Clicked(string Key, string TaskId, string? ResponseCode, string? CorpId);

    /// <summary>Hears what the assistant says to the person who clicked.</summary>
    private sealed class GivenReplies(IEffects effects) : IEffects
    {
        public Toast? Toast { get; private set; }

        public IUnitOfWork Unit => effects.Unit;

        public DateTimeOffset Now => effects.Now;

        public void Send(OutboxMessage message) => effects.Send(message);

        public void Answer(CallbackAnswer answer)
        {
            Toast = answer.Toast;
            effects.Answer(answer);
        }
    }
}
