using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Inbox.Seen;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Inbox;

/// <summary>The inbox's rows.</summary>
internal interface IInboxStore
{
    /// <summary>Records events, save those that were recorded before, in their order.</summary>
    /// <returns>One result per event.</returns>
    ValueTask<IReadOnlyList<Appended>> AppendAsync(IUnitOfWork unit, IReadOnlyList<NewEvent> events);

    /// <summary>Which of these messages have arrived, under whatever event id.</summary>
    ValueTask<IReadOnlySet<string>> KnownMessagesAsync(IUnitOfWork unit, string platform, string app, IReadOnlyCollection<string> messageIds);

    /// <summary>Ends an event together with the effects that stand in the same transaction.</summary>
    /// <returns>False when it had ended before, or when the lease has gone to another process: the caller must undo what it did in this transaction.</returns>
    ValueTask<bool> FinishAsync(IUnitOfWork unit, long id, Fence fence, Outcome outcome, bool effect, DateTimeOffset at);

    /// <summary>Ends an event that no further attempt is made at: a dead letter, until an operator replays or discards it.</summary>
    /// <returns>As of <see cref="FinishAsync"/>.</returns>
    ValueTask<bool> DeadLetterAsync(IUnitOfWork unit, long id, Fence fence, Outcome outcome, DateTimeOffset at);

    /// <summary>Records a failed attempt in the row and its history, and when the next is due.</summary>
    ValueTask RecordFailureAsync(IUnitOfWork unit, long id, Fence fence, HistoryLine failure, DateTimeOffset notBefore);

    /// <summary>Keeps the answer to a click for the process whose request waits for it.</summary>
    ValueTask KeepAnswerAsync(IUnitOfWork unit, long id, string answer);

    /// <summary>The kept answer, or null.</summary>
    Task<string?> AnswerAsync(long id, CancellationToken cancellation);

    /// <summary>Open events of these partitions after <paramref name="afterId"/>, oldest first, without payload.</summary>
    Task<IReadOnlyList<InboxEntry>> LoadOpenAsync(Partitions partitions, long afterId, int limit, CancellationToken cancellation);

    /// <summary>The open rows of each of these lanes, oldest first.</summary>
    Task<IReadOnlyList<IReadOnlyList<InboxEntry>>> LoadLanesAsync(IReadOnlyList<LaneWish> lanes, CancellationToken cancellation);

    /// <summary>Those of these rows that are open, without payload.</summary>
    Task<IReadOnlyList<InboxEntry>> LoadAsync(IReadOnlyList<long> ids, CancellationToken cancellation);

    /// <summary>The oldest open event of the same key before this one, or null.</summary>
    Task<InboxEntry?> EarlierAsync(InboxEntry entry, CancellationToken cancellation);

    /// <summary>The event of a row; null when the row is gone.</summary>
    /// <exception cref="UnreadableRowException">This program cannot read the row, and will not be able to.</exception>
    Task<InboundEvent?> ReadAsync(long id, CancellationToken cancellation);

    /// <summary>Rows by the platform's event id, of all apps.</summary>
    Task<IReadOnlyList<InboxItem>> FindAsync(string eventId, CancellationToken cancellation);

    /// <summary>The events that ended well before a time.</summary>
    OldRows Ended(DateTimeOffset before);

    /// <summary>The events that died before a time.</summary>
    OldRows Dead(DateTimeOffset before);

    /// <summary>Forgets events that were found to be old, with their history and the keys they are recognised by: those of them that still are.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="rows">What they were found by.</param>
    /// <param name="ids">Which.</param>
    /// <returns>How many were forgotten.</returns>
    ValueTask<int> ForgetAsync(IUnitOfWork unit, OldRows rows, IReadOnlyList<long> ids);

    /// <summary>Rows by state, and since when the oldest open one waits, for health and metrics.</summary>
    Task<(long Open, DateTimeOffset? Oldest, long Dead)> CountAsync(CancellationToken cancellation);
}

