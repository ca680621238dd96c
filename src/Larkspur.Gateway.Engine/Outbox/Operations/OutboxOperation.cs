using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Outbox;

/// <summary>Something that a message does on its platform. Each is registered (<c>AddOutboxOperation</c>) by the room that has it; nowhere is there a list of all.</summary>
/// <remarks>How it is done is each platform's: on Feishu a class that implements <c>IFeishuOperation</c>. See docs/extending.md.</remarks>
/// <param name="name">
/// Stored in rows and shown by REST, metrics and logs, in small letters and underscores: it is never changed and never used for something else.
/// </param>
/// <param name="repetition">What doing it twice does.</param>
/// <param name="title">What the console calls it.</param>
public sealed class OutboxOperation(string name, Repetition repetition, LocalText title)
{
    /// <summary>As rows name it.</summary>
    public string Name { get; } = name;

    /// <summary>What doing it twice does.</summary>
    public Repetition Repetition { get; } = repetition;

    /// <summary>What the console calls it.</summary>
    public LocalText Title { get; } = title;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What happens when an operation is done once more, because it is not known whether it was done.</summary>
public enum Repetition
{
    /// <summary>The platform recognises the row's idempotency key, for as long as it remembers one.</summary>
    UnderKey,

    /// <summary>Nothing more, however late: its idempotency key need not be remembered by the platform.</summary>
    Harmless,

    /// <summary>No platform takes an idempotency key for it: done twice, it has its effect twice.</summary>
    Repeats,
}
