using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Robots;

/// <summary>How robots fare: noted in the transaction that ends what they say.</summary>
internal sealed class RobotHealth : IOutboxCompletion
{
    public IReadOnlyCollection<OutboxOperation> Operations { get; } = [RobotRows.Operation];

    public async ValueTask SentAsync(IUnitOfWork unit, OutboxEntry entry, SendReceipt receipt, DateTimeOffset at) =>
        await unit.ExecuteAsync("UPDATE robot SET succeeded_at = $2, failures = 0 WHERE id = $1", RobotRows.IdOf(entry),
            at.ToUnixTimeMilliseconds());

    public async ValueTask DeadAsync(IUnitOfWork unit, OutboxEntry entry, string reason, string message, DateTimeOffset at) =>
        await unit.ExecuteAsync("UPDATE robot SET failed_at = $2, failure = $3, failures = failures + 1 WHERE id = $1",
            RobotRows.IdOf(entry), at.ToUnixTimeMilliseconds(), reason);

    /// <summary>Begins with a robot of which nothing is known.</summary>
    public static async ValueTask ForgetAsync(IUnitOfWork unit, string id) =>
        await unit.ExecuteAsync("UPDATE robot SET succeeded_at = NULL, failed_at = NULL, failure = NULL, failures = 0 WHERE id = $1", id);

    /// <summary>All of them, by id.</summary>
    public static async ValueTask<Dictionary<string, RobotRecord>> ReadAsync(ISql sql) => (await sql.QueryAsync(
        "SELECT id, succeeded_at, failed_at, failure, failures FROM robot",
        static row => (Id: row.GetString(0), Record: new RobotRecord(row.TimeOrNull(1), row.TimeOrNull(2), row.Text(3), row.GetInt64(4)))))
        .ToDictionary(r => r.Id, r => r.Record, StringComparer.Ordinal);
}

/// <summary>How a robot fares.</summary>
/// <param name="SucceededAt">The last message that the platform took.</param>
/// <param name="FailedAt">The last that was given up.</param>
/// <param name="Failure">Why: a word.</param>
/// <param name="Failures">How many were given up since one was taken.</param>
internal sealed record RobotRecord(DateTimeOffset? SucceededAt, DateTimeOffset? FailedAt, string? Failure, long Failures)
{
    public static RobotRecord None { get; } = new(null, null, null, 0);
}
