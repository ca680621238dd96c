using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Conversations;

/// <summary>A platform that the assistant talks on: short words in one piece, and answers that grow.</summary>
internal interface IConversationChannel
{
    /// <summary><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>, <c>web</c>.</summary>
    string Platform { get; }

    /// <summary>Where people talk with the bot there, and what they can do.</summary>
    IReadOnlyList<ChannelKind> Kinds { get; }

    /// <summary>Says something in the transaction; it leaves once that is durable, once per <paramref name="key"/>.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="app">The app's name in the settings.</param>
    /// <param name="to">Where.</param>
    /// <param name="response">What.</param>
    /// <param name="key">Names the reason for it, up to 400 characters.</param>
    /// <param name="reference">What people may quote.</param>
    ValueTask SayAsync(IUnitOfWork unit, string app, ReplyAddress to, UnifiedResponse response, string key, string reference);

    /// <summary>Answers a message in the transaction that ends its event, in one piece and once.</summary>
    /// <param name="effects">The transaction.</param>
    /// <param name="message">What is answered.</param>
    /// <param name="context">Its event.</param>
    /// <param name="response">What is said.</param>
    ValueTask AnswerAsync(IEffects effects, UnifiedMessage message, EventContext context, UnifiedResponse response) =>
        SayAsync(effects.Unit, message.App, message.Reply, response, $"event {context.Event.EventId} words", context.Reference);

    /// <summary>Begins an answer to a message that grows before its reader's eyes, while its event is handled. An attempt that comes after a crash takes it up.</summary>
    /// <param name="message">What is answered.</param>
    /// <param name="context">Its event.</param>
    /// <param name="title">Heading; null: none.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Null: nothing can grow there now, so it is to be said in one piece.</returns>
    Task<IAnswer?> BeginAsync(UnifiedMessage message, EventContext context, string? title, CancellationToken cancellation) =>
        Task.FromResult<IAnswer?>(null);

    /// <summary>Where an account is told something in private that it did not ask for.</summary>
    /// <param name="person">Whose it is.</param>
    /// <param name="account">One of this platform.</param>
    /// <returns>By which app, and where; null: there is no way.</returns>
    PrivateAddress? PrivateAddressOf(KnownPerson person, KnownAccount account) => null;

    /// <summary>Where somebody is told something in private whom an administrator names by the id that the platform's own console
    /// shows.</summary>
    /// <param name="app">The app's name in the settings.</param>
    /// <param name="person">Feishu: an e-mail address, open id, union id or user id; elsewhere the userid.</param>
    /// <returns>Null: the app has no way to begin a conversation, or this is no id.</returns>
    ReplyAddress? AddressOf(string app, string person) => null;

    /// <summary>Begins an answer, or takes up the one of this turn: work that is done again after a crash goes on in the same message. What the reader sees first ("thinking") is on its way when this returns.</summary>
    /// <exception cref="ChannelException">The platform is away, or has no place for it.</exception>
    Task<IAnswer> OpenAsync(AnswerRequest request, CancellationToken cancellation);

    /// <summary>Gives the platform a picture, before the answer that shows it ends. Done twice, it leaves one that nobody sees.</summary>
    /// <param name="request">What the answer was begun with.</param>
    /// <param name="picture">At most 10 MB.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>By what <see cref="AnswerEnd.Pictures"/> names it; null: there is no way to show a picture there.</returns>
    /// <exception cref="ChannelException">It is refused, or the platform does not answer.</exception>
    Task<string?> UploadAsync(AnswerRequest request, AnswerPicture picture, CancellationToken cancellation) =>
        Task.FromResult<string?>(null);

    /// <summary>Reads a file that came with a message.</summary>
    /// <param name="app">The app's name in the settings.</param>
    /// <param name="attachment">Which.</param>
    /// <param name="into">Gets the bytes; after a failure it has a part of them.</param>
    /// <param name="maxBytes">Most bytes taken.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="AttachmentException">It cannot be read.</exception>
    Task<AttachmentFacts> ReadAttachmentAsync(string app, UnifiedAttachment attachment, Stream into, long maxBytes, CancellationToken cancellation);

    /// <summary>Reads a message that somebody pointed at and whose words did not come along.</summary>
    /// <param name="app">The app's name in the settings.</param>
    /// <param name="quoted">Which.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>With its words, empty where it has none, and its files.</returns>
    /// <exception cref="AttachmentException">It cannot be read.</exception>
    Task<QuotedMessage> ReadQuotedAsync(string app, QuotedMessage quoted, CancellationToken cancellation) =>
        Task.FromException<QuotedMessage>(new AttachmentException(AttachmentTrouble.Gone, "The platform sends no words of it along, and gives none."));
}

/// <summary>Where somebody is told something in private.</summary>
/// <param name="App">By which app.</param>
/// <param name="To">Where.</param>
internal sealed record PrivateAddress(string App, ReplyAddress To);

/// <summary>An answer that grows before its reader's eyes. Dispose it: what was not finished stays as it is, and the turn's next attempt takes it up.</summary>
internal interface IAnswer : IAsyncDisposable
{
    /// <summary>Adds to the text. Returns at once, any thread; frames are coalesced as the platform takes them.</summary>
    void Append(string text);

    /// <summary>Replaces the text. Returns at once, any thread.</summary>
    void Replace(string text);

    /// <summary>Nothing more comes. Ends when no frame is on its way: another process may be the one that shows the last face, which none may overtake.</summary>
    ValueTask QuietAsync() => ValueTask.CompletedTask;

    /// <summary>Ends it in the transaction: once that is durable the final form will be shown, whatever becomes of this process.</summary>
    ValueTask FinishAsync(IUnitOfWork unit, AnswerEnd end);
}

/// <summary>What an answer is begun with.</summary>
internal sealed record AnswerRequest
{
    /// <summary>The turn: <c>tu_</c> and 32 hexadecimal digits. One answer per turn.</summary>
    public required string Turn { get; init; }

    /// <summary>The turn's row.</summary>
    public required long TurnId { get; init; }

    /// <summary>The app's name in the settings.</summary>
    public required string App { get; init; }

    public required ReplyAddress Reply { get; init; }

    public required Language Language { get; init; }

    /// <summary>What people may quote.</summary>
    public required string Reference { get; init; }

    /// <summary>Heading, where the form has one; null: none.</summary>
    public string? Title { get; init; }

    /// <summary>A button that stops it makes sense.</summary>
    public bool CanStop { get; init; }
}

/// <summary>How an answer ends.</summary>
/// <param name="Text">All of it, Markdown.</param>
internal sealed record AnswerEnd(string Text)
{
    public AnswerEnding Ending { get; init; }

    /// <summary>Small print: sources, or what happened. Null: none.</summary>
    public string? Note { get; init; }

    /// <summary>The buttons below, in their order.</summary>
    public IReadOnlyList<ResponseButton> Buttons { get; init; } = [];

    /// <summary>Pictures that are shown with it, as <see cref="IConversationChannel.UploadAsync"/> named them.</summary>
    public IReadOnlyList<string> Pictures { get; init; } = [];
}

/// <summary>Ways to end.</summary>
internal enum AnswerEnding
{
    /// <summary>It is whole.</summary>
    Finished,

    /// <summary>The reader stopped it.</summary>
    Stopped,

    /// <summary>It broke off; the text says so.</summary>
    Interrupted,

    /// <summary>There is none; the text says why.</summary>
    Failed,
}
