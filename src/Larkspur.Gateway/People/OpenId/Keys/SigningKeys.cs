using System.Security.Cryptography;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.People.OpenId.Keys;

/// <summary>The keys that sign what the provider says: the same in every process, private parts encrypted. The first is made at first
/// use.</summary>
internal sealed class SigningKeys(IDatabase database, IDataProtectionProvider protection, AuditTrail audit, TimeProvider clock)
    : IDisposable
{
    private const string Purpose = "openid keys";
    private const string Revision = "oidc_keys";
    private const int Bits = 2048;

    /// <summary>A key signs for so long.</summary>
    public static readonly TimeSpan Active = TimeSpan.FromDays(90);

    /// <summary>A key is published for so long before it signs by itself: longer than clients keep what they read.</summary>
    public static readonly TimeSpan Published = TimeSpan.FromDays(1);

    /// <summary>A key that does not sign any more is published for so long: longer than any token of its lives, and clients'
    /// copies.</summary>
    public static readonly TimeSpan Retiring = TimeSpan.FromDays(3);

    /// <summary>Another process may have changed which key signs: until it is noticed the one before does, which is published.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    private readonly Lazy<IDataProtector> _protector = new(() => protection.CreateProtector(Purpose));
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Signing? _signing;

    /// <summary>Where the private parts lie.</summary>
    public static SealedColumns Columns { get; } = new("oidc_key", "kid", ["sealed_key"], [new(Purpose)]);

    /// <summary>What signs now.</summary>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public async ValueTask<SigningCredentials> CredentialsAsync(CancellationToken cancellation)
    {
        if (_signing is { } known && clock.GetElapsedTime(known.At) < LookEvery) return known.Credentials;
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_signing is { } done && clock.GetElapsedTime(done.At) < LookEvery) return done.Credentials;
            var at = clock.GetTimestamp();
            if (await FindActiveAsync(cancellation) is not { } row)
            {
                await EnsureAsync(cancellation);
                row = await FindActiveAsync(cancellation) 
                    ?? throw new InvalidOperationException("No key of the OpenID provider is active.");
            }

            if (_signing?.Kid == row.Kid) return (_signing = _signing with { At = at }).Credentials;
            var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(Convert.FromBase64String(_protector.Value.Unprotect(row.Sealed)), out _);
            // Whoever signs with the one before still holds it: it is left to the garbage collector.
            _signing = new Signing(row.Kid, new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = row.Kid },
                SecurityAlgorithms.RsaSha256), at);
            return _signing.Credentials;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>All that are published, the one that signs first.</summary>
    public async Task<IReadOnlyList<PublishedKey>> PublishedAsync(CancellationToken cancellation)
    {
        var keys = await database.ReadAsync(ReadAsync, cancellation);
        if (!keys.Any(k => k.State == KeyStates.Active))
        {
            await EnsureAsync(cancellation);
            keys = await database.ReadAsync(ReadAsync, cancellation);
        }

        return [.. keys.OrderBy(k => k.State, StringComparer.Ordinal).ThenByDescending(k => k.StateAt)];
    }

    /// <summary>The next key signs from now on, and another is published after it. What the one before signed holds on.</summary>
    public async Task<IReadOnlyList<PublishedKey>> RotateAsync(Actor who, CancellationToken cancellation)
    {
        var (first, second) = (Make(), Make());
        await database.TransactAsync(async unit =>
        {
            await Revisions.TakeAsync(unit, Revision);
            var keys = await ReadAsync(unit);
            var next = keys.FirstOrDefault(k => k.State == KeyStates.Next)?.Kid ?? await AddAsync(unit, first, KeyStates.Next);
            await TakeOverAsync(unit, next);
            await AddAsync(unit, second, KeyStates.Next);
            await audit.AddAsync(unit, who, "oidc_key.rotated", next);
        }, cancellation);
        _signing = null;
        return await PublishedAsync(cancellation);
    }

    /// <summary>Does what is due: makes what lacks, lets the next key sign, forgets those of whom nothing holds.</summary>
    /// <returns>What was done; null: nothing was due.</returns>
    public async Task<string?> TendAsync(CancellationToken cancellation)
    {
        var known = await database.ReadAsync(ReadAsync, cancellation);
        // The first is made at first use: a gateway that nobody signs in by has none.
        if (known.Count == 0) return null;
        await EnsureAsync(cancellation);
        var now = clock.GetUtcNow();
        // Made before the transaction, and only for one that is needed: it takes a while.
        var spare = IsDue(known, now) ? Make() : ((PublishedKey, string, string)?)null;
        return await database.TransactAsync(async unit =>
        {
            await Revisions.TakeAsync(unit, Revision);
            var gone = await unit.ExecuteAsync("DELETE FROM oidc_key WHERE state = $1 AND state_at <= $2", KeyStates.Retiring,
                (now - Retiring).ToUnixTimeMilliseconds());
            var keys = await ReadAsync(unit);
            var done = gone > 0 ? $"{gone} gone" : null;
            if (spare is not { } made || !IsDue(keys, now)) return done;
            var next = keys.First(k => k.State == KeyStates.Next);
            await TakeOverAsync(unit, next.Kid);
            await AddAsync(unit, made, KeyStates.Next);
            await audit.AddAsync(unit, Actor.System, "oidc_key.rotated", next.Kid);
            return done is null ? "rotated" : done + ", rotated";
        }, cancellation);
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>The active key has signed for long enough, and the next is known to clients.</summary>
    private static bool IsDue(IReadOnlyList<PublishedKey> keys, DateTimeOffset now) =>
        keys.Any(k => k.State == KeyStates.Active && k.StateAt <= now - Active)
        && keys.Any(k => k.State == KeyStates.Next && k.MadeAt <= now - Published);

    private async Task EnsureAsync(CancellationToken cancellation)
    {
        var states = (await database.ReadAsync(ReadAsync, cancellation)).Select(k => k.State).ToHashSet(StringComparer.Ordinal);
        if (states.Contains(KeyStates.Active) && states.Contains(KeyStates.Next)) return;
        // Made before the transaction: it takes a while, and the key ring writes by itself.
        var (first, second) = (Make(), Make());
        await database.TransactAsync(async unit =>
        {
            await Revisions.TakeAsync(unit, Revision);
            var there = (await ReadAsync(unit)).Select(k => k.State).ToHashSet(StringComparer.Ordinal);
            if (!there.Contains(KeyStates.Active)) await AddAsync(unit, first, KeyStates.Active);
            if (!there.Contains(KeyStates.Next)) await AddAsync(unit, second, KeyStates.Next);
        }, cancellation);
    }

    private (PublishedKey Key, string Public, string Sealed) Make()
    {
        using var rsa = RSA.Create(Bits);
        var (info, now) = (rsa.ExportSubjectPublicKeyInfo(), clock.GetUtcNow());
        return (PublishedKey.Of(info, KeyStates.Next, now, now), Convert.ToBase64String(info),
            _protector.Value.Protect(Convert.ToBase64String(rsa.ExportPkcs8PrivateKey())));
    }

    private async ValueTask<string> AddAsync(IUnitOfWork unit, (PublishedKey Key, string Public, string Sealed) made, string state)
    {
        await unit.ExecuteAsync(
            "INSERT INTO oidc_key (kid, public_key, sealed_key, state, made_at, state_at) VALUES ($1, $2, $3, $4, $5, $5)",
            made.Key.Kid, made.Public, made.Sealed, state, clock.GetUtcNow().ToUnixTimeMilliseconds());
        return made.Key.Kid;
    }

    private async ValueTask TakeOverAsync(IUnitOfWork unit, string kid)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await unit.ExecuteAsync("UPDATE oidc_key SET state = $2, state_at = $3 WHERE state = $1", KeyStates.Active, KeyStates.Retiring,
            now);
        await unit.ExecuteAsync("UPDATE oidc_key SET state = $2, state_at = $3 WHERE kid = $1", kid, KeyStates.Active, now);
    }

    private Task<Row?> FindActiveAsync(CancellationToken cancellation) => database.ReadAsync(sql => sql.FirstAsync(
        "SELECT kid, sealed_key FROM oidc_key WHERE state = $1", static row => new Row(row.GetString(0), row.GetString(1)),
        KeyStates.Active), cancellation);

    private static ValueTask<List<PublishedKey>> ReadAsync(ISql sql) => sql.QueryAsync(
        "SELECT public_key, state, made_at, state_at FROM oidc_key",
        static row => PublishedKey.Of(Convert.FromBase64String(row.GetString(0)), row.GetString(1), row.Time(2), row.Time(3)));

    private sealed record Row(string Kid, string Sealed)
    {
        public override string ToString() => Kid;
    }

    private sealed record Signing(string Kid, SigningCredentials Credentials, long At);
}

/// <summary>Keys go from state to state by themselves.</summary>
internal sealed class KeyRotation(SigningKeys keys) : Scheduling.IScheduledJob
{
    public const string Name = "openid-keys";
    public static readonly TimeSpan Every = TimeSpan.FromHours(6);

    public Task<string?> RunAsync(CancellationToken cancellation) => keys.TendAsync(cancellation);
}
