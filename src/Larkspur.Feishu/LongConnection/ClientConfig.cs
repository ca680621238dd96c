using System.Text.Json;

namespace Larkspur.Feishu.LongConnection;

/// <summary>
/// How often to ping and to reconnect, as the platform sets it: with the address of the socket, and again with every pong.
/// </summary>
/// <param name="ReconnectCount">Failed tries after which to give up; negative: never.</param>
/// <param name="ReconnectInterval">Between two tries.</param>
/// <param name="ReconnectNonce">The first try after a loss comes at a random time up to this.</param>
/// <param name="PingInterval">Between two pings.</param>
internal sealed record ClientConfig(int ReconnectCount, TimeSpan ReconnectInterval, TimeSpan ReconnectNonce, TimeSpan PingInterval)
{
    /// <summary>What both official clients begin with.</summary>
    public static readonly ClientConfig Default = new(-1, TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(120));

    /// <summary>Longer than this no pause is believed: a connection that nobody tends for an hour is none.</summary>
    private const int LongestSeconds = 3600;

    /// <summary>What the object says, and for what it does not say, or says absurdly, what was so before.</summary>
    public ClientConfig With(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return this;
        return new ClientConfig(
            Number(json, "ReconnectCount") ?? ReconnectCount,
            Seconds(json, "ReconnectInterval", 1) ?? ReconnectInterval,
            Seconds(json, "ReconnectNonce", 0) ?? ReconnectNonce,
            Seconds(json, "PingInterval", 1) ?? PingInterval);
    }

    /// <summary>A pong's payload; empty is usual.</summary>
    public ClientConfig With(ReadOnlyMemory<byte> payload)
    {
        if (payload.IsEmpty) return this;
        try
        {
            using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 8 });
            return With(document.RootElement);
        }
        catch (JsonException)
        {
            // What is no JSON changes nothing; the pong itself is still a sign of life.
            return this;
        }
    }

    private static TimeSpan? Seconds(JsonElement json, string name, int least) =>
        Number(json, name) is { } seconds && seconds >= least ? TimeSpan.FromSeconds(Math.Min(seconds, LongestSeconds)) : null;

    private static int? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;
}
