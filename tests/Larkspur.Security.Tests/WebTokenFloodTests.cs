using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>Whoever has no session's token costs the database next to nothing, and keeps nobody out who shares the address.</summary>
public sealed class WebTokenFloodTests
{
    /// <summary>Wrong tokens that are looked at, and one look at all open sessions.</summary>
    private const int Few = 31;

    private readonly CountedQueries _reads = new("web_session");
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task Ten_thousand_wrong_tokens_cost_a_few_reads_and_a_valid_one_still_enters()
    {
        await using var gateway = await StartAsync();
        var (before, _) = await BeginAsync(gateway, "alice");
        using var http = Client(gateway);
        var refused = 0;
        var sixteen = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, 10_000), sixteen, async (_, _) =>
        {
            if (await CallAsync(http, Wrong()) == HttpStatusCode.TooManyRequests) Interlocked.Increment(ref refused);
        });
        Assert.InRange(_reads.Count, 1, Few);
        Assert.Equal(9_970, refused);

        // From the same address: one that was begun before, one that was begun after, and one that another process began.
        Assert.Equal(HttpStatusCode.OK, await CallAsync(http, before));
        var (after, _) = await BeginAsync(gateway, "bob");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(http, after));
        var elsewhere = await BeganElsewhereAsync(gateway, before);
        _clock.Advance(TimeSpan.FromSeconds(6));
        while (await CallAsync(http, Wrong()) != HttpStatusCode.TooManyRequests) continue;
        Assert.Equal(HttpStatusCode.OK, await CallAsync(http, elsewhere));
    }

    [Fact]
    public async Task What_does_not_look_like_a_token_costs_no_read()
    {
        await using var gateway = await StartAsync();
        var (token, _) = await BeginAsync(gateway, "alice");
        using var http = Client(gateway);
        var reads = _reads.Count;
        string[] shapes = ["x", "lw_", token[..^1], token + "A", token.ToUpperInvariant(), "lk_" + token[3..], token[..^1] + "+", "lw_" + new string('=', 43)];
        foreach (var shape in shapes)
        {
            for (var i = 0; i < 10; i++) Assert.NotEqual(HttpStatusCode.OK, await CallAsync(http, shape));
        }

        Assert.Equal(reads, _reads.Count);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(http, token));
    }

    [Fact]
    public async Task The_same_wrong_token_again_costs_no_read()
    {
        await using var gateway = await StartAsync();
        using var http = Client(gateway);
        var wrong = Wrong();
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(http, wrong));
        Assert.Equal(1, _reads.Count);
    }

    [Fact]
    public async Task The_token_of_a_session_that_has_ended_costs_what_a_wrong_one_costs()
    {
        await using var gateway = await StartAsync();
        var (token, id) = await BeginAsync(gateway, "alice");
        Assert.Equal(200, (await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, "/web-chat/sessions/" + id)).Status);
        using var http = Client(gateway);
        var reads = _reads.Count;
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 200; i++) last = await CallAsync(http, token);
        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.InRange(_reads.Count - reads, 1, Few + 1);
    }

    [Fact]
    public async Task Names_that_no_session_has_cost_a_few_reads_and_a_page_is_embedded_all_the_same()
    {
        await using var gateway = await StartAsync();
        var (_, id) = await BeginAsync(gateway, "alice");
        using var http = Client(gateway);
        var reads = _reads.Count;
        for (var i = 0; i < 1000; i++)
        {
            using var page = await http.GetAsync(new Uri($"/chat/ws_{Guid.NewGuid():N}", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        Assert.InRange(_reads.Count - reads, 1, Few);
        using var own = await http.GetAsync(new Uri("/chat/" + id, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.EndsWith("frame-ancestors 'self' https://portal.example.com", own.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private Task<GatewayApp> StartAsync() => GatewayApp.StartAsync("http://127.0.0.1:1", clock: _clock, configure: _reads.Watch);

    private static async Task<(string Token, string Id)> BeginAsync(GatewayApp gateway, string subject)
    {
        var begun = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/web-chat/sessions",
            new { issuer = "portal", subject, origins = new[] { "https://portal.example.com" } });
        Assert.True(begun.Status == 201, begun.ToString());
        return (begun.Text("token")!, begun.Body.GetProperty("session").GetProperty("id").GetString()!);
    }

    /// <summary>A row as another process writes it: this one has heard nothing of it.</summary>
    private static async Task<string> BeganElsewhereAsync(GatewayApp gateway, string like)
    {
        var token = Wrong();
        await gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => await unit.ExecuteAsync("""
            INSERT INTO web_session (session, hash, person, issuer, subject, origins, created_at, created_by, expires_at)
            SELECT $1, $2, person, issuer, subject, origins, created_at, created_by, expires_at FROM web_session WHERE hash = $3
            """, $"ws_{Guid.NewGuid():N}", Hash(token), Hash(like)), TestContext.Current.CancellationToken);
        return token;
    }

    private static string Wrong() =>
        "lw_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static HttpClient Client(GatewayApp gateway) => new() { BaseAddress = gateway.Address };

    private static async Task<HttpStatusCode> CallAsync(HttpClient http, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/chat/api/v1/session");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
