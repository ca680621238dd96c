using System.Net;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Console;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>Guessers behind the same proxy as everybody else, and callers who claim to be behind one.</summary>
public sealed partial class ProxyTests
{
    private const string Mallory = "203.0.113.66";
    private const string Anna = "203.0.113.7";
    private const int Tries = 20;

    [Fact]
    public async Task Wrong_log_ins_of_one_person_behind_a_proxy_keep_nobody_else_behind_it_out()
    {
        await using var gateway = await StartAsync("127.0.0.0/8, 10.0.0.0/8");
        // What Mallory writes into the header himself stands left of what the proxies add: it is not believed, or he would have a new
        // address for each try.
        for (var i = 0; i < Tries; i++) Assert.EndsWith("problem=refused",
            await LogInAsync(gateway, $"192.0.2.{i}, {Mallory}, 10.0.0.1", "nobody"), StringComparison.Ordinal);
        Assert.EndsWith("problem=too_many", await LogInAsync(gateway, $"192.0.2.99, {Mallory}, 10.0.0.1", "nobody"),
            StringComparison.Ordinal);
        Assert.Equal("/console", await LogInAsync(gateway, $"{Anna}, 10.0.0.1", "admin", ConsoleBrowser.Password));

        var audit = (await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/audit")).Body.GetRawText();
        Assert.Contains(Anna, audit, StringComparison.Ordinal);
        Assert.Contains(Mallory, audit, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.1", audit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("10.0.0.0/8")]
    public async Task Who_is_no_trusted_proxy_cannot_choose_an_address(string? proxies)
    {
        await using var gateway = await StartAsync(proxies);
        for (var i = 0; i < Tries; i++) await LogInAsync(gateway, $"192.0.2.{i}", "nobody", peer: Mallory);
        Assert.EndsWith("problem=too_many", await LogInAsync(gateway, "192.0.2.99", "nobody", peer: Mallory), StringComparison.Ordinal);
        Assert.Equal("/console", await LogInAsync(gateway, "192.0.2.99", "admin", ConsoleBrowser.Password, peer: Anna));
        Assert.DoesNotContain("192.0.2.", (await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/audit"))
            .Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_API_keys_count_for_the_client_and_not_for_the_proxy()
    {
        await using var gateway = await StartAsync("127.0.0.1");
        using var http = new HttpClient { BaseAddress = gateway.Address };
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 200
            && last != HttpStatusCode.TooManyRequests; i++) last = await StatusAsync(http, "/api/v1/status", ("X-Api-Key", $"guess-{i}"),
            ("X-Forwarded-For", Mallory));
        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.Equal(HttpStatusCode.Unauthorized,
            await StatusAsync(http, "/api/v1/status", ("X-Api-Key", "guess"), ("X-Forwarded-For", Anna)));
    }

    [Fact]
    public async Task A_client_behind_the_proxy_of_this_machine_is_not_this_machine()
    {
        await using var gateway = await StartAsync("127.0.0.1");
        using var http = new HttpClient { BaseAddress = gateway.Address };
        foreach (var claimed in (string[])[Mallory, $"127.0.0.1, {Mallory}", "127.0.0.1"])
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, "/metrics", ("X-Forwarded-For", claimed)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/metrics"));
    }

    [Fact]
    public async Task Over_TLS_at_the_proxy_cookies_are_sent_over_TLS_only_and_so_is_everything_else()
    {
        await using var gateway = await StartAsync("127.0.0.1", ("LARKSPUR_ALLOWED_HOSTS", "larkspur.example.com"));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = gateway.Address };
        using var secure = await GetAsync(http, "/console/login", ("X-Forwarded-For", Anna), ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "larkspur.example.com"));
        Assert.Equal(HttpStatusCode.OK, secure.StatusCode);
        Assert.Contains("max-age=", secure.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
        var cookies = secure.Headers.GetValues("Set-Cookie").ToArray();
        Assert.Contains(cookies, c => c.StartsWith("larkspur-form=", StringComparison.Ordinal));
        Assert.All(cookies, cookie => Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase));

        using var plain = await GetAsync(http, "/console/login");
        Assert.False(plain.Headers.Contains("Strict-Transport-Security"));
        Assert.All(plain.Headers.GetValues("Set-Cookie"), cookie =>
            Assert.DoesNotContain("; secure", cookie, StringComparison.OrdinalIgnoreCase));
        // A name that the proxy passes on is judged like any other.
        Assert.Equal(HttpStatusCode.MisdirectedRequest,
            await StatusAsync(http, "/console/login", ("X-Forwarded-For", Anna), ("X-Forwarded-Host", "evil.example")));
    }

    [Theory]
    [InlineData("10.0.0.0/8x")]
    [InlineData("10.1")]
    [InlineData("proxy.internal")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    public async Task A_typing_error_trusts_nobody(string proxies)
    {
        var failure = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(proxies));
        Assert.StartsWith("LARKSPUR_TRUSTED_PROXIES", Assert.Single(failure.Problems), StringComparison.Ordinal);
    }

    private static Task<GatewayApp> StartAsync(string? proxies, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var settings = new Dictionary<string,
            string?> { ["LARKSPUR_TRUSTED_PROXIES"] = proxies, ["LARKSPUR_ADMIN_PASSWORD"] = ConsoleBrowser.Password };
        foreach (var (name, value) in more) settings[name] = value;
        return GatewayApp.StartAsync("http://127.0.0.1:1", settings, configure: builder =>
            builder.Services.AddSingleton<IStartupFilter, PeerAddress>());
    }

    /// <summary>One log-in of a browser that was never seen before.</summary>
    /// <returns>Where it led.</returns>
    private static async Task<string> LogInAsync(GatewayApp gateway, string forwarded, string name,
        string password = "wrong-larkspur-meadow", string? peer = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false,
            AllowAutoRedirect = false }) { BaseAddress = gateway.Address };
        http.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);
        if (peer is not null) http.DefaultRequestHeaders.Add(PeerAddress.Header, peer);
        var token = Token().Match(await http.GetStringAsync(new Uri("/console/login", UriKind.Relative),
            TestContext.Current.CancellationToken)).Groups[1].Value;
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("name", name),
            new("password", password)]);
        using var answer = await http.PostAsync(new Uri("/console/forms/login", UriKind.Relative), form,
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!.ToString();
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path, params (string Name, string Value)[] headers)
    {
        using var answer = await GetAsync(http, path, headers);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient http, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
