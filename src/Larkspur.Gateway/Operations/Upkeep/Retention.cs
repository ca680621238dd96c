using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Operations.Upkeep;

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
        Pruning[] prunings = [.. Ended(now - options.Keep), .. Dead(dead)];
        var more = await PruneAsync(prunings, cancellation);
        var (events, messages, letters) = (prunings[0].Forgotten, prunings[1].Forgotten, prunings[2].Forgotten + prunings[3].Forgotten);
        if (letters > 0)
            logger.LogWarning("Forgot {Count} dead letters that nobody replayed or discarded within {Age}", letters, options.KeepDead);
        return events + messages + letters == 0 ? null
            : $"forgot {events} events, {messages} messages and {letters} dead letters{(more ? "; the rest comes next time" : "")}";
    }

    /// <summary>Forgets dead letters that died before this, for as long as a round may last.</summary>
    public async Task<(int Forgotten, bool More)> PruneDeadAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var prunings = Dead(before);
        var more = await PruneAsync(prunings, cancellation);
        return (prunings.Sum(static pruning => pruning.Forgotten), more);
    }

    /// <summary>One round over what ended well.</summary>
    public async Task<(int Events, int Messages, bool More)> PruneAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var prunings = Ended(before);
        var more = await PruneAsync(prunings, cancellation);
        return (prunings[0].Forgotten, prunings[1].Forgotten, more);
    }

    private Pruning[] Ended(DateTimeOffset before) =>
    [
        new(inbox.Ended(before), inbox.ForgetAsync),
        new(outbox.Ended(before), outbox.ForgetAsync),
    ];

    private Pruning[] Dead(DateTimeOffset before) =>
    [
        new(inbox.Dead(before), inbox.ForgetAsync),
        new(outbox.Dead(before), outbox.ForgetAsync),
    ];

    /// <summary>A batch of each in turn, until nothing is left or the round is over.</summary>
    /// <returns>Something may be left.</returns>
    private async Task<bool> PruneAsync(IReadOnlyList<Pruning> prunings, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        for (var left = prunings.ToList(); left.Count > 0;)
        {
            foreach (var pruning in left.ToArray())
            {
                var at = clock.GetTimestamp();
                if (clock.GetElapsedTime(begun, at) > options.Round) return true;
                if (!await ForgetBatchAsync(pruning, cancellation)) left.Remove(pruning);
                else await PauseAsync(clock.GetElapsedTime(at), cancellation);
            }
        }

        return false;
    }

    /// <returns>False: that was the last.</returns>
    private async Task<bool> ForgetBatchAsync(Pruning pruning, CancellationToken cancellation)
    {
        var ids = await pruning.Rows.NextAsync(Batch, cancellation);
        if (ids.Count == 0) return false;
        pruning.Forgotten += await database.TransactAsync(unit => pruning.ForgetAsync(unit, pruning.Rows, ids), cancellation);
        return ids.Count == Batch;
    }

    private Task PauseAsync(TimeSpan took, CancellationToken cancellation) =>
        Task.Delay(took < LongestPause ? took : LongestPause, clock, cancellation);

    /// <summary>What is forgotten of one table.</summary>
    private sealed class Pruning(OldRows rows, Func<IUnitOfWork, OldRows, IReadOnlyList<long>, ValueTask<int>> forget)
    {
        public OldRows Rows => rows;

        public Func<IUnitOfWork, OldRows, IReadOnlyList<long>, ValueTask<int>> ForgetAsync => forget;

        public int Forgotten { get; set; }
    }
}
