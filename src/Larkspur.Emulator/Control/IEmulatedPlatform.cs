using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Control;

/// <summary>A platform beside Feishu, as control sees it: its own chats and people's deeds in it, its own deliveries.</summary>
internal interface IEmulatedPlatform
{
    /// <summary>What <c>"platform"</c> says in control calls, and the member of <c>GET /_emulator/state</c> that shows it.</summary>
    string Name { get; }

    /// <summary>Further names under which events are pushed, such as <c>wecom-aibot</c>.</summary>
    IReadOnlyList<string> PushNames => [];

    /// <summary>Everything that exists on it.</summary>
    JsonObject State();

    /// <summary>A person acts.</summary>
    /// <exception cref="ControlRefusal">It cannot be done; the text says why.</exception>
    Task<JsonObject> ActAsync(ControlInput input, CancellationToken cancellationToken);

    /// <summary>Delivers one event to any address or over an open socket, and shows the receiver's answer.</summary>
    /// <exception cref="ControlRefusal">It cannot be done; the text says why.</exception>
    Task<JsonObject> PushAsync(ControlInput input, CancellationToken cancellationToken);

    /// <summary>Back to the start. Connections and addresses stay: the apps out there did not move.</summary>
    void Reset();
}
