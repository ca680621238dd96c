using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Schedules;

namespace Larkspur.Gateway.Storage;

/// <summary>Forgets what ended long ago: in small transactions that hold up nobody, and for a bounded time a round. The next round goes on.</summary>
internal sealed class Retention(IDatabase database, IInboxStore inbox, IOutboxStore outbox, RetentionOptions options, TimeProvider clock,
    ILogger<Retention> logger) : IScheduledJob
{
    /// <summary>Rows in one transaction.</summary>
    internal const int Batch = 200;

    /// <summary>Time between two rounds.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var (events, messages, more) = await PruneAsync(clock.GetUtcNow() - options.Keep, cancellation);
        var (dead, moreDead) = await PruneDeadAsync(clock.GetUtcNow() - options.KeepDead, cancellation);
        if (dead > 0) logger.LogWarning("Forgot {Count} dead letters that nobody replayed or discarded within {Age}", dead, options.KeepDead);
        return events + messages + dead == 0 ? null : $"forgot {events} events, {messages} messages and {dead} dead letters{(more || moreDead ? "; the rest comes next time" : "")}";
    }

    /// <summary>Forgets dead letters that died before this, for as long as a round may last.</summary>
    public async Task<(int Forgotten, bool More)> PruneDeadAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        var forgotten = 0;
        for (var last = Batch; last >= Batch; forgotten += last)
        {
            if (clock.GetElapsedTime(begun) > options.Round) return (forgotten, true);
            last = await database.TransactAsync(async unit => Math.Max(await inbox.PruneDeadAsync(unit, before, Batch), await outbox.PruneDeadAsync(unit, before, Batch)), cancellation);
        }

        return (forgotten, false);
    }

    /// <summary>One round over what ended well.</summary>
    public async Task<(int Events, int Messages, bool More)> PruneAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        var (events, moreEvents) = await PruneAsync(new OldRows(database, "inbox", "status = 1", "received_at"), inbox.PruneAsync, before, begun, cancellation);
        var (messages, moreMessages) = await PruneAsync(new OldRows(database, "outbox", "status IN (1, 4, 5)", "created_at"), outbox.PruneAsync, before, begun, cancellation);
        return (events, messages, moreEvents || moreMessages);
    }

    private async Task<(int Forgotten, bool More)> PruneAsync(OldRows rows, Func<IUnitOfWork, DateTimeOffset, int, ValueTask<int>> prune, DateTimeOffset before, long begun,
        CancellationToken cancellation)
    {
        var forgotten = 0;
        var last = await rows.LastIdAsync(before, cancellation);
        while (await rows.CountAsync(last, before, Batch, cancellation) is > 0 and var count)
        {
            if (clock.GetElapsedTime(begun) > options.Round) return (forgotten, true);
            // Not more than are known to be there: a search for one more would read the rest of the table, with the writer waiting.
            var changed = await database.TransactAsync(unit => prune(unit, before, count), cancellation);
            if (changed == 0) break;
            forgotten += changed;
        }

        return (forgotten, false);
    }
}

/// <summary>Finds the ended rows of a table that arrived before a time, without reading the others. Rows arrive in the order of their ids, give or take.</summary>
/// <param name="database">The database.</param>
/// <param name="table">Its rows have an <c>id</c>.</param>
/// <param name="ended">What is true of a row that is over.</param>
/// <param name="time">The column of their arrival.</param>
internal sealed class OldRows(IDatabase database, string table, string ended, string time)
{
    /// <summary>The newest id that arrived before the time, 0 when there is none: found by halving.</summary>
    public Task<long> LastIdAsync(DateTimeOffset before, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var low = await sql.NumberAsync($"SELECT MIN(id) FROM {table}") ?? 0;
        var high = await sql.NumberAsync($"SELECT MAX(id) FROM {table}") ?? -1;
        var found = 0L;
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            var row = await sql.FirstAsync($"SELECT id, {time} FROM {table} WHERE id <= $1 ORDER BY id DESC LIMIT 1",
                static row => (Id: row.GetInt64(0), At: row.GetInt64(1)), middle);
            if (row.Id == 0) low = middle + 1;
            else if (row.At < before.ToUnixTimeMilliseconds()) (found, low) = (row.Id, middle + 1);
            else high = row.Id - 1;
        }

        return found;
    }, cancellation);

    /// <summary>How many there are up to an id, counted to <paramref name="atMost"/>.</summary>
    public async Task<int> CountAsync(long last, DateTimeOffset before, int atMost, CancellationToken cancellation) => last == 0 ? 0 : (int)(await database.ReadAsync(
        sql => sql.NumberAsync($"SELECT COUNT(*) FROM (SELECT id FROM {table} WHERE id <= $1 AND {ended} AND {time} < $2 ORDER BY id LIMIT $3) AS old",
            last, before.ToUnixTimeMilliseconds(), atMost), cancellation) ?? 0);
}

/// <summary>How long ended events and sent messages are remembered. Section <c>Larkspur:Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>Default 30 days. Duplicates are recognised as long; Feishu repeats an event for seven hours, so a day is the least.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long dead letters wait for somebody to look at them. Default 90 days; at least <see cref="Keep"/>.</summary>
    public TimeSpan KeepDead { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long lines of the audit log and payments that are over are kept. Default 730 days; at least <see cref="Keep"/>.</summary>
    public TimeSpan KeepRecords { get; set; } = TimeSpan.FromDays(730);

    /// <summary>A round, every ten minutes, begins nothing more after this long. Default 30 s.</summary>
    public TimeSpan Round { get; set; } = TimeSpan.FromSeconds(30);
}
