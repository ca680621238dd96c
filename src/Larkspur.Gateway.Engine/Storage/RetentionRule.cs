namespace Larkspur.Gateway.Storage;

/// <summary>Rows of one kind, which are forgotten after a time. The schedule <c>retention</c> lets all kinds take turns.</summary>
/// <param name="Name">What they are, in the plural, as the log and the schedule's outcome say it: <c>cards</c>. Unique.</param>
/// <param name="Begin">Begins a round: what is too old at this time is to go.</param>
internal sealed record RetentionRule(string Name, Func<DateTimeOffset, ForgetBatch> Begin)
{
    /// <summary>Rows of one transaction, where each has much to it.</summary>
    public int AtMost { get; init; } = int.MaxValue;

    /// <summary>Somebody should have looked at them before: the log warns of what is forgotten.</summary>
    public bool IsLoss { get; init; }
}

/// <summary>Forgets the next rows of a round, in one transaction.</summary>
/// <returns>How many; fewer than asked for: there are no more now.</returns>
internal delegate Task<int> ForgetBatch(IDatabase database, int atMost, CancellationToken cancellation);

/// <summary>What a store is asked to forget.</summary>
/// <param name="Unit">The transaction.</param>
/// <param name="Dialect">Whose SQL it speaks.</param>
/// <param name="Before">What is older goes, in Unix milliseconds.</param>
/// <param name="AtMost">So many rows; fewer were forgotten: there are no more now.</param>
internal readonly record struct OldBatch(IUnitOfWork Unit, Dialect Dialect, long Before, int AtMost)
{
    /// <summary>Runs a statement with <see cref="Before"/> as <c>$1</c> and <see cref="AtMost"/> as <c>$2</c>.</summary>
    /// <returns>Rows changed.</returns>
    public ValueTask<int> ExecuteAsync(string sql) => Unit.ExecuteAsync(sql, Before, AtMost);

    /// <summary>The ids that a query finds with the same values.</summary>
    public ValueTask<List<string>> IdsAsync(string sql) => Unit.QueryAsync(sql, static row => row.GetString(0), Before, AtMost);
}
