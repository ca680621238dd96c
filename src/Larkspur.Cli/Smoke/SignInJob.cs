using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Larkspur.Cli.Hosting;
using static Larkspur.Cli.Smoke.SmokeSteps;

namespace Larkspur.Cli.Smoke;

/// <summary>Bob signs in to a system that speaks OpenID Connect and knows nothing of Feishu, with his Feishu account.</summary>
internal sealed class SignInJob : IDisposable
{
    private const string Redirect = "http://127.0.0.1:9/signed-in";

    private readonly LocalStack _stack;
    private readonly HttpClient _api;

    /// <summary>Bob's browser: it keeps cookies and goes where it is sent, a step at a time.</summary>
    private readonly HttpClient _browser = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, CookieContainer = new CookieContainer(),
    });

    private JsonNode _provider = new JsonObject();
    private string _client = "";
    private string _secret = "";
    private string _refresh = "";

    public SignInJob(LocalStack stack)
    {
        _stack = stack;
        _api = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(stack.Gateway, "/api/v1/"), Timeout = TimeSpan.FromSeconds(20),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", stack.ApiKey) },
        };
    }

    public IEnumerable<(string Name, Func<CancellationToken, Task> Step)> Steps() =>
    [
        ("A system is connected by OpenID Connect: discovery, a client and its secret", ConnectAsync),
        ("Bob signs in: sent to Feishu, back with a code, and the system knows who he is", SignInAsync),
        ("The system stays signed in by a refresh token, and a used one ends everything that came of it", RefreshAsync),
    ];

    public void Dispose()
    {
        _api.Dispose();
        _browser.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        _provider = (await _api.GetFromJsonAsync<JsonNode>(new Uri(_stack.Gateway, "/.well-known/openid-configuration"), cancellation))!;
        Expect(_provider["code_challenge_methods_supported"]!.AsArray().Any(m => m!.GetValue<string>() == "S256"), "there is no PKCE");
        var client = new { name = "Reports", redirect_uris = (string[])[Redirect] };
        using var answer = await _api.PostAsJsonAsync("oidc/clients", client, cancellation);
        var made = (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellation))!;
        Expect(answer.StatusCode == HttpStatusCode.Created, $"the client was not made: {made.ToJsonString()}");
        (_client, _secret) = (made["client_id"]!.GetValue<string>(), made["client_secret"]!.GetValue<string>());
    }

    private async Task SignInAsync(CancellationToken cancellation)
    {
        var (state, nonce) = (RandomNumberGenerator.GetHexString(16), RandomNumberGenerator.GetHexString(16));
        var verifier = RandomNumberGenerator.GetHexString(64);
        var challenge = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var next = new Uri($"{_provider["authorization_endpoint"]}?response_type=code&client_id={_client}"
            + $"&redirect_uri={Uri.EscapeDataString(Redirect)}&scope=openid%20profile%20offline_access&state={state}&nonce={nonce}"
            + $"&code_challenge={challenge}&code_challenge_method=S256");
        for (var steps = 0; !next.AbsoluteUri.StartsWith(Redirect, StringComparison.Ordinal); steps++)
        {
            Expect(steps < 15, $"the browser is sent round and round, at last to {next.GetLeftPart(UriPartial.Path)}");
            // On the platform's page Bob says who he is; on the gateway's he takes Feishu.
            if (next.AbsolutePath == "/open-apis/authen/v1/authorize") next = new Uri(next.AbsoluteUri + "&as=bob&decision=allow");
            using var page = await _browser.GetAsync(next, cancellation);
            if (page.Headers.Location is { } to) next = new Uri(next, to);
            else
            {
                Expect(next.AbsolutePath == "/sign-in", $"{next.GetLeftPart(UriPartial.Path)} answered {(int)page.StatusCode}");
                next = new Uri(next, "/sign-in/feishu" + next.Query);
            }
        }

        var back = HttpUtility.ParseQueryString(next.Query);
        Expect(back["state"] == state && back["iss"] == _provider["issuer"]!.GetValue<string>(),
            "the answer is of another request or issuer");
        var tokens = await TokensAsync(new()
        {
            ["grant_type"] = "authorization_code", ["code"] = back["code"]!, ["redirect_uri"] = Redirect, ["code_verifier"] = verifier,
        }, cancellation);
        _refresh = tokens["refresh_token"]!.GetValue<string>();
        var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(tokens["id_token"]!.GetValue<string>().Split('.')[1]))!;
        Expect(claims["nonce"]!.GetValue<string>() == nonce && claims["aud"]!.GetValue<string>() == _client,
            "the id_token is of another request");
        using var asked = new HttpRequestMessage(HttpMethod.Get, _provider["userinfo_endpoint"]!.GetValue<string>());
        asked.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens["access_token"]!.GetValue<string>());
        using var told = await _browser.SendAsync(asked, cancellation);
        var bob = (await told.Content.ReadFromJsonAsync<JsonNode>(cancellation))!;
        Expect(bob["sub"]!.GetValue<string>() == claims["sub"]!.GetValue<string>() && bob["name"]?.GetValue<string>() == "鲍勃",
            $"this is not Bob: {bob.ToJsonString()}");
        Expect(bob["email"] is null, "an address was told that nobody asked for");
    }

    private async Task RefreshAsync(CancellationToken cancellation)
    {
        var first = new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = _refresh };
        var second = await TokensAsync(first, cancellation);
        var (status, refused) = await PostAsync(first, cancellation);
        Expect(IsRefused(status, refused), "a used refresh token was taken");
        var next = new Dictionary<string, string>(first) { ["refresh_token"] = second["refresh_token"]!.GetValue<string>() };
        (status, refused) = await PostAsync(next, cancellation);
        Expect(IsRefused(status, refused), "the family outlived the reuse");
    }

    private static bool IsRefused(HttpStatusCode status, JsonNode answer) =>
        status == HttpStatusCode.BadRequest && answer["error"]!.GetValue<string>() == "invalid_grant";

    private async Task<JsonNode> TokensAsync(Dictionary<string, string> form, CancellationToken cancellation)
    {
        var (status, answer) = await PostAsync(form, cancellation);
        Expect(status == HttpStatusCode.OK, $"no tokens: {(int)status} {answer["error"]} {answer["error_description"]}");
        return answer;
    }

    private async Task<(HttpStatusCode Status, JsonNode Answer)> PostAsync(Dictionary<string, string> form, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _provider["token_endpoint"]!.GetValue<string>());
        request.Content = new FormUrlEncodedContent(form);
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_client}:{_secret}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic);
        using var answer = await _browser.SendAsync(request, cancellation);
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellation))!);
    }
}
