using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>How far a bot's answer is.</summary>
internal enum ReplyState
{
    /// <summary>Somebody writes it.</summary>
    Writing = 0,

    /// <summary>It is whole; the reader does not see that yet.</summary>
    Whole = 1,

    /// <summary>The stream showed its end.</summary>
    EndShown = 2,

    /// <summary>Everything was sent.</summary>
    Sent = 3,
}

/// <summary>A bot's answer.</summary>
/// <param name="StreamId">The stream that shows it.</param>
/// <param name="Turn">Whose answer it is.</param>
/// <param name="State">How far it is.</param>
/// <param name="Text">So far, or all of it.</param>
internal sealed record Reply(string StreamId, string Turn, ReplyState State, string Text)
{
    /// <summary>The stream was closed before its end, with this much of the text; null: it was not. Empty: it never showed anything of it.</summary>
    public string? Shown { get; init; }

    /// <summary>The card below its end, with all buttons of the answer.</summary>
    public string? Card { get; init; }

    /// <summary>The stream has the platform's thumbs.</summary>
    public bool HasThumbs { get; init; }

    /// <summary>From here on the stream is closed with what there is; null: nobody knows.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>Its writer does not have the bot's connection: who has it shows the text.</summary>
    public bool IsRelayed { get; init; }

    /// <summary>Messages sent after the stream.</summary>
    public int Pages { get; init; }

    /// <summary>The card as people see it: an answer has one pair of thumbs, the platform's where its stream has them.</summary>
    /// <returns>Null: nothing of it is left, or there is none.</returns>
    /// <exception cref="System.Text.Json.JsonException">Another version's.</exception>
    public WeComButtons? ButtonsShown() =>
        Card is not { } json ? null : WeComButtons.FromJson(json) is var all && HasThumbs ? all.WithoutThumbs() : all;
}

/// <summary>The table <c>wecom_reply</c>: what a bot's answers have shown, so that another attempt, or another process, goes on there.</summary>
internal sealed class ReplyStore(IDatabase database, TimeProvider clock)
{
    private const string Columns =
        "stream_id, turn, state, text, shown, card, pages, closes_at, CASE WHEN relay IS NULL THEN 0 ELSE 1 END, thumbs";

    public Task<Reply?> FindAsync(string app, string streamId, CancellationToken cancellation) =>
        database.ReadAsync(sql => FindAsync(sql, app, streamId), cancellation);

    public static async ValueTask<Reply?> FindAsync(ISql sql, string app, string streamId) =>
        await sql.FirstAsync($"SELECT {Columns} FROM wecom_reply WHERE app = $1 AND stream_id = $2", static row =>
            new Reply(row.GetString(0), row.GetString(1), (ReplyState)row.GetInt32(2), row.GetString(3))
            {
                Shown = row.Text(4), Card = row.Text(5), Pages = row.GetInt32(6), ClosesAt = row.TimeOrNull(7),
                IsRelayed = row.GetInt32(8) != 0, HasThumbs = row.GetInt32(9) != 0,
            },
            app, streamId);

    /// <summary>A turn's answer; null: it is forgotten, or was an application's.</summary>
    public static async ValueTask<Reply?> OfTurnAsync(ISql sql, string app, string turn) =>
        await sql.FirstAsync("SELECT stream_id FROM wecom_reply WHERE app = $1 AND turn = $2", static row => row.GetString(0), app, turn) is { } stream ? await FindAsync(sql, app, stream) : null;

