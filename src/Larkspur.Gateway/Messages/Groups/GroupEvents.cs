using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;

namespace Larkspur.Gateway.Messages;

/// <summary>What happens in the groups that a bot is in. A group that is lost takes what is queued for it along; the rest is counted, logged and, where wanted, forwarded.</summary>
internal sealed partial class GroupEvents(OutboxReports reports, GroupMetrics metrics, ILogger<GroupEvents> logger)
{
    /// <summary>Why messages end whose chat the bot was removed from.</summary>
    public const string BotRemoved = "bot_removed";

    /// <summary>Why messages end whose chat is no more.</summary>
    public const string Disbanded = "chat_disbanded";

    /// <summary>Clocks differ by seconds; an event that is older than this came late, and the bot may be back in the group since.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    /// <summary>The bot is out: nothing that is queued for the chat can arrive.</summary>
    public ValueTask<Reaction> RemovedAsync(EventContext context, CancellationToken cancellation) => ValueTask.FromResult(Lost(context, BotRemoved, "The bot was removed from the chat."));

    /// <summary>The chat is gone.</summary>
    public ValueTask<Reaction> DisbandedAsync(EventContext context, CancellationToken cancellation) => ValueTask.FromResult(Lost(context, Disbanded, "The chat was disbanded."));

    /// <summary>People came or went, or the group has another name: nothing is done about it here.</summary>
    public ValueTask<Reaction> ChangedAsync(EventContext context, CancellationToken cancellation)
    {
        var change = context.Event.EventType;
        return ValueTask.FromResult(new Reaction(effects =>
        {
            Noted(effects, context, change);
            return ValueTask.FromResult(Outcome.Ignored("noted"));
        }));
    }

    private Reaction Lost(EventContext context, string reason, string sentence)
    {
        if (context.Event.ChatId is not { Length: > 0 } chat) return Reaction.Ignore("incomplete");
        var inbound = context.Event;
        var until = inbound.ReceivedAt - inbound.HappenedAt > Late ? inbound.HappenedAt : inbound.ReceivedAt;
        return new Reaction(async effects =>
        {
            var ended = await LostMessages.EndAsync(effects.Unit, inbound.App, chat, reason, sentence, until, effects.Now);
            effects.Unit.AfterCommit(() =>
            {
                foreach (var id in ended) reports.Ended(id);
                if (ended.Count > 0) MessagesEnded(ended.Count, chat, inbound.App, reason);
                metrics.Ended(reason, ended.Count);
            });
            Noted(effects, context, inbound.EventType);
            return Outcome.Answered;
        });
    }

    private void Noted(IEffects effects, EventContext context, string change) => effects.Unit.AfterCommit(() =>
    {
        metrics.Happened(change);
        ChatChanged(change, context.Event.ChatId, context.Event.App);
    });

    [LoggerMessage(LogLevel.Warning, "{Count} messages to chat {ChatId} of app {App} will not be sent ({Reason})")]
    private partial void MessagesEnded(int count, string chatId, string app, string reason);
    [LoggerMessage(LogLevel.Information, "{EventType} in chat {ChatId} of app {App}")]
    private partial void ChatChanged(string eventType, string? chatId, string app);
}
