namespace Larkspur.Gateway.Robots;

/// <summary>Robots by name.</summary>
internal sealed record RobotListView(IReadOnlyList<RobotView> Items);

/// <summary>A group robot, without its address and its secret.</summary>
internal sealed record RobotView
{
    /// <summary>Its own for ever, also in the keys of its deliveries.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>The business system that it belongs to; empty: the administrators'.</summary>
    public required string System { get; init; }

    public required string Description { get; init; }

    /// <summary><c>active</c>, <c>off</c> (what is queued waits, new messages are refused), <c>failing</c> (the last message was given up),
    /// <c>cannot_decrypt</c> (set its address and secret again).</summary>
    public required string State { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>Host of its address; null: it cannot be decrypted any more.</summary>
    public string? Host { get; init; }

    /// <summary>The last four characters of its address.</summary>
    public string? AddressEnd { get; init; }

    /// <summary>What it says is signed.</summary>
    public required bool Signed { get; init; }

    /// <summary>Messages that have not left.</summary>
    public required long Waiting { get; init; }

    /// <summary>When the platform took its last message.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>When a message was last given up.</summary>
    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>Why, and what to do.</summary>
    public RobotFailureView? LastFailure { get; init; }

    /// <summary>Messages that were given up since the last that the platform took.</summary>
    public required long ConsecutiveFailures { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }
}

/// <summary>Why a message was not taken.</summary>
/// <param name="Reason">A word: <c>robot_keyword</c>, <c>robot_sign</c>, <c>robot_ip</c>, <c>robot_removed</c>…</param>
/// <param name="Message">What happened and what to do.</param>
/// <param name="MessageZh">The same in Chinese.</param>
internal sealed record RobotFailureView(string Reason, string Message, string MessageZh)
{
    public static RobotFailureView Of(string reason)
    {
        var sentence = RobotFailures.SentenceOf(reason);
        return new RobotFailureView(reason, sentence.English, sentence.Chinese);
    }
}

/// <summary>What came of a test.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="State"><c>delivered</c>: the platform took it. <c>failed</c>: see the failure. <c>not_tried</c>: not within 10 s, its rate
/// limit is used up or the sender has too much to do.</param>
/// <param name="Failure">Why it failed; null: it did not.</param>
internal sealed record RobotTestView(long Id, string State, RobotFailureView? Failure);
