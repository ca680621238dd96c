using Larkspur.Feishu.Events;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Settings.Branding;

namespace Larkspur.Gateway.Platforms.Feishu.Bot;

/// <summary>First words: to a group that took the bot in, to a person who opened the chat with it.</summary>
internal sealed class BotGreetings(FeishuApps apps, IBotPeople people, CommandRegistry commands, Brand brand, BotOptions options)
{
    public async ValueTask<Reaction> GroupAsync(EventContext context, CancellationToken cancellation)
    {
        if (!options.Greetings) return Reaction.Ignore("greetings_off");
        if (context.Read<ImChatMemberBotAddedV1>() is not { ChatId: { } chatId } added) return Reaction.Ignore("incomplete");
        return Reaction.Send(OutboxMessage.ToChat(chatId, "text", await TextAsync(BotTexts.GreetingGroup, BotTexts.GreetingGroupNoHelp,
            context, added.OperatorId?.OpenId, cancellation)));
    }

    /// <summary>The platform reports every opening of the chat; the person is welcomed once.</summary>
    public async ValueTask<Reaction> PersonAsync(EventContext context, CancellationToken cancellation)
    {
        if (!options.Greetings) return Reaction.Ignore("greetings_off");
        if (context.Read<ImChatAccessEventBotP2pChatEnteredV1>() is not { ChatId: { } chatId, OperatorId.OpenId: { } openId }) return Reaction.Ignore("incomplete");
        var content = await TextAsync(BotTexts.GreetingPerson, BotTexts.GreetingPersonNoHelp, context, openId, cancellation);
        return new Reaction(async effects =>
        {
            if (!await people.WelcomeAsync(effects.Unit, context.Event.App, openId, effects.Now)) return Outcome.Ignored("welcomed_before");
            effects.Send(OutboxMessage.ToChat(chatId, "text", content));
            return Outcome.Answered;
        });
    }

    /// <summary>In the language the person is known to write, else in both: nothing was written yet to tell by.</summary>
    private async Task<string> TextAsync(
        Func<object?, LocalText> text, Func<object?, LocalText> withoutHelp, EventContext context, string? openId,
        CancellationToken cancellation)
    {
        var bot = await apps.Get(context.Event.App).BotAsync(cancellation);
        // In a group it is mentioned by the name that it has on the platform.
        var own = bot.Name.Length > 0 ? bot.Name.Replace("<", "", StringComparison.Ordinal) : null;
        var known = openId is null ? null : await people.LanguageAsync(context.Event.App, openId, cancellation);
        return MessageContent.Text(known is { } language ? In(language) : In(Language.Chinese) + "\n" + In(Language.English));

        string In(Language spoken)
        {
            var name = own ?? brand.NameIn(spoken);
            return commands.Text(spoken, text(name), withoutHelp(name));
        }
    }
}
