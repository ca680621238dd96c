using System.Globalization;
using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>The turns' rows.</summary>
internal sealed class TurnStore(IDatabase database, ILeases leases, LeaseOptions leaseOptions)
{
    /// <summary>The write counts while the lease is the one it was begun under.</summary>
    private const string Fenced = Fence.Condition;

    /// <summary>The same, or this process asked the backend: a lease that has moved meanwhile takes no answer away from who writes it.</summary>
    private const string Writing = $"({Fenced} OR begun_by = $4)";

    /// <summary>Puts a question down.</summary>
    /// <returns>Its row; null: it was asked before.</returns>
    public static ValueTask<long?> AddAsync(IUnitOfWork unit, Turn turn) => unit.NumberAsync("""
        INSERT INTO assistant_turn (turn, conversation, partition, person, route, platform, app, chat_id, reply, sender, language, reference, question, asked_at, attachments, quoted, place)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (turn) DO NOTHING RETURNING id
        """, turn.Name, turn.Conversation, turn.Partition, turn.Person, turn.Route, turn.Platform, turn.App, turn.ChatId, JsonSerializer.Serialize(turn.Reply), JsonSerializer.Serialize(turn.Sender),
        turn.Language.Tag(), turn.Reference, turn.Question, turn.AskedAt.ToUnixTimeMilliseconds(),
        turn.Attachments.Count > 0 ? JsonSerializer.Serialize(turn.Attachments) : null, turn.Quoted is { } quoted ? JsonSerializer.Serialize(quoted) : null, turn.Place);

    public Task<IReadOnlyList<TurnEntry>> LoadOpenAsync(Partitions partitions, long afterId, int limit, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<TurnEntry>>(async sql => await sql.QueryAsync(
        "SELECT id, conversation, partition FROM assistant_turn WHERE state = 0 AND id > $1 AND (($2 >> partition) & 1) = 1 ORDER BY id LIMIT $3", Entry, afterId, partitions.Value, limit), cancellation);

    /// <summary>The open turns of each of these conversations, oldest first.</summary>
    public Task<IReadOnlyList<IReadOnlyList<TurnEntry>>> LoadLanesAsync(IReadOnlyList<LaneWish> lanes, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<IReadOnlyList<TurnEntry>>>(async sql =>
        {
            var found = new List<IReadOnlyList<TurnEntry>>(lanes.Count);
            foreach (var lane in lanes)
            {
                found.Add(await sql.QueryAsync(
                    "SELECT id, conversation, partition FROM assistant_turn WHERE state = 0 AND conversation = $1 ORDER BY id LIMIT $2",
                    Entry, TurnEntry.ConversationOf(lane.Key), lane.Limit));
            }

            return found;
        }, cancellation);

    public Task<IReadOnlyList<TurnEntry>> LoadAsync(IReadOnlyList<long> ids, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<TurnEntry>>(async sql => await sql.QueryAsync(
        $"SELECT id, conversation, partition FROM assistant_turn WHERE state = 0 AND id IN ({string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))}) ORDER BY id", Entry), cancellation);

    /// <summary>The oldest open turn of the same conversation before this one, or null.</summary>
    public Task<TurnEntry?> EarlierAsync(TurnEntry entry, CancellationToken cancellation) => database.ReadAsync(sql => sql.FirstAsync(
        "SELECT id, conversation, partition FROM assistant_turn WHERE state = 0 AND conversation = $1 AND id < $2 ORDER BY id LIMIT 1", Entry, entry.Conversation, entry.Id), cancellation);

    public Task<Turn?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FirstAsync($"SELECT {Turn.Columns} FROM assistant_turn WHERE id = $1", Turn.Read, id), cancellation);

    /// <summary>The turns of a conversation before one that were answered, the newest first.</summary>
    public Task<List<Turn>> RecentAsync(long conversation, long before, int limit, CancellationToken cancellation) => database.ReadAsync(async sql => await sql.QueryAsync(
        $"SELECT {Turn.Columns} FROM assistant_turn WHERE conversation = $1 AND id < $2 AND ending IN ('finished', 'stopped') AND answer IS NOT NULL ORDER BY id DESC LIMIT $3", Turn.Read, conversation, before, limit), cancellation);

    /// <summary>Questions of all people that have ended, the newest first.</summary>
    /// <param name="unhelpful">Those that their readers called unhelpful alone.</param>
    /// <param name="before">Older than this one; null: the newest.</param>
    /// <param name="limit">At most.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<List<Turn>> EndedAsync(bool unhelpful, long? before, int limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.QueryAsync(
        $"""
        SELECT {Turn.Columns} FROM assistant_turn WHERE state = 1 AND id < $1{(unhelpful ? " AND verdict = 0" : "")}
        ORDER BY id DESC LIMIT $2
        """,
        Turn.Read, before ?? long.MaxValue, limit), cancellation);

