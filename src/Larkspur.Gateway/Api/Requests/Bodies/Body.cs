using System.Reflection;
using System.Text.Json;
using Larkspur.Gateway.Common.Refusals;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>The body of a request, as a parameter of a route: the description is made of it, and the route reads it when it wants
/// it.</summary>
/// <remarks>Not before: what is wrong with the address is said first, by filters that stand around the route.</remarks>
internal sealed class Body<T>(HttpContext http) : IEndpointParameterMetadataProvider where T : class, IRequestBody<T>
{
    private static readonly int Largest = (int)(typeof(T).GetCustomAttribute<RequestSizeLimitAttribute>() as IRequestSizeLimitMetadata)!
        .MaxRequestBodySize!.Value;

    /// <summary>The call that it came with.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>What was sent, once it is read.</summary>
    public JsonElement Sent { get; private set; }

    public static ValueTask<Body<T>?> BindAsync(HttpContext http) => ValueTask.FromResult<Body<T>?>(new Body<T>(http));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyDescription(typeof(T), Largest));

    /// <summary>Reads it.</summary>
    /// <exception cref="RequestRefusedException">It is not what the record declares; the word and the pointer say why.</exception>
    public async Task<T> ReadAsync(CancellationToken cancellation)
    {
        Sent = await RequestJson.ReadElementAsync(Http.Request, Largest, cancellation);
        return Of(Sent);
    }

    /// <summary>Reads what came in another way, or was stored.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static T Of(JsonElement json) => BodyShape.Read(json, T.Contract, "");

    /// <summary>Reads it where there is one; the route <see cref="RequestBodies.GoesWithoutBody"/>.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<T?> ReadIfAnyAsync(CancellationToken cancellation) =>
        Http.Request.ContentLength > 0 || (Http.Request.ContentLength is null && CanBeSent) ? await ReadAsync(cancellation) : null;

    /// <summary>A member was sent, if only to say <c>null</c>: where that says something else than its absence.</summary>
    public bool Names(string member) => Sent.TryGetProperty(member, out _);

    /// <summary>What was sent, without what is <c>null</c>: what is kept, and shown again, is what was written.</summary>
    public JsonElement Kept() => JsonSerializer.SerializeToElement(Sent.EnumerateObject()
        .Where(m => m.Value.ValueKind != JsonValueKind.Null).ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal),
        RequestJson.AsDeep);

    /// <summary>The members that the record leaves free, for the reader of their grammar.</summary>
    public JsonFields Free() => JsonFields.Of(Sent, "", BodyShape.Of(T.Contract).Free);

    private bool CanBeSent => Http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? false;
}
