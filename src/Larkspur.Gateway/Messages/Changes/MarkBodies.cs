using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.Messages;

/// <summary>A reaction to make.</summary>
internal sealed record NewReaction : IRequestBody<NewReaction>
{
    /// <summary>The platform's word for it: <c>SMILE</c>, <c>DONE</c>, <c>THUMBSUP</c>…</summary>
    [MaxLength(64)]
    public required string EmojiType { get; init; }

    public static JsonTypeInfo<NewReaction> Contract => MarkContracts.Default.NewReaction;

    public static int Largest => 32 << 10;
}

/// <summary>Whose attention is wanted.</summary>
internal sealed record Urgency : IRequestBody<Urgency>
{
    /// <summary>People of the chat.</summary>
    [MaxLength(200), MaxItemLength(256)]
    public required IReadOnlyList<string> OpenIds { get; init; }

    /// <summary><c>app</c> (default), <c>sms</c>, <c>phone</c>.</summary>
    [MaxLength(8)]
    public string? By { get; init; }

    public static JsonTypeInfo<Urgency> Contract => MarkContracts.Default.Urgency;

    public static int Largest => 32 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(NewReaction))]
[JsonSerializable(typeof(Urgency))]
internal sealed partial class MarkContracts : JsonSerializerContext;
