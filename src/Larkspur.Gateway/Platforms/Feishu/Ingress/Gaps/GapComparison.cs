using System.Collections.Concurrent;
using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;

/// <summary>Compares one app's chats with what arrived.</summary>
internal sealed partial class GapComparison(GapChats chats, IInboxStore inbox, InboxWriter writer, IDatabase database,
    LongConnections connections, GapMetrics metrics, GapOptions options,
    SecretRegistry secrets, TimeProvider clock, ILogger<GapComparison> logger)
{
    /// <summary>The catalogue's id of the call that is made most.</summary>
    public static string HistoryEndpoint => Endpoints.MessageList.Id;

    /// <summary>"The bot can not be outside the group", "Bot has NO availability to this user", "The chat type is not supported".</summary>
    private static readonly int[] Closed = [230002, 230013, 231203];

    /// <summary>"Lack of necessary permissions".</summary>
    private const int MissingPermission = 230027;

    private const int MostListPages = 5;
    private const int MostPages = 4;
    private const int PageSize = 50;

    private readonly ConcurrentDictionary<(string App, string What), bool> _told = new();

    /// <summary>One run over an app.</summary>
    /// <param name="app">The app.</param>
    /// <param name="before">When the run before this one was; null: there was none.</param>
    /// <param name="budget">Calls.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<GapAnswer> RunAsync(FeishuApp app, DateTimeOffset? before, CallBudget budget, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var run = new Run(app, budget, now, now - options.Settle);
        var used = budget.Used;
        try
        {
            await ListGroupsAsync(run, before ?? now, cancellation);
            await CompareAsync(run, cancellation);
        }
        catch (Exception e) when (e is PlatformApiException or PlatformNetworkException or InvalidOperationException)
        {
            // The platform's own trouble: the next run goes on where this one ended.
            run.Problem = secrets.Hide(e.Message);
            ComparisonIncomplete(app.Name, e.Message);
        }

        if (run.NewestMissed is { } missed) connections.ReportMissed(app.Name, missed);
        return new GapAnswer(app.Name, now, run.Compared, budget.Used - used, run.Found, run.Problem);
    }

    private async Task ListGroupsAsync(Run run, DateTimeOffset since, CancellationToken cancellation)
    {
        var groups = new List<string>();
        string? token = null;
        for (var page = 0; page < MostListPages && run.Budget.TryTake(); page++)
        {
            metrics.Called(run.App.Name);
            ChatListResponse answer;
            try
            {
                answer = await run.App.Client.Im.V1.Chat.ListAsync(new() { SortType = "ByActiveTimeDesc", PageSize = 100, PageToken = token }, cancellationToken: cancellation);
            }
            catch (FeishuApiException e) when (IsPermission(e))
            {
                Deny(run, "the list of groups", e);
                break;
            }

            groups.AddRange((answer.Items ?? []).Where(c => c.ChatId is { Length: > 0 } && c.ChatStatus?.ToString() is null or "normal").Select(c => c.ChatId!));
            token = answer.PageToken;
            if (answer.HasMore != true || string.IsNullOrEmpty(token)) break;
        }

        if (groups.Count > 0) await chats.ListedAsync(run.App.Name, groups, since, cancellation);
    }

    private async Task CompareAsync(Run run, CancellationToken cancellation)
    {
        int denied;
        do
        {
            denied = run.Denied.Count;
            foreach (var chat in await chats.DueAsync(run.App.Name, run.Now - options.ActiveWithin, run.End, run.Denied, options.MaxCalls, cancellation))
            {
                if (run.Budget.IsSpent) return;
                if (!run.Denied.Contains(chat.Kind)) await CompareAsync(run, chat, cancellation);
            }
        }
        while (run.Denied.Count > denied); // those of the other kind may have stood behind as many as are looked at
    }

    private async Task CompareAsync(Run run, GapChat chat, CancellationToken cancellation)
    {
        var oldest = run.Now - options.MaxAge;
        var start = (chat.ComparedTo > oldest ? chat.ComparedTo : oldest) - options.Overlap;
        var compared = run.End;
        string? token = null;
        for (var page = 0; ; page++)
        {
            // Where more than these were written within the overlap, less would never come any further.
            if ((page >= MostPages && compared > chat.ComparedTo) || !run.Budget.TryTake()) break;
            metrics.Called(run.App.Name);
            MessageListResponse answer;
            try
            {
                answer = await run.App.Client.Im.V1.Message.ListAsync(new()
                {
                    ContainerIdType = "chat", ContainerId = chat.ChatId, SortType = "ByCreateTimeAsc", PageSize = PageSize, PageToken = token,
                    StartTime = Seconds(start), EndTime = Seconds(run.End),
                }, cancellationToken: cancellation);
            }
            catch (FeishuApiException e) when (Closed.Contains(e.Code))
            {
                await chats.CloseAsync(run.App.Name, chat.ChatId, cancellation);
                return;
            }
            catch (FeishuApiException e) when (IsPermission(e))
            {
                run.Denied.Add(chat.Kind);
                Deny(run, chat.Kind == GapChat.Group ? "the history of groups" : "the history of two-person chats", e);
                return;
            }

            catch (FeishuApiException e) when (e.FailureKind is FailureKind.Invalid or FailureKind.NotFound or FailureKind.Unknown)
            {
                // About this chat, as far as is known: were the run to end here, no later one would come any further.
                run.Problem = secrets.Hide($"the history of chat {chat.ChatId} cannot be read: {e.Message}");
                ChatUnreadable(chat.ChatId, run.App.Name, e.Message);
                if (e.FailureKind == FailureKind.NotFound) await chats.CloseAsync(run.App.Name, chat.ChatId, cancellation);
                return;
            }

            var items = answer.Items ?? [];
            await FillAsync(run, chat, items, cancellation);
            token = answer.PageToken;
            var more = answer.HasMore == true && !string.IsNullOrEmpty(token);
            // Should this be the last page that is read, the next run goes on with what comes after it.
            compared = more && items.Count > 0 && HistoryMessages.WrittenAt(items[^1]) is { } last ? last : run.End;
            if (!more) break;
        }

        if (compared > chat.ComparedTo) await chats.ComparedAsync(run.App.Name, chat.ChatId, compared, cancellation);
        run.Compared++;
    }

    private async Task FillAsync(Run run, GapChat chat, IReadOnlyList<Message> items, CancellationToken cancellation)
    {
        var bot = chat.Kind == GapChat.P2p || options.AllGroupMessages ? null : (await run.App.BotAsync(cancellation)).OpenId;
        var pushed = items.Where(m => HistoryMessages.IsPushed(m, chat.Kind, bot) && HistoryMessages.WrittenAt(m) is { } at && at <= run.End).ToArray();
        if (pushed.Length == 0) return;
        var known = await database.TransactAsync(unit => inbox.KnownMessagesAsync(unit, PlatformNames.Feishu, run.App.Name, [.. pushed.Select(m => m.MessageId!)]), cancellation);
        foreach (var message in pushed.Where(m => !known.Contains(m.MessageId!)))
        {
            run.Found++;
            metrics.Found(run.App.Name, 1);
            var delivery = HistoryMessages.ToDelivery(message, chat.ChatId, chat.Kind, run.App.Client.Options.AppId);
            var appended = await writer.AcceptAsync(FeishuInboundEvents.From(delivery, run.App.Name, clock.GetUtcNow()), null);
            if (!appended.Duplicate) metrics.Filled(run.App.Name);
            if (delivery.CreatedAt is { } at && (run.NewestMissed is not { } newest || at > newest)) run.NewestMissed = at;
        }
    }

    private void Deny(Run run, string what, FeishuApiException e)
    {
        run.Problem = secrets.Hide($"{what} cannot be read: {e.Message}");
        if (_told.TryAdd((run.App.Name, what), true))
            PermissionMissing(run.App.Name, what, e.Message,
                e.MissingScopes.Count > 0 ? string.Join(", ", e.MissingScopes)
                    : "im:message.group_msg with im:message:readonly (groups), im:chat:readonly (list)", e.GrantUrl);
    }

    private static bool IsPermission(FeishuApiException e) => e.FailureKind == FailureKind.Permission || e.Code == MissingPermission;

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private sealed class Run(FeishuApp app, CallBudget budget, DateTimeOffset now, DateTimeOffset end)
    {
        public FeishuApp App { get; } = app;

        public CallBudget Budget { get; } = budget;

        public DateTimeOffset Now { get; } = now;

        /// <summary>What is younger is left to the next run.</summary>
        public DateTimeOffset End { get; } = end;

        /// <summary>Kinds of chats that the app may not read.</summary>
        public HashSet<string> Denied { get; } = [];

        public int Compared { get; set; }

        public int Found { get; set; }

        public DateTimeOffset? NewestMissed { get; set; }

        public string? Problem { get; set; }
    }

    [LoggerMessage(LogLevel.Information, "The history of app {App} could not be compared to the end: {Reason}")]
    private partial void ComparisonIncomplete(string app, string reason);
    [LoggerMessage(LogLevel.Information, "The history of chat {ChatId} of app {App} cannot be read: {Reason}")]
    private partial void ChatUnreadable(string chatId, string app, string reason);
    [LoggerMessage(LogLevel.Warning,
        "App {App} may not read {What}, so what never arrives there stays unknown: {Reason} Grant one of: {Scopes} {Url}")]
    private partial void PermissionMissing(string app, string what, string reason, string scopes, Uri? url);
}
