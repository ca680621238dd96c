using System.ComponentModel;
using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Messages;

/// <summary>The groups that the bot is in, their members and announcements.</summary>
internal sealed class ChatEndpoints(PlatformCalls calls, MessageTargets targets, OwnedObjects objects)
{
    private const int MostChats = 100;

    private const string AppHelp = "The app, by its configured name";
    private const string OrderHelp = "created (default): the oldest first; active: the liveliest first";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/chats", ([AsParameters] PageQuery page, [FromQuery, Description(OrderHelp)] string? order,
                KeyGrant caller, ChatEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, page, order, cancellation))
            .WithName("ListChats").Needs(ApiScopes.MessagesRead).WithSummary("The groups that the bot is in; 1 to 100 on a page")
            .WithDescription("A key without others:read sees those that its system made; pages are shorter then.")
            .Produces<PageView<ChatView>>().CallsPlatform();
        api.MapPost("/chats", (Body<NewChat> body, [FromQuery, Description(AppHelp)] string? app,
                KeyGrant caller, ChatEndpoints on, CancellationToken cancellation) => on.CreateAsync(caller, body, app, cancellation))
            .WithName("CreateChat").Needs(ApiScopes.MessagesWrite).TakesIdempotencyKey().WithSummary("Make a group")
            .WithDescription("A repeat under the same Idempotency-Key within 10 hours makes no second one.")
            .Produces<ChatView>(StatusCodes.Status201Created).CallsPlatform();
        api.MapGet("/chats/{chat_id}", (string chat_id, [FromQuery, Description(AppHelp)] string? app,
                KeyGrant caller, ChatEndpoints on, CancellationToken cancellation) => on.GetAsync(caller, chat_id, app, cancellation))
            .WithName("GetChat").Needs(ApiScopes.MessagesRead).WithSummary("A chat").Produces<ChatView>().CallsPlatform();
        api.MapGet("/chats/{chat_id}/members", (string chat_id, [AsParameters] PageQuery page,
                KeyGrant caller, ChatEndpoints on, CancellationToken cancellation) => on.MembersAsync(caller, chat_id, page, cancellation))
            .WithName("ListMembers").Needs(ApiScopes.MessagesRead).WithSummary("A chat's people, without bots; 1 to 100 on a page")
            .Produces<PageView<MemberView>>().CallsPlatform();
        api.MapPost("/chats/{chat_id}/members", (string chat_id, Body<MemberList> body, [FromQuery, Description(AppHelp)] string? app,
                KeyGrant caller, ChatEndpoints on, CancellationToken cancellation) =>
                on.AddAsync(caller, chat_id, body, app, cancellation))
            .WithName("AddMembers").Needs(ApiScopes.MessagesWrite).WithSummary("Take up to 50 people into a group")
            .Produces<MemberChange>().CallsPlatform();
        api.MapPost("/chats/{chat_id}/members/remove",
            (string chat_id, Body<MemberList> body, [FromQuery, Description(AppHelp)] string? app,
                KeyGrant caller, ChatEndpoints on, CancellationToken cancellation) =>
                on.RemoveAsync(caller, chat_id, body, app, cancellation))
            .WithName("RemoveMembers").Needs(ApiScopes.MessagesWrite).WithSummary("Take up to 50 people out of a group")
            .Produces<MemberChange>().CallsPlatform();
        api.MapPatch("/chats/{chat_id}/announcement",
            (string chat_id, Body<AnnouncementChange> body, [FromQuery, Description(AppHelp)] string? app,
                KeyGrant caller, ChatEndpoints on, CancellationToken cancellation) =>
                on.AnnounceAsync(caller, chat_id, body, app, cancellation))
            .WithName("ChangeAnnouncement").Needs(ApiScopes.MessagesWrite).WithSummary("Change a group's announcement")
            .Produces(StatusCodes.Status204NoContent).CallsPlatform();
        api.MapGet("/chats/{chat_id}/announcement", (string chat_id, [FromQuery, Description(AppHelp)] string? app,
                KeyGrant caller, ChatEndpoints on, CancellationToken cancellation) =>
                on.AnnouncementAsync(caller, chat_id, app, cancellation))
            .WithName("GetAnnouncement").Needs(ApiScopes.MessagesRead).WithSummary("A group's announcement")
            .Produces<AnnouncementView>().CallsPlatform();
    }

    private async Task<IResult> ListAsync(KeyGrant caller, PageQuery page, string? order, CancellationToken cancellation)
    {
        var app = calls.App(caller, page.App);
        var sort = order switch
        {
            null or "created" => SortType.ByCreateTimeAsc,
            "active" => SortType.ByActiveTimeDesc,
            _ => throw RequestRefusedException.Malformed("bad_order", "?order", "order is created or active."),
        };
        var found = await app.Client.Im.V1.Chat.ListAsync(
            new() { SortType = sort, PageSize = page.SizeUpTo(MostChats), PageToken = page.CheckedToken },
            calls.Call(app, Endpoints.ChatList), cancellation);
        var items = found.Items ?? [];
        if (!caller.ReadsAll)
        {
            var owners = await objects.OwnersOfAsync(app.Name, OwnedObjects.Chat, [.. items.Select(c => c.ChatId).OfType<string>()],
                cancellation);
            items = [.. items.Where(c => c.ChatId is { } id && owners.TryGetValue(id, out var owner) && caller.MayRead(owner))];
        }

        return TypedResults.Ok(PageView<ChatView>.Of(items, found.HasMore, found.PageToken, chat => new ChatView
        {
            ChatId = chat.ChatId, Name = chat.Name, Description = chat.Description, OwnerId = chat.OwnerId, External = chat.External,
            Status = chat.ChatStatus?.Value,
        }));
    }

    private async Task<IResult> CreateAsync(KeyGrant caller, Body<NewChat> body, string? appName, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var app = calls.App(caller, appName);
        var key = IdempotencyKey.Read(body.Http.Request, sent.Key);
        var people = FeishuIds.CheckAll("open_id", sent.OpenIds ?? [], "/open_ids");
        var bots = FeishuIds.CheckAll("app_id", sent.BotIds ?? [], "/bot_ids");
        var wanted = new ChatCreateRequest
        {
            UserIdType = UserIdType.OpenId,
            Uuid = IdempotencyKeys.ForQueued(PlatformNames.Feishu, app.Name, "chat:" + key),
            Name = sent.Name,
            Description = sent.Description,
            OwnerId = sent.OwnerId is { } owner ? FeishuIds.Check("open_id", owner, "/owner_id") : null,
            UserIdList = people.Count > 0 ? people : null,
            BotIdList = bots.Count > 0 ? bots : null,
        };
        var chat = await app.Client.Im.V1.Chat.CreateAsync(wanted, calls.Call(app, Endpoints.ChatCreate), cancellation);
        await objects.AddAsync(caller, app.Name, OwnedObjects.Chat, chat.ChatId, cancellation);
        return TypedResults.Created($"/api/v1/chats/{chat.ChatId}", new ChatView
        {
            ChatId = chat.ChatId, Name = chat.Name, Description = chat.Description, OwnerId = chat.OwnerId, External = chat.External,
        });
    }

    private async Task<IResult> GetAsync(KeyGrant caller, string chatId, string? appName, CancellationToken cancellation)
    {
        var app = calls.App(caller, appName);
        await targets.DemandChatAsync(caller, app, FeishuIds.Check("chat_id", chatId, "/{chat_id}"), change: false, cancellation);
        var chat = await app.Client.Im.V1.Chat.GetAsync(new() { ChatId = FeishuIds.Check("chat_id", chatId, "/{chat_id}") },
            calls.Call(app, Endpoints.ChatGet), cancellation);
        return TypedResults.Ok(new ChatView
        {
            ChatId = chatId, Name = chat.Name, Description = chat.Description, OwnerId = chat.OwnerId, External = chat.External,
            Status = chat.ChatStatus?.Value,
            People = Count(chat.UserCount), Bots = Count(chat.BotCount),
        });

        static int? Count(string? text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
    }

    private async Task<IResult> MembersAsync(KeyGrant caller, string chatId, PageQuery page, CancellationToken cancellation)
    {
        var app = calls.App(caller, page.App);
        await targets.DemandChatAsync(caller, app, FeishuIds.Check("chat_id", chatId, "/{chat_id}"), change: false, cancellation);
        var found = await app.Client.Im.V1.Chat.Members.GetAsync(new()
        {
            ChatId = FeishuIds.Check("chat_id", chatId, "/{chat_id}"), MemberIdType = UserIdType.OpenId,
            PageSize = page.SizeUpTo(MostChats), PageToken = page.CheckedToken,
        }, calls.Call(app, Endpoints.ChatMembersGet), cancellation);
        return TypedResults.Ok(
            PageView<MemberView>.Of(found.Items, found.HasMore, found.PageToken, m => new MemberView(m.MemberId, m.Name)));
    }

    private async Task<IResult> AddAsync(KeyGrant caller, string chatId, Body<MemberList> body, string? appName,
        CancellationToken cancellation)
    {
        var people = FeishuIds.CheckAll("open_id", (await body.ReadAsync(cancellation)).OpenIds, "/open_ids");
        var app = calls.App(caller, appName);
        await targets.DemandChatAsync(caller, app, FeishuIds.Check("chat_id", chatId, "/{chat_id}"), change: true, cancellation);
        // One change of a group at a time, which the platform wants: the SDK sees to it.
        var done = await app.Client.Chats.AddMembersAsync(FeishuIds.Check("chat_id", chatId, "/{chat_id}"), people,
            options: calls.Call(app, Endpoints.ChatMembersCreate), cancellationToken: cancellation);
        return TypedResults.Ok(new MemberChange([.. done.InvalidIds, .. done.NotExistingIds], done.PendingApprovalIds));
    }

    private async Task<IResult> RemoveAsync(KeyGrant caller, string chatId, Body<MemberList> body, string? appName,
        CancellationToken cancellation)
    {
        var people = FeishuIds.CheckAll("open_id", (await body.ReadAsync(cancellation)).OpenIds, "/open_ids");
        var app = calls.App(caller, appName);
        await targets.DemandChatAsync(caller, app, FeishuIds.Check("chat_id", chatId, "/{chat_id}"), change: true, cancellation);
        var done = await app.Client.Chats.RemoveMembersAsync(FeishuIds.Check("chat_id", chatId, "/{chat_id}"), people,
            options: calls.Call(app, Endpoints.ChatMembersDelete), cancellationToken: cancellation);
        return TypedResults.Ok(new MemberChange([.. done.InvalidIds, .. done.NotExistingIds], []));
    }

    private async Task<IResult> AnnouncementAsync(KeyGrant caller, string chatId, string? appName, CancellationToken cancellation)
    {
        var app = calls.App(caller, appName);
        await targets.DemandChatAsync(caller, app, FeishuIds.Check("chat_id", chatId, "/{chat_id}"), change: false, cancellation);
        var found = await app.Client.Chats.AnnouncementAsync(FeishuIds.Check("chat_id", chatId, "/{chat_id}"),
            calls.Call(app, Endpoints.ChatAnnouncementGet), cancellation);
        return TypedResults.Ok(new AnnouncementView(found.Content, found.Revision, found.UpdatedAt, found.ModifierId));
    }

    private async Task<IResult> AnnounceAsync(KeyGrant caller, string chatId, Body<AnnouncementChange> body, string? appName,
        CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var app = calls.App(caller, appName);
        await targets.DemandChatAsync(caller, app, FeishuIds.Check("chat_id", chatId, "/{chat_id}"), change: true, cancellation);
        await app.Client.Chats.WriteAnnouncementAsync(FeishuIds.Check("chat_id", chatId, "/{chat_id}"), sent.Revision, sent.Requests,
            calls.Call(app, Endpoints.ChatAnnouncementPatch), cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>A group.</summary>
internal sealed record ChatView
{
    public string? ChatId { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>An open id; null: a bot owns it.</summary>
    public string? OwnerId { get; init; }

    /// <summary>People of other companies are in it.</summary>
    public bool? External { get; init; }

    /// <summary><c>normal</c>, <c>dissolved</c>, <c>dissolved_save</c>.</summary>
    public string? Status { get; init; }

    /// <summary>How many people; only of a single chat.</summary>
    public int? People { get; init; }

    /// <summary>How many bots; only of a single chat.</summary>
    public int? Bots { get; init; }
}

/// <summary>A person in a chat.</summary>
/// <param name="OpenId">The person.</param>
/// <param name="Name">The name.</param>
internal sealed record MemberView(string? OpenId, string? Name);

/// <summary>What became of people who were to come or go.</summary>
/// <param name="InvalidOpenIds">Nothing was done with these.</param>
/// <param name="PendingOpenIds">The owner has to agree to these first.</param>
internal sealed record MemberChange(IReadOnlyList<string> InvalidOpenIds, IReadOnlyList<string> PendingOpenIds);

/// <summary>An announcement.</summary>
/// <param name="Content">The platform's document JSON.</param>
/// <param name="Revision">Its version.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
/// <param name="ModifierId">Who changed it last.</param>
internal sealed record AnnouncementView(string Content, string Revision, DateTimeOffset? UpdatedAt, string ModifierId);
