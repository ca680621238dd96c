using System.Net;
using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Api.Hosts;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;

namespace Larkspur.Gateway.Api;

/// <summary>The door of the REST API: <c>Authorization: Bearer …</c> or <c>X-Api-Key: …</c> carries the key of LARKSPUR_API_KEY, or one of the table's.</summary>
internal sealed class ApiKey(ApiOptions settings, ApiKeyCache keys, KeyRates rates, FailedAttempts failed, TimeProvider clock)
{
    // Equal lengths for the comparison, whatever is sent.
    private readonly byte[]? _hash = settings.ApiKey is { } key ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : null;

    /// <summary>True for a request from this machine itself, to this machine by its loopback name, that no proxy passed on. A page that lets its own name lead here
    /// (DNS rebinding) shows that name.</summary>
    public static bool IsLocal(HttpRequest request) =>
        request.HttpContext.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && AllowedHosts.IsLoopback(request.Host) && !TrustedProxies.Passed(request);

    /// <summary>True when the request carries a key that holds the scope.</summary>
    public async Task<bool> HoldsAsync(HttpContext http, string scope) => Presented(http.Request) is not null && await LookAtAsync(http) is { Grant: { } grant } && grant.Has(scope);

    /// <summary>
    /// Answers 401, 403 or 429 unless the request carries a key that may do what is asked. Before the endpoint reads anything of the request: a filter would run
    /// after its body was parsed.
    /// </summary>
    public async Task RequireAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<NeedsApiKey>() is null)
        {
            await next(http);
            return;
        }

        var found = await LookAtAsync(http);
        if (found.Grant is not { } grant)
        {
            if (found.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
            await RefuseAsync(http, found.Status, found.Word!, found.Wait);
            return;
        }

        if (found.Key is { } key && await rates.TakeAsync(key, http.RequestAborted) is { } wait)
        {
            await RefuseAsync(http, StatusCodes.Status429TooManyRequests, "key_rate_limited", wait);
            return;
        }

        var needs = endpoint.Metadata.GetMetadata<NeedsScope>();
        var scope = !grant.Has(needs?.Scope) || needs?.Also is null ? needs?.Scope : needs.Also;
        if (!grant.Has(scope))
        {
            http.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\"{(scope is null ? "" : $", scope=\"{scope}\"")}";
            var told = scope is null ? ApiTexts.OnlyMainKey : ApiTexts.MissingScope(scope);
            await Problems.WriteAsync(http, Problem.Of(StatusCodes.Status403Forbidden, "missing_scope") with
            {
                Scope = scope,
                Message = told.English,
                MessageZh = told.Chinese,
            });
            return;
        }

        Caller.Set(http, grant);
        if (KeyExpiry.Warns(grant.Until, clock.GetUtcNow())) http.Response.Headers[KeyExpiry.Header] = grant.Until!.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        if (found.Key is { } used) await keys.NoteUseAsync(used, http.RequestAborted);
        await next(http);
    }

    private async ValueTask<Finding> LookAtAsync(HttpContext http)
    {
        if (Presented(http.Request) is not { Length: > 0 and <= 512 } presented) return Refused(_hash is null ? "api_closed" : "wrong_api_key");
        var usedUp = failed.AreUsedUp(http, out var wait);
        var from = http.Connection.RemoteIpAddress?.ToString();
        if (_hash is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), _hash))
            return new Finding { Grant = new KeyGrant(new Actor(Caller.RestKey, from)) };

        if (ApiKeySecret.LooksLike(presented) && ApiKeySecret.Hash(presented) is var hash && (!usedUp || await keys.HasAsync(hash, http.RequestAborted)) && await keys.FindAsync(hash, http.RequestAborted) is { } row)
        {
            // Whoever holds what was a key once is no guesser.
            var now = clock.GetUtcNow();
            return row switch
            {
                { RevokedAt: not null } => Refused("revoked_api_key"),
                { HolderLeftAt: not null } => Refused("api_key_holder_left"),
                _ when row.OldHash == hash && row.OldUntil <= now => Refused("rotated_api_key"),
                { ExpiresAt: { } end } when end <= now => Refused("expired_api_key"),
                _ when !row.Reach.Allows(http.Connection.RemoteIpAddress) => new Finding { Status = StatusCodes.Status403Forbidden, Word = "address_not_allowed" },
                _ => new Finding
                {
                    Key = row,
                    Grant = new KeyGrant(Actor.Key(row.Name, from), row.Scopes, row.ExpiresAt, row.Id, row.Reach)
                    {
                        PerMinute = row.PerMinute, Holder = row.Holder,
                    },
                },
            };
        }

        if (usedUp) return TooMany(wait);
        failed.Add(http);
        return Refused("wrong_api_key");
    }

    private static Finding Refused(string word) => new() { Status = StatusCodes.Status401Unauthorized, Word = word };

    private static Finding TooMany(TimeSpan wait) => new() { Status = StatusCodes.Status429TooManyRequests, Word = "too_many_attempts", Wait = wait };

    private static Task RefuseAsync(HttpContext http, int status, string word, TimeSpan? wait)
    {
        if (wait is { } time) http.Response.Headers.RetryAfter = ((int)Math.Max(1, Math.Ceiling(time.TotalSeconds))).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return http.WriteErrorAsync(status, word);
    }

    private static string? Presented(HttpRequest request)
    {
        if (request.Headers["X-Api-Key"] is [{ } plain]) return plain;
        return request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;
    }

    /// <summary>What a request's key comes to: a grant, or a refusal.</summary>
    private readonly record struct Finding
    {
        public KeyGrant? Grant { get; init; }

        /// <summary>Null: the key of LARKSPUR_API_KEY, which has no limit.</summary>
        public ApiKeyRow? Key { get; init; }

        public int Status { get; init; }

        public string? Word { get; init; }

        public TimeSpan? Wait { get; init; }
    }
}

/// <summary>Marks endpoints that only holders of a key may call.</summary>
internal sealed class NeedsApiKey;
