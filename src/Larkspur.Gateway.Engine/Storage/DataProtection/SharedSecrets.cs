using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>
/// Random keys of 32 bytes that all processes on a database share: each is made once, at its first use by any of them, and kept encrypted under the
/// key ring. What is made with one can be made again by every process and by a later one, and guessed by nobody.
/// </summary>
internal sealed partial class SharedSecrets(
    IDatabase database, IDataProtectionProvider protection, TimeProvider clock, ILogger<SharedSecrets> logger)
{
    private const string Purpose = "shared-secret";
    private const int Size = 32;

    /// <summary>Where they lie.</summary>
    public static SealedColumns Columns { get; } = new("shared_secret", "name", ["value"], [new(Purpose, IsBase64Url: false)]);

    private readonly ConcurrentDictionary<string, byte[]> _known = new(StringComparer.Ordinal);

    /// <summary>The key of this name.</summary>
    /// <exception cref="MasterKeyException">The key ring does not open with the master key that is set.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public async ValueTask<byte[]> GetAsync(string name, CancellationToken cancellation)
    {
        if (_known.TryGetValue(name, out var known)) return known;
        // The ring reads and writes the database by itself: never inside a transaction of ours.
        var protector = protection.CreateProtector(Purpose);
        var stored = await FindAsync(name, cancellation) ?? await MakeAsync(protector, name, null, cancellation);
        if (Open(protector, name, stored) is not { } secret)
        {
            stored = await MakeAsync(protector, name, stored, cancellation);
            secret = Open(protector, name, stored)
                ?? throw new CryptographicException($"The shared secret \"{name}\" was just encrypted and cannot be decrypted.");
        }

        return _known.GetOrAdd(name, secret);
    }

    private Task<string?> FindAsync(string name, CancellationToken cancellation) => database.ReadAsync(
        sql => sql.FirstAsync("SELECT value FROM shared_secret WHERE name = $1", static row => row.GetString(0), name), cancellation);

    /// <summary>Stores a new key, unless another process was first: the row is the lock.</summary>
    /// <param name="protector">Encrypts it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="lost">What it takes the place of; null: there was none.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>What is stored now.</returns>
    private async Task<string> MakeAsync(IDataProtector protector, string name, string? lost, CancellationToken cancellation)
    {
        var made = Convert.ToBase64String(protector.Protect(RandomNumberGenerator.GetBytes(Size)));
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await database.TransactAsync(async unit => lost is null
            ? await unit.ExecuteAsync(
                "INSERT INTO shared_secret (name, value, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING", name, made, now)
            : await unit.ExecuteAsync(
                "UPDATE shared_secret SET value = $2, created_at = $3 WHERE name = $1 AND value = $4", name, made, now, lost), cancellation);
        return await FindAsync(name, cancellation) ?? throw new StorageUnavailableException("The secret that was just stored is not there.");
    }

    /// <returns>Null: the ring that encrypted it is gone for good, and with it all that was encrypted under it.</returns>
    private byte[]? Open(IDataProtector protector, string name, string stored)
    {
        try
        {
            return protector.Unprotect(Convert.FromBase64String(stored));
        }
        catch (MasterKeyException)
        {
            throw;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            SecretReplaced(name, e.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The shared secret {Secret} cannot be decrypted with the key ring ({Reason}): a new one takes its "
        + "place. Requests that are repeated from before get new ids")]
    private partial void SecretReplaced(string secret, string reason);
}
