namespace Larkspur.DingTalk;

/// <summary>Fetches and forgets the app's token: one for both forms of calls.</summary>
/// <remarks>The platform answers with the same token while it lives, and renews its life.</remarks>
internal sealed class DingTalkTokens(DingTalkOptions options, TimeProvider clock, DingTalkTokenCall send)
{
    private const string Key = "app";

    private static readonly DingTalkEndpoint Endpoint = new()
    {
        // A POST that makes nothing that could be there twice.
        Id = "oauth2.access_token", Method = HttpMethod.Post, Path = "/v1.0/oauth2/accessToken", Token = DingTalkTokenKind.None, OnlyReads = true, IsCounted = false,
    };

    private readonly TokenCache _cache = new(clock) { FetchTimeout = options.CallTimeout + TimeSpan.FromSeconds(5) };

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
        => (await _cache.GetAsync(Key, this, static (self, ct) => self.FetchAsync(ct), cancellationToken)).Value;

    public void Invalidate(string token) => _cache.Invalidate(Key, token);

    private async Task<AccessToken> FetchAsync(CancellationToken cancellationToken)
    {
        DingTalkTokenAnswer answer = await send(Endpoint, new { appKey = options.ClientId, appSecret = options.ClientSecret }, cancellationToken);
        return answer is { AccessToken.Length: > 0, ExpireIn: > 0 and <= 30L * 86_400 }
            ? new AccessToken(answer.AccessToken, clock.GetUtcNow().AddSeconds(answer.ExpireIn))
            : throw new DingTalkApiException($"The token endpoint answered for app {options.ClientId} without a token or without its life time.")
            {
                Endpoint = Endpoint.Id,
                FailureKind = FailureKind.Authentication,
            };
    }
}

/// <summary>Calls the token endpoint.</summary>
internal delegate Task<DingTalkTokenAnswer> DingTalkTokenCall(DingTalkEndpoint endpoint, object body, CancellationToken cancellationToken);

/// <summary>The token endpoint's answer; <see cref="ExpireIn"/> in seconds from now.</summary>
internal sealed record DingTalkTokenAnswer(string? AccessToken, long ExpireIn)
{
    public override string ToString() => $"token answer, {ExpireIn} s";
}
