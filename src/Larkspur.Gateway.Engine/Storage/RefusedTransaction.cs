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
}
