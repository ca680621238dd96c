namespace Larkspur.AspNetCore.Tests;

/// <summary>One emulator for the tests of a class, whose time stands still: what it waits for is not too late on a busy machine.</summary>
public sealed class EmulatorFixture : IAsyncLifetime
{
    public EmulatorApp Emulator { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Emulator = await EmulatorApp.StartAsync(s => s with { RealTime = ReceiverApp.StillTime() });

    public ValueTask DisposeAsync() => Emulator.DisposeAsync();
}
