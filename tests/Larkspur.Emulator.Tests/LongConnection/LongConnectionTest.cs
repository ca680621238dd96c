using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.LongConnection;

/// <summary>An emulator whose real time stands still, and the waits that its tests need.</summary>
public abstract class LongConnectionTest : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private protected ManualTimeProvider Time { get; } = new();

    private protected EmulatorApp Emulator { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Emulator = await EmulatorApp.StartAsync(Configure);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Emulator.DisposeAsync();
    }

    private protected virtual EmulatorSettings Configure(EmulatorSettings settings) => settings with { RealTime = Time, CallbackPatience = TimeSpan.FromSeconds(3) };

    private protected Task<JsonObject> ConnectionsAsync(object? action = null) =>
        action is null ? Emulator.ControlAsync(HttpMethod.Get, "connections") : Emulator.ControlAsync(HttpMethod.Post, "connections", action);

    private protected async Task<int> OnlineAsync() => (await ConnectionsAsync())["apps"]![0]!["online"]!.GetValue<int>();

    private protected Task<JsonObject> PushAsync(object @event, int? fragments = null, int repeat = 1) =>
        Emulator.ControlAsync(HttpMethod.Post, "push", new { platform = "feishu", transport = "ws", type = "test.probe_v1", @event, fragments, repeat });

    private protected Task SayAsync(string text) => Emulator.ActAsync(new { @as = "alice", @do = "send", text });

    /// <summary>Waits until as many deliveries are over.</summary>
    private protected async Task<PushAttempt> RecordedAsync(int pushes)
    {
        using var watch = Emulator.State.Watch();
        using var timer = new CancellationTokenSource(Bound);
        while (Emulator.State.Inspector.Pushes().Count < pushes) await watch.Changes.ReadAsync(timer.Token);
        return Emulator.State.Inspector.Pushes()[0];
    }

    private protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timer = new CancellationTokenSource(Bound);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition()) await ticks.WaitForNextTickAsync(timer.Token);
    }

    /// <summary>Waits until a time-out is armed beyond those that were before, so that moving the clock fires it.</summary>
    private protected Task ArmedAsync(int before) => UntilAsync(() => Task.FromResult(Time.PendingTimers > before));
}
