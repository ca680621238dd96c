using Larkspur.Emulator;
using Microsoft.AspNetCore.Builder;

namespace Larkspur.Testing;

/// <summary>What is special about a gateway beside the emulated platforms; everything has a default.</summary>
public sealed record EmulatedGatewaySetup
{
    /// <summary>What is different about the platforms.</summary>
    public Func<EmulatorSettings, EmulatorSettings>? Platform { get; init; }

    /// <summary>An emulator that outlives the gateway, in place of one of its own.</summary>
    public EmulatorApp? Emulator { get; init; }

    /// <summary>The gateway's settings, given the emulator's address (null takes a default away).</summary>
    public Func<Uri, IEnumerable<KeyValuePair<string, string?>>> Settings { get; init; } = static _ => [];

    /// <summary>An existing data folder, to take over what another life left.</summary>
    public string? DataFolder { get; init; }

    /// <summary>The gateway's clock.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Last changes to the gateway's host.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }

    /// <summary>What is done with the emulator before the gateway starts.</summary>
    public Func<EmulatorApp, Task>? Before { get; init; }

    /// <summary>Feishu's events reach the gateway.</summary>
    public bool Listens { get; init; } = true;

    /// <summary>Starts both.</summary>
    public async Task<(EmulatorApp Emulator, GatewayApp Gateway)> StartAsync()
    {
        var emulator = Emulator ?? await EmulatorApp.StartAsync(Platform);
        try
        {
            if (Before is not null) await Before(emulator);
            var gateway = await GatewayAsync(emulator);
            if (Listens) await emulator.ListensAsync(gateway);
            return (emulator, gateway);
        }
        catch when (Emulator is null)
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the gateway alone, beside an emulator that runs.</summary>
    public Task<GatewayApp> GatewayAsync(EmulatorApp emulator)
    {
        ArgumentNullException.ThrowIfNull(emulator);
        var values = new Dictionary<string, string?>();
        foreach (var (name, value) in Settings(emulator.BaseUrl)) values[name] = value;
        return GatewayApp.StartAsync(emulator.BaseUrl.ToString(), values, DataFolder, Clock, Configure);
    }
}
