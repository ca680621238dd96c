namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>
/// After the start: puts under the current master key what is stored plain or under the previous one, and says early when the master key does not fit.
/// Once it has run with the new key the previous one may go. Keys that were plain are replaced then (<see cref="KeyReplacing"/>).
/// </summary>
internal sealed partial class KeyResealing(KeyStore store, MasterKeys masters, KeyReplacing replacing, IHostApplicationLifetime lifetime,
    TimeProvider clock, ILogger<KeyResealing> logger) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private CancellationTokenRegistration _started;
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _started = lifetime.ApplicationStarted.Register(() => _running = Task.Run(() => ResealAsync(lifetime.ApplicationStopping), CancellationToken.None));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _started.DisposeAsync();
        await _running;
    }

    private async Task ResealAsync(CancellationToken stopping)
    {
        try
        {
            while (!await TryResealAsync(stopping)) await Task.Delay(Pause, clock, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next start looks again.
        }
        catch (MasterKeyException e)
        {
            RingUnusable(e.Message);
        }
        catch (Exception e)
        {
            ResealingFailed(e);
        }
    }

    private async Task<bool> TryResealAsync(CancellationToken stopping)
    {
        try
        {
            var resealed = 0;
            foreach (var row in KeyStore.Trusted(await store.AllAsync(stopping)))
            {
                if (row.Master == masters.Current && row.Master is not null) continue;
                var plain = row.Master is null ? row.Element : masters.Open(row.Name, row.Element, row.Master);
                if (masters.Current is not { } current) throw masters.None();
                if (row.Master is null)
                {
                    resealed += await store.SealAllAsync(one => masters.Seal(one.Name, one.Element), current, stopping);
                    break;
                }

                await store.ReplaceAsync(row, masters.Seal(row.Name, plain), current, stopping);
                resealed++;
            }

            if (resealed > 0) ElementsResealed(resealed, MasterKeys.Setting);
            await replacing.RunAsync(stopping);
            return true;
        }
        catch (StorageUnavailableException e)
        {
            RingNotReadable(e);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Problem}")] private partial void RingUnusable(string problem);
    [LoggerMessage(LogLevel.Error, "The key ring could not be put under the current master key; the next start tries again")]
    private partial void ResealingFailed(Exception error);
    [LoggerMessage(LogLevel.Information, "{Count} elements of the key ring are now sealed with the current {Setting}")]
    private partial void ElementsResealed(int count, string setting);
    [LoggerMessage(LogLevel.Debug, "The key ring cannot be read now")] private partial void RingNotReadable(Exception error);
}
