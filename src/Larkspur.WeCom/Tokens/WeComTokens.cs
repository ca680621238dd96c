using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom;

/// <summary>Fetches and forgets the app's token; remembers that a secret was refused.</summary>
internal sealed class WeComTokens(WeComOptions options, TimeProvider clock, ILogger logger, Func<WeComRequest, CancellationToken, Task<WeComTokenAnswer>> send)
{
    private const string Key = "app";

    private static readonly WeComEndpoint GetToken = WeComEndpoint.Get("gettoken", "/cgi-bin/gettoken") with { TakesToken = false };

    private readonly TokenCache _cache = new(clock) { FetchTimeout = options.CallTimeout + TimeSpan.FromSeconds(5) };
    private volatile RefusedSecret? _refused;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
        => (await _cache.GetAsync(Key, this, static (self, ct) => self.FetchAsync(ct), cancellationToken)).Value;

    public void Invalidate(string token) => _cache.Invalidate(Key, token);

    private async Task<AccessToken> FetchAsync(CancellationToken cancellationToken)
    {
        if (_refused is { } refused && clock.GetUtcNow() < refused.Until)
        {
            throw new WeComApiException($"The secret was refused with code {refused.Code} and is not tried again before {refused.Until:O}.")
            {
                Code = refused.Code,
                Endpoint = GetToken.Id,
                FailureKind = FailureKind.Authentication,
                NothingHappened = true,
            };
        }

        var request = new WeComRequest(GetToken) { Query = [new("corpid", options.CorpId), new("corpsecret", options.Secret)] };
        WeComTokenAnswer answer;
        try
        {
            answer = await send(request, cancellationToken);
        }
        catch (WeComApiException exception) when (WeComErrorCodes.IsSecretRefused(exception.Code))
        {
            _refused = new RefusedSecret(exception.Code, clock.GetUtcNow() + options.RefusedSecretPause);
            WeComLog.SecretRefused(logger, options.CorpId, exception.Code, options.RefusedSecretPause);
            throw;
        }

        _refused = null;
        return answer is { AccessToken.Length: > 0, ExpiresIn: > 0 }
            ? new AccessToken(answer.AccessToken, clock.GetUtcNow().AddSeconds(answer.ExpiresIn))
            : throw new WeComApiException("gettoken answered without a token or without its life time.") { Endpoint = GetToken.Id, FailureKind = FailureKind.Authentication };
    }

    private sealed record RefusedSecret(int Code, DateTimeOffset Until);
}

/// <summary>Answer of <c>gettoken</c>; <see cref="ExpiresIn"/> in seconds from now.</summary>
internal sealed record WeComTokenAnswer(string? AccessToken, long ExpiresIn)
{
    public override string ToString() => $"token answer, {ExpiresIn} s";
}
