using Larkspur.Gateway.Diagnostics;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox;

/// <summary>Records events durably and hands them on.</summary>
internal sealed class InboxWriter(IDatabase database, IInboxStore store, Dispatcher dispatcher, TimeProvider clock)
{
    /// <summary>Longest wait for a commit: the platform gives up after 3 s and comes again, so a late 200 is worth nothing.</summary>
    private static readonly TimeSpan CommitDeadline = TimeSpan.FromSeconds(2);

    /// <summary>Events up to this size stay in memory until they are handled; larger ones are read back.</summary>
    private const int KeptBytes = 16 << 10;

    /// <summary>Bytes that may wait for the writer at once.</summary>
    private const long MaxWaitingBytes = 64 << 20;

    private long _waitingBytes;

    /// <summary>Returns when the event is on disk (or was before).</summary>
    /// <exception cref="StorageUnavailableException">It could not be recorded now.</exception>
    public async Task<Appended> AcceptAsync(InboundEvent inbound, CallbackWaiter? waiter)
    {
        var size = inbound.Payload.Length;
        if (Interlocked.Add(ref _waitingBytes, size) > MaxWaitingBytes)
        {
            Interlocked.Add(ref _waitingBytes, -size);
            throw new StorageUnavailableException("Too many bytes are waiting for the database writer.");
        }

        try
        {
            var reference = Reference.For(inbound.Platform, inbound.App, inbound.EventId);
            return await database.TransactAsync(async unit =>
            {
                var appended = await store.AppendAsync(unit, inbound, reference);
                if (appended.Duplicate) return appended;
                var entry = new InboxEntry(appended.Id, SqliteInboxStore.EntryKey(inbound.App, inbound.OrderingKey), reference, 0, size <= KeptBytes ? inbound : null);
                unit.AfterCommit(() => dispatcher.Arrived(entry, waiter));
                return appended;
            }).WaitAsync(CommitDeadline, clock);
        }
        catch (TimeoutException e)
        {
            throw new StorageUnavailableException("The database writer took too long.", e);
        }
        finally
        {
            Interlocked.Add(ref _waitingBytes, -size);
        }
    }
}
