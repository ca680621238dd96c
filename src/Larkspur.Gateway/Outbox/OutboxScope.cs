namespace Larkspur.Gateway.Outbox;

/// <summary>Rows that one sender works on.</summary>
/// <remarks>
/// A queue holds a bounded number of rows in memory. Each destination of callbacks has a queue and workers of its own, so that a business system that
/// is slow or away costs no other its turn; the platforms' messages have theirs.
/// </remarks>
/// <param name="Destination">Callbacks to this destination; null: messages to platforms.</param>
public readonly record struct OutboxScope(string? Destination)
{
    /// <summary>Value of <see cref="OutboxEntry.Platform"/> for callbacks to business systems.</summary>
    public const string CallbackPlatform = "callback";

    /// <summary>Everything that goes to a chat platform.</summary>
    public static OutboxScope Platforms => default;

    /// <summary>The scope a row belongs to.</summary>
    public static OutboxScope Of(OutboxEntry entry) => entry.Platform == CallbackPlatform ? new(entry.Message.Target) : Platforms;
}
