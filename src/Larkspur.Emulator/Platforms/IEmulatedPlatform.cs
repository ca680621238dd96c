using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Platforms;

/// <summary>A platform that the emulator plays: its paths, what people do on it, its deliveries, what exists on it.</summary>
/// <remarks>Its state resets itself (<see cref="IResettableState"/>).</remarks>
internal interface IEmulatedPlatform
{
    /// <summary>What <c>"platform"</c> says in control calls, and the member of <c>GET /_emulator/state</c> that shows it.</summary>
    string Name { get; }

    /// <summary>Further names under which events are pushed, such as <c>wecom-aibot</c>.</summary>
    IReadOnlyList<string> PushNames => [];

    /// <summary>Serves the platform's own paths.</summary>
    void Map(WebApplication app);

    /// <summary>Serves control calls that only this platform has.</summary>
    void MapControl(ControlRoutes control)
    {
    }

    /// <summary>Puts everything that exists on it into the answer of <c>GET /_emulator/state</c>.</summary>
    void WriteState(JsonObject view);

    /// <summary>A person acts.</summary>
    /// <exception cref="ControlRefusal">It cannot be done; the text says why.</exception>
    Task<JsonObject> ActAsync(ControlInput input, CancellationToken cancellationToken);

    /// <summary>Delivers one event to any address or over an open socket, and shows the receiver's answer.</summary>
    /// <exception cref="ControlRefusal">It cannot be done; the text says why.</exception>
    Task<JsonObject> PushAsync(ControlInput input, CancellationToken cancellationToken);
}
