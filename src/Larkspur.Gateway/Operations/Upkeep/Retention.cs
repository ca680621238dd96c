using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Operations.Upkeep;

/// <summary>
/// Forgets what every room has declared to be too old (<see cref="RetentionRule"/>): in small transactions that hold up nobody, and for a
/// bounded time a round. The next round goes on.
/// </summary>
/// <remarks>
/// The rules take turns, a batch each, so that a backlog of one does not keep another from being cleared. After each batch that was full
/// comes a pause as long as it took (at most <see cref="LongestPause"/>), so that forgetting has about half of what the disk and SQLite's
/// one writer can do. A rule that fails has no more turns in its round, and the round fails when the others are through.
/// </remarks>
internal sealed partial class Retention(IDatabase database, IEnumerable<RetentionRule> rules, RetentionOptions options, TimeProvider clock,
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
        var now = clock.GetUtcNow();
        Forgetting[] all = [.. rules.Select(rule => new Forgetting(rule, rule.Begin(now)))];
        var more = await TakeTurnsAsync([.. all], cancellation);
        var letters = all.Where(static one => one.Rule.IsLoss).Sum(static one => one.Forgotten);
        if (letters > 0)
            DeadLettersForgotten(letters, options.KeepDead);
        var outcome = InWords([.. all.Where(static one => one.Forgotten > 0).Select(static one => $"{one.Forgotten} {one.Rule.Name}")], more);
        Forgetting[] failed = [.. all.Where(static one => one.Failure is not null)];
        if (failed.Length == 0) return outcome;
        if (outcome is not null) RestForgotten(outcome);
        throw new AggregateException(
            $"Not forgotten: {string.Join(", ", failed.Select(static one => one.Rule.Name))}.", failed.Select(static one => one.Failure!));
    }

    private static string? InWords(string[] kinds, bool more) => kinds.Length == 0 ? null
        : $"forgot {string.Join(", ", kinds[..^1])}{(kinds.Length > 1 ? " and " : "")}{kinds[^1]}{(more ? "; the rest comes next time" : "")}";

    /// <summary>A batch of each in turn, until nothing is left or the round is over.</summary>
    /// <returns>Something may be left.</returns>
    private async Task<bool> TakeTurnsAsync(List<Forgetting> left, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        // The first pass is everybody's: where it takes longer than a round, the last ones would have no turn in any.
        for (var isFirst = true; left.Count > 0; isFirst = false)
        {
            foreach (var one in left.ToArray())
            {
                var at = clock.GetTimestamp();
                if (!isFirst && clock.GetElapsedTime(begun, at) > options.Round) return true;
                if (!await ForgetBatchAsync(one, cancellation)) left.Remove(one);
                else await PauseAsync(clock.GetElapsedTime(at), cancellation);
            }
        }

        return false;
    }

    /// <returns>False: that was the last.</returns>
    private async Task<bool> ForgetBatchAsync(Forgetting one, CancellationToken cancellation)
    {
        var atMost = Math.Min(Batch, one.Rule.AtMost);
        try
        {
            var forgotten = await one.Next(database, atMost, cancellation);
            one.Forgotten += forgotten;
            return forgotten >= atMost;
        }
        catch (Exception e) when (e is not (OperationCanceledException or StorageUnavailableException { MayBeOwnFault: false }))
        {
            ForgettingFailed(one.Rule.Name, e);
            one.Failure = e;
            return false;
        }
    }

    private Task PauseAsync(TimeSpan took, CancellationToken cancellation) =>
        Task.Delay(took < LongestPause ? took : LongestPause, clock, cancellation);

    /// <summary>One rule's part of a round.</summary>
    private sealed class Forgetting(RetentionRule rule, ForgetBatch next)
    {
        public RetentionRule Rule => rule;

        public ForgetBatch Next => next;

        public int Forgotten { get; set; }

        public Exception? Failure { get; set; }
    }

    [LoggerMessage(LogLevel.Warning, "Forgot {Count} dead letters that nobody replayed or discarded within {Age}")]
    private partial void DeadLettersForgotten(int count, TimeSpan age);
    [LoggerMessage(LogLevel.Information, "Of the rest, retention {Outcome}")] private partial void RestForgotten(string outcome);
    [LoggerMessage(LogLevel.Error, "Old {Rows} could not be forgotten; the next round tries again")]
    private partial void ForgettingFailed(string rows, Exception error);
}
