namespace Larkspur.Architecture.Tests;

/// <summary>The rooms of the gateway, from the ground up: a room knows those before it and none after it. See docs/architecture.md.</summary>
internal static class Rooms
{
    public const string Root = "Larkspur.Gateway";

    public static readonly string[] FromTheGroundUp =
    [
        // What knows nothing of the gateway.
        "Masking", "Common", "Redaction",
        // The engine.
        "Storage", "Scheduling", "Telemetry", "Queueing", "Outbox", "Inbox",
        // What capabilities stand on.
        "Audit", "Settings", "Api", "Quota", "Ingress", "Webhooks", "Apps", "People", "Cards", "Conversations",
        // Capabilities.
        "Messages", "Documents", "Streams", "Commands", "Approvals", "Notifications", "Assistant",
        // Who brings events and shows answers, and who looks after all of it.
        "Platforms", "Operations", "Doctor", "Console", "Hosting",
    ];

    /// <summary>They use no platform's SDK. Inbox would be one of them, did its events not read payloads as Feishu's SDK does.</summary>
    public static readonly string[] Neutral =
    [
        "Masking", "Redaction", "Storage", "Scheduling", "Telemetry", "Queueing", "Outbox", "Audit", "Settings", "Conversations",
    ];

    /// <summary>The room of a namespace; null: it is none of the gateway's.</summary>
    public static string? Of(string? ns) =>
        ns is not null && ns.StartsWith(Root + ".", StringComparison.Ordinal) ? ns[(Root.Length + 1)..].Split('.')[0] : null;
}