    /// <summary>Begins an answer in a stream.</summary>
    /// <returns>The answer that the stream has: this turn's, or one that had taken it before.</returns>
    public Task<Reply> BeginAsync(string app, string streamId, string turn, DateTimeOffset closesAt, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await ClaimAsync(unit, app, streamId, turn, closesAt);
        return (await FindAsync(unit, app, streamId))!;
    }, cancellation);

    /// <summary>Takes a stream for an answer.</summary>
    /// <returns>False: it has one.</returns>
    public async ValueTask<bool> ClaimAsync(IUnitOfWork unit, string app, string streamId, string turn, DateTimeOffset closesAt) => await unit.ExecuteAsync("""
        INSERT INTO wecom_reply (app, stream_id, turn, closes_at, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (app, stream_id) DO NOTHING
        """, app, streamId, turn, closesAt.ToUnixTimeMilliseconds(), Now) == 1;

    /// <summary>Puts the text so far down, for other processes: for polls that reach them, or, with the stream's place, for the one that has the bot's connection.</summary>
    public Task WriteAsync(string app, string streamId, string text, string? place, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("UPDATE wecom_reply SET text = $3, relay = $4, changed_at = $5 WHERE app = $1 AND stream_id = $2 AND state = 0", app, streamId, text, place, Now);
    }, cancellation);

    /// <summary>A bot's open streams that are to be shown by the process that has its connection, until shortly after the time at which they are closed; the oldest 500 at most.</summary>
    public Task<List<(string StreamId, string Place)>> RelayedAsync(string app, DateTimeOffset now, CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync("""
        SELECT stream_id, relay FROM wecom_reply WHERE relay IS NOT NULL AND state = 0 AND shown IS NULL AND closes_at > $1 AND app = $2 ORDER BY created_at LIMIT 500
        """, static row => (row.GetString(0), row.GetString(1)), (now - StreamFace.Margin).ToUnixTimeMilliseconds(), app), cancellation);

    /// <summary>The answer is whole. The first word counts.</summary>
    public async ValueTask<bool> WholeAsync(IUnitOfWork unit, string app, string streamId, string text, string? card) => await unit.ExecuteAsync("""
        UPDATE wecom_reply SET state = 1, text = $3, card = $4, changed_at = $5 WHERE app = $1 AND stream_id = $2 AND state = 0
        """, app, streamId, text, card, Now) == 1;

    /// <summary>Remembers the card of an application's answer, which has no stream.</summary>
    public async ValueTask RememberAsync(IUnitOfWork unit, string app, string turn, string card) => await unit.ExecuteAsync("""
        INSERT INTO wecom_reply (app, stream_id, turn, state, card, created_at, changed_at) VALUES ($1, $2, $2, 3, $3, $4, $4) ON CONFLICT (app, stream_id) DO NOTHING
        """, app, turn, card, Now);

    /// <summary>The same in a transaction of its own, without a card.</summary>
    public Task<bool> WholeAsync(string app, string streamId, string text, CancellationToken cancellation) =>
        database.TransactAsync(unit => WholeAsync(unit, app, streamId, text, card: null), cancellation);

    /// <summary>The card has another face.</summary>
    /// <returns>False: it no longer had the one that this was made from.</returns>
    public async ValueTask<bool> ChangeCardAsync(IUnitOfWork unit, string app, string streamId, string from, string to) => await unit.ExecuteAsync("""
        UPDATE wecom_reply SET card = $4, changed_at = $5 WHERE app = $1 AND stream_id = $2 AND card = $3
        """, app, streamId, from, to, Now) == 1;

    /// <summary>The stream takes no more, and shows so much of the text.</summary>
    /// <returns>False: it was closed before, or shows the end.</returns>
    public Task<bool> ClosedAsync(string app, string streamId, string shown, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        return await unit.ExecuteAsync("UPDATE wecom_reply SET shown = $3, changed_at = $4 WHERE app = $1 AND stream_id = $2 AND shown IS NULL AND state < 2", app, streamId, shown, Now) == 1;
    }, cancellation);

    /// <summary>The platform has the stream's first frame, with its thumbs.</summary>
    public Task ThumbsShownAsync(string app, string streamId, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("UPDATE wecom_reply SET thumbs = 1 WHERE app = $1 AND stream_id = $2 AND thumbs = 0", app, streamId);
    }, cancellation);

    /// <summary>The stream shows the end, and has the platform's thumbs if it had none before: what shows an end says so.</summary>
    /// <returns>False: it was closed before, or shows it already.</returns>
    public Task<bool> EndShownAsync(string app, string streamId, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        return await unit.ExecuteAsync("""
            UPDATE wecom_reply SET state = 2, thumbs = 1, changed_at = $3
            WHERE app = $1 AND stream_id = $2 AND state = 1 AND shown IS NULL
            """, app, streamId, Now) == 1;
    }, cancellation);

    /// <summary>So many messages after the stream were sent.</summary>
    public Task PagedAsync(string app, string streamId, int pages, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("UPDATE wecom_reply SET pages = $3, changed_at = $4 WHERE app = $1 AND stream_id = $2", app, streamId, pages, Now);
    }, cancellation);

    /// <summary>Everything was sent.</summary>
    public Task SentAsync(string app, string streamId, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("UPDATE wecom_reply SET state = 3, changed_at = $3 WHERE app = $1 AND stream_id = $2", app, streamId, Now);
    }, cancellation);

    /// <summary>Forgets answers that nobody has touched for long.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM wecom_reply WHERE (app, stream_id) IN (SELECT app, stream_id FROM wecom_reply WHERE changed_at < $1 ORDER BY changed_at LIMIT $2)
        """);

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
