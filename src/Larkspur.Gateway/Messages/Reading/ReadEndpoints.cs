using System.ComponentModel;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Messages;

/// <summary>What the platform has: messages, who has read them, their files, a chat's history.</summary>
internal sealed class ReadEndpoints(PlatformCalls calls, MessageTargets targets)
{
    private const int MostHistory = 50;
    private const int MostReaders = 100;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/messages/{message_id}", (string message_id, [FromQuery, Description("The app, by its configured name")] string? app,
                [FromQuery, Description("True: a card as it was sent, not the platform's simplification of it")] bool? full_card, KeyGrant caller, ReadEndpoints on, CancellationToken cancellation) =>
                on.GetAsync(caller, message_id, app, full_card ?? false, cancellation))
            .WithName("GetMessage").Needs(ApiScopes.MessagesRead).WithSummary("A message as the platform has it; of passed-on bundles the parts too")
            .Produces<MessageItems>().CallsPlatform();
        api.MapGet("/messages/{message_id}/readers", (string message_id, [AsParameters] PageQuery page, KeyGrant caller, ReadEndpoints on, CancellationToken cancellation) => on.ReadersAsync(caller, message_id, page, cancellation))
            .WithName("ListReaders").Needs(ApiScopes.MessagesRead).WithSummary("Who has read a message of the bot's, within 7 days; 1 to 100 on a page")
            .Produces<PageView<ReaderView>>().CallsPlatform();
        api.MapGet("/messages/{message_id}/resources/{key}", (string message_id, string key, [FromQuery, Description("The app, by its configured name")] string? app,
                [FromQuery, Description("image or file (sound and video too); default by the key")] string? type, HttpContext http, ReadEndpoints on, CancellationToken cancellation) =>
                on.DownloadAsync(message_id, key, app, type, http, cancellation))
            .WithName("DownloadResource").Needs(ApiScopes.MessagesRead).WithSummary("An image or file of a message, up to 100 MB")
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream").CallsPlatform();
        api.MapGet("/chats/{chat_id}/messages", (string chat_id, [AsParameters] PageQuery page, [AsParameters] HistoryQuery query, KeyGrant caller, ReadEndpoints on, CancellationToken cancellation) =>
                on.HistoryAsync(caller, chat_id, page, query, cancellation))
            .WithName("ListHistory").Needs(ApiScopes.MessagesRead).WithSummary("A chat's messages by time; 1 to 50 on a page")
            .WithDescription("The bot must be in the chat, and for groups needs the permission im:message.group_msg. Of chats that the key's system did not make, a key without others:read sees "
                + "its system's own messages and the answers to them; pages are shorter then.")
            .Produces<PageView<MessageView>>().CallsPlatform();
    }

    private async Task<IResult> GetAsync(KeyGrant caller, string id, string? app, bool fullCard, CancellationToken cancellation)
    {
        var target = await targets.FindAsync(caller, id, app, MessageUse.Read, cancellation);
        var found = await target.App.Client.Im.V1.Message.GetAsync(new() { MessageId = target.Sent, CardMsgContentType = fullCard ? "user_card_content" : null },
            calls.Call(target.App, Endpoints.MessageGet), cancellation);
        return TypedResults.Ok(new MessageItems([.. (found.Items ?? []).Select(MessageView.Of)]));
    }

    private async Task<IResult> ReadersAsync(KeyGrant caller, string id, PageQuery page, CancellationToken cancellation)
    {
        var target = await targets.FindAsync(caller, id, page.App, MessageUse.Readers, cancellation);
        var size = page.SizeUpTo(MostReaders);
        var found = await target.App.Client.Im.V1.Message.ReadUsersAsync(new() { MessageId = target.Sent, UserIdType = UserIdType.OpenId, PageSize = size, PageToken = page.CheckedToken },
            calls.Call(target.App, Endpoints.MessageReadUsers), cancellation);
        return TypedResults.Ok(PageView<ReaderView>.Of(found.Items, found.HasMore, found.PageToken, r => new ReaderView(r.UserId, Times.OfMilliseconds(r.Timestamp))));
    }

    private async Task<IResult> HistoryAsync(KeyGrant caller, string chatId, PageQuery page, HistoryQuery query, CancellationToken cancellation)
    {
        var app = calls.App(caller, page.App);
        FeishuIds.Check("chat_id", chatId, "/{chat_id}");
        if (query is { From: { } from, To: { } to } && from > to) throw RequestRefusedException.Malformed("bad_range", "?to", "to is earlier than from.");
        var found = await app.Client.Im.V1.Message.ListAsync(new()
        {
            ContainerIdType = "chat",
            ContainerId = chatId,
            StartTime = query.From is { } start ? Times.Seconds(start) : null,
            EndTime = query.To is { } end ? Times.SecondsUp(end) : null,
            SortType = PageQuery.IsDescending(query.Order, normally: false) ? MessageSortType.ByCreateTimeDesc : MessageSortType.ByCreateTimeAsc,
            PageSize = page.SizeUpTo(MostHistory),
            PageToken = page.CheckedToken,
        }, calls.Call(app, Endpoints.MessageList), cancellation);
        var readable = await targets.ReadableAsync(caller, app, chatId, found.Items ?? [], cancellation);
        // The platform knows whole seconds; what lies outside within the first and the last one is left out here.
        var view = PageView<MessageView>.Of(readable, found.HasMore, found.PageToken, MessageView.Of);
        return TypedResults.Ok(view with { Items = [.. view.Items.Where(m => !(m.CreatedAt < query.From) && !(m.CreatedAt > query.To))] });
    }

    private async Task<IResult> DownloadAsync(string id, string key, string? app, string? type, HttpContext http, CancellationToken cancellation)
    {
        var target = await targets.FindAsync(Caller.Grant(http), id, app, MessageUse.Read, cancellation);
        var kind = FeishuIds.KindOf(key) is "image_key" ? "image_key" : "file_key";
        FeishuIds.Check(kind, key, "/{key}");
        type ??= kind == "image_key" ? "image" : "file";
        if (type is not ("image" or "file")) throw RequestRefusedException.Malformed("bad_type", "?type", "type is image or file.");
        await using var file = await target.App.Client.Im.V1.Message.Resource.GetAsync(new() { MessageId = target.Sent, FileKey = key, Type = type },
            calls.Call(target.App, Endpoints.MessageResourceGet), cancellation);
        await FileAnswer.WriteAsync(http, file, key, cancellation);
        return TypedResults.Empty;
    }
}

/// <summary>A stretch of a chat's history, as it stands in the address.</summary>
internal readonly record struct HistoryQuery
{
    [Description("Messages from this time on, ISO 8601; without an offset it is UTC")]
    [FromQuery(Name = "from")]
    public DateTimeOffset? From { get; init; }

    [Description("Messages until this time")]
    [FromQuery(Name = "to")]
    public DateTimeOffset? To { get; init; }

    [Description("asc (default): the oldest first; desc")]
    [FromQuery(Name = "order")]
    public string? Order { get; init; }
}

/// <summary>A message and, of a bundle, its parts.</summary>
/// <param name="Items">The message first.</param>
internal sealed record MessageItems(IReadOnlyList<MessageView> Items);

/// <summary>Who has read a message.</summary>
/// <param name="OpenId">The person.</param>
/// <param name="ReadAt">When.</param>
internal sealed record ReaderView(string? OpenId, DateTimeOffset? ReadAt);
