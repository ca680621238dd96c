using Larkspur.Feishu.Api;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.Events.Parts;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Platforms.Feishu.Conversations;

namespace Larkspur.Gateway.Platforms.Feishu.Bot;

/// <summary>What is said to the bot in Feishu: it becomes one of all platforms' messages, and the bot reacts.</summary>
internal sealed class FeishuMessages(
    FeishuApps apps, BotMessages bot, CommandRegistry commands, IBotPeople people, FeishuPeople directory)
{
    /// <summary>By which the app may see names.</summary>
    private const string NamePermission = "contact:user.base:readonly";

    public async ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        var addressed = await AddressedAsync(context, cancellation);
        if (addressed.Ignored is { } reason) return Reaction.Ignore(reason);
        var (message, sender, botOpenId) = (addressed.Message!, addressed.Sender!, addressed.BotOpenId);
        var openId = sender.SenderId!.OpenId!;
        var app = apps.Get(context.Event.App);

        var attachments = bot.TakesQuestions ? FeishuAttachments.Of(message) : [];
        var quoted = bot.TakesQuestions ? FeishuQuotes.Of(message) : null;
        // A picture alone says something too, where somebody looks at it.
        var text = IncomingText.Read(message, botOpenId) ?? (attachments.Count > 0 ? "" : null);
        var command = SlashCommand.Of(text);
        var spoken = Languages.SpokenIn(text, command);
        var language = spoken ?? await people.LanguageAsync(app.Name, openId, cancellation) ?? Language.English;
        var address = AddressOf(message);
        if (text is null) return Say(address, commands.Text(language, BotTexts.Unreadable, BotTexts.UnreadableNoHelp),
            Outcome.Refused("unreadable_message"));
        if (text.Length == 0 && attachments.Count == 0 && quoted is null)
            return Say(address, commands.Text(language, BotTexts.Empty, BotTexts.EmptyNoHelp), Outcome.Answered);

        var reaction = await bot.ReactAsync(new UnifiedMessage
        {
            Platform = PlatformNames.Feishu, App = app.Name, Sender = Account(null), LookUp = AccountAsync,
            ChatId = message.ChatId!, IsGroup = message.ChatType != MessageChatType.P2p,
            ThreadId = message.ThreadId is { Length: > 0 } thread ? thread : null,
            MessageId = message.MessageId!, Text = text, Command = command, Attachments = attachments, Quoted = quoted, Language = language,
            Reply = new ReplyAddress(address.Lane, address.TargetType, address.Target) { InThread = address.InThread },
            Metadata = new Dictionary<string, string> { ["app_id"] = app.Client.Options.AppId, ["name_permission"] = NamePermission },
        }, context, cancellation);
        if (spoken is null) return reaction;
        return new Reaction(async effects =>
        {
            await people.RememberLanguageAsync(effects.Unit, app.Name, openId, spoken.Value);
            return await reaction.Apply(effects);
        });

        async ValueTask<PlatformAccount> AccountAsync(CancellationToken ended) =>
            Account(await directory.FindAsync(app.Name, openId, ended));

        // The event names the company whose app was written to, the sender the one that they are of.
        PlatformAccount Account(FeishuPerson? known) => FeishuAccounts.Of(
            app.Name, context.Event.TenantKey, sender.TenantKey, openId, sender.SenderId!.UnionId, sender.SenderId.UserId, known);
    }

    /// <summary>Whether the message was said to the bot: what passes in a group without it deserves no apology.</summary>
    public async ValueTask<bool> AwaitsAnswerAsync(EventContext context, CancellationToken cancellation) =>
        (await AddressedAsync(context, cancellation)).Ignored is null;

    private async ValueTask<Addressed> AddressedAsync(EventContext context, CancellationToken cancellation)
    {
        var received = context.Read<ImMessageReceiveV1>();
        if (received is not { Message: { ChatId: not null, MessageId: not null } message, Sender: { SenderId.OpenId: not null } sender })
            return new Addressed("incomplete");
        if (sender.SenderType != "user") return new Addressed("not_from_a_person");

        var app = apps.Get(context.Event.App);
        var alone = message.ChatType == MessageChatType.P2p;
        // With the scope im:message.group_msg the bot receives everything; it speaks only when spoken to.
        if (!alone && message.Mentions is not { Count: > 0 }) return new Addressed("not_mentioned");
        // Between two, who was meant is clear, and no answer has to wait for the platform to tell who the bot is.
        var botOpenId = alone ? app.KnownBot?.OpenId ?? "" : (await app.BotAsync(cancellation)).OpenId;
        return !alone && !IncomingText.Mentions(message, botOpenId) ? new Addressed("not_mentioned") : new Addressed(null, message, sender, botOpenId);
    }

    /// <summary>In a group an answer quotes the message, so that people see whom it answers.</summary>
    private static OutboxMessage AddressOf(EventMessage message) => message.ChatType == MessageChatType.P2p
        ? OutboxMessage.ToChat(message.ChatId!, "text", "")
        : OutboxMessage.Reply(message.ChatId!, message.MessageId!, "text", "");

    private static Reaction Say(OutboxMessage address, string words, Outcome outcome) =>
        Reaction.Send(address with { Content = MessageContent.Text(words) }, outcome);

    private readonly record struct Addressed(string? Ignored, EventMessage? Message = null, EventSender? Sender = null, string BotOpenId = "");
}
