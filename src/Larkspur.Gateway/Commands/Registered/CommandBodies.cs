using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>What is sent to register a command.</summary>
internal sealed record PutCommand : IRequestBody<PutCommand>
{
    public const int LongestWait = 86_400;

    /// <summary>What it does, for <c>/help</c>: a text, or <c>{"zh": …, "en": …}</c>.</summary>
    [MissingHint("it stands in /help")]
    public required JsonElement Description { get; init; }

    /// <summary>Other names.</summary>
    [MaxLength(CommandNames.MostAliases), MaxItemLength(CommandNames.Longest), MayBeEmpty]
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>What is asked first: title, text or markdown, facts, inputs, submit of a <c>card_message</c>.</summary>
    public JsonElement? Form { get; init; }

    /// <summary>The webhook that is told; default: all of the system's that want command.called.</summary>
    [MaxLength(40)]
    public string? Webhook { get; init; }

    /// <summary>After this long without an answer the person is told so; 0: never. Default 60.</summary>
    [Range(0, LongestWait), Refusal("bad_value", BadWait, OfType = true, Status = 400)]
    public int? AnswerWithinSeconds { get; init; }

    public const string BadWait = "It must be 0 (nobody is told) or 10 to 86400 seconds.";

    public static JsonTypeInfo<PutCommand> Contract => CommandContracts.Default.PutCommand;

    public static int Largest => 100 << 10;
}

/// <summary>One of text, markdown and card_message.</summary>
internal sealed record AnswerCall : IRequestBody<AnswerCall>
{
    private const int LongestText = 20_000;

    [MaxLength(LongestText)]
    public string? Text { get; init; }

    [MaxLength(LongestText)]
    public string? Markdown { get; init; }

    /// <summary>Above markdown.</summary>
    [MaxLength(CardMessageLimits.Line)]
    public string? Title { get; init; }

    public JsonElement? CardMessage { get; init; }

    /// <summary>The caller's name for it, as in the header Idempotency-Key.</summary>
    [MaxLength(IdempotencyKey.Longest)]
    public string? Key { get; init; }

    public static JsonTypeInfo<AnswerCall> Contract => CommandContracts.Default.AnswerCall;

    public static int Largest => 100 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(PutCommand))]
[JsonSerializable(typeof(AnswerCall))]
internal sealed partial class CommandContracts : JsonSerializerContext;
