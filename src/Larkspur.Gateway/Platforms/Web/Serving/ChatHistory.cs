using Larkspur.Gateway.Assistant.Turns;
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
        var (seq, rows, more) = await database.ReadAsync(async sql =>
        {
            // The number first: what changes in between is told once more by the events, and found known.
            var seq = await ChatStore.SeqAsync(sql, session.Person);
            var rows = await ChatStore.PageAsync(sql, session.Person, after, before, (int)limit + 1);
            var more = rows.Count > limit;
            if (more) rows.RemoveAt(after is null ? 0 : rows.Count - 1);
            return (seq, rows, more);
        }, cancellation);
        var places = new Dictionary<long, LivePlace>();
        var texts = new Dictionary<long, string>();
        var elsewhere = new List<int>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (!rows[i].IsOpen) continue;
            if (live.Find(rows[i].Id) is not { } answer) elsewhere.Add(i);
            // From one piece, so that text and place belong together.
            else if (answer.Since(default) is { } piece) (places[rows[i].Id], texts[rows[i].Id]) = (piece.Place, piece.Text);
        }

        if (elsewhere.Count > 0) await ReadElsewhereAsync(rows, elsewhere, texts, session.Person, cancellation);
        var items = rows.Select(row => ChatMessageView.Of(row, session, row.IsOpen ? texts.GetValueOrDefault(row.Id) : null)).ToArray();
        return new ChatPage(items, after is null && more, after is not null && more, new ChatPosition(ChatPosition.NameOf(session.Person), seq, places).ToString());
    }

    /// <summary>
    /// Open answers that are not in memory are written by another process, or ended here since their rows were read: an answer leaves
    /// memory after its end is committed, so the row that is read again tells which.
    /// </summary>
    private Task ReadElsewhereAsync(
        List<ChatRow> rows, List<int> open, Dictionary<long, string> texts, string person, CancellationToken cancellation) =>
        database.ReadAsync(async sql =>
    {
        foreach (var i in open)
        {
            if (await ChatStore.FindAsync(sql, rows[i].Id, person) is { } now) rows[i] = now;
            if (rows[i] is not { IsOpen: true, Turn: { } turn }) continue;
            if (await TurnStore.FindAsync(sql, turn) is { Answer: { } answer }) texts[rows[i].Id] = answer;
        }

        return true;
    }, cancellation);

    private static long? Number(HttpRequest request, string name) => request.Query[name] is not [{ Length: > 0 } text] ? null
        : long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
        : throw RequestRefusedException.Malformed("bad_cursor", "?" + name, $"{name} is the seq of a message.");
}
