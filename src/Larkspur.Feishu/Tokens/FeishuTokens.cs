namespace Larkspur.Feishu;

/// <summary>Chooses, fetches and forgets the app's tokens. The person's tokens are the caller's.</summary>
internal sealed class FeishuTokens(FeishuOptions options, TimeProvider clock, IAppTicketStore tickets, FeishuTokenCall send)
{
    private const string AppKey = "app";

    /// <summary>Resending a ticket is asked for at most this often; it takes seconds to come.</summary>
    private static readonly TimeSpan ResendPause = TimeSpan.FromSeconds(30);

    private readonly TokenCache _cache = new(clock) { FetchTimeout = options.CallTimeout + TimeSpan.FromSeconds(5) };
    private readonly Lock _resendGate = new();
    private DateTimeOffset _lastResend = DateTimeOffset.MinValue;

    /// <summary>Which token a call goes out with: the person's when there is one and the endpoint takes it, else the tenant's, else the app's.</summary>
    /// <exception cref="InvalidOperationException">The endpoint takes no token that is at hand.</exception>
    public FeishuTokenKinds Choose(FeishuEndpoint endpoint, FeishuCallOptions? call)
    {
        FeishuTokenKinds accepted = endpoint.Tokens;
        if (accepted == FeishuTokenKinds.None) return FeishuTokenKinds.None;
        if (accepted.HasFlag(FeishuTokenKinds.User) && !string.IsNullOrEmpty(call?.UserAccessToken))
        {
            return call.UserAccessToken.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? throw new InvalidOperationException("FeishuCallOptions.UserAccessToken has characters that no token has.")
                : FeishuTokenKinds.User;
        }

        bool tenantKnown = options.Kind == FeishuAppKind.SelfBuilt || !string.IsNullOrEmpty(call?.TenantKey);
        if (accepted.HasFlag(FeishuTokenKinds.Tenant) && tenantKnown) return FeishuTokenKinds.Tenant;
        if (accepted.HasFlag(FeishuTokenKinds.App)) return FeishuTokenKinds.App;
        throw new InvalidOperationException(accepted.HasFlag(FeishuTokenKinds.Tenant)
            ? $"{endpoint.Id} acts in a tenant: a store app must name it in FeishuCallOptions.TenantKey."
            : $"{endpoint.Id} acts as a person: give FeishuCallOptions.UserAccessToken.");
    }

    public async ValueTask<string?> GetAsync(FeishuTokenKinds kind, FeishuCallOptions? call, CancellationToken cancellationToken) => kind switch
    {
        FeishuTokenKinds.None => null,
        FeishuTokenKinds.User => call!.UserAccessToken,
        FeishuTokenKinds.Tenant => (await TenantAsync(call?.TenantKey, cancellationToken)).Value,
        _ => (await AppAsync(cancellationToken)).Value,
    };

    public void Invalidate(FeishuTokenKinds kind, FeishuCallOptions? call, string token)
        => _cache.Invalidate(kind == FeishuTokenKinds.Tenant ? TenantKey(call?.TenantKey) : AppKey, token);

    private ValueTask<AccessToken> TenantAsync(string? tenant, CancellationToken cancellationToken)
        => _cache.GetAsync(TenantKey(tenant), (Self: this, Tenant: tenant), static (s, ct) => s.Self.FetchTenantAsync(s.Tenant, ct), cancellationToken);

    private ValueTask<AccessToken> AppAsync(CancellationToken cancellationToken)
        => _cache.GetAsync(AppKey, this, static (self, ct) => self.FetchAppAsync(ct), cancellationToken);

    private string TenantKey(string? tenant) => options.Kind == FeishuAppKind.SelfBuilt ? "tenant" : $"tenant:{tenant}";

    private async Task<AccessToken> FetchTenantAsync(string? tenant, CancellationToken cancellationToken)
    {
        if (options.Kind == FeishuAppKind.SelfBuilt)
        {
            return Token(await send(FeishuTokenEndpoints.TenantInternal, Credentials(), cancellationToken), t => t.TenantAccessToken);
        }

        AccessToken app = await AppAsync(cancellationToken);
        try
        {
            return await StoreTenantAsync(app, tenant!, cancellationToken);
        }
        catch (FeishuApiException refused) when (FeishuErrorCodes.IsAppTokenRefused(refused.Code))
        {
            _cache.Invalidate(AppKey, app.Value);
            return await StoreTenantAsync(await AppAsync(cancellationToken), tenant!, cancellationToken);
        }
    }

