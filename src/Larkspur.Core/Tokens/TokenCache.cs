using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Larkspur;

/// <summary>Access tokens by key: one fetch at a time per key, and none while a good token is at hand.</summary>
/// <remarks>
/// <para>A warm read takes no lock. In the last part of a token's life (<see cref="RefreshWindow"/>) the first reader starts one fetch in the
/// background and everybody still gets the old token. Without a usable token callers wait for the one fetch; a caller who cancels stops waiting,
/// the fetch goes on for the others. A failed fetch is never cached: the next caller without a token tries again; a failed background fetch is
/// tried again after <see cref="FailurePause"/>.</para>
/// <para>Counter <c>larkspur.tokens.reads</c> by <c>kind</c> and <c>result</c> = <c>hit</c> | <c>miss</c>; <c>larkspur.tokens.fetches</c> by <c>kind</c> and <c>result</c> = <c>ok</c> | <c>failed</c>.
/// The kind is the key's part before its first colon: neither a tenant nor a token is ever a label.</para>
/// </remarks>
public sealed class TokenCache(TimeProvider clock)
{
    private static readonly Counter<long> Reads =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.tokens.reads", description: "Token reads; the hit rate is hit / (hit + miss).");

    private static readonly Counter<long> Fetches =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.tokens.fetches", description: "Calls to a platform's token endpoint.");

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>How long before its end a token is renewed. 30 minutes: before that Feishu answers with the same token.</summary>
    public TimeSpan RefreshWindow { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A token this close to its end is not handed out: it could die on the way.</summary>
    public TimeSpan SafetyMargin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Pause after a failed background fetch.</summary>
    public TimeSpan FailurePause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest a fetch may take, whoever waits for it.</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Returns the token of <paramref name="key"/>, fetching it if there is none.</summary>
    /// <param name="key">The kind, then after a colon what divides it further (the tenant): <c>app</c>, <c>tenant:2ed263bf32cf1651</c>.</param>
    /// <param name="state">Handed to <paramref name="fetch"/>, so that the delegate can be static.</param>
    /// <param name="fetch">Gets a fresh token. Its cancellation token is the cache's own (<see cref="FetchTimeout"/>), not a caller's.</param>
    /// <param name="cancellationToken">Ends this caller's waiting only.</param>
    public ValueTask<AccessToken> GetAsync<TState>(
        string key, TState state, Func<TState, CancellationToken, Task<AccessToken>> fetch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fetch);
        Entry entry = _entries.TryGetValue(key, out Entry? known) ? known : _entries.GetOrAdd(key, static k => new Entry(KindOf(k)));
        Held? held = entry.Held;
        DateTimeOffset now = clock.GetUtcNow();
        if (held is not null && held.Token.ExpiresAt - now > SafetyMargin)
        {
            Count(Reads, entry, "hit");
            if (now >= held.RefreshAt) _ = Start(entry, state, fetch, held);
            return ValueTask.FromResult(held.Token);
        }

        Count(Reads, entry, "miss");
        return new ValueTask<AccessToken>(Start(entry, state, fetch, held).WaitAsync(cancellationToken));
    }

    /// <summary>Forgets a token that the platform refused, unless a newer one has taken its place meanwhile.</summary>
    public void Invalidate(string key, string token)
    {
        if (_entries.TryGetValue(key, out Entry? entry) && entry.Held is { } held && held.Token.Value == token)
        {
            Interlocked.CompareExchange(ref entry.Held, null, held);
        }
    }

    private Task<AccessToken> Start<TState>(Entry entry, TState state, Func<TState, CancellationToken, Task<AccessToken>> fetch, Held? seen)
    {
        lock (entry)
        {
            if (entry.InFlight is { } running) return running;
            // Another caller's fetch may have ended between our read and the lock.
            if (entry.Held is { } held && held != seen && held.Token.ExpiresAt - clock.GetUtcNow() > SafetyMargin) return Task.FromResult(held.Token);
            // Task.Run: neither this caller's context (activity, log scope) nor its cancellation belongs to a fetch that serves everybody.
            using (ExecutionContext.SuppressFlow())
            {
                Task<AccessToken> flight = Task.Run(() => FetchAsync(entry, state, fetch));
                entry.InFlight = flight;
                // A background fetch has no waiter; its failure was counted and must not surface as unobserved.
                _ = flight.ContinueWith(
                    static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                return flight;
            }
        }
    }

    private async Task<AccessToken> FetchAsync<TState>(Entry entry, TState state, Func<TState, CancellationToken, Task<AccessToken>> fetch)
    {
        using var timeout = new CancellationTokenSource(FetchTimeout, clock);
        AccessToken? token = null;
        try
        {
            token = await fetch(state, timeout.Token);
            return token;
        }
        finally
        {
            Count(Fetches, entry, token is null ? "failed" : "ok");
            lock (entry)
            {
                entry.InFlight = null;
                DateTimeOffset now = clock.GetUtcNow();
                if (token is not null) entry.Held = new Held(token, RefreshTime(token, now));
                else if (entry.Held is { } old) Interlocked.CompareExchange(ref entry.Held, new Held(old.Token, now + FailurePause), old);
            }
        }
    }

    /// <summary>A token that lives no longer than the window (a short-lived kind) is renewed at half of its life, not at once and forever.</summary>
    private DateTimeOffset RefreshTime(AccessToken token, DateTimeOffset now)
    {
        TimeSpan life = token.ExpiresAt - now;
        return token.ExpiresAt - (life > RefreshWindow ? RefreshWindow : life / 2);
    }

    private static void Count(Counter<long> counter, Entry entry, string result) =>
        counter.Add(1, new KeyValuePair<string, object?>("result", result), new KeyValuePair<string, object?>("kind", entry.Kind));

    private static string KindOf(string key) => key.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? key[..colon] : key;

    private sealed class Entry(string kind)
    {
        public readonly string Kind = kind;
        public volatile Held? Held;
        public Task<AccessToken>? InFlight;
    }

    private sealed record Held(AccessToken Token, DateTimeOffset RefreshAt);
}
