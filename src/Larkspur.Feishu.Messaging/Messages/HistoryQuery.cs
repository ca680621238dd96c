namespace Larkspur.Feishu.Messaging;

/// <summary>Which messages of a chat or a thread are read, and in which order.</summary>
public sealed record HistoryQuery
{
    /// <summary>Most messages that one call brings.</summary>
    public const int LargestPage = 50;

    /// <summary>All of a chat, <c>oc_…</c>. Of threads in an ordinary group only their first messages come: read those threads by themselves.</summary>
    public static HistoryQuery OfChat(string chatId) => new() { Container = Recipient.Chat(chatId) };

    /// <summary>All of a thread, <c>omt_…</c>. The platform takes no times for a thread.</summary>
    public static HistoryQuery OfThread(string threadId) => new() { Container = Recipient.Thread(threadId) };

    internal Recipient Container { get; private init; }

    /// <summary>Earliest time, included; null: from the beginning.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Latest time, included; null: up to now.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>True: the newest first.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>Messages per call, 1 to 50.</summary>
    public int PageSize { get; init; } = LargestPage;

    /// <summary>Where an earlier reading ended (<see cref="HistoryPage.NextPageToken"/>); the rest of the query must be the same. Null: the beginning.</summary>
    public string? PageToken { get; init; }

    /// <summary>True: cards come as the JSON they were sent as, instead of in the platform's short form.</summary>
    public bool CardsAsSent { get; init; }

    internal void Check()
    {
        if (PageSize is < 1 or > LargestPage) throw new ArgumentOutOfRangeException(nameof(PageSize), PageSize, $"The platform takes 1 to {LargestPage} messages per page.");
        if (From > To) throw new ArgumentException($"The time range ends ({To:O}) before it begins ({From:O}).", nameof(To));
        if (Container.IdType.Value == "thread_id" && (From ?? To) is not null) throw new ArgumentException("The platform takes no time range for a thread.", nameof(From));
    }

    /// <summary>The wire has whole seconds: what lies beyond the range within its first and last second is left out here.</summary>
    internal bool Holds(ChatMessage message) => !(message.CreatedAt < From) && !(message.CreatedAt > To);
}

/// <summary>One page of a history.</summary>
/// <param name="Messages">In the order that was asked for; may be empty although more follow.</param>
/// <param name="NextPageToken">Goes on from here (<see cref="HistoryQuery.PageToken"/>), also later and in another process; null: this was the last page.</param>
public sealed record HistoryPage(IReadOnlyList<ChatMessage> Messages, string? NextPageToken);
