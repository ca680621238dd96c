using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Platforms.Web.Chats;
using Larkspur.Gateway.Platforms.Web.Sessions;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>Pages of a person's chat, whichever of their sessions they wrote it in.</summary>
internal sealed class ChatHistory(IDatabase database, LiveAnswers live)
{
    private const int Most = 100;
    private const int Normal = 50;

    /// <exception cref="RequestRefusedException">The address asks for what is no page.</exception>
    public async Task<ChatPage> ReadAsync(HttpRequest request, WebSession session, CancellationToken cancellation)
    {
        var (after, before, limit) = (Number(request, "after"), Number(request, "before"), Number(request, "limit") ?? Normal);
        if (after is not null && before is not null) throw RequestRefusedException.Malformed("two_ways", "?before", "Give one of after and before.");
        if (limit is < 1 or > Most) throw RequestRefusedException.Malformed("bad_limit", "?limit", $"From 1 to {Most}.");
        var (seq, rows, more, texts) = await database.ReadAsync(async sql =>
        {
            // The number first: what changes in between is told once more by the events, and found known.
            var seq = await ChatStore.SeqAsync(sql, session.Person);
            var rows = await ChatStore.PageAsync(sql, session.Person, after, before, (int)limit + 1);
            var more = rows.Count > limit;
            if (more) rows.RemoveAt(after is null ? 0 : rows.Count - 1);
            var texts = new Dictionary<long, string>();
            foreach (var open in rows.Where(r => r is { IsOpen: true, Turn: not null } && live.Find(r.Id) is null))
            {
                if (await Assistant.Turns.TurnStore.FindAsync(sql, open.Turn!) is { Answer: { } answer }) texts[open.Id] = answer;
            }

            return (seq, rows, more, texts);
        }, cancellation);
        var places = new Dictionary<long, LivePlace>();
        var items = rows.Select(row => ChatMessageView.Of(row, session, row.IsOpen ? TextOf(row, places) ?? texts.GetValueOrDefault(row.Id) : null)).ToArray();
        return new ChatPage(items, after is null && more, after is not null && more, new ChatPosition(ChatPosition.NameOf(session.Person), seq, places).ToString());
    }

    private string? TextOf(ChatRow row, Dictionary<long, LivePlace> places)
    {
        // From one piece, so that text and place belong together.
        if (live.Find(row.Id)?.Since(default) is not { } piece) return null;
        places[row.Id] = piece.Place;
        return piece.Text;
    }

    private static long? Number(HttpRequest request, string name) => request.Query[name] is not [{ Length: > 0 } text] ? null
        : long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
        : throw RequestRefusedException.Malformed("bad_cursor", "?" + name, $"{name} is the seq of a message.");
}
