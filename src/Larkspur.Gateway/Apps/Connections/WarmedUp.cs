namespace Larkspur.Gateway.Apps.Connections;

/// <summary>What opens connections waits for the end of the warm-up.</summary>
internal static class WarmedUp
{
    /// <summary>Waits until the application has started; false: it stopped before.</summary>
    public static async Task<bool> HasStartedAsync(this IHostApplicationLifetime lifetime, CancellationToken stopping)
    {
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var start = lifetime.ApplicationStarted.Register(() => started.TrySetResult(true));
        await using var stop = stopping.Register(() => started.TrySetResult(false));
        return await started.Task;
    }
}
