using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>Data Protection's own key manager, whose ring is read anew when keys came or went in another process: by itself it would look
/// again after a day.</summary>
internal sealed class FollowedKeyManager(XmlKeyManager keys) : IKeyManager, IDisposable
{
    private CancellationTokenSource _stale = new();

    /// <summary>What is known of the ring is out of date.</summary>
    public void Expire()
    {
        using var stale = Interlocked.Exchange(ref _stale, new CancellationTokenSource());
        stale.Cancel();
    }

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) =>
        keys.CreateNewKey(activationDate, expirationDate);

    public IReadOnlyCollection<IKey> GetAllKeys() => keys.GetAllKeys();

    /// <remarks>The source of the two is collected with the ring that it is kept for.</remarks>
    [SuppressMessage("Reliability", "CA2000", Justification = "Its token is what is wanted; disposed, it would never end.")]
    public CancellationToken GetCacheExpirationToken() =>
        CancellationTokenSource.CreateLinkedTokenSource(keys.GetCacheExpirationToken(), Volatile.Read(ref _stale).Token).Token;

    public void RevokeKey(Guid keyId, string? reason = null) => keys.RevokeKey(keyId, reason);

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => keys.RevokeAllKeys(revocationDate, reason);

    public void Dispose() => _stale.Dispose();
}
