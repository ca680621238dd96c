using System.Net;
using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Diagnostics;

namespace Larkspur.Gateway.Api;

/// <summary>The REST key: <c>Authorization: Bearer …</c> or <c>X-Api-Key: …</c>.</summary>
internal sealed class ApiKey(GatewaySettings settings)
{
    private static readonly string[] ForwardingHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"];

    // Equal lengths for the comparison, whatever is sent.
    private readonly byte[]? _hash = settings.ApiKey is { } key ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : null;

    /// <summary>True when the request carries the key. Without a configured key nobody does.</summary>
    public bool IsCarriedBy(HttpRequest request)
    {
        if (_hash is null || Presented(request) is not { Length: > 0 and <= 512 } presented) return false;
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), _hash);
    }

    /// <summary>True for a request from this machine itself that no proxy passed on.</summary>
    public static bool IsLocal(HttpRequest request) =>
        request.HttpContext.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !ForwardingHeaders.Any(request.Headers.ContainsKey);

    /// <summary>Answers 401 unless the request carries the key. Before the endpoint reads anything of the request: a filter would run after its body was parsed.</summary>
    public Task RequireAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<NeedsApiKey>() is null || IsCarriedBy(http.Request)) return next(http);
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return http.WriteErrorAsync(StatusCodes.Status401Unauthorized, _hash is null ? "api_closed" : "wrong_api_key");
    }

    private static string? Presented(HttpRequest request)
    {
        if (request.Headers["X-Api-Key"] is [{ } plain]) return plain;
        return request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;
    }
}

/// <summary>Marks endpoints that only holders of the key may call.</summary>
internal sealed class NeedsApiKey;
