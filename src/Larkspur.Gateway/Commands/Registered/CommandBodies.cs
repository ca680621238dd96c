using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>What is sent to register a command.</summary>
/// <param name="Description">What it does, for <c>/help</c>: a text, or <c>{"zh": …, "en": …}</c>.</param>
/// <param name="Aliases">Other names.</param>
/// <param name="Form">What is asked first: title, text or markdown, facts, inputs, submit of a <c>card_message</c>.</param>
/// <param name="Webhook">The webhook that is told; default: all of the system's that want command.called.</param>
/// <param name="AnswerWithinSeconds">After this long without an answer the person is told so; 0: never. Default 60.</param>
[RequestSizeLimit(100 << 10)]
internal sealed record PutCommand(
    [property: MissingHint("it stands in /help")] JsonElement Description,
    [property: MaxLength(CommandNames.MostAliases), MaxItemLength(CommandNames.Longest), MayBeEmpty] IReadOnlyList<string>? Aliases = null,
    JsonElement? Form = null,
    [property: MaxLength(40)] string? Webhook = null,
    [property: Range(0, 86_400), Refusal("bad_value", PutCommand.BadWait, OfType = true, Status = 400)] int? AnswerWithinSeconds = null)
    : IRequestBody<PutCommand, CommandContracts>
{
    public const string BadWait = "It must be 0 (nobody is told) or 10 to 86400 seconds.";
}

/// <summary>One of text, markdown and card_message.</summary>
/// <param name="Title">Above markdown.</param>
/// <param name="Key">The caller's name for it, as in the header Idempotency-Key.</param>
[RequestSizeLimit(100 << 10)]
internal sealed record AnswerCall(
    [property: MaxLength(20_000)] string? Text = null,
    [property: MaxLength(20_000)] string? Markdown = null,
    [property: MaxLength(CardMessageLimits.Line)] string? Title = null,
    JsonElement? CardMessage = null,
    [property: MaxLength(IdempotencyKey.Longest)] string? Key = null)
    : IRequestBody<AnswerCall, CommandContracts>;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(PutCommand)), JsonSerializable(typeof(AnswerCall))]
internal sealed partial class CommandContracts : JsonSerializerContext, IBodyContracts<CommandContracts>;
