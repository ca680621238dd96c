using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>Calls of registered commands, and the answers to them.</summary>
[SuppressMessage("Performance", "CA1822",
    Justification = "A store is a service like the others; its statements run on the unit that is given.")]
internal sealed class CallStore
{
    private const string Columns = $"{Before}, form, {Behind}";

    /// <summary>Without the form, which may be large.</summary>
    private const string ListColumns = $"{Before}, NULL, {Behind}";

    private const string Before = "id, number, command, owner, app, platform, person, words";
    private const string Behind =
        "entered, chat_id, is_group, message_id, reply, locale, reference, state, answers, remind_at, created_at";

    public async ValueTask AddAsync(IUnitOfWork unit, StoredCall call) => await unit.ExecuteAsync("""
        INSERT INTO command_call (id, command, owner, app, platform, person_id, person, words, form, entered, chat_id, is_group,
          message_id, reply, locale, reference, state, remind_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
        """, call.Id, call.Command, call.Owner, call.App, call.Platform, call.Person.Id, JsonSerializer.Serialize(call.Person), call.Words,
        call.Form,
        call.Entered, call.ChatId, call.IsGroup ? 1 : 0, call.MessageId, JsonSerializer.Serialize(call.Reply), call.Locale, call.Reference,
        (int)call.State, call.RemindAt?.ToUnixTimeMilliseconds(), call.CreatedAt.ToUnixTimeMilliseconds());

    public ValueTask<StoredCall?> FindAsync(ISql sql, string id) =>
        sql.FirstAsync($"SELECT {Columns} FROM command_call WHERE id = $1", Read, id);

    /// <summary>A page of a command's calls, the newest first, without their forms.</summary>
    /// <param name="sql">The connection.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="owner">Only this system's; null: everybody's.</param>
    /// <param name="apps">Only of these apps; null: of all.</param>
    /// <param name="before">Only those with a lower number.</param>
    /// <param name="limit">Most rows.</param>
    public ValueTask<List<StoredCall>> PageAsync(ISql sql, string command, string? owner, IReadOnlyList<string>? apps, long before,
        int limit)
    {
        List<object?> values = [command, before, limit];
        var mine = "";
        if (owner is not null)
        {
            values.Add(owner);
            mine = $" AND owner = ${values.Count}";
        }

        if (apps is not null)
        {
            mine += $" AND app IN ({string.Join(", ", apps.Select((_, i) => $"${values.Count + i + 1}").DefaultIfEmpty("NULL"))})";
            values.AddRange(apps);
        }

        return sql.QueryAsync(
            $"SELECT {ListColumns} FROM command_call WHERE command = $1 AND number < $2{mine} ORDER BY number DESC LIMIT $3",
            Read, [.. values]);
    }

    /// <summary>The form was sent: the call is its system's now, and begins now.</summary>
    /// <returns>False: it was before.</returns>
    public async ValueTask<bool> SubmitAsync(IUnitOfWork unit, string id, string entered, DateTimeOffset at, DateTimeOffset? remindAt) =>
        await unit.ExecuteAsync(
        "UPDATE command_call SET state = 1, entered = $2, remind_at = $3, created_at = $4 WHERE id = $1 AND state = 0",
        id, entered, remindAt?.ToUnixTimeMilliseconds(), at.ToUnixTimeMilliseconds()) == 1;

    /// <summary>What was answered under a name before; null: nothing. Holds off others who answer the same call.</summary>
    public async ValueTask<(string Hash, int Number)?> FindAnswerAsync(IUnitOfWork unit, string call, string key)
    {
        await unit.ExecuteAsync("UPDATE command_call SET answers = answers WHERE id = $1", call);
        var found = await unit.QueryAsync("SELECT body_hash, number FROM command_answer WHERE call_id = $1 AND caller_key = $2",
            static row => (row.GetString(0), (int)row.GetInt64(1)), call, key);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Its system has answered: nobody is told any more that it did not.</summary>
    /// <returns>1 for the first answer.</returns>
    public async ValueTask<int> AnswerAsync(IUnitOfWork unit, string call, string key, string hash)
    {
        var number = (await unit.QueryAsync(
            "UPDATE command_call SET answers = answers + 1, state = 2, remind_at = NULL WHERE id = $1 RETURNING answers",
            static row => (int)row.GetInt64(0), call))[0];
        await unit.ExecuteAsync("INSERT INTO command_answer (call_id, caller_key, body_hash, number) VALUES ($1, $2, $3, $4)", call, key,
            hash, number);
        return number;
    }

    /// <summary>Calls of which somebody is to be told now that there is no answer yet.</summary>
    public ValueTask<List<StoredCall>> OverdueAsync(ISql sql, DateTimeOffset now, int limit) => sql.QueryAsync(
        $"SELECT {ListColumns} FROM command_call WHERE remind_at <= $1 ORDER BY remind_at LIMIT $2", Read, now.ToUnixTimeMilliseconds(),
            limit);

    /// <summary>They are told.</summary>
    /// <returns>False: they were, or the answer has come.</returns>
    public async ValueTask<bool> RemindedAsync(IUnitOfWork unit, string id) => await unit.ExecuteAsync(
        "UPDATE command_call SET remind_at = NULL WHERE id = $1 AND remind_at IS NOT NULL AND state = 1", id) == 1;

    /// <summary>Forgets old calls with their answers.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old)
    {
        var ids = await old.IdsAsync("SELECT id FROM command_call WHERE created_at < $1 ORDER BY created_at LIMIT $2");
        if (ids.Count == 0) return 0;
        var (among, list) = (IdList.In(old.Dialect, "$1"), IdList.Of(old.Dialect, ids));
        await old.Unit.ExecuteAsync($"DELETE FROM command_answer WHERE call_id {among}", list);
        await old.Unit.ExecuteAsync($"DELETE FROM command_call WHERE id {among}", list);
        return ids.Count;
    }

    private static StoredCall Read(DbDataReader row) => new()
    {
        Id = row.GetString(0), Number = row.GetInt64(1), Command = row.GetString(2), Owner = row.GetString(3), App = row.GetString(4),
        Platform = row.GetString(5), Person = JsonSerializer.Deserialize<CalledBy>(row.GetString(6))!, Words = row.GetString(7),
        Form = row.Text(8), Entered = row.Text(9), ChatId = row.GetString(10), IsGroup = row.GetInt64(11) != 0,
            MessageId = row.GetString(12),
        Reply = JsonSerializer.Deserialize<ReplyAddress>(row.GetString(13))!, Locale = row.GetString(14), Reference = row.GetString(15),
        State = (CallState)row.GetInt64(16), Answers = (int)row.GetInt64(17), RemindAt = row.TimeOrNull(18), CreatedAt = row.Time(19),
    };
}
