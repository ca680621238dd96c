namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>Cards whose bot is being asked right now, and what they showed before.</summary>
/// <remarks>
/// While a callback is not answered the platform refuses operations on a card entity (200810), and takes a delayed update back when the answer
/// arrives: the two must not run side by side.
/// </remarks>
internal sealed class OngoingClicks : IResettableState
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Click> _clicks = [];

    public bool IsGoingOn(string messageId)
    {
        lock (_gate) return _clicks.ContainsKey(messageId);
    }

    public void Begin(string messageId, CardState shown)
    {
        lock (_gate)
        {
            _clicks.TryGetValue(messageId, out var click);
            _clicks[messageId] = new Click((click?.Count ?? 0) + 1, click?.Before ?? shown, click?.Updated ?? false);
        }
    }

    /// <summary>The card was updated by token in the meantime.</summary>
    /// <returns>False when nobody is being asked: the update stays.</returns>
    public bool NoteUpdate(string messageId)
    {
        lock (_gate)
        {
            if (!_clicks.TryGetValue(messageId, out var click)) return false;
            _clicks[messageId] = click with { Updated = true };
            return true;
        }
    }

    /// <returns>What the card has to show again because an update came too early; otherwise <see langword="null"/>.</returns>
    public CardState? End(string messageId)
    {
        lock (_gate)
        {
            if (!_clicks.Remove(messageId, out var click)) return null;
            if (click.Count > 1) _clicks[messageId] = click with { Count = click.Count - 1, Updated = false };
            return click.Updated ? click.Before : null;
        }
    }

    public void Reset()
    {
        lock (_gate) _clicks.Clear();
    }

    private sealed record Click(int Count, CardState Before, bool Updated);
}
