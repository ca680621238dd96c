namespace Larkspur.Gateway.Outbox;

/// <summary>How a channel's messages are tried again, and until when.</summary>
public sealed record DeliveryPolicy
{
    private readonly Func<int, Random, TimeSpan?> _pause;

    private DeliveryPolicy(TimeSpan longestPause, Func<int, Random, TimeSpan?> pause) => (LongestPause, _pause) = (longestPause, pause);

    /// <summary>No pause is longer, save one that the receiver asked for.</summary>
    public TimeSpan LongestPause { get; }

    /// <summary>Age at which a message is given up, however often it was tried.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>How long the receiver is trusted to recognise an idempotency key; null: for ever.</summary>
    public TimeSpan? KeyLifetime { get; init; }

    /// <summary>The receiver may have taken an attempt, and is not trusted to recognise its key any more.</summary>
    /// <param name="operation">What was done.</param>
    /// <param name="unsureSince">When the first attempt was made that may have arrived; null: none.</param>
    /// <param name="now">The time.</param>
    public bool IsKeyForgotten(OutboxOperation operation, DateTimeOffset? unsureSince, DateTimeOffset now) =>
        unsureSince is { } since && operation.Repetition != Repetition.Harmless && now - since > KeyLifetime;

    /// <summary>Nothing but the gateway itself keeps it from having its effect twice.</summary>
    public bool IsUnprotected(OutboxOperation operation) =>
        operation.Repetition == Repetition.Repeats || (operation.Repetition == Repetition.UnderKey && KeyLifetime == TimeSpan.Zero);

    /// <summary>Messages of one lane that may start within any second; null: as many as come one after another.</summary>
    public int? PerLane { get; init; }

    /// <summary>Pauses that double from <paramref name="first"/> to <paramref name="longest"/>, of which chance takes up to a half; without end.</summary>
    public static DeliveryPolicy Doubling(TimeSpan first, TimeSpan longest, TimeSpan patience) =>
        new(longest, (failures, random) => Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 20)), longest.TotalMilliseconds) is var ceiling
            ? TimeSpan.FromMilliseconds(ceiling * (0.5 + random.NextDouble() / 2))
            : null) { Patience = patience };

    /// <summary>These pauses, to which chance adds or takes up to <paramref name="jitter"/> of each; then the message is given up.</summary>
    public static DeliveryPolicy Schedule(IReadOnlyList<TimeSpan> pauses, double jitter, TimeSpan patience) =>
        new(pauses.Max() * (1 + jitter), (failures, random) => failures < pauses.Count
            ? pauses[failures] * (1 + jitter * (2 * random.NextDouble() - 1))
            : null) { Patience = patience };

    /// <summary>Time until the next attempt, or null when there is none.</summary>
    /// <param name="failures">Failed attempts before the one that just failed.</param>
    /// <param name="random">Source of chance.</param>
    public TimeSpan? PauseAfter(int failures, Random random) => _pause(failures, random);
}
