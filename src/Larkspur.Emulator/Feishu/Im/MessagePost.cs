using System.Collections.Immutable;
using Larkspur.Emulator.Feishu.CardKit;
using Larkspur.Emulator.Feishu.Events;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Where a message goes, who says it and what.</summary>
internal sealed record Draft
{
    public required Chat Chat { get; init; }
    public required SenderKind SenderKind { get; init; }
    public required string SenderId { get; init; }
    public required string MsgType { get; init; }
    public required string Content { get; init; }
    public required MessageContent Reading { get; init; }
    /// <summary>The message that is answered.</summary>
    public Message? Parent { get; init; }
    public bool InThread { get; init; }
    /// <summary>The thread that it is put into without answering anybody.</summary>
    public string? ThreadId { get; init; }
    public ImmutableArray<Message> Forwarded { get; init; } = [];
    public string? BatchId { get; init; }
}

/// <summary>Puts a message into its chat and tells the bots: the same for apps, people and custom bots.</summary>
internal sealed class MessagePost(EmulatorState state, EventSource events, CardEntities entities)
{
    /// <param name="draft">Shows no card entity (<see cref="TryPost"/>).</param>
    public Message Post(Draft draft) => TryPost(draft) ?? throw new InvalidOperationException("A card entity was posted without asking whether it still can be.");

    /// <returns><see langword="null"/> when the draft's card entity has been sent by another message meanwhile: each can be sent once.</returns>
    public Message? TryPost(Draft draft)
    {
        var message = draft.Reading.Card is { EntityId: { } cardId }
            ? entities.SendOnce(cardId, card => Add(draft with { Reading = draft.Reading with { Card = card, Rendered = card.Json } }))
            : Add(draft);
        if (message is not null) events.MessageReceived(message);
        return message;
    }

    private Message Add(Draft draft)
    {
        var (threadId, rootId, parentId) = Place(draft);
        var now = state.Clock.GetUtcNow();
        var id = state.Ids.Next("om_");
        return state.AddMessage(new Message
        {
            MessageId = id, ChatId = draft.Chat.ChatId, ParentId = parentId, RootId = rootId, ThreadId = threadId,
            SenderKind = draft.SenderKind, SenderId = draft.SenderId, MsgType = draft.MsgType, Content = draft.Content,
            Rendered = draft.Reading.Rendered, RenderedByLocale = draft.Reading.ByLocale, Mentions = draft.Reading.Mentions, Card = draft.Reading.Card,
            CreateTime = now, UpdateTime = now, BatchId = draft.BatchId,
            Forwarded = [.. draft.Forwarded.Select(m => m with { UpperMessageId = id })],
        });
    }

    /// <remarks>
    /// In a thread every answer answers its first message, whichever was meant (platform page im-v1/message/intro). An answer to what is in a thread stays
    /// in it. The first answer in a thread makes the answered message the thread's first.
    /// </remarks>
    private (string? Thread, string? Root, string? Parent) Place(Draft draft)
    {
        if (draft.ThreadId is { } given && state.Thread(given) is { } target) return (given, target.RootId, target.RootId);
        if (draft.Parent is not { } parent) return (draft.Chat.IsTopicGroup ? state.Ids.Next("omt_") : null, null, null);
        if (parent.ThreadId is null && !draft.InThread) return (null, parent.RootId ?? parent.MessageId, parent.MessageId);
        var thread = parent.ThreadId;
        if (thread is null)
        {
            thread = state.Ids.Next("omt_");
            // Another answer may have begun the thread in the meantime.
            thread = state.ChangeMessage(parent.MessageId, m => m.ThreadId is null ? m with { ThreadId = thread } : m)?.ThreadId ?? thread;
        }

        var root = state.Thread(thread)?.RootId ?? parent.RootId ?? parent.MessageId;
        return (thread, root, root);
    }
}