    public static ValueTask<Turn?> FindAsync(ISql sql, string name) => sql.FirstAsync($"SELECT {Turn.Columns} FROM assistant_turn WHERE turn = $1", Turn.Read, name);

    /// <summary>How many questions wait for their answer: of all, and of one person.</summary>
    public static async ValueTask<(int All, int Own)> WaitingAsync(ISql sql, string person) => await sql.FirstAsync(
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN person = $1 THEN 1 ELSE 0 END), 0) FROM assistant_turn WHERE state = 0", static row => (row.GetInt32(0), row.GetInt32(1)), person);

    /// <summary>The backend is asked from here on.</summary>
    /// <returns>False: it is another process's, over, or not wanted any more.</returns>
    public Task<bool> BeginAsync(long id, Fence fence, DateTimeOffset at) => database.TransactAsync(async unit => await unit.ExecuteAsync(
        $"UPDATE assistant_turn SET begun_by = $4, begun_at = $5 WHERE id = $1 AND state = 0 AND stop_at IS NULL AND {Fenced}", id, fence.Partition, fence.Token, leases.Node, at.ToUnixTimeMilliseconds()) == 1);

    /// <summary>Another process that lives asked the backend, and writes.</summary>
    public Task<bool> IsWrittenElsewhereAsync(long id, CancellationToken cancellation) => database.ReadAsync(async sql => await sql.NumberAsync($"""
        SELECT 1 FROM assistant_turn t WHERE t.id = $1 AND t.state = 0 AND t.begun_by <> $2 AND t.begun_by IN {Nodes.Alive("$3")}
        """, id, leases.Node, (long)leaseOptions.Lifetime.TotalMilliseconds) is not null, cancellation);

    /// <summary>Those of these turns whose readers do not want them any more.</summary>
    public Task<List<long>> StoppedAsync(CancellationToken cancellation) => database.ReadAsync(sql =>
        sql.QueryAsync("SELECT id FROM assistant_turn WHERE state = 0 AND stop_at IS NOT NULL", static row => row.GetInt64(0)), cancellation);

    /// <summary>What a question points at was read.</summary>
    public Task QuotedAsync(long id, QuotedMessage quoted, CancellationToken cancellation) => database.TransactAsync(async unit => await unit.ExecuteAsync(
        "UPDATE assistant_turn SET quoted = $2 WHERE id = $1 AND state = 0", id, JsonSerializer.Serialize(quoted)), cancellation);

    /// <summary>Puts the text so far down.</summary>
    public Task KeepAsync(long id, string text, CancellationToken cancellation) => database.TransactAsync(async unit => await unit.ExecuteAsync(
        "UPDATE assistant_turn SET answer = $2 WHERE id = $1 AND state = 0", id, text), cancellation);

    /// <summary>The backend was not asked after all, or gave nothing before this process stopped: whoever comes next may ask.</summary>
    public Task UnbeginAsync(long id, Fence fence) => database.TransactAsync(async unit => await unit.ExecuteAsync(
        $"UPDATE assistant_turn SET begun_at = NULL, begun_by = NULL, task_id = NULL WHERE id = $1 AND state = 0 AND {Writing}", id, fence.Partition, fence.Token, leases.Node));

    /// <summary>Who answers, and under which id it is stopped there.</summary>
    public Task TaskAsync(long id, Fence fence, string backend, string? taskId, string askedAs) => database.TransactAsync(async unit => await unit.ExecuteAsync(
        $"UPDATE assistant_turn SET backend = $5, task_id = $6, asked_as = $7 WHERE id = $1 AND state = 0 AND {Writing}", id, fence.Partition, fence.Token, leases.Node, backend, taskId, askedAs));

    /// <summary>Ends a turn.</summary>
    /// <returns>False: it had ended, or is another process's now.</returns>
    public async ValueTask<bool> EndAsync(IUnitOfWork unit, long id, Fence fence, TurnResult result, DateTimeOffset at) => await unit.ExecuteAsync($"""
        UPDATE assistant_turn SET state = 1, backend = COALESCE($5, backend), message_id = $6, answer = $7, ending = $8, reason = $9, tokens = $10, ended_at = $11 WHERE id = $1 AND state = 0 AND {Writing}
        """, id, fence.Partition, fence.Token, leases.Node, result.Backend, result.MessageId, result.Answer, result.Ending, result.Reason, result.Tokens, at.ToUnixTimeMilliseconds()) == 1;

    /// <summary>Why an ended turn was not finished; null: it was, or has not ended.</summary>
    public static ValueTask<string?> ReasonAsync(ISql sql, long id) =>
        sql.FirstAsync("SELECT reason FROM assistant_turn WHERE id = $1", static row => row.Text(0), id);

    /// <summary>The person does not want the answer any more.</summary>
    /// <returns>False: it has ended.</returns>
    public static async ValueTask<bool> StopAsync(IUnitOfWork unit, long id, DateTimeOffset at) =>
        await unit.ExecuteAsync("UPDATE assistant_turn SET stop_at = $2 WHERE id = $1 AND state = 0", id, at.ToUnixTimeMilliseconds()) == 1;

    /// <summary>All open turns of a person.</summary>
    public static ValueTask<List<long>> OpenOfAsync(ISql sql, string person) => sql.QueryAsync("SELECT id FROM assistant_turn WHERE state = 0 AND person = $1 ORDER BY id", static row => row.GetInt64(0), person);

    /// <summary>What was said in a conversation before a turn, oldest first.</summary>
    public Task<List<EarlierTurn>> HistoryAsync(long conversation, long before, int limit, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var rows = await sql.QueryAsync("SELECT question, answer, attachments, quoted FROM assistant_turn WHERE conversation = $1 AND id < $2 AND ending IN ('finished', 'stopped') AND answer IS NOT NULL ORDER BY id DESC LIMIT $3",
            EarlierTurn.Read, conversation, before, limit);
        rows.Reverse();
        return rows;
    }, cancellation);

    /// <summary>Forgets turns that ended long ago.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM assistant_turn WHERE id IN (SELECT id FROM assistant_turn WHERE state = 1 AND ended_at < $1 ORDER BY ended_at LIMIT $2)
        """);

    /// <summary>Forgets conversations that nobody went on with, once their turns are forgotten.</summary>
    public static ValueTask<int> PruneConversationsAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM assistant_conversation WHERE id IN (
          SELECT id FROM assistant_conversation c
          WHERE used_at < $1 AND NOT EXISTS (SELECT 1 FROM assistant_turn t WHERE t.conversation = c.id) ORDER BY used_at LIMIT $2)
        """);

    private static TurnEntry Entry(System.Data.Common.DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2));
}

