using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Commands;

/// <summary>A message to the bot, as a command sees it.</summary>
public sealed class CommandCall
{
    private readonly UnifiedMessage _message;
    private readonly EventContext _context;
    private readonly ReplySender _replies;
    private readonly UserResolver _people;

    internal CommandCall(UnifiedMessage message, string text, EventContext context, ReplySender replies, UserResolver people)
    {
        (_message, _context, _replies, _people) = (message, context, replies, people);
        Text = text;
        Caller = CommandCaller.Of(message.Sender);
    }

    /// <summary>The words behind the command, trimmed, without the mention of the bot; empty: none.</summary>
    public string Text { get; }

    /// <summary>Who called, as far as the message itself tells.</summary>
    public CommandCaller Caller { get; }

    /// <summary><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>, <c>web</c>.</summary>
    public string Platform => _message.Platform;

    /// <summary>The app, by its name in the settings.</summary>
    public string App => _message.App;

    /// <summary>The chat, by the platform's id; of a private one whatever names it there.</summary>
    public string ChatId => _message.ChatId;

    /// <summary>Others read along.</summary>
    public bool IsGroup => _message.IsGroup;

    /// <summary>The platform's id of the message.</summary>
    public string MessageId => _message.MessageId;

    /// <summary>The language to answer in: <c>zh_cn</c> or <c>en_us</c>. It follows what the person writes.</summary>
    public string Locale => _message.Language.Tag();

    /// <summary>
    /// Names this message for people and logs (<c>7QX4-M0RT</c>), the same at every attempt: an idempotency key for calls to other
    /// systems.
    /// </summary>
    public string Reference => _context.Reference;

    /// <summary>1 for the first.</summary>
    public int Attempt => _context.Attempt;

    /// <summary>The text in the language to answer in.</summary>
    public string In(LocalText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.In(Locale);
    }

    /// <summary>
    /// The caller with name, address and the gateway's person. It may call the platform (answers are kept for a while), so ask when it is
    /// needed.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The person of this web session is forgotten.</exception>
    public async ValueTask<CommandCaller> LookUpCallerAsync(CancellationToken cancellation)
    {
        var account = (await _message.WithSenderAsync(cancellation)).Sender;
        return CommandCaller.Of(account, (await _people.OfAsync(account, cancellation)).Id);
    }

    /// <summary>
    /// Begins an answer that is written while the person reads: on Feishu a card that grows. Where nothing can grow it is said in one
    /// piece when it ends. End it by
    /// <see cref="CommandStream.Finish"/>, and return what that gives. One for each call.
    /// </summary>
    /// <param name="title">Heading; null: none.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<CommandStream> BeginStreamAsync(LocalText? title, CancellationToken cancellation)
    {
        if (Stream is not null) throw new InvalidOperationException("An answer to this message is being written already.");
        var heading = title is null ? null : In(title);
        return Stream = new CommandStream(heading, await _replies.BeginAsync(_message, _context, heading, cancellation));
    }

    internal CommandStream? Stream { get; private set; }
}
