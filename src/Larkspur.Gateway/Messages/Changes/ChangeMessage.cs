using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Messages;

/// <summary>What a message says from now on: one of these.</summary>
/// <param name="App">The app, by its configured name.</param>
/// <param name="Key">The caller's name for it, as in the header Idempotency-Key.</param>
/// <param name="Priority"><c>answer</c> (default), or <c>frame</c>: one of many faces, which a later one makes worthless.</param>
/// <param name="Fallback">False: when the platform refuses the card, its facts are not sent as text.</param>
/// <param name="Card">As <see cref="MessageSaid.Card"/>.</param>
/// <param name="CardMessage">As <see cref="MessageSaid.CardMessage"/>.</param>
/// <param name="Template">As <see cref="MessageSaid.Template"/>.</param>
/// <param name="Variables">As <see cref="MessageSaid.Variables"/>.</param>
/// <param name="Text">As <see cref="MessageSaid.Text"/>.</param>
/// <param name="Post">As <see cref="MessageSaid.Post"/>.</param>
[RequestSizeLimit(MessageSaid.LargestBody)]
internal sealed record ChangeMessage(
    [property: MaxLength(40)] string? App = null,
    [property: MaxLength(IdempotencyKey.Longest)] string? Key = null,
    [property: MaxLength(256)] string? Priority = null,
    bool? Fallback = null,
    JsonElement? Card = null,
    JsonElement? CardMessage = null,
    JsonElement? Template = null,
    JsonElement? Variables = null,
    [property: DescribedAsText] JsonElement? Text = null,
    JsonElement? Post = null)
    : IRequestBody<ChangeMessage, MessageContracts>;
