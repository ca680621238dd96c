using System.Collections.Concurrent;
using System.Text;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>An answer that this process writes now.</summary>
internal sealed class RunningTurn(long id, string name) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly CancellationTokenSource _stop = new();
    private bool _dirty;

    public long Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>Cancelled when the reader does not want it any more.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>What the reader sees of it.</summary>
    public string Text
    {
        get { lock (_gate) return _text.ToString(); }
    }

    public bool HasText
    {
        get { lock (_gate) return _text.Length > 0; }
    }

    public void Append(string text)
    {
        lock (_gate)
        {
            _text.Append(text);
            _dirty = true;
        }
    }

    public void Replace(string text)
    {
        lock (_gate)
        {
            _text.Clear().Append(text);
            _dirty = true;
        }
    }

    /// <summary>Not on the caller's thread: it may be the database's writer.</summary>
    public void Stop() => _ = _stop.CancelAsync();

    /// <summary>What is to be put down since the last time, or null.</summary>
    public string? TakeDirty()
    {
        lock (_gate)
        {
            if (!_dirty) return null;
            _dirty = false;
            return _text.ToString();
        }
    }

    /// <summary>It could not be put down: again the next time.</summary>
    public void StillDirty()
    {
        lock (_gate) _dirty = true;
    }

    public void Dispose() => _stop.Dispose();
}

/// <summary>The answers that this process writes now.</summary>
internal sealed class RunningTurns
{
    private readonly ConcurrentDictionary<long, RunningTurn> _running = new();

    public int Count => _running.Count;

    public IEnumerable<RunningTurn> All => _running.Values;

    public RunningTurn Begin(long id, string name) => _running[id] = new RunningTurn(id, name);

    public void End(RunningTurn turn)
    {
        _running.TryRemove(KeyValuePair.Create(turn.Id, turn));
        turn.Dispose();
    }

    public RunningTurn? Find(long id) => _running.GetValueOrDefault(id);

    /// <summary>The reader does not want it any more. Nothing happens when it is not written here.</summary>
    public void Stop(long id)
    {
        try
        {
            Find(id)?.Stop();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }
}
