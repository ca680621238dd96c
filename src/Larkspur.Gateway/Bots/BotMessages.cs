using Larkspur.Feishu.Api;
using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.Events.Parts;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Channels.Feishu.Conversations;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;

namespace Larkspur.Gateway.Bots;

/// <summary>What the bot does with a message: a command runs, other words are for the assistant; they are echoed until one is connected.</summary>
internal sealed class BotMessages(FeishuApps apps, CommandTable commands, IBotPeople people, FeishuQuestions questions)
{
    private const int EchoedLength = 2000;

    public async ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        var addressed = await AddressedAsync(context, cancellation);
        if (addressed.Ignored is { } reason) return Reaction.Ignore(reason);
        var (message, sender, openId, botOpenId) = (addressed.Message!, addressed.Sender!, addressed.Sender!.SenderId!.OpenId!, addressed.BotOpenId);
        var app = apps.Get(context.Event.App);

        var attachments = questions.AreTaken ? FeishuAttachments.Of(message) : [];
        // A picture alone says something too, where somebody looks at it.
        var text = IncomingText.Read(message, botOpenId) ?? (attachments.Count > 0 ? "" : null);
        var isCommand = CommandTable.TryParse(text ?? "", out var name, out var rest);
        var spoken = Languages.SpokenIn(text);
        var language = spoken ?? await people.LanguageAsync(app.Name, openId, cancellation) ?? Language.English;
        var request = new BotRequest
        {
            Context = context, App = app, Message = message, Sender = sender, Language = language, Text = isCommand ? rest : text ?? "", Attachments = attachments, Quoted = questions.AreTaken ? FeishuQuotes.Of(message) : null,
        };
        var reaction = await ReactAsync(request, text, isCommand ? name : null, cancellation);
        if (spoken is null) return reaction;
        return new Reaction(async effects =>
        {
            await people.RememberLanguageAsync(effects.Unit, app.Name, openId, spoken.Value);
            return await reaction.Apply(effects);
        });
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

    private ValueTask<Reaction> ReactAsync(BotRequest request, string? text, string? command, CancellationToken cancellation)
    {
        var language = request.Language;
        if (text is null) return Say(request, language.Get("unreadable"), Outcome.Refused("unreadable_message"));
        if (text.Length == 0 && request.Attachments.Count == 0 && request.Quoted is null) return Say(request, language.Get("empty"), Outcome.Answered);
        if (command is not null && commands.Find(command) is { } known) return known.RunAsync(request, cancellation);
        if (questions.AreTaken) return questions.ReactAsync(request, text, cancellation);
        return command is null
            ? ValueTask.FromResult(Reaction.Send(request.Answer(Echo(language, text))))
            : Say(request, language.Get("unknown", "/" + Shown(command)), Outcome.Refused("unknown_command"));
    }

    private static ValueTask<Reaction> Say(BotRequest request, string text, Outcome outcome) =>
        ValueTask.FromResult(Reaction.Send(request.Answer("text", MessageContent.Text(text)), outcome));

    /// <summary>An echo is a card with plain text: in a text message an <c>&lt;at user_id="all"&gt;</c> of the writer's would call everybody.</summary>
    private static CardBuilder Echo(Language language, string text) => new CardBuilder()
        .Header(language.Get("echo.title"), HeaderTemplate.Blue)
        .Summary(Cut(text, 80))
        .PlainText(Cut(text, EchoedLength))
        .Divider()
        .Note(language.Get("echo.note"));

    private static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "…");
    }

    private static string Shown(string command) => new(command.Where(c => char.IsLetterOrDigit(c) || c is '-' or '_').Take(40).ToArray());

    private readonly record struct Addressed(string? Ignored, EventMessage? Message = null, EventSender? Sender = null, string BotOpenId = "");
}
