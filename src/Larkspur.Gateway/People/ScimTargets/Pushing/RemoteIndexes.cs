using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Larkspur.Gateway.People.ScimTargets.Pushing;

/// <summary>What is learned of a target's look-ups while it is worked on: which of its lists were read whole.</summary>
internal sealed class RemoteIndexes
{
    private readonly ConcurrentDictionary<string, RemoteIndex> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Probe> _probes = new(StringComparer.Ordinal);

    /// <summary>Everything below a path; null: the target answers questions about it.</summary>
    public RemoteIndex? Of(string path) => _known.GetValueOrDefault(path);

    public void Keep(string path, RemoteIndex index) => _known[path] = index;

    /// <summary>It showed nobody, and has somebody all the same: it is asked from now on.</summary>
    public void ForgetEmpty(string path)
    {
        if (_known.TryGetValue(path, out var index) && index.WasEmpty) _known.TryRemove(KeyValuePair.Create(path, index));
    }

    /// <summary>The turn to try how a target answers; null: somebody has done it. The others wait until it is done.</summary>
    public async Task<Turn?> TurnAsync(string path, CancellationToken cancellation)
    {
        var probe = _probes.GetOrAdd(path, static _ => new Probe());
        if (probe.IsDone) return null;
        await probe.Gate.WaitAsync(cancellation);
        if (!probe.IsDone) return new Turn(probe);
        probe.Gate.Release();
        return null;
    }

    /// <summary>Somebody tries; whoever fails at it leaves it to the next.</summary>
    internal sealed class Turn(Probe probe) : IDisposable
    {
        public void Done() => probe.IsDone = true;

        public void Dispose() => probe.Gate.Release();
    }

    internal sealed class Probe
    {
        private volatile bool _isDone;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public bool IsDone
        {
            get => _isDone;
            set => _isDone = value;
        }
    }
}

/// <summary>What a target has below a path: ids and names, a hundred bytes for each.</summary>
internal sealed class RemoteIndex
{
    private static readonly JsonObject Nothing = [];

    /// <summary>The target showed nobody when it was asked first.</summary>
    public bool WasEmpty { get; init; }

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string? ExternalId, string? Name)> _known = new(StringComparer.Ordinal);

    /// <returns>False: it was known.</returns>
    public bool Add(Found found)
    {
        lock (_gate)
        {
            var isNew = !_known.ContainsKey(found.Id);
            _known[found.Id] = (found.ExternalId, found.Name);
            return isNew;
        }
    }

    public int Count
    {
        get
        {
            lock (_gate) return _known.Count;
        }
    }

    public void Remove(string id)
    {
        lock (_gate) _known.Remove(id);
    }

    /// <summary>Ids of those that seem to be meant.</summary>
    public IReadOnlyList<string> Where(Func<Found, bool> isIt)
    {
        lock (_gate) return [.. _known.Where(k => isIt(new(k.Key, k.Value.ExternalId, k.Value.Name, Nothing))).Select(k => k.Key).Take(5)];
    }
}
