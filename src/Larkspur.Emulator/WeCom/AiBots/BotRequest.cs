using Larkspur.Emulator.WeCom.Chats;

namespace Larkspur.Emulator.WeCom.AiBots;

internal enum BotRequestKind { Message, EnterChat, CardClick, Feedback }

/// <summary>Something that a person did and that the AI bot may answer.</summary>
internal sealed class BotRequest
{
    public required string ReqId { get; init; }
    public required BotRequestKind Kind { get; init; }
    public required WeComChat Chat { get; init; }
    public required string UserId { get; init; }
    /// <summary>The userid that is told of them, when it is another.</summary>
    public string? PresentUserId { get; init; }
    /// <summary>The company that is told with who wrote; null: none, as for members of the bot's own.</summary>
    public string? CorpId { get; init; }
    public required DateTimeOffset Began { get; init; }
    /// <summary>The person's message, or the card that was used.</summary>
    public string? MessageId { get; init; }
    /// <summary>Of the card that was used.</summary>
    public string? TaskId { get; init; }

    /// <summary>Stream ids of the bot to messages in the chat.</summary>
    public Dictionary<string, string> Streams { get; } = new(StringComparer.Ordinal);

    /// <summary>The one answer that an event or a card alongside a stream may have was given.</summary>
    public bool Answered { get; set; }

    public Lock Gate { get; } = new();
}

/// <summary>What the AI bot can still answer, by <c>req_id</c>.</summary>
internal sealed class BotRequests(EmulatorState state) : IResettableState
{
    /// <summary>A message can be answered for so long.</summary>
    public static readonly TimeSpan ReplyWindow = TimeSpan.FromHours(24);
    private const int MostKept = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, BotRequest> _requests = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];
    private readonly HashSet<string> _met = [];

    public void Add(BotRequest request)
    {
        lock (_gate)
        {
            _requests[request.ReqId] = request;
            _order.Enqueue(request.ReqId);
            if (_order.Count > MostKept) _requests.Remove(_order.Dequeue());
            if (request.Kind == BotRequestKind.Message) _met.Add(request.Chat.ChatId);
        }
    }

    /// <returns><see langword="null"/> when it is unknown or too old.</returns>
    public BotRequest? Find(string reqId)
    {
        lock (_gate) return _requests.TryGetValue(reqId, out var request) && request.Began + ReplyWindow > state.Clock.GetUtcNow() ? request : null;
    }

    /// <summary>Whether people of the chat talked to the bot before: only then may it begin to speak.</summary>
    public bool Met(string chatId)
    {
        lock (_gate) return _met.Contains(chatId);
    }

    public void Reset()
    {
        lock (_gate)
        {
            _requests.Clear();
            _order.Clear();
            _met.Clear();
        }
    }
}
