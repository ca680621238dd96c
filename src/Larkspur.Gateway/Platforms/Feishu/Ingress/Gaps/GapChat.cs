using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;

/// <summary>A chat whose history is compared.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Kind"><c>p2p</c> or <c>group</c>.</param>
/// <param name="ComparedTo">Everything written before this was compared.</param>
internal sealed record GapChat(string ChatId, string Kind, DateTimeOffset ComparedTo)
{
    public const string P2p = "p2p";
    public const string Group = "group";
}

/// <summary>The rows of <c>gap_chat</c>.</summary>
internal sealed class GapChats(IDatabase database)
{
    /// <summary>Chats of an app that are due, those longest not compared first, of these the liveliest.</summary>
    /// <param name="app">The app.</param>
    /// <param name="heardSince">Two-person chats have had a message since.</param>
    /// <param name="before">Not compared up to this time yet.</param>
    /// <param name="denied">Kinds that the app may not read: they would stand before all others for ever.</param>
    /// <param name="limit">At most.</param>
    /// <param name="cancellation">Stops it.</param>
    public Task<List<GapChat>> DueAsync(string app, DateTimeOffset heardSince, DateTimeOffset before, IReadOnlySet<string> denied, int limit, CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync("""
        SELECT chat_id, kind, compared_to FROM gap_chat
        WHERE app = $1 AND closed = 0 AND compared_to < $2 AND CASE WHEN kind = 'group' THEN $5 = 0 ELSE $6 = 0 AND heard_at >= $3 END
        ORDER BY compared_to, heard_at DESC LIMIT $4
        """, static row => new GapChat(row.GetString(0), row.GetString(1), row.Time(2)), app, before.ToUnixTimeMilliseconds(), heardSince.ToUnixTimeMilliseconds(), limit,
        denied.Contains(GapChat.Group) ? 1 : 0, denied.Contains(GapChat.P2p) ? 1 : 0), cancellation);

    /// <summary>A message of it arrived: it can be read (again).</summary>
    public static ValueTask<int> HeardAsync(IUnitOfWork unit, string app, string chatId, string kind, long heardAt, long comparedTo) => unit.ExecuteAsync("""
        INSERT INTO gap_chat (app, chat_id, kind, heard_at, compared_to) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (app, chat_id) DO UPDATE SET heard_at = CASE WHEN excluded.heard_at > gap_chat.heard_at THEN excluded.heard_at ELSE gap_chat.heard_at END, closed = 0
        """, app, chatId, kind, heardAt, comparedTo);

    /// <summary>The bot is in these groups; those not known are compared from <paramref name="since"/> on.</summary>
    public Task ListedAsync(string app, IReadOnlyCollection<string> groups, DateTimeOffset since, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        foreach (var chat in groups)
        {
            await unit.ExecuteAsync("INSERT INTO gap_chat (app, chat_id, kind, heard_at, compared_to) VALUES ($1, $2, 'group', 0, $3) ON CONFLICT (app, chat_id) DO NOTHING",
                app, chat, since.ToUnixTimeMilliseconds());
        }
    }, cancellation);

    public Task ComparedAsync(string app, string chatId, DateTimeOffset to, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("UPDATE gap_chat SET compared_to = $3 WHERE app = $1 AND chat_id = $2 AND compared_to < $3", app, chatId, to.ToUnixTimeMilliseconds());
    }, cancellation);

    /// <summary>The bot may not read it.</summary>
    public Task CloseAsync(string app, string chatId, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("UPDATE gap_chat SET closed = 1 WHERE app = $1 AND chat_id = $2", app, chatId);
    }, cancellation);
}
