using System.Data.Common;

namespace Larkspur.Gateway.Storage;

/// <summary>
/// Transactions that the database refuses while it is there: what they are recorded as, and how those are told apart that are refused
/// because the database is away.
/// </summary>
internal static class RefusedTransaction
{
    /// <summary>The recorded word of a row that ended so.</summary>
    public const string Reason = "transaction_refused";

    /// <summary>True for what only says that the database is away: no attempt of anybody's.</summary>
    public static bool IsAway(Exception e) => e is StorageUnavailableException { MayBeOwnFault: false };

    /// <summary>
    /// True for what may be the fault of the transaction itself, be it a statement that is refused or one that the database gave up.
    /// </summary>
    public static bool Is(Exception e) => e is DbException or StorageUnavailableException { MayBeOwnFault: true };

    /// <summary>
    /// Writes nothing into both boxes, as part of the transaction that counts such a failure: where others cannot write either
    /// (somebody holds a whole table), that fails, and nothing is counted.
    /// </summary>
    public static async ValueTask ProveOthersWriteAsync(IUnitOfWork unit)
    {
        await unit.ExecuteAsync("UPDATE outbox SET status = status WHERE id = 0");
        await unit.ExecuteAsync("UPDATE inbox SET status = status WHERE id = 0");
        await unit.ExecuteAsync("""
            INSERT INTO heartbeat (id, beats) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET beats = heartbeat.beats + 1
            """);
    }
}
