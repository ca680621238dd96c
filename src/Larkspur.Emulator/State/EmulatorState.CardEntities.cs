namespace Larkspur.Emulator.State;

public sealed partial class EmulatorState
{
    /// <summary>JSON of all card entities together, in characters; the oldest are forgotten beyond it.</summary>
    public const long MostCardEntityText = 64L << 20;

    private readonly Dictionary<string, CardEntity> _cardEntities = [];
    private readonly Dictionary<string, string> _cardEntityByMessage = [];
    private readonly Queue<string> _cardEntityOrder = [];
    private long _cardEntityText;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<CardEntity> CardEntities { get { lock (_gate) return [.. _cardEntities.Values]; } }

    public CardEntity? CardEntity(string cardId) { lock (_gate) return _cardEntities.GetValueOrDefault(cardId); }

    /// <summary>The entity that a message shows.</summary>
    public CardEntity? CardEntityOf(string messageId)
    {
        lock (_gate) return _cardEntityByMessage.TryGetValue(messageId, out var id) ? _cardEntities.GetValueOrDefault(id) : null;
    }

    public void Put(CardEntity entity)
    {
        lock (_gate)
        {
            if (_cardEntities.TryGetValue(entity.CardId, out var before)) _cardEntityText -= before.Json.Length;
            else _cardEntityOrder.Enqueue(entity.CardId);
            _cardEntities[entity.CardId] = entity;
            _cardEntityText += entity.Json.Length;
            if (entity.MessageId is { } message) _cardEntityByMessage[message] = entity.CardId;
            while (_cardEntityText > MostCardEntityText && _cardEntityOrder.TryPeek(out var oldest) && oldest != entity.CardId)
            {
                _cardEntityOrder.Dequeue();
                if (!_cardEntities.Remove(oldest, out var gone)) continue;
                _cardEntityText -= gone.Json.Length;
                if (gone.MessageId is { } shown) _cardEntityByMessage.Remove(shown);
            }
        }
    }

    private void ForgetCardEntities()
    {
        _cardEntities.Clear();
        _cardEntityByMessage.Clear();
        _cardEntityOrder.Clear();
        _cardEntityText = 0;
    }
}
