using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.Messages;

/// <summary>What a message says from now on: one of these.</summary>
internal sealed record ChangeMessage : IRequestBody<ChangeMessage>
{
    /// <inheritdoc cref="MessageSaid.App"/>
    [MaxLength(40)]
    public string? App { get; init; }

    /// <inheritdoc cref="MessageSaid.Key"/>
    [MaxLength(IdempotencyKey.Longest)]
    public string? Key { get; init; }

    /// <summary><c>answer</c> (default), or <c>frame</c>: one of many faces, which a later one makes worthless.</summary>
    [MaxLength(256)]
    public string? Priority { get; init; }

    /// <summary>False: when the platform refuses the card, its facts are not sent as text.</summary>
    public bool? Fallback { get; init; }

    /// <inheritdoc cref="MessageSaid.Card"/>
    public JsonElement? Card { get; init; }

    /// <inheritdoc cref="MessageSaid.CardMessage"/>
    public JsonElement? CardMessage { get; init; }

    /// <inheritdoc cref="MessageSaid.Template"/>
    public JsonElement? Template { get; init; }

    /// <inheritdoc cref="MessageSaid.Variables"/>
    public JsonElement? Variables { get; init; }

    /// <inheritdoc cref="MessageSaid.Text"/>
    [DescribedAsText]
    public JsonElement? Text { get; init; }

    /// <inheritdoc cref="MessageSaid.Post"/>
    public JsonElement? Post { get; init; }

    public static JsonTypeInfo<ChangeMessage> Contract => MessageContracts.Default.ChangeMessage;

    public static int Largest => MessageSaid.LargestBody;
}
