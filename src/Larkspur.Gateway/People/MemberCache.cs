using System.Collections.Concurrent;

namespace Larkspur.Gateway.People;

/// <summary>Members of departments and roles, per app: read once in <see cref="KeepFor"/>, and anew when an event or an administrator says that people have moved.</summary>
/// <remarks>Those who ask at the same time share one reading. What could not be read, and what nobody knows, is not remembered.</remarks>
internal sealed class MemberCache(TimeProvider clock)
{
    /// <summary>So long a member who left may still be told, where no event says so.</summary>
    public static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(10);

    /// <summary>Departments and roles at once; each has 500 members at most.</summary>
    private const int Most = 500;

    private static readonly TimeSpan LongestReading = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string App, string Kind, string Value, bool Children), Known> _known = new();

    /// <summary>The members; null: there is no such department or role.</summary>
    /// <param name="app">The app's id.</param>
    /// <param name="named">The department or role.</param>
    /// <param name="read">Asks the platform. It is not the caller's to cancel: others wait for it, too.</param>
    /// <param name="cancellation">Ends this caller's waiting.</param>
    public async Task<IReadOnlyList<PlatformPerson>?> FindAsync(string app, Recipient named, Func<CancellationToken, Task<IReadOnlyList<PlatformPerson>?>> read, CancellationToken cancellation)
    {
        var key = (app, named.Kind, named.Value, named.Children);
        if (_known.Count >= Most && !_known.ContainsKey(key)) MakeRoom();
        var now = clock.GetUtcNow();
        var known = _known.AddOrUpdate(key, _ => New(), (_, old) => old.Until > now ? old : New());
        try
        {
            var members = await known.Reading.Value.WaitAsync(cancellation);
            if (members is null) _known.TryRemove(KeyValuePair.Create(key, known));
            return members;
        }
        catch when (known.Reading.Value.IsFaulted || known.Reading.Value.IsCanceled)
        {
            _known.TryRemove(KeyValuePair.Create(key, known));
            throw;
        }

        Known New() => new(new Lazy<Task<IReadOnlyList<PlatformPerson>?>>(() => Task.Run(async () =>
        {
            using var end = new CancellationTokenSource(LongestReading);
            return await read(end.Token);
        })), now + KeepFor);
    }

    /// <summary>People have moved, nobody says which: everything is read anew.</summary>
    public void Forget() => _known.Clear();

    private void MakeRoom()
    {
        var now = clock.GetUtcNow();
        foreach (var (key, known) in _known)
        {
            if (known.Until <= now) _known.TryRemove(key, out _);
        }

        if (_known.Count >= Most) _known.Clear();
    }

    private sealed record Known(Lazy<Task<IReadOnlyList<PlatformPerson>?>> Reading, DateTimeOffset Until);
}
