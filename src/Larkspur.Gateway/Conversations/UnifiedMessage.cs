using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Conversations;

/// <summary>What a person said, on whichever platform.</summary>
internal sealed record UnifiedMessage
{
    /// <summary><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>, <c>web</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>The app's name in the settings.</summary>
    public required string App { get; init; }

    /// <summary>Who said it, by the platform's ids.</summary>
    public required PlatformAccount Sender { get; init; }

    /// <summary>The chat on the platform; for a direct one whatever names it there.</summary>
    public required string ChatId { get; init; }

    /// <summary>Others read along.</summary>
    public bool IsGroup { get; init; }

    /// <summary>The thread of the group in which it was said; null: in none.</summary>
    public string? ThreadId { get; init; }

    /// <summary>The platform's id of the message.</summary>
    public required string MessageId { get; init; }

    /// <summary>The words, without the mention that called the bot.</summary>
    public required string Text { get; init; }

    /// <summary>The words taken apart, once for all who ask; null: they are no command.</summary>
    public SlashCommand? Command { get; init; }

    /// <summary>Asks the platform for what its event does not tell of the sender; null: there is nothing more to ask.</summary>
    public Func<CancellationToken, ValueTask<PlatformAccount>>? LookUp { get; init; }

    /// <summary>Pictures and files that came with it.</summary>
    public IReadOnlyList<UnifiedAttachment> Attachments { get; init; } = [];

    /// <summary>The platform shows that an answer is being written, and goes on with it until there are words.</summary>
    public bool IsBeingAnswered { get; init; }

    /// <summary>The message that its writer pointed at; null: none.</summary>
    public QuotedMessage? Quoted { get; init; }

    /// <summary>The platform's own session, where it has one (a web page's).</summary>
    public string? Session { get; init; }

    /// <summary>Of our words to this person.</summary>
    public required Language Language { get; init; }

    /// <summary>Where an answer goes.</summary>
    public required ReplyAddress Reply { get; init; }

    /// <summary>What else the platform told, for rules and prompts. No secrets.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The same with all that the platform tells of the sender. It may take a call: ask when it is needed.</summary>
    public async ValueTask<UnifiedMessage> WithSenderAsync(CancellationToken cancellation) =>
        LookUp is null ? this : this with { Sender = await LookUp(cancellation), LookUp = null };
}

/// <summary>A picture or file of a message.</summary>
/// <param name="Kind"><c>image</c>, <c>file</c>, <c>audio</c>, <c>video</c>.</param>
/// <param name="Key">By which its channel can read it. Stored with the question: no secret stands readable in it.</param>
/// <param name="Name">With extension, if told.</param>
internal sealed record UnifiedAttachment(string Kind, string Key, string? Name);

/// <summary>A message that somebody points at while they say something: "translate this". Stored with the question.</summary>
/// <param name="MessageId">The platform's id; null: it tells none.</param>
/// <param name="Text">Its words; null: they did not come along, and are read by <see cref="IConversationChannel.ReadQuotedAsync"/>.</param>
internal sealed record QuotedMessage(string? MessageId, string? Text)
{
    /// <summary>Its pictures and files, as far as they are known.</summary>
    public IReadOnlyList<UnifiedAttachment> Attachments { get; init; } = [];

    /// <summary>The platform's id of its writer; null: it tells none.</summary>
    public string? Author { get; init; }

    /// <summary>It is the answer of this turn; 0: of none that is known.</summary>
    public long AnswerOf { get; init; }

    /// <summary>It is being written, and will say more.</summary>
    public bool IsGrowing { get; init; }

    /// <summary>It says more than <see cref="Text"/>.</summary>
    public bool IsCut { get; init; }
}

/// <summary>Where an answer goes; what it says is its channel's own business. Stored with the question, so it must stay readable.</summary>
/// <param name="Lane">Messages of one lane leave in order: the chat as a rule.</param>
/// <param name="TargetType">Kind of <paramref name="Target"/>.</param>
/// <param name="Target">The chat, person or message it goes to.</param>
internal sealed record ReplyAddress(string Lane, string TargetType, string Target)
{
    /// <summary>An answer opens or continues a thread.</summary>
    public bool InThread { get; init; }

    /// <summary>What the channel needs besides: a request id, a session's address. Null: nothing.</summary>
    public string? Extra { get; init; }

    /// <summary>Until when <see cref="Extra"/> is good, if it expires.</summary>
    public DateTimeOffset? ExtraUntil { get; init; }
}
