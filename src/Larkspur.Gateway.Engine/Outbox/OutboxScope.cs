namespace Larkspur.Gateway.Outbox;

/// <summary>Rows that one sender works on.</summary>
/// <remarks>
/// A queue holds a bounded number of rows in memory. Each webhook has a queue and workers of its own, so that a business system that
/// is slow or away costs no other its permit; the platforms' messages have theirs.
/// </remarks>
/// <param name="Webhook">Messages to this webhook; null: messages to platforms.</param>
public readonly record struct OutboxScope(string? Webhook)
{
    /// <summary>Value of <see cref="OutboxEntry.Platform"/> for messages to business systems.</summary>
    public const string WebhookPlatform = "webhook";

    /// <summary>Value of <see cref="OutboxEntry.Platform"/> for what group robots say, on whatever platform.</summary>
    public const string RobotPlatform = "robot";

    /// <summary>Everything that goes to a chat platform.</summary>
    public static OutboxScope Platforms => default;

    /// <summary>The scope a row belongs to.</summary>
    public static OutboxScope Of(OutboxEntry entry) => entry.Platform == WebhookPlatform ? new(entry.Message.Target) : Platforms;
}
