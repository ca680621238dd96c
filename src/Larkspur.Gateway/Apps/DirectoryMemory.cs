using System.Collections.Concurrent;

namespace Larkspur.Gateway.Apps;

/// <summary>What a platform's directory said. It is asked once an hour for each thing; while it does not answer, what it said within a day counts.</summary>
/// <remarks>Nobody waits for it longer than a second and a half. At most 10,000 things are kept: with one more, all before it are forgotten.</remarks>
/// <typeparam name="TKey">What it is asked for.</typeparam>
/// <typeparam name="TValue">What it says.</typeparam>
internal sealed class DirectoryMemory<TKey, TValue>(TimeProvider clock)
    where TKey : notnull
{
    private const int MaxKept = 10_000;
    private static readonly TimeSpan Keep = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>How long what was read once counts while the platform does not answer.</summary>
    private static readonly TimeSpan KeepInNeed = TimeSpan.FromHours(24);

    /// <summary>A directory that is away is asked again soon, and not with every message: each would wait.</summary>
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<TKey, Known> _known = new();

    /// <summary>What counts where the directory refuses, and where it does not answer and has not answered within a day.</summary>
    public required TValue Unknown { get; init; }

    /// <summary>Whether it said all there is to say. Only that is kept for an hour.</summary>
    public required Func<TValue, bool> IsWhole { get; init; }

    /// <summary>How long anything else is kept.</summary>
    public required TimeSpan KeepUnknown { get; init; }

    /// <summary>Which failures mean that it does not answer now. Any other is the caller's, and nothing is kept of it.</summary>
    public Func<Exception, bool> IsAway { get; init; } = static e => e is PlatformApiException or PlatformNetworkException;

    /// <summary>Told when it refuses for good.</summary>
    public required Action<TKey, Exception> Refused { get; init; }

    /// <summary>Told when it does not answer.</summary>
    public required Action<TKey, Exception> Silent { get; init; }

    /// <summary>What is known of each of these, in their order. However many of them have to be asked for, all together are waited for no longer than one would be.</summary>
    /// <param name="keys">What is wanted.</param>
    /// <param name="ask">Asks the directory for one of them.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async ValueTask<IReadOnlyList<TValue>> FindAsync(IEnumerable<TKey> keys, Func<TKey, CancellationToken, Task<TValue>> ask, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        var found = new List<TValue>();
        foreach (var key in keys) found.Add(await FindAsync(key, ask, both.Token, cancellation));
        return found;
    }

    private async ValueTask<TValue> FindAsync(TKey key, Func<TKey, CancellationToken, Task<TValue>> ask, CancellationToken patience, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var known = _known.GetValueOrDefault(key);
        if (known is not null && known.Until > now) return known.Value;
        try
        {
            var said = await ask(key, patience);
            return Remember(key, new Known(said, now, now + (IsWhole(said) ? Keep : KeepUnknown)));
        }
        catch (PlatformApiException e) when (!e.IsTransient)
        {
            Refused(key, e);
            return Remember(key, new Known(Unknown, now, now + KeepUnknown));
        }
        catch (Exception e) when (IsAway(e) || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            Silent(key, e);
            return Remember(key, known is not null && known.ReadAt + KeepInNeed > now ? known with { Until = now + SoonAgain } : new Known(Unknown, now, now + SoonAgain));
        }
    }

    private TValue Remember(TKey key, Known known)
    {
        if (_known.Count >= MaxKept) _known.Clear();
        _known[key] = known;
        return known.Value;
    }

    private sealed record Known(TValue Value, DateTimeOffset ReadAt, DateTimeOffset Until);
}
