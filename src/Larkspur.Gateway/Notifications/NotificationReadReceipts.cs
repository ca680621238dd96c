using System.Globalization;
using System.Text.Json;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>Who has read their card: <c>im.message.message_read_v1</c>, which the platform pushes for messages in the chat of a person and the bot, sometimes before the card's message is known here.</summary>
internal sealed class NotificationReadReceipts(IDatabase database, NotificationStore store)
{
    public const string EventType = "im.message.message_read_v1";

    /// <summary>Messages of one event that are looked at.</summary>
    private const int Most = 200;

    public async ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        var read = context.Read<JsonElement>();
        if (read.ValueKind != JsonValueKind.Object || !read.TryGetProperty("reader", out var reader) || reader.ValueKind != JsonValueKind.Object) return Reaction.Ignore("incomplete");
        var ids = reader.TryGetProperty("reader_id", out var who) && who.ValueKind == JsonValueKind.Object ? Texts(who.EnumerateObject().Select(m => m.Value)) : [];
        var messages = read.TryGetProperty("message_id_list", out var list) && list.ValueKind == JsonValueKind.Array ? Texts(list.EnumerateArray()) : [];
        if (ids.Length == 0 || messages.Length == 0) return Reaction.Ignore("incomplete");
        var app = context.Event.App;
        // First what is on its way: a card whose message becomes known between the two is found by the second.
        if (await database.ReadAsync(async sql => !await store.IsOnItsWayAsync(sql, app, ids) && (await store.UnreadAsync(sql, app, ids, messages)).Count == 0, cancellation)) return Reaction.Ignore("no_notification");
        var at = TimeOf(reader);
        return new Reaction(async effects =>
        {
            // Looked up again: what was on its way may have become known meanwhile, and is not kept then.
            var onItsWay = await store.IsOnItsWayAsync(effects.Unit, app, ids);
            var unread = await store.UnreadAsync(effects.Unit, app, ids, messages);
            foreach (var (delivery, _) in unread) await store.ReadAsync(effects.Unit, delivery, at ?? effects.Now);
            string[] unknown = [.. messages.Except(unread.Select(u => u.Message), StringComparer.Ordinal)];
            if (unknown.Length > 0 && onItsWay)
            {
                foreach (var message in unknown) await EarlyReads.KeepAsync(effects.Unit, app, message, ids, at ?? effects.Now, effects.Now);
                return Outcome.Answered;
            }

            return unread.Count > 0 ? Outcome.Answered : Outcome.Ignored("no_notification");
        });
    }

    private static string[] Texts(IEnumerable<JsonElement> values) => [.. values.Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!).Where(v => v.Length > 0).Take(Most)];

    private static DateTimeOffset? TimeOf(JsonElement reader) => reader.TryGetProperty("read_time", out var time) && time.ValueKind == JsonValueKind.String
        && long.TryParse(time.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms is > 0 and < 253402300799999 ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}
