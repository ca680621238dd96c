using System.Security.Cryptography;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>Runs commands of business systems: shows the form, or reads it from the words, and tells the system.</summary>
internal sealed class RegisteredCommands(
    RegisteredCommandStore store, CallStore calls, CallEvents events, ReplySender replies, UserResolver people)
{
    /// <summary>What people of an app can call, by name.</summary>
    public IEnumerable<BotCommand> For(string app) => store.All.Where(c => c.IsFor(app)).Select(Bot);

    /// <summary>The command of a name or another name; null: people of this app have none.</summary>
    public BotCommand? Find(string name, string app) => store.Find(name) is { } command && command.IsFor(app) ? Bot(command) : null;

    private BotCommand Bot(RegisteredCommand command) =>
        new(command.Name, command.Aliases, CommandDescriptions.Safe(command.Description), (heard, cancellation) =>
            RunAsync(command, heard, cancellation))
        {
            Origin = command.Owner,
        };

    private async ValueTask<Reaction> RunAsync(RegisteredCommand command, HeardCommand heard, CancellationToken cancellation)
    {
        var message = await heard.Message.WithSenderAsync(cancellation);
        var person = CommandCaller.Of(message.Sender, (await people.OfAsync(message.Sender, cancellation)).Id);
        var call = new StoredCall
        {
            Id = "cc_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), Command = command.Name, Owner = command.Owner,
            App = message.App, Platform = message.Platform, Person = CalledBy.Of(person), Words = heard.Rest,
            ChatId = message.ChatId, IsGroup = message.IsGroup, MessageId = message.MessageId, Reply = message.Reply,
            Locale = message.Language.Tag(), Reference = heard.Context.Reference,
        };
        var text = command.Form is { } asked ? FormText.Read(asked, call.Words) : null;
        return new Reaction(async effects =>
        {
            var hearing = events.Hearing(command, call.App);
            if (hearing.Count == 0) return await RefuseAsync(BotTexts.CommandDeaf("/" + command.Name), "no_webhook");
            if (command.Form is not { } form || text is null) return await CallAsync(effects, command, call, hearing);
            if (replies.Can(call.Platform, ChannelCapability.CardForms))
                return await AskAsync(effects, call with { Form = command.FormJson }, CommandFace.Open(text.Prefilled(form), call.Owner));
            if (text.Problems.Count == 0) return await CallAsync(effects, command, call with { Entered = text.Json() }, hearing);
            var problems = text.IsEmpty ? "" : string.Join('\n', text.Problems.Select(p => p.In(call.Locale))) + "\n\n";
            await SayAsync(effects, problems + FormText.Usage(command, form, message.Language));
            return text.IsEmpty ? Outcome.Answered : Outcome.Refused("incomplete_form");

            async ValueTask<Outcome> RefuseAsync(LocalText words, string reason)
            {
                await SayAsync(effects, words.In(message.Language));
                return Outcome.Refused(reason);
            }
        });

        ValueTask SayAsync(IEffects effects, string words) => replies.AnswerAsync(effects, message, heard.Context,
            UnifiedResponse.Text(words));
    }

    private async ValueTask<Outcome> CallAsync(IEffects effects, RegisteredCommand command, StoredCall call,
        IReadOnlyList<WebhookEndpoint> hearing)
    {
        call = call with
        {
            State = CallState.Called, CreatedAt = effects.Now, RemindAt = command.AnswerWithin > TimeSpan.Zero
                ? effects.Now + command.AnswerWithin : null,
        };
        await calls.AddAsync(effects.Unit, call);
        CallEvents.Tell(effects, hearing, call);
        return Outcome.Answered;
    }

    private async ValueTask<Outcome> AskAsync(IEffects effects, StoredCall call, CardMessage form)
    {
        await calls.AddAsync(effects.Unit, call with { State = CallState.Form, CreatedAt = effects.Now });
        var response = new UnifiedResponse(form.Title.In(call.Locale))
        {
            Kind = ResponseKind.Card, Card = form, Locale = call.Locale, Face = new CardFace(CardKinds.CommandForm, call.Id),
        };
        await replies.SayAsync(effects.Unit, call.Platform, call.App, call.Reply, response, $"command {call.Id} form", call.Reference);
        return Outcome.Answered;
    }
}
