using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.People;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Authorizations.Rest;

/// <summary>Whom to ask for what.</summary>
/// <param name="Scopes">Of the platform, e.g. <c>calendar:calendar.event:read</c>: as few as will do.</param>
/// <param name="Reason">What for, as the person reads it on the card: a text, or <c>{"zh": …, "en": …}</c>.</param>
/// <param name="Person">Who, by their id here; or <c>to</c>.</param>
/// <param name="To">Who, as a recipient of a notification is named; no department, role or chat.</param>
/// <param name="App">By which app; default: the key's only one, else the default one.</param>
/// <param name="Notify">False: no card is sent, and you give them the link yourself.</param>
[RequestSizeLimit(32 << 10)]
internal sealed record AskAuthorization(
    [property: MaxLength(AskAuthorization.MostScopes), MaxItemLength(120)] IReadOnlyList<string> Scopes,
    [property: MissingHint("the person reads it on the card")] JsonElement Reason,
    [property: MaxLength(40)] string? Person = null,
    RecipientBody? To = null,
    [property: MaxLength(100)] string? App = null,
    bool Notify = true)
    : IRequestBody<AskAuthorization, AuthorizationContracts>
{
    /// <summary>The platform takes 50 with those that the person has allowed before.</summary>
    public const int MostScopes = 20;

    public const int LongestReason = 200;
}

/// <summary>A call in the person's name.</summary>
/// <param name="Endpoint">Its id in the catalogue of Feishu's API, e.g. <c>calendar.v4.calendar.event.create</c>.</param>
/// <param name="Path">Values of the path's parameters.</param>
/// <param name="Query">Values of the query: texts, or lists of texts.</param>
/// <param name="Body">The body, as the platform takes it.</param>
[RequestSizeLimit(1 << 20)]
internal sealed record CallInName(
    [property: MaxLength(120)] string Endpoint,
    JsonElement? Path = null,
    JsonElement? Query = null,
    JsonElement? Body = null)
    : IRequestBody<CallInName, AuthorizationContracts>;

/// <summary>The contracts of the room's bodies.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(AskAuthorization)), JsonSerializable(typeof(CallInName))]
internal sealed partial class AuthorizationContracts : JsonSerializerContext, IBodyContracts<AuthorizationContracts>;
