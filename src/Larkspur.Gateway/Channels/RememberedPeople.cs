using System.Collections.Concurrent;

namespace Larkspur.Gateway.Channels;

/// <summary>What a platform's directory said of people. It is asked once an hour for each; while it does not answer, what it said within a day counts.</summary>
/// <remarks>Somebody who may not be seen is usual, and nothing waits for the directory longer than <see cref="Patience"/>.</remarks>
/// <typeparam name="T">A person as the platform tells of them.</typeparam>
internal sealed class RememberedPeople<T>(TimeProvider clock, ILogger logger)
    where T : class
{
    private const int MaxKept = 10_000;
    private static readonly TimeSpan Keep = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeepAbsence = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan KeepInNeed = TimeSpan.FromHours(24);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>A directory that is away is asked again soon, and not with every message: each would wait.</summary>
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<(string App, string Id), Known> _known = new();

    /// <summary>The person; null: the app may not see them, or the directory does not answer and has not answered within a day.</summary>
    public async ValueTask<T?> FindAsync(string app, string id, Func<CancellationToken, Task<T?>> ask, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var known = _known.GetValueOrDefault((app, id));
        if (known is not null && known.Until > now) return known.Person;
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            var person = await ask(both.Token);
            return Remember(app, id, new Known(person, now, now + (person is null ? KeepAbsence : Keep)));
        }
        catch (PlatformApiException e) when (!e.IsTransient)
        {
            logger.LogInformation("A person is not to be seen in the directory: {Reason}", e.Message);
            return Remember(app, id, new Known(null, now, now + KeepAbsence));
        }
        catch (Exception e) when (e is PlatformApiException or PlatformNetworkException || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            logger.LogInformation("The directory did not answer: {Reason}", e.Message);
            return Remember(app, id, known is not null && known.ReadAt + KeepInNeed > now ? known with { Until = now + SoonAgain } : new Known(null, now, now + SoonAgain));
        }
    }

    private T? Remember(string app, string id, Known known)
    {
        if (_known.Count >= MaxKept) _known.Clear();
        _known[(app, id)] = known;
        return known.Person;
    }

    private sealed record Known(T? Person, DateTimeOffset ReadAt, DateTimeOffset Until);
}
