using System.Text.Json;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant.Attachments;

/// <summary>
/// The table <c>assistant_waiting_file</c>: pictures and files that somebody sent without a word. They wait for the next question of the
/// same person in the same place, and nobody else's; after <see cref="AssistantOptions.FileWait"/> they are forgotten.
/// </summary>
internal sealed class WaitingFiles(AssistantOptions options)
{
    /// <summary>Files of one person in one place that wait at once: more than any question may have, and an end for a machine.</summary>
    public const int Most = 50;

    /// <summary>Whoever chooses several pictures sends them within such a time: what was asked of the first holds for all.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(10);

    /// <summary>There is nothing in the message but files that somebody will say something about. A recording speaks for itself.</summary>
    public bool AreIn(UnifiedMessage message, string text, AssistantRoute route) =>
        options.FileWait > TimeSpan.Zero && options.MaxFiles > 0 && route.Attachments && text.Length == 0 && message.Quoted is null
        && message.Attachments.Any(a => a.Kind != "audio");

    /// <summary>Lets the files of a message wait.</summary>
    /// <param name="unit">The transaction that ends the message's event.</param>
    /// <param name="person">Who sent them.</param>
    /// <param name="message">With what.</param>
    /// <param name="now">When.</param>
    public async ValueTask<WaitingState> PutAsync(IUnitOfWork unit, string person, UnifiedMessage message, DateTimeOffset now)
    {
        var before = await unit.QueryAsync("""
            SELECT attachments, sent_at FROM assistant_waiting_file
            WHERE person = $1 AND platform = $2 AND app = $3 AND place = $4 AND taken_by IS NULL AND sent_at > $5
            """, static row => (Count: Turn.AttachmentsOf(row.GetString(0)).Count, SentAt: row.GetInt64(1)),
            person, message.Platform, message.App, ConversationPlace.Of(message), Since(now));
        var count = before.Sum(b => b.Count) + message.Attachments.Count;
        if (count > Most) return new WaitingState(WaitingOutcome.Full, count - message.Attachments.Count);
        var isNew = await unit.ExecuteAsync("""
            INSERT INTO assistant_waiting_file (message, person, platform, app, place, attachments, sent_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (message) DO NOTHING
            """, Turn.NameOf(message.Platform, message.App, message.MessageId), person, message.Platform, message.App,
            ConversationPlace.Of(message), JsonSerializer.Serialize(message.Attachments), now.ToUnixTimeMilliseconds()) == 1;
        if (!isNew) return new WaitingState(WaitingOutcome.Known, count);
        var isAsked = before.Any(b => now - DateTimeOffset.FromUnixTimeMilliseconds(b.SentAt) < Burst);
        return new WaitingState(isAsked ? WaitingOutcome.WithOthers : WaitingOutcome.Waits, count);
    }

    /// <summary>Gives a question the files that wait for it, the oldest first. No other question gets them, in whichever process.</summary>
    public async ValueTask<IReadOnlyList<UnifiedAttachment>> TakeAsync(
        IUnitOfWork unit, string person, UnifiedMessage message, string turn, DateTimeOffset now)
    {
        var taken = await unit.QueryAsync("""
            UPDATE assistant_waiting_file SET taken_by = $6
            WHERE person = $1 AND platform = $2 AND app = $3 AND place = $4 AND taken_by IS NULL AND sent_at > $5 RETURNING attachments,
                sent_at, message
            """, static row => (Files: Turn.AttachmentsOf(row.GetString(0)), SentAt: row.GetInt64(1), Message: row.GetString(2)),
            person, message.Platform, message.App, ConversationPlace.Of(message), Since(now), turn);
        // What the question points at has brought its files, by other keys.
        var pointedAt = message.Quoted is { MessageId: { } id, Attachments.Count: > 0 }
            ? Turn.NameOf(message.Platform, message.App, id) : null;
        return [.. taken.Where(t => t.Message != pointedAt).OrderBy(t => t.SentAt).SelectMany(t => t.Files)];
    }

    /// <summary>Nobody wants to ask about what waits in a place any more.</summary>
    /// <returns>How many messages waited.</returns>
    public static ValueTask<int> DropAsync(IUnitOfWork unit, string person, string place) =>
        unit.ExecuteAsync("DELETE FROM assistant_waiting_file WHERE person = $1 AND place = $2 AND taken_by IS NULL", person, place);

    /// <summary>Somebody became another person.</summary>
    public static async ValueTask MoveAsync(IUnitOfWork unit, string from, string into) =>
        await unit.ExecuteAsync("UPDATE assistant_waiting_file SET person = $2 WHERE person = $1", from, into);

    /// <summary>One became two: whose what waits is would have to be guessed.</summary>
    public static async ValueTask DropAllAsync(IUnitOfWork unit, string person) =>
        await unit.ExecuteAsync("DELETE FROM assistant_waiting_file WHERE person = $1", person);

    /// <summary>Forgets what waited too long, and what a question has.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM assistant_waiting_file WHERE message IN (
          SELECT message FROM assistant_waiting_file WHERE sent_at < $1 ORDER BY sent_at LIMIT $2)
        """);

    private long Since(DateTimeOffset now) => (now - options.FileWait).ToUnixTimeMilliseconds();
}

/// <summary>What became of files that were sent alone.</summary>
internal enum WaitingOutcome
{
    /// <summary>They wait, and their sender is to be asked what about.</summary>
    Waits,

    /// <summary>They wait together with others, about which their sender was asked just now.</summary>
    WithOthers,

    /// <summary>They waited before: the message came twice.</summary>
    Known,

    /// <summary>Too many wait already; these do not.</summary>
    Full,
}

/// <summary>What became of files that were sent alone.</summary>
/// <param name="Outcome">A word for it.</param>
/// <param name="Count">Files of this person that wait in this place now.</param>
internal readonly record struct WaitingState(WaitingOutcome Outcome, int Count);
