using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.WeCom.AiBots;

internal enum BotTurnKind { Message, EnterChat, CardClick, Feedback }

/// <summary>Something that a person did and that the AI bot may answer.</summary>
internal sealed class BotTurn
{
    public required string ReqId { get; init; }
    public required BotTurnKind Kind { get; init; }
    public required WeComChat Chat { get; init; }
    public required string UserId { get; init; }
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
internal sealed class BotTurns(EmulatedWorld world)
{
    /// <summary>A message can be answered for so long.</summary>
    public static readonly TimeSpan ReplyWindow = TimeSpan.FromHours(24);
    private const int MostKept = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, BotTurn> _turns = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];
    private readonly HashSet<string> _met = [];

    public void Add(BotTurn turn)
    {
        lock (_gate)
        {
            _turns[turn.ReqId] = turn;
            _order.Enqueue(turn.ReqId);
            if (_order.Count > MostKept) _turns.Remove(_order.Dequeue());
            if (turn.Kind == BotTurnKind.Message) _met.Add(turn.Chat.ChatId);
        }
    }

    /// <returns><see langword="null"/> when it is unknown or too old.</returns>
    public BotTurn? Find(string reqId)
    {
        lock (_gate) return _turns.TryGetValue(reqId, out var turn) && turn.Began + ReplyWindow > world.Clock.GetUtcNow() ? turn : null;
    }

    /// <summary>Whether people of the chat talked to the bot before: only then may it begin to speak.</summary>
    public bool Met(string chatId)
    {
        lock (_gate) return _met.Contains(chatId);
    }

    public void Clear()
    {
        lock (_gate)
        {
            _turns.Clear();
            _order.Clear();
            _met.Clear();
        }
    }
}
