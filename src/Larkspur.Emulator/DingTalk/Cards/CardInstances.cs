using System.Diagnostics.CodeAnalysis;

namespace Larkspur.Emulator.DingTalk.Cards;

/// <summary>All cards by <c>outTrackId</c>. Thread-safe; what it hands out never changes.</summary>
internal sealed class CardInstances(EmulatorState state) : IResettableState
{
    /// <summary>The oldest are forgotten beyond it.</summary>
    public const int Most = 20_000;
    private const int MostGuids = 2_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, CardInstance> _cards = [];
    private readonly Dictionary<string, HashSet<string>> _guids = [];
    private readonly Queue<string> _order = [];

    public IReadOnlyList<CardInstance> All { get { lock (_gate) return [.. _cards.Values.OrderBy(c => c.Created)]; } }

    public CardInstance? Find(string outTrackId) { lock (_gate) return _cards.GetValueOrDefault(outTrackId); }

    /// <summary>A card is made once; whoever makes it again gets the first.</summary>
    public CardInstance AddOrGet(CardInstance card)
    {
        lock (_gate)
        {
            if (_cards.TryGetValue(card.OutTrackId, out var known)) return known;
            var now = state.Clock.GetUtcNow();
            _cards[card.OutTrackId] = card = card with { Created = now, Updated = now };
            _order.Enqueue(card.OutTrackId);
            if (_order.Count > Most)
            {
                var oldest = _order.Dequeue();
                _cards.Remove(oldest);
                _guids.Remove(oldest);
            }

            return card;
        }
    }

    /// <param name="change">Gets the present record; returns the same one to change nothing. What it throws goes through, and nothing is changed.</param>
    public bool TryChange(string outTrackId, Func<CardInstance, CardInstance> change, [NotNullWhen(true)] out CardInstance? changed)
    {
        lock (_gate)
        {
            changed = null;
            if (!_cards.TryGetValue(outTrackId, out var card)) return false;
            changed = change(card);
            if (ReferenceEquals(changed, card)) return true;
            _cards[outTrackId] = changed = changed with { Version = card.Version + 1, Updated = state.Clock.GetUtcNow() };
        }

        foreach (var place in changed.Places) state.Announce(ChangeKind.MessageChanged, place.ChatId, place.MessageId);
        return true;
    }

    /// <summary>Whether a frame's <c>guid</c> is new to its card; it is remembered.</summary>
    public bool IsFirst(string outTrackId, string guid)
    {
        lock (_gate)
        {
            if (!_guids.TryGetValue(outTrackId, out var seen)) _guids[outTrackId] = seen = [];
            if (seen.Count >= MostGuids) seen.Clear();
            return seen.Add(guid);
        }
    }

    public bool HasSeen(string outTrackId, string guid) { lock (_gate) return _guids.TryGetValue(outTrackId, out var seen) && seen.Contains(guid); }

    public void Reset()
    {
        lock (_gate)
        {
            _cards.Clear();
            _guids.Clear();
            _order.Clear();
        }
    }
}
