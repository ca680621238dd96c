using System.Data.Common;
using System.Text.Json;
using Larkspur.Gateway.Assistant.Attachments;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>Conversations, questions and choices follow their people: when two become one, and when they are two again.</summary>
internal sealed class PersonConversations(TurnWorker worker) : IPersonMerged
{
    private const string Conversations = "assistant_conversation";
    private const string Ended = "assistant_conversation ended";
    private const string Turns = "assistant_turn";
    private const string Choices = "assistant_choice";

    /// <summary>Two became one: of two conversations in one place that in which something was said last goes on, the other one stays as
    /// history.</summary>
    public async ValueTask MergedAsync(IUnitOfWork unit, PersonJoin join)
    {
        var (from, into) = (join.Former, join.Person);
        await JoinRows.NoteAsync(unit, join, Conversations, "assistant_conversation");
        await JoinRows.NoteAsync(unit, join, Turns, "assistant_turn");
        foreach (var (older, newer) in ((string, string)[])[(from, into), (into, from)])
        {
            var ended = await unit.QueryAsync("""
                UPDATE assistant_conversation SET ended_at = used_at WHERE person = $1 AND ended_at IS NULL
                  AND EXISTS (SELECT 1 FROM assistant_conversation other
                    WHERE other.person = $2 AND other.route = assistant_conversation.route AND other.place = assistant_conversation.place
                      AND other.ended_at IS NULL AND other.used_at >= assistant_conversation.used_at)
                RETURNING id
                """, static row => row.GetInt64(0), older, newer);
            foreach (var id in ended) await JoinRows.NoteAsync(unit, join, Ended, id, "", null);
        }

        await unit.ExecuteAsync("UPDATE assistant_conversation SET person = $2 WHERE person = $1", from, into);
        await unit.ExecuteAsync("UPDATE assistant_turn SET person = $2 WHERE person = $1", from, into);
        await WaitingFiles.MoveAsync(unit, from, into);
        var choices = await unit.QueryAsync(
            "SELECT place, route FROM assistant_choice WHERE person = $1", static row => (row.GetString(0), row.GetString(1)), from);
        foreach (var (place, route) in choices)
        {
            var isTaken = await unit.ExecuteAsync(
                "INSERT INTO assistant_choice (person, place, route) VALUES ($1, $2, $3) ON CONFLICT (person, place) DO NOTHING",
                into, place, route) == 1;
            await JoinRows.NoteAsync(unit, join, Choices, isTaken ? 1 : 0, place, route);
        }

        await unit.ExecuteAsync("DELETE FROM assistant_choice WHERE person = $1", from);
    }

