using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Bench.Running;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Bench.SignIn;

/// <summary>A gateway in this process, people who are signed in to it, and a client of theirs.</summary>
internal sealed class SignInCompany : IAsyncDisposable
{
    private const int People = 200;
    private const string Callback = "https://rp.example.com/callback";

    private readonly GatewayApp _gateway;
    private readonly HttpClient _http;
    private readonly string[] _cookies;
    private readonly string _client;
    private readonly AuthenticationHeaderValue _basic;
    private int _next;

    private SignInCompany(GatewayApp gateway, string[] cookies, string client, string secret)
    {
        (_gateway, _cookies, _client) = (gateway, cookies, client);
        _basic = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client}:{secret}")));
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = gateway.Address,
        };
    }

    /// <param name="folder">For its files.</param>
    /// <param name="database">Its PostgreSQL database; empty: SQLite in the folder.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<SignInCompany> StartAsync(string folder, string database, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var gateway = await GatewayApp.StartAsync("http://127.0.0.1:9", new Dictionary<string, string?> { ["LARKSPUR_DB"] = database },
            folder);
        using var made = await gateway.Http.PostAsJsonAsync("/api/v1/oidc/clients", 
            new { name = "Bench", redirect_uris = new[] { Callback } },
            cancellation);
        var client = JsonNode.Parse(await made.Content.ReadAsStringAsync(cancellation))!;
        var (cookies, sessions) = (new List<string>(), gateway.Services.GetRequiredService<SignInSessions>());
        for (var i = 0; i < People; i++)
        {
            var person = await gateway.Services.GetRequiredService<IIdentities>().GetOrCreateAsync(new PlatformAccount
            {
                Platform = "feishu", App = "default", Name = $"Person {i}", IsExternal = false,
                Ids = [new("feishu", "default", "open_id", $"ou_{i}")],
            }, cancellation);
            var (_, token) = await gateway.Services.GetRequiredService<IDatabase>().TransactAsync(
                unit => sessions.BeginAsync(unit, new DefaultHttpContext(), person.Id, "bench"), cancellation);
            cookies.Add("larkspur-sign-in=" + token);
        }

        return new SignInCompany(gateway, [.. cookies], client["client_id"]!.GetValue<string>(),
            client["client_secret"]!.GetValue<string>());
    }

    /// <summary>Somebody signs in to the client.</summary>
    /// <returns>Milliseconds of the exchange alone.</returns>
    /// <exception cref="BenchException">They did not get in.</exception>
    public async Task<double> SignInAsync(CancellationToken cancellation)
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        using var ask = new HttpRequestMessage(HttpMethod.Get,
            $"/oidc/authorize?response_type=code&scope=openid&state=s&nonce=n&client_id={_client}"
            + $"&redirect_uri={Uri.EscapeDataString(Callback)}&code_challenge_method=S256&code_challenge={challenge}");
        ask.Headers.Add("Cookie", _cookies[(uint)Interlocked.Increment(ref _next) % _cookies.Length]);
        using var sent = await _http.SendAsync(ask, cancellation);
        var query = sent.Headers.Location?.Query ?? "";
        if (sent.StatusCode != HttpStatusCode.SeeOther || query.IndexOf("code=", StringComparison.Ordinal) is not (> 0 and var at))
            throw new BenchException($"no code: {sent.StatusCode} {sent.Headers.Location}");
        var code = query[(at + 5)..].Split('&')[0];
        using var exchange = new HttpRequestMessage(HttpMethod.Post, "/oidc/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", Callback),
                new("code_verifier", verifier)]),
        };
        exchange.Headers.Authorization = _basic;
        var begun = Stopwatch.GetTimestamp();
        using var given = await _http.SendAsync(exchange, cancellation);
        var text = await given.Content.ReadAsStringAsync(cancellation);
        var took = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        return given.IsSuccessStatusCode && text.Contains("id_token", StringComparison.Ordinal) ? took
            : throw new BenchException($"no tokens: {given.StatusCode} {text}");
    }

    /// <summary>Two calls that read nothing and write nothing.</summary>
    public async Task<double> PlainPairAsync(CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await _http.GetAsync(new Uri("/.well-known/openid-configuration", UriKind.Relative), cancellation);
            _ = await answer.Content.ReadAsByteArrayAsync(cancellation);
        }

        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _gateway.DisposeAsync();
    }
}
