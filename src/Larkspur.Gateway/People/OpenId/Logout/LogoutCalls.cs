using System.Net;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.OpenId.Keys;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.People.OpenId.Logout;

/// <summary>Tells clients of ended sessions (OpenID Connect Back-Channel Logout): to addresses that the gateway may call alone, in five
/// seconds, and without reading what they say.</summary>
internal sealed class LogoutCalls : IDisposable
{
    /// <summary>A call takes no longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private const int TokenSeconds = 120;
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    private readonly HttpMessageInvoker _http;
    private readonly ProviderTokens _tokens;
    private readonly TimeProvider _clock;

    public LogoutCalls(ConfiguredWebhooks settings, HostLookup lookup, ProviderTokens tokens, TimeProvider clock)
    {
        (_tokens, _clock) = (tokens, clock);
        _http = GuardedCalls.Open(lookup, (request, addresses, _) => ValueTask.FromResult(
            TargetAddresses.Problem(request.RequestUri!, addresses, settings.PrivateReach)), Longest, perServer: 4);
    }

    /// <summary>Tells one.</summary>
    /// <returns>Null: it was told. Else why not, in a few words for the log.</returns>
    public async Task<string?> TellAsync(OidcClient client, PendingLogout row, CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var token = await _tokens.SignAsync(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = row.Issuer, ["aud"] = client.Id, ["iat"] = now, ["exp"] = now + TokenSeconds, ["jti"] = $"{row.Sid}-{row.Id}",
            ["sub"] = row.Person, ["sid"] = row.Sid,
            ["events"] = new Dictionary<string, object> { [Event] = new Dictionary<string, object>() },
        }, ProviderTokens.LogoutType, cancellation);
        using var deadline = new CancellationTokenSource(Longest, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, client.Settings.BackchannelLogoutUri)
        {
            Content = new FormUrlEncodedContent([new("logout_token", token)]),
        };
        request.Headers.UserAgent.Add(WebhookChannel.Agent);
        try
        {
            using var response = await _http.SendAsync(request, both.Token);
            // 400 says that it did not take the token: it will not take it later either.
            return response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.BadRequest ? null
                : $"it answered {(int)response.StatusCode}";
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return "it did not answer in time";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (e.InnerException is AddressRefusedException refused ? refused : e).Message;
        }
    }

    public void Dispose() => _http.Dispose();
}
