using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Seen;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox;

/// <summary>
/// The one statement group whose speed decides how many events a second are accepted; so each database has a make of its own: SQLite, inside the process,
/// takes them one by one and keeps the newest keys in memory; PostgreSQL, a round trip away and shared, takes all at once.
/// </summary>
internal interface IInboxAppend
{
    /// <inheritdoc cref="IInboxStore.AppendAsync"/>
    ValueTask<IReadOnlyList<Appended>> AppendAsync(IUnitOfWork unit, IReadOnlyList<NewEvent> events);

    /// <summary>Whether something was recorded under this key.</summary>
    ValueTask<bool> HasAsync(IUnitOfWork unit, SeenKey key);

    /// <summary>Rows of an event id, of all apps, whose key the table <c>inbox_seen</c> may not have yet. To be asked before the table.</summary>
    IReadOnlyList<long> RecentRowsOf(string eventId);

    /// <summary>Rows are deleted, in this transaction: so are the keys by which they were recognised, where a key is that row's and no other's.</summary>
    ValueTask ForgetAsync(IUnitOfWork unit, IReadOnlyList<(SeenKey Key, long Row)> keys);
}
