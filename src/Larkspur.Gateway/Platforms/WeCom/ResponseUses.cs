using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>
/// The table <c>wecom_response_use</c>: which message called a response address, put down before the call. An address is good for one answer: should the acknowledgement be lost, the next try is
/// refused, and only this tells that the refusal means success.
/// </summary>
internal sealed class ResponseUses(IDatabase database, TimeProvider clock)
{
    /// <summary>The address is about to be called.</summary>
    /// <param name="app">The bot's app.</param>
    /// <param name="seal">The address, sealed as its message has it.</param>
    /// <param name="key">The key of what is said.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>True: the same was tried before, and nobody knows what became of it.</returns>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public Task<bool> BeginAsync(string app, string seal, string key, CancellationToken cancellation) => database.TransactAsync(async unit => await unit.ExecuteAsync("""
        INSERT INTO wecom_response_use (app, address, message, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (app, address) DO UPDATE SET message = excluded.message, at = excluded.at WHERE wecom_response_use.message <> excluded.message
        """, app, HashOf(seal), key, clock.GetUtcNow().ToUnixTimeMilliseconds()) == 0, cancellation);

    /// <summary>The call was certainly not taken, and the next try must not believe that it may have been.</summary>
    /// <inheritdoc cref="BeginAsync" path="/param"/>
    /// <inheritdoc cref="BeginAsync" path="/exception"/>
    public Task TakeBackAsync(string app, string seal, string key, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("DELETE FROM wecom_response_use WHERE app = $1 AND address = $2 AND message = $3", app, HashOf(seal), key);
    }, cancellation);

    /// <summary>Forgets old uses.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM wecom_response_use WHERE (app, address) IN (SELECT app, address FROM wecom_response_use WHERE at < $1 ORDER BY at LIMIT $2)
        """);

    private static string HashOf(string seal) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seal)).AsSpan(0, 16));
}