/// <summary>An event on its way into the inbox.</summary>
/// <param name="Event">The event.</param>
/// <param name="Reference">What the user would be told.</param>
/// <param name="WaitingNode">The process whose request waits for the answer, for clicks.</param>
internal readonly record struct NewEvent(InboundEvent Event, string Reference, string? WaitingNode)
{
    /// <summary>Its reference is made from its key.</summary>
    public NewEvent(InboundEvent inbound, string? waitingNode) : this(inbound, "", waitingNode) => Reference = Common.Reference.For(Keys.ByEvent);

    /// <summary>What it is remembered by. Made with the event: on the thread that brings it, not on the database writer's.</summary>
    public EventKeys Keys { get; } = EventKeys.Of(Event);

    /// <summary>It ends with its recording; null: it is open.</summary>
    public Outcome? End { get; init; }
}

/// <summary>Result of recording an event.</summary>
/// <param name="Id">Its row: the first one's, for a duplicate.</param>
/// <param name="Duplicate">It was recorded before.</param>
internal readonly record struct Appended(long Id, bool Duplicate);

/// <summary>An open event in line for its handler.</summary>
internal sealed record InboxEntry : IQueuedRow
{
    public required long Id { get; init; }

    public required string App { get; init; }

    public required string OrderingKey { get; init; }

    /// <summary>What the user would be told.</summary>
    public required string Reference { get; init; }

    public required int Partition { get; init; }

    /// <summary>Failed attempts so far.</summary>
    public int Attempts { get; init; }

    /// <summary>When the next attempt is due.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>The process whose request waits for the answer, for clicks.</summary>
    public string? WaitingNode { get; init; }

    /// <summary>How often it was replayed. After each replay its effects have other idempotency keys.</summary>
    public int ReplayCount { get; init; }

    /// <summary>Why this program cannot read the row, or null: then there is nothing in it to rely on but its id and its partition.</summary>
    public string? Unreadable { get; init; }

    /// <summary>The event, when it is still in memory.</summary>
    public InboundEvent? Event { get; init; }

    public string Key => App + " " + OrderingKey;

    /// <summary>The app and the ordering key of a <see cref="Key"/>: an app's name has no spaces.</summary>
    public static (string App, string OrderingKey) Of(string key) => (key[..key.IndexOf(' ')], key[(key.IndexOf(' ') + 1)..]);
}

/// <summary>An inbox row as the API shows it.</summary>
public sealed record InboxItem
{
    public long Id { get; init; }

    public required string App { get; init; }

    /// <summary>The platform's id of the event.</summary>
    public required string EventId { get; init; }

    public required string EventType { get; init; }

    /// <summary>The ordering key: <c>chat:ID</c>, <c>card:ID</c>…</summary>
    public required string Key { get; init; }

    /// <summary><c>open</c>, <c>finished</c>, <c>dead</c>.</summary>
    public required string Status { get; init; }

    public string? Outcome { get; init; }

    public string? Reason { get; init; }

    public required string Reference { get; init; }

    /// <summary>Failed attempts since it arrived or was last replayed.</summary>
    public int Attempts { get; init; }

    public int Replays { get; init; }

    public int Effects { get; init; }

    public int Duplicates { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When the watchdog reported that it is open for too long.</summary>
    public DateTimeOffset? OverdueAt { get; init; }
}

/// <summary>A row that this program cannot read: a newer version's, or a damaged one.</summary>
/// <param name="message">What is wrong with it.</param>
/// <param name="known">What could be read all the same, with an empty payload; null when not even the chat is known.</param>
/// <param name="inner">The cause.</param>
internal sealed class UnreadableRowException(string message, InboundEvent? known, Exception? inner = null) : Exception(message, inner)
{
    /// <inheritdoc cref="UnreadableRowException"/>
    public InboundEvent? Known { get; } = known;
}
