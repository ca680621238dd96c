using System.Collections.Immutable;

namespace Larkspur.Emulator.WeCom.Chats;

internal enum WeComChatKind
{
    /// <summary>A person and the self-built application.</summary>
    Application,
    /// <summary>A person and the AI bot.</summary>
    AiBot,
    /// <summary>An internal group.</summary>
    Group,
    /// <summary>A customer and the customer service.</summary>
    CustomerService,
}

/// <summary>A conversation as its people see it. Never changes; the next state is another record.</summary>
internal sealed record WeComChat
{
    public required string ChatId { get; init; }
    public required WeComChatKind Kind { get; init; }
    public required string Name { get; init; }
    public required string EnName { get; init; }
    public ImmutableArray<string> People { get; init; } = [];
    public string? OwnerId { get; init; }
    /// <summary>The AI bot is in the group and hears who mentions it.</summary>
    public bool HasAiBot { get; init; }
    /// <summary>The application that made the group through the API and alone may send to it.</summary>
    public int? MadeBy { get; init; }
    public DateTimeOffset LastActive { get; init; }
}

internal enum WeComSender { Person, Application, AiBot, GroupRobot, Customer, System }

/// <summary>What one person answered to an AI bot's message.</summary>
internal sealed record WeComFeedback(string UserId, string Type, string Content, ImmutableArray<int> Reasons);

/// <summary>One message in one chat. A message to many people has a record in each of their chats, all with one <see cref="MsgId"/>.</summary>
internal sealed record WeComMessage
{
    public required string MessageId { get; init; }
    public required string ChatId { get; init; }
    /// <summary>What the wire calls it.</summary>
    public required string MsgId { get; init; }
    public required WeComSender Sender { get; init; }
    /// <summary>A userid, agentid, bot id, robot's name or customer's id.</summary>
    public required string SenderId { get; init; }
    /// <summary>The wire's <c>msgtype</c>.</summary>
    public required string Kind { get; init; }
    /// <summary>What is read first: the text, markdown, title or transcript.</summary>
    public string Text { get; init; } = "";
    /// <summary>The body under the <c>msgtype</c>, as JSON.</summary>
    public string Content { get; init; } = "{}";
    public DateTimeOffset Created { get; init; }
    public DateTimeOffset Updated { get; init; }
    public WeComCardState? Card { get; init; }
    public WeComStreamState? Stream { get; init; }
    /// <summary>Set by whoever sent it; people can rate a message that has one.</summary>
    public string? FeedbackId { get; init; }
    public WeComFeedback? Feedback { get; init; }
    /// <summary>The message that it answers.</summary>
    public string? ReplyTo { get; init; }
    public bool Recalled { get; init; }
    /// <summary>Silently lost to a limit of the platform: no person sees it.</summary>
    public bool Dropped { get; init; }
    /// <summary>Not to be forwarded; shown with the reader's name as a watermark.</summary>
    public bool Safe { get; init; }
    /// <summary>For a person's message: what became of it, in words.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>It did not arrive, or was not answered as it should be: its writer sees <see cref="Outcome"/>.</summary>
    public bool HasTrouble { get; init; }
    public int Version { get; init; } = 1;
}

/// <summary>A template card and how it looks to those for whom it was changed.</summary>
internal sealed record WeComCardState
{
    public required string Json { get; init; }
    public string TaskId { get; init; } = "";
    /// <summary>The buttons' text once they are grey for everybody.</summary>
    public string? ReplacedBy { get; init; }
    /// <summary>In a group: the card as single people see it, who got another one.</summary>
    public ImmutableDictionary<string, string> Views { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The card's JSON as a person sees it.</summary>
    public string For(string person) => Views.GetValueOrDefault(person, Json);
}

/// <summary>An answer that grows.</summary>
internal sealed record WeComStreamState
{
    public required string Id { get; init; }
    public bool Finished { get; init; }
    /// <summary>The window closed before the end came.</summary>
    public bool Expired { get; init; }
    public int Frames { get; init; }
    /// <summary>Images that came with the last frame, by their key in the store of media.</summary>
    public ImmutableArray<string> Images { get; init; } = [];
}
