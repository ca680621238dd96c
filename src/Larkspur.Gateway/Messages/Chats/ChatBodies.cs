using System.ComponentModel.DataAnnotations;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Messages;

/// <summary>A group to make.</summary>
/// <param name="Key">The caller's name for it, as in the header Idempotency-Key.</param>
/// <param name="OwnerId">The owner's open id; null: the bot.</param>
/// <param name="BotIds">Other bots, by their app ids.</param>
[RequestSizeLimit(32 << 10)]
internal sealed record NewChat(
    [property: MaxLength(IdempotencyKey.Longest)] string? Key = null,
    [property: MaxLength(60)] string? Name = null,
    [property: MaxLength(100)] string? Description = null,
    [property: MaxLength(256)] string? OwnerId = null,
    [property: MaxLength(50), MaxItemLength(256)] IReadOnlyList<string>? OpenIds = null,
    [property: MaxLength(5), MaxItemLength(256)] IReadOnlyList<string>? BotIds = null)
    : IRequestBody<NewChat, MessageContracts>;

/// <summary>People.</summary>
[RequestSizeLimit(32 << 10)]
internal sealed record MemberList(
    [property: MaxLength(50), MaxItemLength(256)] IReadOnlyList<string> OpenIds)
    : IRequestBody<MemberList, MessageContracts>;

/// <summary>Changes of an announcement.</summary>
/// <param name="Revision">The version that they are made to: as the announcement was read.</param>
/// <param name="Requests">The platform's edit requests, each the text of a JSON object.</param>
[RequestSizeLimit(256 << 10)]
internal sealed record AnnouncementChange(
    [property: MaxLength(32)] string Revision,
    [property: MaxLength(100), MaxItemLength(256 << 10)] IReadOnlyList<string> Requests)
    : IRequestBody<AnnouncementChange, MessageContracts>;
