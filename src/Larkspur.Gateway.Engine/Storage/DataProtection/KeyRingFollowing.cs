using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>Keys came or went, here or in another process: what is known of the ring is forgotten, and read anew at once where it is in
/// use.</summary>
internal sealed partial class KeyRingFollowing(KeyStore store, KeyRepository repository, FollowedKeyManager manager,
    IDataProtectionProvider protection, ILogger<KeyRingFollowing> logger) : IHostedService
{
    private IDisposable? _listening;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = store.OnChange(() =>
        {
            manager.Expire();
            // Data Protection goes on with the ring that it has while somebody's call makes it read the new one.
            if (repository.IsUsed) _ = Task.Run(ReadAgain, CancellationToken.None);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _listening?.Dispose();
        return Task.CompletedTask;
    }

    private void ReadAgain()
    {
        try
        {
            protection.CreateProtector("key-ring-probe").Protect([1]);
        }
        catch (Exception e)
        {
            RingReadLater(e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The key ring has changed and cannot be read now ({Reason}); the next use reads it")]
    private partial void RingReadLater(string reason);
}
