using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary>What is done with a message: it becomes one of all platforms' messages, and the bot reacts.</summary>
internal sealed class WeComMessages(WeComApps apps, WeComPeople people, IBotPeople languages, BotMessages bot, CommandRegistry commands)
{
    public async ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        var app = apps.Get(context.Event.App);
        if (WeComIncoming.Read(context.Event, app.Settings.BotName) is not { } incoming) return Reaction.Ignore("incomplete");
        // The loop guard: what the system or a bot says is answered by nobody.
        if (!IsPerson(app, incoming.From)) return Reaction.Ignore("not_from_a_person");
        var command = SlashCommand.Of(incoming.Text);
        var spoken = Languages.SpokenIn(incoming.Text, command);
        var language = spoken ?? await languages.LanguageAsync(app.Name, WeComPeople.Known(incoming.From), cancellation) ?? Language.Chinese;
        if (incoming.Text is not { } text)
            return Say(commands.Text(language, BotTexts.Unreadable, BotTexts.UnreadableNoHelp), Outcome.Refused("unreadable_message"));
        if (text.Length == 0 && incoming.Attachments.Count == 0 && incoming.Quoted is null)
            return Say(commands.Text(language, BotTexts.Empty, BotTexts.EmptyNoHelp), Outcome.Answered);

        var reaction = await bot.ReactAsync(new UnifiedMessage
        {
            Platform = WeComApps.Platform,
            App = app.Name,
            Sender = await people.AccountAsync(app, incoming.From, incoming.CorpId, cancellation),
            ChatId = incoming.To.Target,
            IsGroup = incoming.To.IsGroup,
            MessageId = context.Event.MessageId ?? context.Event.EventId,
            Text = text,
            Command = command,
            Attachments = incoming.Attachments,
            IsBeingAnswered = incoming.To.StreamId is not null,
            Language = language,
            Reply = incoming.To.ToAddress(app.Name),
            Quoted = incoming.Quoted,
        }, context, cancellation);
        if (spoken is not { } remembered) return reaction;
        return new Reaction(async effects =>
        {
            await languages.RememberLanguageAsync(effects.Unit, app.Name, WeComPeople.Known(incoming.From), remembered);
            return await reaction.Apply(effects);
        });

        Reaction Say(string words, Outcome outcome) => Reaction.Send(WeComMessage.Say(incoming.To, app.Name, words), outcome);
    }

    /// <summary>Whether the message deserves an apology when it was not answered in time.</summary>
    public ValueTask<bool> AwaitsAnswerAsync(EventContext context, CancellationToken cancellation) =>
        ValueTask.FromResult(apps.TryGet(context.Event.App, out var app) && context.Event.PersonId is { } person && IsPerson(app, person));

    private static bool IsPerson(WeComApp app, string from) => from is not ("" or "sys") && from != app.Settings.Bot?.BotId;
}
