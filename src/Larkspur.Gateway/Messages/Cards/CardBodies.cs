using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>A card to judge.</summary>
/// <param name="Card">As an object or as its text; judged as the content of an interactive message.</param>
[RequestSizeLimit(400 << 10)]
internal sealed record ValidateCard(
    JsonElement Card,
    bool? ForCustomBot = null,
    bool? WillBeUpdated = null)
    : IRequestBody<ValidateCard, MessageContracts>;

/// <summary>One of card_message and template (with variables).</summary>
[RequestSizeLimit(400 << 10)]
internal sealed record RenderCard(
    JsonElement? CardMessage = null,
    [property: MaxLength(80)] string? Template = null,
    JsonElement? Variables = null,
    [property: MaxLength(20)] string? Locale = null)
    : IRequestBody<RenderCard, MessageContracts>;

/// <summary>A card of JSON 1.0, as an object or as its text.</summary>
[RequestSizeLimit(400 << 10)]
internal sealed record ImportCard(
    JsonElement Card,
    [property: MaxLength(20)] string? Locale = null)
    : IRequestBody<ImportCard, MessageContracts>;
