using System.Reflection;

namespace Larkspur.Architecture.Tests;

/// <summary>The rooms of the gateway, from the ground up: a room knows those before it and none after it. See docs/architecture.md.</summary>
internal static class Rooms
{
    public const string Root = "Larkspur.Gateway";

    /// <summary>The gateway's projects from the ground up, and the rooms of each. One that is a single room has its files in its own folder.</summary>
    public static readonly (string Project, string[] Rooms)[] Projects =
    [
        // What knows nothing of the gateway.
        ("Larkspur.Gateway.Masking", ["Masking"]),
        ("Larkspur.Gateway.Engine", ["Common", "Redaction", "Storage", "Scheduling", "Telemetry", "Queueing", "Outbox", "Inbox"]),
        ("Larkspur.Gateway.Syncs", ["Syncs"]),
        ("Larkspur.Gateway",
        [
            // What capabilities stand on.
            "Audit", "Settings", "Api", "Quota", "Ingress", "Webhooks", "Apps", "People", "Cards", "Robots", "Conversations",
            "Authorizations",
            // Capabilities.
            "Messages", "Documents", "Tables", "Streams", "Commands", "Approvals", "Notifications", "Assistant",
            // Who brings events and shows answers, and who looks after all of it.
            "Platforms", "Operations", "Doctor",
        ]),
        ("Larkspur.Gateway.Console", ["Console"]),
        ("Larkspur.Gateway.Hosting", ["Hosting"]),
    ];

    public static readonly string[] FromTheGroundUp = [.. Projects.SelectMany(project => project.Rooms)];

    /// <summary>They use no platform's SDK.</summary>
    public static readonly string[] Neutral =
    [
        "Masking", "Common", "Redaction", "Storage", "Scheduling", "Telemetry", "Queueing", "Outbox", "Inbox", "Audit", "Settings", "Robots", "Conversations",
        "Syncs",
    ];

    /// <summary>Files of all rooms, as paths from the clone's folder.</summary>
    public static IEnumerable<string> Files(params string[] endings) => Projects.SelectMany(project => Repository.Files("src/" + project.Project, endings));

    /// <summary>The project and the room of a file.</summary>
    public static (string Project, string Room) OfFile(string path)
    {
        var parts = path.Split('/');
        var rooms = Projects.Single(project => project.Project == parts[1]).Rooms;
        return (parts[1], parts[1] == Root + "." + rooms[0] ? rooms[0] : parts[2]);
    }

    /// <summary>What the rooms are made of.</summary>
    public static IEnumerable<Type> Types() =>
        Projects.SelectMany(project => Assembly.Load(project.Project).GetTypes()).Where(type => Of(type.Namespace) is not null);

    /// <summary>A type is one of the gateway's own.</summary>
    public static bool Has(Type type) => Projects.Any(project => project.Project == type.Assembly.GetName().Name);

    /// <summary>The room of a namespace; null: it is none of the gateway's.</summary>
    public static string? Of(string? ns) =>
        ns is not null && ns.StartsWith(Root + ".", StringComparison.Ordinal) ? ns[(Root.Length + 1)..].Split('.')[0] : null;
}
