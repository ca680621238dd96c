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

/// <summary>Marks on messages: reactions, pins, urgency.</summary>
internal sealed class MarkEndpoints(PlatformCalls calls, MessageTargets targets)
{
    private const int MostReactions = 50;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/messages/{message_id}/reactions", (string message_id, [AsParameters] PageQuery page, KeyGrant caller, MarkEndpoints on, CancellationToken cancellation) => on.ReactionsAsync(caller, message_id, page, cancellation))
            .WithName("ListReactions").Needs(ApiScopes.MessagesRead).WithSummary("A message's reactions; 1 to 50 on a page").Produces<PageView<ReactionView>>().CallsPlatform();
        api.MapPost("/messages/{message_id}/reactions",
            (string message_id, Body<NewReaction> body, [FromQuery, Description("The app, by its configured name")] string? app,
            KeyGrant caller, MarkEndpoints on, CancellationToken cancellation) =>
                on.ReactAsync(caller, message_id, body, app, cancellation))
            .WithName("AddReaction").Needs(ApiScopes.MessagesWrite).WithSummary("React to a message")
            .Produces<ReactionView>(StatusCodes.Status201Created).CallsPlatform();
        api.MapDelete("/messages/{message_id}/reactions/{reaction_id}", (string message_id, string reaction_id, [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller, MarkEndpoints on, CancellationToken cancellation) =>
                on.UnreactAsync(caller, message_id, reaction_id, app, cancellation))
            .WithName("RemoveReaction").Needs(ApiScopes.MessagesWrite).WithSummary("Take a reaction of the bot's back").Produces(StatusCodes.Status204NoContent).CallsPlatform();
        api.MapPut("/messages/{message_id}/pin", (string message_id, [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller, MarkEndpoints on, CancellationToken cancellation) => on.PinAsync(caller, message_id, app, cancellation))
            .WithName("PinMessage").Needs(ApiScopes.MessagesWrite).WithSummary("Pin a message in its chat").Produces<PinView>().CallsPlatform();
        api.MapDelete("/messages/{message_id}/pin", (string message_id, [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller, MarkEndpoints on, CancellationToken cancellation) => on.UnpinAsync(caller, message_id, app, cancellation))
            .WithName("UnpinMessage").Needs(ApiScopes.MessagesWrite).WithSummary("Unpin a message").Produces(StatusCodes.Status204NoContent).CallsPlatform();
        api.MapGet("/chats/{chat_id}/pins", (string chat_id, [AsParameters] PageQuery page, KeyGrant caller, MarkEndpoints on, CancellationToken cancellation) => on.PinsAsync(caller, chat_id, page, cancellation))
            .WithName("ListPins").Needs(ApiScopes.MessagesRead).WithSummary("A chat's pinned messages; 1 to 50 on a page").Produces<PageView<PinView>>().CallsPlatform();
        api.MapPost("/messages/{message_id}/urgent",
            (string message_id, Body<Urgency> body, [FromQuery, Description("The app, by its configured name")] string? app,
            KeyGrant caller, MarkEndpoints on, CancellationToken cancellation) =>
                on.UrgeAsync(caller, message_id, body, app, cancellation))
            .WithName("UrgeMessage").Needs(ApiScopes.MessagesWrite).WithSummary("Draw people's attention to a message of the bot's, in the app, by text message or by phone")
            .WithDescription("Text messages and calls cost the company money and need permissions of their own.")
            .Produces<UrgedPeople>().CallsPlatform();
    }

    private async Task<IResult> ReactionsAsync(KeyGrant caller, string id, PageQuery page, CancellationToken cancellation)
    {
        var target = await targets.FindAsync(caller, id, page.App, MessageUse.Read, cancellation);
        var found = await target.App.Client.Im.V1.Message.Reaction.ListAsync(new() { MessageId = target.Sent, PageSize = page.SizeUpTo(MostReactions), PageToken = page.CheckedToken },
            calls.Call(target.App, Endpoints.MessageReactionList), cancellation);
        return TypedResults.Ok(PageView<ReactionView>.Of(found.Items, found.HasMore, found.PageToken, View));
    }

    private async Task<IResult> ReactAsync(KeyGrant caller, string id, Body<NewReaction> body, string? app, CancellationToken cancellation)
    {
        var emoji = (await body.ReadAsync(cancellation)).EmojiType;
        var target = await targets.FindAsync(caller, id, app, MessageUse.Mark, cancellation);
        var made = await target.App.Client.Im.V1.Message.Reaction.CreateAsync(new() { MessageId = target.Sent, ReactionType = new Emoji { EmojiType = emoji } },
            calls.Call(target.App, Endpoints.MessageReactionCreate), cancellation);
        return TypedResults.Created((string?)null, View(made));
    }

    private async Task<IResult> UnreactAsync(KeyGrant caller, string id, string reactionId, string? app, CancellationToken cancellation)
    {
        var target = await targets.FindAsync(caller, id, app, MessageUse.Mark, cancellation);
        await target.App.Client.Im.V1.Message.Reaction.DeleteAsync(new() { MessageId = target.Sent, ReactionId = FeishuIds.CheckReaction(reactionId, "/{reaction_id}") }, calls.Call(target.App, Endpoints.MessageReactionDelete), cancellation);
        return TypedResults.NoContent();
    }

    private async Task<IResult> PinAsync(KeyGrant caller, string id, string? app, CancellationToken cancellation)
    {
        var target = await targets.FindAsync(caller, id, app, MessageUse.Mark, cancellation);
        var made = await target.App.Client.Im.V1.Pin.CreateAsync(new() { MessageId = target.Sent }, calls.Call(target.App, Endpoints.PinCreate), cancellation);
        return TypedResults.Ok(made.Pin is { } pin ? View(pin) : new PinView(target.Sent, null, null, null));
    }

    private async Task<IResult> UnpinAsync(KeyGrant caller, string id, string? app, CancellationToken cancellation)
    {
        var target = await targets.FindAsync(caller, id, app, MessageUse.Mark, cancellation);
        await target.App.Client.Im.V1.Pin.DeleteAsync(new() { MessageId = target.Sent }, calls.Call(target.App, Endpoints.PinDelete), cancellation);
        return TypedResults.NoContent();
    }

    private async Task<IResult> PinsAsync(KeyGrant caller, string chatId, PageQuery page, CancellationToken cancellation)
    {
        var app = calls.App(caller, page.App);
        FeishuIds.Check("chat_id", chatId, "/{chat_id}");
        await targets.DemandChatAsync(caller, app, chatId, change: false, cancellation);
        var found = await app.Client.Im.V1.Pin.ListAsync(new() { ChatId = chatId, PageSize = page.SizeUpTo(MostReactions), PageToken = page.CheckedToken }, calls.Call(app, Endpoints.PinList), cancellation);
        return TypedResults.Ok(PageView<PinView>.Of(found.Items, found.HasMore, found.PageToken, View));
    }

    private async Task<IResult> UrgeAsync(KeyGrant caller, string id, Body<Urgency> body, string? app, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var people = FeishuIds.CheckAll("open_id", sent.OpenIds, "/open_ids");
        var target = await targets.FindAsync(caller, id, app, MessageUse.Change, cancellation);
        var message = target.App.Client.Im.V1.Message;
        var invalid = (sent.By ?? "app") switch
        {
            "app" => (await message.UrgentAppAsync(new() { MessageId = target.Sent, UserIdType = UserIdType.OpenId, UserIdList = people }, calls.Call(target.App, Endpoints.MessageUrgentApp), cancellation)).InvalidUserIdList,
            "sms" => (await message.UrgentSmsAsync(new() { MessageId = target.Sent, UserIdType = UserIdType.OpenId, UserIdList = people }, calls.Call(target.App, Endpoints.MessageUrgentSms), cancellation)).InvalidUserIdList,
            "phone" => (await message.UrgentPhoneAsync(new() { MessageId = target.Sent, UserIdType = UserIdType.OpenId, UserIdList = people }, calls.Call(target.App, Endpoints.MessageUrgentPhone), cancellation)).InvalidUserIdList,
            _ => throw RequestRefusedException.Impossible("bad_urgency", "/by", "by is app, sms or phone."),
        };
        return TypedResults.Ok(new UrgedPeople(invalid ?? []));
    }

    private static ReactionView View(MessageReactionCreateReaction reaction) => new(reaction.ReactionId, reaction.ReactionType?.EmojiType, reaction.Operator?.OperatorId,
        reaction.Operator?.OperatorType?.Value, Times.OfMilliseconds(reaction.ActionTime));

    private static PinView View(Pin pin) => new(pin.MessageId, pin.ChatId, pin.OperatorId, Times.OfMilliseconds(pin.CreateTime));
}

/// <summary>A reaction.</summary>
/// <param name="ReactionId">Its id.</param>
/// <param name="EmojiType">The platform's word for it.</param>
/// <param name="OperatorId">Whose it is.</param>
/// <param name="OperatorType"><c>user</c> or <c>app</c>.</param>
/// <param name="At">Since when.</param>
internal sealed record ReactionView(string? ReactionId, string? EmojiType, string? OperatorId, string? OperatorType, DateTimeOffset? At);

/// <summary>A pinned message.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="ChatId">Its chat.</param>
/// <param name="OperatorId">Who has pinned it.</param>
/// <param name="At">Since when.</param>
internal sealed record PinView(string? MessageId, string? ChatId, string? OperatorId, DateTimeOffset? At);

/// <summary>Who was told.</summary>
/// <param name="InvalidOpenIds">People who were not, because they do not exist or are not in the chat.</param>
internal sealed record UrgedPeople(IReadOnlyList<string> InvalidOpenIds);