    private async Task<AccessToken> StoreTenantAsync(AccessToken app, string tenant, CancellationToken cancellationToken)
        => Token(
            await send(FeishuTokenEndpoints.TenantStore, new FeishuCredentials { AppAccessToken = app.Value, TenantKey = tenant }, cancellationToken),
            t => t.TenantAccessToken);

    private async Task<AccessToken> FetchAppAsync(CancellationToken cancellationToken)
    {
        if (options.Kind == FeishuAppKind.SelfBuilt)
        {
            return Token(await send(FeishuTokenEndpoints.AppInternal, Credentials(), cancellationToken), t => t.AppAccessToken);
        }

        string? ticket = await tickets.GetAsync(options.AppId, cancellationToken);
        if (string.IsNullOrEmpty(ticket)) throw await AskForTicketAsync(null, cancellationToken);
        try
        {
            return Token(await send(FeishuTokenEndpoints.AppStore, Credentials() with { AppTicket = ticket }, cancellationToken), t => t.AppAccessToken);
        }
        catch (FeishuApiException refused) when (refused.Code == FeishuErrorCodes.AppTicketInvalid)
        {
            throw await AskForTicketAsync(refused, cancellationToken);
        }
    }

    private async Task<FeishuAppTicketException> AskForTicketAsync(FeishuApiException? refused, CancellationToken cancellationToken)
    {
        bool ask;
        lock (_resendGate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            ask = now - _lastResend >= ResendPause;
            if (ask) _lastResend = now;
        }

        if (ask) await send(FeishuTokenEndpoints.ResendTicket, Credentials(), cancellationToken);
        return new FeishuAppTicketException(
            $"Store app {options.AppId} has no valid app_ticket ({(refused is null ? "none received yet" : "the platform refused it")}). "
            + "The platform was asked to push it; receive the app_ticket event, then call again.")
        {
            Code = refused?.Code ?? 0,
            Msg = refused?.Msg ?? "",
            LogId = refused?.LogId,
            HttpStatus = refused?.HttpStatus ?? 0,
            Endpoint = FeishuTokenEndpoints.AppStore.Id,
            FailureKind = FailureKind.Authentication,
            NothingHappened = true,
        };
    }

    private FeishuCredentials Credentials() => new() { AppId = options.AppId, AppSecret = options.AppSecret };

    private AccessToken Token(FeishuTokenAnswer answer, Func<FeishuTokenAnswer, string?> pick)
        => pick(answer) is { Length: > 0 } value && answer.Expire > 0
            ? new AccessToken(value, clock.GetUtcNow().AddSeconds(answer.Expire))
            : throw new FeishuApiException($"The token endpoint answered for app {options.AppId} without a token or without its life time.")
            {
                FailureKind = FailureKind.Authentication,
            };
}

/// <summary>Calls a token endpoint.</summary>
internal delegate Task<FeishuTokenAnswer> FeishuTokenCall(FeishuEndpoint endpoint, FeishuCredentials body, CancellationToken cancellationToken);

/// <summary>Body of the token calls. All of it but the ids is secret.</summary>
internal sealed record FeishuCredentials
{
    public string? AppId { get; init; }

    public string? AppSecret { get; init; }

    public string? AppTicket { get; init; }

    public string? AppAccessToken { get; init; }

    public string? TenantKey { get; init; }

    public override string ToString() => $"credentials of {AppId}";
}

/// <summary>A token endpoint's flat answer; <see cref="Expire"/> in seconds from now.</summary>
internal sealed record FeishuTokenAnswer(string? TenantAccessToken, string? AppAccessToken, long Expire)
{
    public override string ToString() => $"token answer, {Expire} s";
}

/// <summary>The token endpoints (authentication-management/access-token); flat answers, no bearer token.</summary>
internal static class FeishuTokenEndpoints
{
    public static readonly FeishuEndpoint TenantInternal = Make("auth.v3.tenant_access_token.internal", "/open-apis/auth/v3/tenant_access_token/internal");
    public static readonly FeishuEndpoint AppInternal = Make("auth.v3.app_access_token.internal", "/open-apis/auth/v3/app_access_token/internal");
    public static readonly FeishuEndpoint AppStore = Make("auth.v3.app_access_token.create", "/open-apis/auth/v3/app_access_token");
    public static readonly FeishuEndpoint TenantStore = Make("auth.v3.tenant_access_token.create", "/open-apis/auth/v3/tenant_access_token");
    public static readonly FeishuEndpoint ResendTicket = Make("auth.v3.app_ticket.resend", "/open-apis/auth/v3/app_ticket/resend");

    private static FeishuEndpoint Make(string id, string path)
        => new() { Id = id, Method = HttpMethod.Post, Path = path, Tokens = FeishuTokenKinds.None, Answer = FeishuAnswer.Flat };
}
