using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>What the server asks of clients, told at the bootstrap and with every pong, under these names. Seconds.</summary>
public sealed record ClientConfig
{
    /// <summary>Below 0: for ever.</summary>
    public int ReconnectCount { get; init; } = -1;
    public int ReconnectInterval { get; init; } = 120;
    /// <summary>The first attempt to come back waits a random part of this.</summary>
    public int ReconnectNonce { get; init; } = 30;
    public int PingInterval { get; init; } = 120;

    public JsonObject ToJson() => new()
    {
        [nameof(ReconnectCount)] = ReconnectCount, [nameof(ReconnectInterval)] = ReconnectInterval,
        [nameof(ReconnectNonce)] = ReconnectNonce, [nameof(PingInterval)] = PingInterval,
    };
}
