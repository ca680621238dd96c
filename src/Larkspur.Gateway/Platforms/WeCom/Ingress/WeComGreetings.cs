using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Settings.Branding;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary>
/// First words to a person who opened the application or the chat with the bot. The platform reports every opening; the person is welcomed
/// once.
/// </summary>
internal sealed class WeComGreetings(IBotPeople people, CommandRegistry commands, BotMessages bot, Brand brand, BotOptions options)
{
    public async ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        if (!options.Greetings) return Reaction.Ignore("greetings_off");
        var inbound = context.Event;
        if (inbound.PersonId is not { } person || WeComIncoming.ReplyTo(inbound) is not { } to) return Reaction.Ignore("incomplete");
        var language = await people.LanguageAsync(inbound.App, WeComPeople.Known(person), cancellation) ?? Language.Chinese;
        return new Reaction(async effects =>
        {
            // The application and the bot are two chats.
            if (!await people.WelcomeAsync(effects.Unit, inbound.App, WeComPeople.Known(person) + (to.IsBot ? ":bot" : ""), effects.Now)) return Outcome.Ignored("welcomed_before");
            var name = brand.NameIn(language);
            var words = bot.TakesQuestions
                ? commands.Text(language, BotTexts.GreetingAssistant(name), BotTexts.GreetingAssistantNoHelp(name))
                : commands.Text(language, BotTexts.GreetingPerson(name), BotTexts.GreetingPersonNoHelp(name));
            // A bot's welcome goes in the answer to the event, which alone may be plain words; later it would be a message nobody asked for.
            if (to.IsBot) effects.Answer(new CallbackAnswer { Toast = new Toast("info", words, words) });
            else effects.Send(WeComMessage.Say(to, inbound.App, words));
            return Outcome.Answered;
        });
    }
}
