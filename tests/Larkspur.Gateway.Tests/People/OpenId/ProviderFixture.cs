using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.Tests.People.OpenId;

/// <summary>A gateway whose people sign in to other systems by it.</summary>
internal sealed class ProviderFixture : IAsyncDisposable
{
    public const string Callback = "https://rp.example.com/callback?from=larkspur";
    public const string AfterLogout = "https://rp.example.com/bye";
    public const string CookieName = "larkspur-sign-in";
    public const string AllScopes = "openid profile email phone groups offline_access";

    private readonly FeishuStub? _feishu;
    private readonly HttpClient _http;

    private ProviderFixture(FeishuStub? feishu, GatewayApp gateway)
    {
        (_feishu, Gateway) = (feishu, gateway);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = gateway.Address };
    }

    public GatewayApp Gateway { get; }

    public IDatabase Database => Gateway.Services.GetRequiredService<IDatabase>();

    public string Issuer => Gateway.Address.ToString().TrimEnd('/');

    public static async Task<ProviderFixture> StartAsync(params (string Name, string Value)[] settings)
    {
        var feishu = await FeishuStub.StartAsync();
        var values = new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" };
        foreach (var (name, value) in settings) values[name] = value;
        return new ProviderFixture(feishu, await GatewayApp.StartAsync(feishu.Address, values));
    }

    /// <summary>Over a gateway that somebody else ends.</summary>
    public static ProviderFixture Over(GatewayApp gateway) => new(null, gateway);

    public async Task<TestClient> ClientAsync(object? more = null)
    {
        var body = new Dictionary<string, object?>
        {
            ["name"] = "Grafana", ["redirect_uris"] = new[] { Callback, "http://127.0.0.1/cb" },
            ["post_logout_redirect_uris"] = new[] { AfterLogout },
        };
        if (more is not null)
        {
            foreach (var property in more.GetType().GetProperties()) body[property.Name] = property.GetValue(more);
        }

        var made = await Gateway.PostRestAsync("/oidc/clients", body);
        Assert.True(made.Status == 201, made.ToString());
        return new TestClient(made.Text("client_id")!,
            made.Body.TryGetProperty("client_secret", out var secret) ? secret.GetString() : null);
    }

    /// <summary>Somebody whom Feishu's directory knows.</summary>
    public async Task<string> PersonAsync(string name = "alice", string? email = null) =>
        (await Gateway.Services.GetRequiredService<IIdentities>().GetOrCreateAsync(new PlatformAccount
        {
            Platform = "feishu", App = "default", Name = name, IsExternal = false, VerifiedEmail = email ?? name + "@example.com",
            Ids = [new("feishu", "default", "open_id", "ou_" + name)],
        }, TestContext.Current.CancellationToken)).Id;

    /// <summary>Somebody whom an identity provider alone knows.</summary>
    public async Task<string> OutsiderAsync(string subject = "sub-1") =>
        (await Gateway.Services.GetRequiredService<IIdentities>().GetOrCreateAsync(new PlatformAccount
        {
            Platform = PlatformIdentity.IdentityProvider, App = "company", Name = subject, IsExternal = false,
            Ids = [new(PlatformIdentity.IdentityProvider, "https://idp.example.com", "subject", subject)],
        }, TestContext.Current.CancellationToken)).Id;

    /// <summary>They sign in, or prove again who they are.</summary>
    /// <returns>What their browser holds.</returns>
    public async Task<string> SignInAsync(string person, string? cookie = null)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        if (cookie is not null) http.Request.Headers.Cookie = $"{CookieName}={cookie}";
        var sessions = Gateway.Services.GetRequiredService<SignInSessions>();
        var (_, token) = await Database.TransactAsync(unit => sessions.BeginAsync(unit, http, person, "test"),
            TestContext.Current.CancellationToken);
        return token ?? cookie!;
    }

    public Task WriteAsync(string sql, params object?[] values) =>
        Database.TransactAsync(async unit => { await unit.ExecuteAsync(sql, values); }, TestContext.Current.CancellationToken);

    public async Task<long> NumberAsync(string sql, params object?[] values) =>
        await Database.ReadAsync(async s => await s.NumberAsync(sql, values)) ?? 0;

    /// <summary>The last proof of everybody was so long ago.</summary>
    public Task AgeAsync(TimeSpan by) =>
        WriteAsync("UPDATE sign_in_session SET auth_time = auth_time - $1", (long)by.TotalMilliseconds);

    public async Task<Answer> GetAsync(string path, string? cookie = null, string? bearer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, cookie, bearer);
    }

    public async Task<Answer> PostAsync(string path, IEnumerable<(string, string)> form, string? cookie = null, string? bearer = null,
        AuthenticationHeaderValue? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Item1, f.Item2))),
        };
        request.Headers.Authorization = authorization;
        return await SendAsync(request, cookie, bearer);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request, string? cookie = null, string? bearer = null)
    {
        if (cookie is not null) request.Headers.Add("Cookie", $"{CookieName}={cookie}");
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)answer.StatusCode, answer.Headers.Location, await answer.Content.ReadAsStringAsync(), answer.Headers);
    }

    /// <summary>A client's request for a code; parameters may be replaced, or taken away by null.</summary>
    public static string AuthorizePath(TestClient client, params (string Name, string? Value)[] more)
    {
        var all = new Dictionary<string, string?>
        {
            ["client_id"] = client.Id, ["redirect_uri"] = Callback, ["response_type"] = "code", ["scope"] = "openid", ["state"] =
                "st ate&1",
            ["nonce"] = "n-1", ["code_challenge"] = client.Challenge, ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in more) all[name] = value;
        return QueryHelpers.AddQueryString("/oidc/authorize", all.Where(p => p.Value is not null)!);
    }

    public async Task<string> CodeAsync(TestClient client, string cookie, params (string Name, string? Value)[] more)
    {
        var answer = await GetAsync(AuthorizePath(client, more), cookie);
        Assert.True(answer.Query("code") is not null, answer.ToString());
        return answer.Query("code")!;
    }

    public Task<Answer> ExchangeAsync(TestClient client, string code, params (string Name, string? Value)[] more)
    {
        var form = new Dictionary<string, string?>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = Callback, ["code_verifier"] = client.Verifier,
            ["client_id"] = client.Secret is null ? client.Id : null,
        };
        foreach (var (name, value) in more) form[name] = value;
        return PostAsync("/oidc/token", form.Where(f => f.Value is not null).Select(f => (f.Key, f.Value!)),
            authorization: client.Secret is null ? null : client.Basic);
    }

    public Task<Answer> RefreshAsync(TestClient client, string token, params (string Name, string Value)[] more) => PostAsync("/oidc/token",
        [("grant_type", "refresh_token"), ("refresh_token", token), .. more, .. client.Secret is null ? [("client_id", client.Id)]
            : Array.Empty<(string, string)>()],
        authorization: client.Secret is null ? null : client.Basic);

    /// <summary>The whole way of a sign-in.</summary>
    public async Task<JsonElement> TokensAsync(TestClient client, string cookie, params (string Name, string? Value)[] more)
    {
        var given = await ExchangeAsync(client, await CodeAsync(client, cookie, more));
        Assert.True(given.Status == 200, given.ToString());
        return given.Json;
    }

    public async Task<bool> WorksAsync(string accessToken) => (await GetAsync("/oidc/userinfo", bearer: accessToken)).Status == 200;

    /// <summary>Checks an id_token as a client does, by the published keys.</summary>
    public async Task<JsonWebToken> CheckAsync(string idToken, TestClient client, string? nonce = "n-1")
    {
        var jwks = new JsonWebKeySet((await GetAsync("/oidc/jwks")).Body);
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(idToken, new TokenValidationParameters
        {
            ValidIssuer = Issuer, ValidAudience = client.Id, IssuerSigningKeys = jwks.GetSigningKeys(),
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256], ValidTypes = ["JWT"], ClockSkew = TimeSpan.FromSeconds(5),
        });
        Assert.True(result.IsValid, result.Exception?.ToString());
        var read = (JsonWebToken)result.SecurityToken;
        Assert.Equal(nonce, read.TryGetPayloadValue<string>("nonce", out var said) ? said : null);
        return read;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_feishu is null) return;
        await Gateway.DisposeAsync();
        await _feishu.DisposeAsync();
    }
}

/// <summary>A client as its system knows it.</summary>
internal sealed record TestClient(string Id, string? Secret)
{
    public string Verifier { get; } = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public AuthenticationHeaderValue Basic =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(Id)}:{Uri.EscapeDataString(Secret!)}")));
}

/// <summary>An answer of the provider.</summary>
internal sealed record Answer(int Status, Uri? Location, string Body, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string? Error => Json.GetProperty("error").GetString();

    /// <summary>A parameter that the client is sent.</summary>
    public string? Query(string name) => Location is { IsAbsoluteUri: true } there
        && QueryHelpers.ParseQuery(there.Query).TryGetValue(name, out var value) ? value.Single() : null;

    /// <summary>The browser is to sign in first.</summary>
    public bool IsToSignIn => Location is { IsAbsoluteUri: false } there
        && there.ToString().StartsWith("/sign-in?return_to=", StringComparison.Ordinal);

    /// <summary>Where the log-in page leads back to.</summary>
    public string ReturnTo => QueryHelpers.ParseQuery(Location!.ToString()[Location.ToString().IndexOf('?',
        StringComparison.Ordinal)..])["return_to"].Single()!;

    public override string ToString() => $"{Status} {Location} {Body}";
}

internal static class JsonTexts
{
    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