    /// <summary>
    /// Each conversation goes back to whom it belonged, and each question to whose account asked it. A conversation in which both have
    /// spoken since ends: its owner goes on in a new one with their own part of
    /// it, which the backend does not know from before, since it would remember what the other said too.
    /// </summary>
    public async ValueTask UndoneAsync(IUnitOfWork unit, JoinUndo undo)
    {
        var (join, stays, goes, now) = (undo.Join, undo.Person, undo.Former.Id, undo.At.ToUnixTimeMilliseconds());
        await WaitingFiles.DropAllAsync(unit, stays);
        // What is being written for either is written in a conversation that may be divided now.
        foreach (var open in await TurnStore.OpenOfAsync(unit, stays))
        {
            if (await TurnStore.StopAsync(unit, open, undo.At)) worker.Stopped(unit, open);
        }

        await unit.ExecuteAsync(
            $"UPDATE assistant_turn SET person = $2 WHERE person = $1 AND id IN {JoinRows.Of(join, Turns)}", stays, goes);
        await unit.ExecuteAsync(
            $"UPDATE assistant_conversation SET person = $2 WHERE person = $1 AND id IN {JoinRows.Of(join, Conversations)}", stays, goes);
        var since = await unit.QueryAsync("SELECT id, sender FROM assistant_turn WHERE person = $1 AND asked_at >= $2",
            static row => (row.GetInt64(0), row.GetString(1)), stays, join.JoinedAt.ToUnixTimeMilliseconds());
        foreach (var (id, sender) in since)
        {
            if (JsonSerializer.Deserialize<PlatformAccount>(sender) is { } account && undo.IsFormers(account))
                await unit.ExecuteAsync("UPDATE assistant_turn SET person = $2 WHERE id = $1", id, goes);
        }

        foreach (var mixed in await MixedAsync(unit, stays, goes)) await DivideAsync(unit, mixed, goes, now);
        // Whose merge it was that ended them: they go on, unless another was begun meanwhile.
        await unit.ExecuteAsync($"""
            UPDATE assistant_conversation SET ended_at = NULL
            WHERE person IN ($1, $2) AND id IN {JoinRows.Of(join, Ended)} AND NOT EXISTS (SELECT 1 FROM assistant_conversation other
              WHERE other.person = assistant_conversation.person AND other.route = assistant_conversation.route
                AND other.place = assistant_conversation.place AND other.ended_at IS NULL)
            """, stays, goes);
        var choices = await JoinRows.RowsAsync(unit, join, Choices);
        foreach (var (taken, place, route) in choices)
        {
            const string Forget = "DELETE FROM assistant_choice WHERE person = $1 AND place = $2 AND route = $3";
            if (taken == 1) await unit.ExecuteAsync(Forget, stays, place, route);
            await ConversationStore.ChooseAsync(unit, goes, place, route!);
        }
    }

    /// <summary>What was said stays with the person it was said by then; whose what waits is would have to be guessed.</summary>
    public ValueTask UnlinkedAsync(IUnitOfWork unit, string from, string to, IReadOnlyList<PlatformIdentity> ids) =>
        WaitingFiles.DropAllAsync(unit, from);

    /// <summary>Conversations of either in which the other one has a question.</summary>
    private static ValueTask<List<Mixed>> MixedAsync(IUnitOfWork unit, string stays, string goes) => unit.QueryAsync("""
        SELECT c.id, c.person, c.route, c.place, c.started_at, c.used_at, c.ended_at FROM assistant_conversation c
        WHERE c.person IN ($1, $2)
          AND EXISTS (SELECT 1 FROM assistant_turn t WHERE t.conversation = c.id AND t.person IN ($1, $2) AND t.person <> c.person)
        ORDER BY c.id
        """, Mixed.Read, stays, goes);

    private static async ValueTask DivideAsync(IUnitOfWork unit, Mixed mixed, string goes, long now)
    {
        await unit.ExecuteAsync("UPDATE assistant_conversation SET ended_at = COALESCE(ended_at, $2) WHERE id = $1", mixed.Id, now);
        var own = await unit.NumberAsync(
            "SELECT COUNT(*) FROM assistant_turn WHERE conversation = $1 AND person = $2", mixed.Id, mixed.Person);
        if (own == 0)
        {
            // Begun meanwhile by the other one alone.
            await unit.ExecuteAsync("UPDATE assistant_conversation SET person = $2 WHERE id = $1", mixed.Id, goes);
            return;
        }

        var part = (await unit.NumberAsync("""
            INSERT INTO assistant_conversation (person, route, place, asked_as, started_at, used_at, ended_at)
            VALUES ($1, $2, $3, $1, $4, $5, $6) RETURNING id
            """, mixed.Person, mixed.Route, mixed.Place, mixed.StartedAt, mixed.UsedAt, mixed.IsOpen ? null : now)).GetValueOrDefault();
        // One that is being answered stays where its line is; it ends there.
        await unit.ExecuteAsync(
            "UPDATE assistant_turn SET conversation = $3, partition = $4 WHERE conversation = $1 AND person = $2 AND state = 1",
            mixed.Id, mixed.Person, part, Turn.PartitionOf(part));
    }

    private sealed record Mixed(long Id, string Person, string Route, string Place, long StartedAt, long UsedAt, bool IsOpen)
    {
        public static Mixed Read(DbDataReader row) => new(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5), row.IsDBNull(6));
    }
}
