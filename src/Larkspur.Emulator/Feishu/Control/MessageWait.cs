using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>Waits until a message is there (or a card shows) that fits: <c>GET /_emulator/wait?chat=…&amp;from=app&amp;contains=…</c>.</summary>
internal sealed class MessageWait(EmulatorState state, EmulatorSettings settings)
{
    private const int MostMs = 120_000;

    public async Task<JsonObject> RunAsync(IQueryCollection query, CancellationToken cancellationToken)
    {
        var wanted = new Wanted((string?)query["chat"] ?? query["chat_id"], query["from"], query["msg_type"], query["contains"], query["after"], query["message_id"]);
        if (wanted.From is not (null or "app" or "user")) throw new ControlRefusal("\"from\" must be app or user.");
        if (wanted.After is { } after && state.Message(after) is null) throw new ControlRefusal($"There is no message {after}.");
        var timeout = int.TryParse(query["timeout_ms"], out var ms) ? Math.Clamp(ms, 0, MostMs) : 10_000;
        using var timer = new CancellationTokenSource(TimeSpan.FromMilliseconds(timeout), settings.RealTime);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        using var watch = state.Watch();
        try
        {
            while (true)
            {
                if (Find(wanted) is { } found) return new JsonObject { ["found"] = true, ["message"] = FeishuStateView.ShowMessage(found) };
                await watch.Changes.ReadAsync(both.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time is up: the answer says so.
        }

        return new JsonObject { ["found"] = false };
    }

    private Message? Find(Wanted wanted)
    {
        var chats = wanted.Chat is { } chat ? [chat] : state.Chats().Select(c => c.ChatId);
        var after = wanted.After is { } id ? state.Message(id) : null;
        return chats.SelectMany(c => state.Messages(c)).FirstOrDefault(m =>
            (wanted.From is null || m.SenderKind == (wanted.From == "app" ? SenderKind.App : SenderKind.User))
            && (wanted.Type is null || m.MsgType == wanted.Type)
            && (wanted.MessageId is null || m.MessageId == wanted.MessageId)
            && (after is null || (m.ChatId == after.ChatId && m.CreateTime >= after.CreateTime && m.MessageId != after.MessageId))
            && (wanted.Contains is null || m.Rendered.Contains(wanted.Contains, StringComparison.Ordinal)));
    }

    private sealed record Wanted(string? Chat, string? From, string? Type, string? Contains, string? After, string? MessageId);
}
