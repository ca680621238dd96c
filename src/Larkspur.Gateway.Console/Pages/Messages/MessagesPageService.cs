using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Pages.Messages;

/// <summary>Sends a message by hand, the way that every message goes, and knows the groups that the bot is in.</summary>
internal sealed class MessagesPageService(
    FeishuApps apps, PlatformCalls calls, MessageQueue queue, IQuota quota, AuditTrail audit, TimeProvider clock)
{
    private const int MostGroups = 100;

    /// <summary>Each look costs a call of the month.</summary>
    private static readonly TimeSpan GroupsAreGoodFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlyList<(string Id, string Name)> Groups, bool More)> _groups =
        new(StringComparer.Ordinal);

    /// <summary>How long somebody waits for the outcome before the page.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Names of the connected apps, the default one first.</summary>
    public IReadOnlyList<string> Apps =>
        [.. apps.All.Select(app => app.Name).OrderBy(name => name != FeishuApps.Default).ThenBy(name => name, StringComparer.Ordinal)];

    /// <summary>The liveliest groups that an app's bot is in, 100 at most.</summary>
    /// <returns>Ids and names, and whether there are more.</returns>
    /// <exception cref="ActionRefusedException">The app has to be sparing with its calls.</exception>
    /// <exception cref="RequestRefusedException">The app is not connected, or its calls of the month are used up.</exception>
    public async Task<(IReadOnlyList<(string Id, string Name)> Groups, bool More)> GroupsAsync(string name, CancellationToken cancellation)
    {
        var app = calls.App(name);
        if (_groups.TryGetValue(name, out var known) && clock.GetUtcNow() - known.At < GroupsAreGoodFor) return (known.Groups, known.More);
        if (quota.Mode(app.Name, Endpoints.ChatList.Id) != QuotaMode.Normal) throw new ActionRefusedException(MessagesTexts.Sparing);
        var found = await app.Client.Im.V1.Chat.ListAsync(
            new() { SortType = SortType.ByActiveTimeDesc, PageSize = MostGroups }, calls.Call(app, Endpoints.ChatList), cancellation);
        var named = (found.Items ?? []).Where(chat => chat.ChatId is not null);
        (string, string)[] groups = [.. named.Select(chat => (chat.ChatId!, chat.Name ?? chat.ChatId!))];
        _groups[name] = (clock.GetUtcNow(), groups, found.HasMore ?? false);
        return (groups, found.HasMore ?? false);
    }

    /// <summary>Queues a message under its key, once however often this is called, and waits a while for its outcome.</summary>
    /// <exception cref="ActionRefusedException">A field does not fit.</exception>
    public Task<MessageAnswer> SendAsync(Actor who, HandMessage message, string key, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(message.Text)) throw new ActionRefusedException(MessagesTexts.NothingSaid);
        return SendAsync(who, message.App, message.To, Draft(message), key, "message.sent_by_hand", cancellation);
    }

    /// <inheritdoc cref="SendAsync(Actor, HandMessage, string, CancellationToken)"/>
    /// <param name="who">Who sends it.</param>
    /// <param name="appName">The app that sends it.</param>
    /// <param name="receiver">A mail address or an id of a person, or a group's <c>oc_…</c>.</param>
    /// <param name="draft">What it says.</param>
    /// <param name="key">Names it.</param>
    /// <param name="action">The line of the audit log.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<MessageAnswer> SendAsync(Actor who, string appName, string receiver, Larkspur.Gateway.Messages.MessageDraft draft,
        string key, string action, CancellationToken cancellation)
    {
        var to = receiver.Trim();
        var kind = to.StartsWith("oc_", StringComparison.Ordinal) ? "chat_id" : FeishuIds.PersonKindOf(to);
        if (kind is null) throw new ActionRefusedException(MessagesTexts.BadReceiver);
        var app = calls.App(appName);
        var outgoing = new OutboxMessage
        {
            Operation = MessageOperations.Create, Lane = to, TargetType = kind, Target = to,
            MessageType = draft.Type, Content = draft.Content,
        };
        // One transaction: whatever becomes of the page, a message that goes out has its line in the audit log.
        var queued = await queue.QueueAsync(new KeyGrant(who), app.Name, "console " + key, outgoing, cancellation, draft.Stored,
            also: unit =>
            audit.AddAsync(unit, who, action, to, new JsonObject { ["app"] = app.Name, ["type"] = draft.Type }));
        try
        {
            return await queue.WaitAsync(queued, Patience, cancellation);
        }
        catch (StorageUnavailableException)
        {
            // It is queued, and leaves once the database is back.
            return queued;
        }
    }

    private static Larkspur.Gateway.Messages.MessageDraft Draft(HandMessage message)
    {
        if (!message.IsCard) return MessageContents.Check(new("text", MessageContent.Text(message.Text), "/text"));
        var card = new CardBuilder();
        if (message.Title.Trim() is { Length: > 0 } title) card.Header(title, HeaderTemplate.Blue);
        var draft = MessageContents.Check(new(Larkspur.Gateway.Messages.MessageDraft.Card, card.Markdown(message.Text).ToJson(), "/text"));
        return CardValidator.Validate(draft.Content).IsValid ? draft : throw new ActionRefusedException(MessagesTexts.BadCard);
    }
}
