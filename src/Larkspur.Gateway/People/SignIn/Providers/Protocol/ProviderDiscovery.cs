using System.Collections.Concurrent;
using Larkspur.Gateway.People.SignIn.Providers.Rows;
using Larkspur.Gateway.Webhooks;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.People.SignIn.Providers.Protocol;

/// <summary>
/// What providers say of themselves, kept for an hour. While one is away, what it said last is used for a day. It is asked by one request
/// at a time, and left alone for a while when it did not answer or when its keys were just read.
/// </summary>
internal sealed partial class ProviderDiscovery(ProviderCalls calls, ConfiguredWebhooks settings, TimeProvider clock,
    ILogger<ProviderDiscovery> logger)
{
    /// <summary>So long it is not asked again.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>So long it is used while the provider does not answer.</summary>
    public static readonly TimeSpan Usable = TimeSpan.FromDays(1);

    /// <summary>Keys are read again because of a token no more often than this: tokens with unknown keys cost the provider nothing
    /// more.</summary>
    public static readonly TimeSpan BetweenKeys = TimeSpan.FromSeconds(30);

    /// <summary>After a failure it is left alone: those who wait at the page do not wait one after another.</summary>
    public static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(15);

    private const int MostKept = 2 * ProviderStore.Most;

    private readonly ConcurrentDictionary<string, Entry> _kept = new(StringComparer.Ordinal);

    /// <summary>What is known of a provider; asked where nothing is, or where it is old.</summary>
    /// <exception cref="ProviderException">It does not say, and nothing is known that can be used.</exception>
    public async Task<ProviderMetadata> OfAsync(IdentityProvider provider, CancellationToken cancellation)
    {
        var entry = EntryOf(provider);
        if (IsFresh(entry)) return entry.Now!;
        await entry.Gate.WaitAsync(cancellation);
        try
        {
            if (IsFresh(entry)) return entry.Now!;
            var now = clock.GetUtcNow();
            var known = entry.Now is { } before && now - before.ReadAt < Usable ? before : null;
            if (entry.Failure is { } failure && now - entry.FailedAt < AfterFailure)
                return known is not null && failure.IsAway ? known : throw new ProviderException(failure.Word, failure.Detail, failure);
            try
            {
                return await ReadAsync(entry, provider);
            }
            catch (ProviderException e) when (known is not null && e.IsAway)
            {
                ProviderAway(provider.Name, e.Message);
                return known;
            }
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>Asks now, whatever is known.</summary>
    /// <exception cref="ProviderException">It does not say, or not what is needed.</exception>
    public async Task<ProviderMetadata> AskAsync(IdentityProvider provider, CancellationToken cancellation)
    {
        var entry = EntryOf(provider);
        await entry.Gate.WaitAsync(cancellation);
        try
        {
            return await ReadAsync(entry, provider);
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>A token has a key that is not among those that are known: they are read again.</summary>
    /// <param name="provider">Whose.</param>
    /// <param name="seen">What was known.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>What is known now; null: nothing newer, and it is too early to ask.</returns>
    /// <exception cref="ProviderException">It does not answer.</exception>
    public async Task<ProviderMetadata?> WithNewKeysAsync(IdentityProvider provider, ProviderMetadata seen, CancellationToken cancellation)
    {
        var entry = EntryOf(provider);
        await entry.Gate.WaitAsync(cancellation);
        try
        {
            // Somebody else has read them in the meantime.
            if (entry.Now is { } known && !ReferenceEquals(known.Keys, seen.Keys)) return known;
            var now = clock.GetUtcNow();
            if (entry.KeysAskedAt is { } before && now - before < BetweenKeys) return null;
            entry.KeysAskedAt = now;
            var newer = seen with { Keys = await KeysAsync(seen.KeySet) };
            entry.Now = newer;
            return newer;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    private async Task<ProviderMetadata> ReadAsync(Entry entry, IdentityProvider provider)
    {
        try
        {
            // Not ended by whoever happened to ask: others wait for the same. Each call has its own end.
            var document = await calls.GetAsync(ProviderMetadata.AddressOf(provider.Issuer), null, CancellationToken.None);
            var read = ProviderMetadata.Read(provider, document, settings.PrivateReach, clock.GetUtcNow());
            read = read with { Keys = await KeysAsync(read.KeySet) };
            (entry.Now, entry.Failure) = (read, null);
            return read;
        }
        catch (ProviderException e)
        {
            (entry.Failure, entry.FailedAt) = (e, clock.GetUtcNow());
            throw;
        }
    }

    private async Task<IReadOnlyList<JsonWebKey>> KeysAsync(Uri at) =>
        ProviderMetadata.KeysOf(await calls.GetAsync(at, null, CancellationToken.None));

    private bool IsFresh(Entry entry) => entry.Now is { } known && clock.GetUtcNow() - known.ReadAt < Fresh;

    private Entry EntryOf(IdentityProvider provider)
    {
        // What nobody is configured with any more is in nobody's way until there are many.
        if (_kept.Count > MostKept) _kept.Clear();
        return _kept.GetOrAdd($"{provider.Product} {provider.Issuer}", static _ => new Entry());
    }

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public volatile ProviderMetadata? Now;

        public ProviderException? Failure { get; set; }

        public DateTimeOffset FailedAt { get; set; }

        public DateTimeOffset? KeysAskedAt { get; set; }
    }

    [LoggerMessage(LogLevel.Warning, "The identity provider {Provider} does not answer ({Reason}); what it said of itself last is used")]
    private partial void ProviderAway(string provider, string reason);
}