/// <summary>A turn of a conversation's history.</summary>
/// <param name="Question">In the person's words; empty: nothing was said.</param>
/// <param name="Answer">What was answered.</param>
/// <param name="Kinds">Of the files that the question was about.</param>
/// <param name="Quoted">The words that it pointed at; null: none.</param>
internal sealed record EarlierTurn(string Question, string Answer, IReadOnlyCollection<string> Kinds, string? Quoted)
{
    public static EarlierTurn Read(System.Data.Common.DbDataReader row)
    {
        var quoted = Turn.QuotedOf(row.Text(3));
        return new EarlierTurn(row.GetString(0), row.GetString(1), [.. Turn.AttachmentsOf(row.Text(2)).Concat(quoted?.Attachments ?? []).Select(a => a.Kind)], quoted?.Text);
    }
}

/// <summary>What became of a turn.</summary>
/// <param name="Ending">A word of <see cref="TurnEndings"/>.</param>
/// <param name="Reason">Why it is not finished, a word; null: it is.</param>
internal sealed record TurnResult(string Ending, string? Reason = null)
{
    /// <summary>The reason of one that waits for its person's word, and is asked anew with it.</summary>
    public const string AuthorizationNeeded = "authorization_needed";

    public string? Backend { get; init; }

    public string? MessageId { get; init; }

    public string? Answer { get; init; }

    public int? Tokens { get; init; }

    /// <summary>Questions that are offered below it.</summary>
    public IReadOnlyList<string> Suggestions { get; init; } = [];
}

/// <summary>Words for how turns end.</summary>
internal static class TurnEndings
{
    public const string Finished = "finished";
    public const string Stopped = "stopped";
    public const string Interrupted = "interrupted";
    public const string Failed = "failed";
}
