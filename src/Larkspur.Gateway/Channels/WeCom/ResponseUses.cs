using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Channels.WeCom;

/// <summary>
/// Which message called a response address, put down before the call. An address is good for one answer: should the acknowledgement be lost, the next try is refused, and only this tells that
/// the refusal means success. Rows of <c>wecom_reply</c> that are finished from the beginning, so that they are forgotten with the others.
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
        INSERT INTO wecom_reply (app, stream_id, turn, state, created_at, changed_at) VALUES ($1, $2, $3, 3, $4, $4)
        ON CONFLICT (app, stream_id) DO UPDATE SET turn = excluded.turn, changed_at = excluded.changed_at WHERE wecom_reply.turn <> excluded.turn
        """, app, NameOf(seal), key, clock.GetUtcNow().ToUnixTimeMilliseconds()) == 0, cancellation);

    /// <summary>The call was certainly not taken, and the next try must not believe that it may have been.</summary>
    /// <inheritdoc cref="BeginAsync" path="/param"/>
    /// <inheritdoc cref="BeginAsync" path="/exception"/>
    public Task TakeBackAsync(string app, string seal, string key, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("DELETE FROM wecom_reply WHERE app = $1 AND stream_id = $2 AND turn = $3", app, NameOf(seal), key);
    }, cancellation);

    /// <summary>Like no stream's.</summary>
    private static string NameOf(string seal) => "response:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seal)).AsSpan(0, 16));
}
