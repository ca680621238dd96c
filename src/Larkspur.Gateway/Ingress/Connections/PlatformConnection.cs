using System.Text.Json.Serialization;

namespace Larkspur.Gateway.Ingress.Connections;

/// <summary>A connection over which a platform delivers, as <c>GET /api/v1/status</c> shows it: that of the process that answers.</summary>
internal sealed record PlatformConnection
{
    /// <summary>So long it may take until somebody has to look at it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary><c>wecom</c> or <c>dingtalk</c>.</summary>
    public required string Platform { get; init; }

    public required string App { get; init; }

    /// <summary><c>bot</c> (WeCom's AI bot) or <c>stream</c> (DingTalk's Stream mode).</summary>
    public required string Kind { get; init; }

    /// <summary><c>connected</c>, <c>connecting</c>, <c>replaced</c> (another connection took the bot over), <c>stopped</c>, <c>elsewhere</c> (another process has it).</summary>
    public required string State { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When an event last came; heartbeats do not count.</summary>
    public DateTimeOffset? LastEventAt { get; init; }

    /// <summary>Connections made since the start.</summary>
    public required long Connects { get; init; }

    /// <summary>Why there is none, or why the last one ended.</summary>
    public string? Reason { get; init; }

    /// <summary>The platform lets none be made, and waiting does not help.</summary>
    [JsonIgnore]
    public bool IsRefused { get; init; }

    /// <summary>How lists of what is wrong call it.</summary>
    [JsonIgnore]
    public string Name => $"{Platform}_{Kind}:{App}";

    /// <summary>What somebody has to look at, or null.</summary>
    public string? ProblemAt(DateTimeOffset now) => State is "connected" or "elsewhere" ? null
        : IsRefused ? Reason
        : now - Since < Patience ? null
        : $"not connected since {Since:u}: {Reason ?? "not tried yet"}";
}
