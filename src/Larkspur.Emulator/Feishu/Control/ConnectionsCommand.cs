using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.Feishu.LongConnection;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>Shows the long connections and does to them what networks and servers do: close, break, go deaf, answer late, refuse.</summary>
internal sealed class ConnectionsCommand(EmulatorState state, LongConnections connections, PushRoutes routes)
{
    private const int MostPongDelayMs = 3_600_000;
    private const int MostSeconds = 86_400;
    private static readonly string[] Actions = ["close", "abort", "freeze", "thaw", "pongs", "raw", "refuse", "configure"];

    public JsonObject List() => new()
    {
        ["connections"] = new JsonArray([.. connections.All.Select(c => (JsonNode?)Show(c))]),
        ["apps"] = new JsonArray([.. state.Apps.Select(a => (JsonNode?)new JsonObject
        {
            ["app_id"] = a.AppId, ["online"] = connections.Online(a.AppId),
            ["events_go_to"] = Route(a, PushKind.Event), ["callbacks_go_to"] = Route(a, PushKind.Callback),
        })]),
        ["client_config"] = connections.Config.ToJson(),
        ["fragment_bytes"] = connections.FragmentBytes,
        ["freeze_new"] = connections.FreezeNew,
    };

    public async Task<JsonObject> RunAsync(ControlInput input, CancellationToken cancellationToken)
    {
        var action = input.Need("do");
        switch (action)
        {
            case "configure": return Configure(input);
            case "refuse": return Refuse(input);
            case "close":
                input.Only("do", "id", "app_id", "code", "reason");
                var code = (WebSocketCloseStatus)(input.Int("code", 1000, 4999) ?? (int)WebSocketCloseStatus.EndpointUnavailable);
                var reason = input.Text("reason") ?? "";
                if (System.Text.Encoding.UTF8.GetByteCount(reason) > 123) throw new ControlRefusal("\"reason\" has 123 bytes at most.");
                if ((int)code is 1004 or 1005 or 1006 or 1015 or (> 1015 and < 3000)) throw new ControlRefusal("\"code\" must be one that may stand in a close frame: 1000 to 1014 without 1004 to 1006, or 3000 to 4999.");
                return await EachAsync(input, c => c.CloseAsync(code, reason));
            case "raw":
                input.Only("do", "id", "app_id", "base64", "as_text");
                var (bytes, asText) = (Bytes(input), input.Flag("as_text", false));
                return await EachAsync(input, c => c.SendRawAsync(bytes, asText, cancellationToken));
            case "abort":
                input.Only("do", "id", "app_id");
                return Each(input, c => c.Abort("dropped by control"));
            case "freeze" or "thaw":
                input.Only("do", "id", "app_id", "new_too");
                var frozen = action == "freeze";
                if (input.Flag("new_too", !frozen)) connections.FreezeNew = frozen;
                return Each(input, c => c.Frozen = frozen);
            case "pongs":
                input.Only("do", "id", "app_id", "delay_ms", "off");
                TimeSpan? delay = input.Flag("off", false) ? null : TimeSpan.FromMilliseconds(input.Int("delay_ms", 0, MostPongDelayMs) ?? 0);
                return Each(input, c => c.PongDelay = delay);
            default:
                throw new ControlRefusal($"\"do\" must be one of {string.Join(", ", Actions)}.");
        }
    }

    private JsonObject Configure(ControlInput input)
    {
        input.Only("do", "reconnect_count", "reconnect_interval", "reconnect_nonce", "ping_interval", "fragment_bytes");
        var present = connections.Config;
        connections.Config = new ClientConfig
        {
            ReconnectCount = input.Int("reconnect_count", -1, 1_000_000) ?? present.ReconnectCount,
            ReconnectInterval = input.Int("reconnect_interval", 0, MostSeconds) ?? present.ReconnectInterval,
            ReconnectNonce = input.Int("reconnect_nonce", 0, MostSeconds) ?? present.ReconnectNonce,
            PingInterval = input.Int("ping_interval", 1, MostSeconds) ?? present.PingInterval,
        };
        connections.FragmentBytes = input.Int("fragment_bytes", 1, 1 << 20) ?? connections.FragmentBytes;
        return new JsonObject { ["ok"] = true, ["client_config"] = connections.Config.ToJson(), ["fragment_bytes"] = connections.FragmentBytes };
    }

    private JsonObject Refuse(ControlInput input)
    {
        input.Only("do", "at", "code", "msg", "count", "app_id");
        var place = (input.Text("at") ?? "endpoint") switch
        {
            "endpoint" => RefusalPlace.Endpoint,
            "handshake" => RefusalPlace.Handshake,
            _ => throw new ControlRefusal("\"at\" must be endpoint or handshake."),
        };
        var code = input.Int("code", 1, int.MaxValue) ?? throw new ControlRefusal("\"code\" is missing: 1, 403, 514, 1000040343, 1000040350 …");
        connections.Plan(place, input.Text("app_id"), new PlannedRefusal(code, input.Text("msg") ?? "refused by control", input.Int("count", 1, 1_000_000) ?? 1));
        return ControlEndpoints.Done();
    }

    private JsonObject Each(ControlInput input, Action<SocketConnection> act)
    {
        var chosen = Chosen(input);
        foreach (var connection in chosen) act(connection);
        return new JsonObject { ["ok"] = true, ["connections"] = chosen.Length };
    }

    private async Task<JsonObject> EachAsync(ControlInput input, Func<SocketConnection, Task> act)
    {
        var chosen = Chosen(input);
        await Task.WhenAll(chosen.Select(act));
        return new JsonObject { ["ok"] = true, ["connections"] = chosen.Length };
    }

    /// <summary>One by <c>id</c>, those of <c>app_id</c>, or all.</summary>
    private SocketConnection[] Chosen(ControlInput input)
    {
        var (id, appId) = (input.Text("id"), input.Text("app_id"));
        var chosen = connections.All.Where(c => c.Ended is null && (id is null || c.Id == id) && (appId is null || c.AppId == appId)).ToArray();
        return chosen.Length == 0 && id is not null ? throw new ControlRefusal($"There is no connection {id}.", 404) : chosen;
    }

    private static ReadOnlyMemory<byte> Bytes(ControlInput input)
    {
        var base64 = input.Need("base64");
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes.AsMemory(0, length) : throw new ControlRefusal("\"base64\" is not base64.");
    }

    private string Route(BotApp app, PushKind kind) => routes.Of(app, kind) switch
    {
        PushRoute.LongConnection => "long_connection",
        PushRoute.Webhook => "webhook",
        _ => "nowhere",
    };

    private static JsonObject Show(SocketConnection c) => new()
    {
        ["id"] = c.Id, ["app_id"] = c.AppId, ["device_id"] = c.DeviceId, ["service_id"] = c.ServiceId, ["opened"] = MessageView.Millis(c.Opened),
        ["frozen"] = c.Frozen, ["pong_delay_ms"] = c.PongDelay?.TotalMilliseconds, ["pings"] = c.Pings, ["pongs"] = c.Pongs,
        ["frames_out"] = c.FramesOut, ["answered"] = c.Answered, ["waiting"] = c.Waiting, ["strays"] = c.Strays, ["ending"] = c.Ended,
    };
}
