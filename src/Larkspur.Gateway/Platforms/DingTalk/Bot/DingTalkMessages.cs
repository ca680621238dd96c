using Larkspur.DingTalk.Robots;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Queueing;

namespace Larkspur.Gateway.Platforms.DingTalk.Bot;

/// <summary>What is done with a message to the robot: it becomes one of all platforms' messages, and the bot reacts.</summary>
internal sealed class DingTalkMessages(
    BotMessages bot, CommandRegistry commands, DingTalkSenders senders, DingTalkConversation conversation, IBotPeople people)
{
    /// <summary>Longer than anybody types; what is pasted beyond it is not read.</summary>
    private const int LongestText = 20_000;

    public async ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        var (app, message) = (context.Event.App, context.Event.ReadDingTalk<RobotMessage>());
        if (IsRobots(message)) return Reaction.Ignore("not_from_a_person");
        if (message.ConversationId.Length == 0) return Reaction.Ignore("incomplete");
        var to = DingTalkAddress.Of(message);
        if (message.IsOverQuota) return OverQuota(context, to);

        var said = Cut(message.Said);
        var attachments = Attachments(message.Msgtype, message.Said, message.Files);
        var quoted = Quoted(message.Replied);
        var person = message.SenderStaffId ?? message.SenderId;
        var command = SlashCommand.Of(said);
        var spoken = Languages.SpokenIn(said, command);
        var language = spoken ?? (person is null ? null : await people.LanguageAsync(app, person, cancellation)) ?? Language.Chinese;
        if (said.Length == 0 && attachments.Count == 0 && quoted is null)
            return Say(context, to, message.Msgtype == "text" ? commands.Text(language, BotTexts.Empty, BotTexts.EmptyNoHelp)
                : commands.Text(language, BotTexts.Unreadable, BotTexts.UnreadableNoHelp));

        var reaction = await bot.ReactAsync(new UnifiedMessage
        {
            Platform = DingTalkApps.Platform,
            App = app,
            Sender = await senders.OfAsync(app, message, cancellation),
            ChatId = message.ConversationId,
            IsGroup = message.IsGroup,
            MessageId = message.MsgId,
            Text = said,
            Command = command,
            Attachments = attachments,
            Quoted = quoted,
            Language = language,
            Reply = to,
            Metadata = Told(message),
        }, context, cancellation);
        if (spoken is null || person is null) return reaction;
        return new Reaction(async effects =>
        {
            await people.RememberLanguageAsync(effects.Unit, app, person, spoken.Value);
            return await reaction.Apply(effects);
        });
    }

    /// <summary>Whether somebody waits for an answer, asked when the message is too old for one.</summary>
    public static ValueTask<bool> AwaitsAnswerAsync(EventContext context, CancellationToken cancellation) => ValueTask.FromResult(!IsRobots(context.Event.ReadDingTalk<RobotMessage>()));

    /// <summary>Its own words, or another robot's: answering these would go on for ever.</summary>
    private static bool IsRobots(RobotMessage message) =>
        (message.SenderId is { Length: > 0 } sender && sender == message.ChatbotUserId) || (message.RobotCode is { Length: > 0 } robot && message.SenderStaffId == robot);

    /// <summary>Somebody wrote, and the platform withholds what: she is told so once a day, by the session webhook.</summary>
    private Reaction OverQuota(EventContext context, ReplyAddress to) => new(async effects =>
    {
        await conversation.SayAsync(effects.Unit, context.Event.App, to, UnifiedResponse.Text(DingTalkTexts.OverQuota.Both),
            $"over quota {to.Lane} {effects.Now:yyyyMMdd}", context.Reference);
        return Outcome.Refused("deliveries_used_up");
    });

    private Reaction Say(EventContext context, ReplyAddress to, string words) => new(async effects =>
    {
        await conversation.SayAsync(effects.Unit, context.Event.App, to, UnifiedResponse.Text(words), $"{context.Event.EventId} said", context.Reference);
        return Outcome.Answered;
    });

    /// <summary>The platform has no call that reads a message: what did not come along stays unknown.</summary>
    private static QuotedMessage? Quoted(RepliedMessage? replied) => replied is null ? null
        : new QuotedMessage(replied.MsgId, replied.Said is { } said ? Cut(said) : null) { Attachments = Attachments(replied.MsgType, replied.Said ?? "", replied.Files) };

    private static IReadOnlyList<UnifiedAttachment> Attachments(string type, string said, IReadOnlyList<RobotFile> files)
    {
        // What was said in it came as words already.
        if (type == "audio" && said.Length > 0) return [];
        var kind = type switch { "picture" or "richText" => "image", "audio" => "audio", "video" => "video", _ => "file" };
        return [.. files.Select(f => new UnifiedAttachment(kind, f.DownloadCode, f.FileName))];
    }

    private static Dictionary<string, string> Told(RobotMessage message)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal) { ["message_type"] = message.Msgtype };
        if (message.ConversationTitle is { Length: > 0 } title) told["chat_name"] = title;
        if (message.SenderCorpId is { Length: > 0 } corp) told["corp_id"] = corp;
        if (message.SenderNick is { Length: > 0 } nick) told["sender_name"] = nick;
        return told;
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];
}
