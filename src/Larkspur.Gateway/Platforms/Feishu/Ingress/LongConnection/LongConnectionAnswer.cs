namespace Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;

/// <summary>An app's long connection as <c>GET /api/v1/status</c> shows it: that of the process that answers.</summary>
internal sealed record LongConnectionAnswer
{
    public required string App { get; init; }

    /// <summary><c>connecting</c>, <c>unproven</c> (open, no event yet), <c>proven</c>, <c>deaf</c>, <c>stopped</c>.</summary>
    public required string State { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    public DateTimeOffset? ConnectedAt { get; init; }

    public DateTimeOffset? LastPongAt { get; init; }

    public DateTimeOffset? LastEventAt { get; init; }

    /// <summary>Connections made since the start.</summary>
    public required long Connects { get; init; }

    /// <summary>Connections lost or replaced since the start.</summary>
    public required long Losses { get; init; }

    /// <summary>Why there is none, or why the last one ended.</summary>
    public string? Reason { get; init; }

    public static LongConnectionAnswer Of(AppConnection connection)
    {
        var status = connection.Status;
        return new LongConnectionAnswer
        {
            App = connection.App,
            State = LongConnectionMetrics.Word(status.State),
            Since = status.Since,
            ConnectedAt = status.ConnectedAt,
            LastPongAt = status.LastPongAt,
            LastEventAt = status.LastDeliveryAt,
            Connects = status.Connects,
            Losses = status.Losses,
            Reason = connection.Reason,
        };
    }
}
