namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>Addresses under which one conversation is answered for a while, without a token.</summary>
internal sealed class SessionWebhooks(EmulatorState state, DingTalkAddress address) : IResettableState
{
    /// <summary>As samples show it; no page promises it.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(5400);
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string ChatId, DateTimeOffset Expires)> _sessions = [];
    private readonly Queue<string> _order = [];

    public (string Url, DateTimeOffset Expires) Issue(string chatId)
    {
        var session = state.Ids.Next("");
        var expires = state.Clock.GetUtcNow() + Life;
        lock (_gate)
        {
            _sessions[session] = (chatId, expires);
            _order.Enqueue(session);
            if (_order.Count > Most) _sessions.Remove(_order.Dequeue());
        }

        return ($"{address.Base}/robot/sendBySession?session={session}", expires);
    }

    /// <summary>The conversation; <see langword="null"/> when it was never given out or is over.</summary>
    public string? ChatOf(string session)
    {
        lock (_gate) return _sessions.TryGetValue(session, out var held) && held.Expires > state.Clock.GetUtcNow() ? held.ChatId : null;
    }

    public void Reset()
    {
        lock (_gate)
        {
            _sessions.Clear();
            _order.Clear();
        }
    }
}
