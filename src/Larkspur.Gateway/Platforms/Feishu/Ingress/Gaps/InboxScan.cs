using System.Text.Json;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;

/// <summary>Learns from the inbox which chats there are: only rows that are new since the last time are read.</summary>
internal sealed class InboxScan(IDatabase database, TimeProvider clock)
{
    private const int Step = 5000;

    /// <summary>Rows of an old inbox that are worth a look the first time.</summary>
    private const long Furthest = 500_000;

    /// <summary>On PostgreSQL rows appear in the order of their commits, not of their ids.</summary>
    private const long Again = 1000;

    /// <returns>When it was scanned before; null: never.</returns>
    public async Task<DateTimeOffset?> RunAsync(CancellationToken cancellation)
    {
        var (scanned, at) = await database.ReadAsync(sql => sql.FirstAsync("SELECT inbox_id, scanned_at FROM gap_scan", static row => (row.GetInt64(0), row.GetInt64(1))), cancellation);
        var newest = await database.ReadAsync(InboxTable.NewestAsync, cancellation);
        for (var from = Math.Max(scanned - Again, newest - Furthest); from < newest; from += Step) await StepAsync(from, Math.Min(from + Step, newest), cancellation);

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await database.TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("UPDATE gap_scan SET inbox_id = $1, scanned_at = $2", Math.Max(newest, scanned), now);
        }, cancellation);
        return at == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(at);
    }

    private async Task StepAsync(long after, long upTo, CancellationToken cancellation)
    {
        var chats = await database.ReadAsync(
            sql => InboxTable.ChatsAsync(sql, PlatformNames.Feishu, "im.message.receive_v1", after, upTo), cancellation);
        if (chats.Count == 0) return;
        var kinds = new Dictionary<(string, string), string>();
        foreach (var chat in chats) kinds[(chat.App, chat.Chat)] = await KindAsync(chat.App, chat.Chat, chat.Id, cancellation);
        await database.TransactAsync(async unit =>
        {
            foreach (var chat in chats) await GapChats.HeardAsync(unit, chat.App, chat.Chat, kinds[(chat.App, chat.Chat)], chat.Last, chat.First);
        }, cancellation);
    }

    /// <summary>Of a chat that is not known yet a message tells.</summary>
    private Task<string> KindAsync(string app, string chat, long row, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        if (await sql.FirstAsync("SELECT kind FROM gap_chat WHERE app = $1 AND chat_id = $2", static r => r.GetString(0), app, chat) is { } known) return known;
        return KindOf(await InboxTable.PayloadAsync(sql, row));
    }, cancellation);

    private static string KindOf(byte[]? payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload ?? []);
            return document.RootElement.TryGetProperty("message", out var message) && message.TryGetProperty("chat_type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() == GapChat.P2p
                ? GapChat.P2p : GapChat.Group;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A damaged row, or one that was forgotten meanwhile. Taken for a group nothing is filled in that the bot was not called for.
            return GapChat.Group;
        }
    }
}
