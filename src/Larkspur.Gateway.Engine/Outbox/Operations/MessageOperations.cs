namespace Larkspur.Gateway.Outbox;

/// <summary>What can be done with messages of any kind, and so belongs to no capability.</summary>
public static class MessageOperations
{
    /// <summary>Send to a chat or person.</summary>
    public static OutboxOperation Create { get; } = new("create", Repetition.UnderKey, OperationTexts.SendMessage);

    /// <summary>Answer a message.</summary>
    public static OutboxOperation Reply { get; } = new("reply", Repetition.UnderKey, OperationTexts.Reply);

    /// <summary>Change a card. It alone gives a message another face, of which only the newest counts (<see cref="OutboxEntry.IsChange"/>).</summary>
    public static OutboxOperation Patch { get; } = new("patch", Repetition.Harmless, OperationTexts.ChangeCard);

    /// <summary>Call a business system.</summary>
    public static OutboxOperation Webhook { get; } = new("webhook", Repetition.UnderKey, "Webhook");

    /// <summary>Pass a message on.</summary>
    public static OutboxOperation Forward { get; } = new("forward", Repetition.UnderKey, OperationTexts.ForwardMessage);

    /// <summary>Pass several messages on as one.</summary>
    public static OutboxOperation MergeForward { get; } = new("merge_forward", Repetition.UnderKey, OperationTexts.ForwardMessagesAsOne);

    /// <summary>Take a message back.</summary>
    public static OutboxOperation Recall { get; } = new("recall", Repetition.Harmless, OperationTexts.RecallMessage);

    internal static IReadOnlyList<OutboxOperation> All { get; } = [Create, Reply, Patch, Webhook, Forward, MergeForward, Recall];
}
