using Larkspur.Testing;

namespace Larkspur.Gateway.Tests;

/// <summary>Waits that end on the event.</summary>
internal static class Waiting
{
    /// <summary>Waits until a condition of the running host holds.</summary>
    public static async Task UntilAsync(this GatewayApp gateway, Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            while (!await holds()) await ticks.WaitForNextTickAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"The host did not come to it. The last of its log:\n{string.Join('\n', gateway.Logs.Lines.TakeLast(40).Select(l => l.Message))}");
        }
    }

    /// <summary>Waits until this many messages are recorded as sent.</summary>
    public static Task SentAsync(this GatewayApp gateway, int messages = 1) =>
        gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_outbox_sent_total") >= messages);
}
