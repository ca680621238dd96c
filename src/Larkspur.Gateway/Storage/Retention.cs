using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Schedules;

namespace Larkspur.Gateway.Storage;

/// <summary>Forgets what ended long ago: in small transactions that hold up nobody, and for a bounded time a round. The next round goes on.</summary>
/// <remarks>
/// The tables take turns, a batch each, so that a backlog of one does not keep another from being cleared. After each batch comes a
/// pause as long as it took (at most <see cref="LongestPause"/>), so that forgetting has about half of what the disk and SQLite's one
/// writer can do. Rows are looked for outside of the transaction that deletes them.
/// </remarks>
internal sealed class Retention(IDatabase database, IInboxStore inbox, IOutboxStore outbox, RetentionOptions options, TimeProvider clock,
    ILogger<Retention> logger) : IScheduledJob
{
    /// <summary>Time between two rounds.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>After a batch that was held up by others, forgetting need not wait as long again.</summary>
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Rows in one transaction: short where all writers wait for each other, and enough to be worth the way to a server.</summary>
    internal int Batch => database.Dialect == Dialect.Sqlite ? 200 : 1000;

    /// <inheritdoc/>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var (now, dead) = (clock.GetUtcNow(), clock.GetUtcNow() - options.KeepDead);
        Turn[] turns = [.. Ended(now - options.Keep), .. Dead(dead)];
        var more = await PruneAsync(turns, cancellation);
        var (events, messages, letters) = (turns[0].Forgotten, turns[1].Forgotten, turns[2].Forgotten + turns[3].Forgotten);
        if (letters > 0)
            logger.LogWarning("Forgot {Count} dead letters that nobody replayed or discarded within {Age}", letters, options.KeepDead);
        return events + messages + letters == 0 ? null
            : $"forgot {events} events, {messages} messages and {letters} dead letters{(more ? "; the rest comes next time" : "")}";
    }

    /// <summary>Forgets dead letters that died before this, for as long as a round may last.</summary>
    public async Task<(int Forgotten, bool More)> PruneDeadAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var turns = Dead(before);
        var more = await PruneAsync(turns, cancellation);
        return (turns.Sum(static turn => turn.Forgotten), more);
    }

    /// <summary>One round over what ended well.</summary>
    public async Task<(int Events, int Messages, bool More)> PruneAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var turns = Ended(before);
        var more = await PruneAsync(turns, cancellation);
        return (turns[0].Forgotten, turns[1].Forgotten, more);
    }

    private Turn[] Ended(DateTimeOffset before) =>
    [
        new(new EndedRows(database, "inbox", "status = 1", "received_at", before), inbox.ForgetAsync),
        new(new EndedRows(database, "outbox", "status IN (1, 4, 5)", "created_at", before), outbox.ForgetAsync),
    ];

    private Turn[] Dead(DateTimeOffset before) =>
    [
        new(new DeadRows(database, "inbox", before), inbox.ForgetAsync),
        new(new DeadRows(database, "outbox", before), outbox.ForgetAsync),
    ];

    /// <summary>A batch of each in turn, until nothing is left or the round is over.</summary>
    /// <returns>Something may be left.</returns>
    private async Task<bool> PruneAsync(IReadOnlyList<Turn> turns, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        for (var left = turns.ToList(); left.Count > 0;)
        {
            foreach (var turn in left.ToArray())
            {
                var at = clock.GetTimestamp();
                if (clock.GetElapsedTime(begun, at) > options.Round) return true;
                if (!await ForgetBatchAsync(turn, cancellation)) left.Remove(turn);
                else await PauseAsync(clock.GetElapsedTime(at), cancellation);
            }
        }

        return false;
    }

    /// <returns>False: that was the last.</returns>
    private async Task<bool> ForgetBatchAsync(Turn turn, CancellationToken cancellation)
    {
        var ids = await turn.Rows.NextAsync(Batch, cancellation);
        if (ids.Count == 0) return false;
        turn.Forgotten += await database.TransactAsync(unit => turn.ForgetAsync(unit, turn.Rows, ids), cancellation);
        return ids.Count == Batch;
    }

    private Task PauseAsync(TimeSpan took, CancellationToken cancellation) =>
        Task.Delay(took < LongestPause ? took : LongestPause, clock, cancellation);

    /// <summary>What is forgotten of one table.</summary>
    private sealed class Turn(OldRows rows, Func<IUnitOfWork, OldRows, IReadOnlyList<long>, ValueTask<int>> forget)
    {
        public OldRows Rows => rows;

        public Func<IUnitOfWork, OldRows, IReadOnlyList<long>, ValueTask<int>> ForgetAsync => forget;

        public int Forgotten { get; set; }
    }
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

    /// <summary>A round, every ten minutes, begins nothing more after this long; what it has time for is shared among the tables.
    /// Default 30 s.</summary>
    public TimeSpan Round { get; set; } = TimeSpan.FromSeconds(30);
}
