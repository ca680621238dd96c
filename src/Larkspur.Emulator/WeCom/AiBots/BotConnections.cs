using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Chats;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>The AI bot's long connection: the bot has one, and a new one throws the old one out.</summary>
internal sealed class BotConnections(EmulatorState state, EmulatorSettings settings, WeComIds ids)
{
    private readonly Lock _gate = new();
    private readonly List<BotConnection> _open = [];
    private int _numbers;

    public IReadOnlyList<BotConnection> All
    {
        get { lock (_gate) return [.. _open]; }
    }

    /// <summary>The one that callbacks go over; <see langword="null"/> when the bot is offline.</summary>
    public BotConnection? Current
    {
        get { lock (_gate) return _open.LastOrDefault(c => c is { Subscribed: true, Ended: null }); }
    }

    public string NextId() => "aibot-conn-" + Interlocked.Increment(ref _numbers);

    public void Add(BotConnection connection)
    {
        lock (_gate) _open.Add(connection);
    }

    public void Remove(BotConnection connection)
    {
        lock (_gate) _open.Remove(connection);
        state.Announce(ChangeKind.AppChanged);
    }

    /// <summary>The connection is the bot's from now on; whichever was before hears so and is closed.</summary>
    public void Subscribe(BotConnection connection)
    {
        BotConnection[] older;
        lock (_gate)
        {
            older = [.. _open.Where(c => c != connection && c is { Subscribed: true, Ended: null })];
            foreach (var old in older) old.Subscribed = false;
            connection.Subscribed = true;
            // The last one in the list is the current one.
            _open.Remove(connection);
            _open.Add(connection);
        }

        foreach (var old in older) _ = ThrowOutAsync(old);
        state.Announce(ChangeKind.AppChanged);
    }

    private async Task ThrowOutAsync(BotConnection old)
    {
        await old.SendAsync(BotFrame.Push("aibot_event_callback", ids.Nonce(), new JsonObject
        {
            ["msgid"] = ids.MsgId(), ["create_time"] = state.Clock.GetUtcNow().ToUnixTimeSeconds(), ["aibotid"] = settings.WeCom.AiBotId, ["msgtype"] = "event",
            ["event"] = new JsonObject { ["eventtype"] = "disconnected_event" },
        }));
        await old.CloseAsync(WebSocketCloseStatus.NormalClosure, "another connection of the bot");
    }
}

/// <summary>Frames as they stand on the wire.</summary>
internal static class BotFrame
{
    public static JsonObject Push(string command, string reqId, JsonObject body) => new() { ["cmd"] = command, ["headers"] = new JsonObject { ["req_id"] = reqId }, ["body"] = body };

    public static JsonObject Ack(string reqId, long code, string message, JsonObject? body = null)
    {
        var frame = new JsonObject { ["headers"] = new JsonObject { ["req_id"] = reqId }, ["errcode"] = code, ["errmsg"] = message };
        if (body is not null) frame["body"] = body;
        return frame;
    }
}
