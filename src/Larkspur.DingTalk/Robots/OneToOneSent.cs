namespace Larkspur.DingTalk.Robots;

/// <summary>What became of a message to people one by one.</summary>
public sealed record OneToOneSent
{
    /// <summary>The batches that were taken, 20 people each: the key of each recalls it and asks who has read it.</summary>
    public IReadOnlyList<OneToOneBatch> Batches { get; init; } = [];

    /// <summary>Userids that do not exist, or not for this app. They got nothing.</summary>
    public IReadOnlyList<string> InvalidUserIds { get; init; } = [];

    /// <summary>People whom the platform spared because they were sent too much. They got nothing; later it may work.</summary>
    public IReadOnlyList<string> FlowControlledUserIds { get; init; } = [];
}

/// <summary>One batch.</summary>
/// <param name="ProcessQueryKey">Its key.</param>
/// <param name="UserIds">Who was asked for.</param>
public sealed record OneToOneBatch(string ProcessQueryKey, IReadOnlyList<string> UserIds);

/// <summary>A message to many people was stopped on the way: some have it, some do not. The cause is the inner exception.</summary>
public sealed class PartlySentException : Exception
{
    internal PartlySentException(OneToOneSent sent, IReadOnlyList<string> unsure, IReadOnlyList<string> unsent, Exception cause)
        : base($"The message was sent to {sent.Batches.Sum(b => b.UserIds.Count)} people, is unsure for {unsure.Count}, and was not sent to {unsent.Count}: {cause.Message}", cause)
        => (Sent, Unsure, Unsent) = (sent, unsure, unsent);

    /// <summary>What was taken.</summary>
    public OneToOneSent Sent { get; }

    /// <summary>Those whose batch had no answer: they may have it. The platform has no key that would make a repetition harmless.</summary>
    public IReadOnlyList<string> Unsure { get; }

    /// <summary>Those who certainly do not have it.</summary>
    public IReadOnlyList<string> Unsent { get; }
}

/// <summary>Who has read a message.</summary>
/// <param name="SendStatus"><c>SUCCESS</c>, <c>RECALLED</c>, <c>PROCESSING</c>.</param>
/// <param name="Readers">One entry a receiver.</param>
public sealed record OneToOneReadState(string? SendStatus, IReadOnlyList<OneToOneReader> Readers);

/// <summary>One receiver.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Name">Name.</param>
/// <param name="ReadStatus"><c>READ</c> or <c>UNREAD</c> (seen in both cases of letters).</param>
/// <param name="ReadTimestamp">When, in milliseconds.</param>
public sealed record OneToOneReader(string UserId, string? Name, string? ReadStatus, long? ReadTimestamp)
{
    /// <summary>It was read.</summary>
    public bool HasRead => string.Equals(ReadStatus, "READ", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Who has read a message in a group; a page.</summary>
/// <param name="SendStatus"><c>SUCCESS</c>, <c>RECALLED</c>, <c>PROCESSING</c>.</param>
/// <param name="ReadUserIds">Who.</param>
/// <param name="NextToken">The next page, or null.</param>
public sealed record GroupReadState(string? SendStatus, IReadOnlyList<string> ReadUserIds, string? NextToken);

/// <summary>What became of a recall.</summary>
/// <param name="Done">Keys of messages that are gone.</param>
/// <param name="Failed">Keys of those that are not, with the platform's reason.</param>
public sealed record Recalled(IReadOnlyList<string> Done, IReadOnlyDictionary<string, string> Failed);

/// <summary>A session webhook is over; the platform would refuse it.</summary>
public sealed class SessionWebhookExpiredException : InvalidOperationException
{
    internal SessionWebhookExpiredException(DateTimeOffset expired) : base($"The session webhook was good until {expired:u}; write to the conversation as the robot instead.") => ExpiredAt = expired;

    /// <summary>Until when it was good.</summary>
    public DateTimeOffset ExpiredAt { get; }
}
