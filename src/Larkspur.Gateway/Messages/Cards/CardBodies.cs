using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>A card to judge.</summary>
internal sealed record ValidateCard : IRequestBody<ValidateCard>
{
    /// <summary>As an object or as its text; judged as the content of an interactive message.</summary>
    public required JsonElement Card { get; init; }

    public bool? ForCustomBot { get; init; }

    public bool? WillBeUpdated { get; init; }

    public static JsonTypeInfo<ValidateCard> Contract => CardContracts.Default.ValidateCard;

    public static int Largest => 400 << 10;
}

/// <summary>One of card_message and template (with variables).</summary>
internal sealed record RenderCard : IRequestBody<RenderCard>
{
    public JsonElement? CardMessage { get; init; }

    [MaxLength(80)]
    public string? Template { get; init; }

    public JsonElement? Variables { get; init; }

    [MaxLength(20)]
    public string? Locale { get; init; }

    public static JsonTypeInfo<RenderCard> Contract => CardContracts.Default.RenderCard;

    public static int Largest => 400 << 10;
}

/// <summary>A card of JSON 1.0, as an object or as its text.</summary>
internal sealed record ImportCard : IRequestBody<ImportCard>
{
    public required JsonElement Card { get; init; }

    [MaxLength(20)]
    public string? Locale { get; init; }

    public static JsonTypeInfo<ImportCard> Contract => CardContracts.Default.ImportCard;

    public static int Largest => 400 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(ValidateCard))]
[JsonSerializable(typeof(RenderCard))]
[JsonSerializable(typeof(ImportCard))]
internal sealed partial class CardContracts : JsonSerializerContext;
