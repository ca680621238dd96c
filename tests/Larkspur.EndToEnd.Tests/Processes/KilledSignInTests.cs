using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>The gateway is killed while people sign in to other systems by it.</summary>
public sealed class KilledSignInTests
{
    private const string Callback = "https://rp.example.com/callback";
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    [Fact]
    public async Task A_kill_between_code_and_token_and_between_two_refreshes_loses_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-killed-").FullName;
        try
        {
            await using var emulator = await EmulatorApp.StartAsync();
            var address = GatewayProcess.FreeAddress();
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress =
                address };
            var (client, cookie) = await PrepareAsync(emulator, folder);

            string code, keys;
            await using (var first = await GatewayProcess.StartAsync(emulator, address, folder))
            {
                code = await CodeAsync(http, client, cookie);
                keys = await http.GetStringAsync(new Uri("/oidc/jwks", UriKind.Relative), TestContext.Current.CancellationToken);
                await first.KillAsync();
            }

            string refresh;
            await using (var second = await GatewayProcess.StartAsync(emulator, address, folder))
            {
                var given = await TokensAsync(http, client, ("grant_type", "authorization_code"), ("code", code),
                    ("redirect_uri", Callback),
                    ("code_verifier", Verifier));
                Assert.Equal(HttpStatusCode.OK, given.Status);
                Assert.Equal(keys, await http.GetStringAsync(new Uri("/oidc/jwks", UriKind.Relative),
                    TestContext.Current.CancellationToken));
                refresh = given.Body.GetProperty("refresh_token").GetString()!;
                await second.KillAsync();
            }

            await using var third = await GatewayProcess.StartAsync(emulator, address, folder);
            var next = await TokensAsync(http, client, ("grant_type", "refresh_token"), ("refresh_token", refresh));
            Assert.Equal(HttpStatusCode.OK, next.Status);
            // What was used stays used.
            var replayed = await TokensAsync(http, client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback),
                ("code_verifier", Verifier));
            Assert.Equal("invalid_grant", replayed.Body.GetProperty("error").GetString());
            var over = await TokensAsync(http, client, ("grant_type", "refresh_token"),
                ("refresh_token", next.Body.GetProperty("refresh_token").GetString()!));
            Assert.Equal("invalid_grant", over.Body.GetProperty("error").GetString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_process_that_stands_still_in_the_middle_of_an_exchange_gives_nothing_twice()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-frozen-").FullName;
        try
        {
            await using var emulator = await EmulatorApp.StartAsync();
            var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
            var shared = new Dictionary<string, string> { ["LARKSPUR_DB"] = database, ["LARKSPUR_BASE_URL"] = "http://127.0.0.1:9" };
            var (client, cookie) = await PrepareAsync(emulator, folder, database);
            await using var first = await GatewayProcess.StartAsync(emulator, GatewayProcess.FreeAddress(), folder, shared);
            await using var second = await GatewayProcess.StartAsync(emulator, GatewayProcess.FreeAddress(), folder, shared);
            using var one = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = first.Address };
            using var two = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = second.Address };
            for (var round = 0; round < 6; round++)
            {
                var code = await CodeAsync(two, client, cookie);
                var late = ExchangeAsync(one, client, code);
                await first.FreezeAsync();
                var now = ExchangeAsync(two, client, code);
                // It is through, or waits for what the frozen one holds.
                await PostgresServer.LockedOrAsync(database, now, TestContext.Current.CancellationToken);
                await first.WakeAsync();
                var answers = await Task.WhenAll(late, now);
                Assert.True(answers.Count(a => a.Status == HttpStatusCode.OK) <= 1, $"round {round}: given twice");
                Assert.Contains(answers, a => a.Status == HttpStatusCode.BadRequest && a.Body.GetProperty("error").GetString() == "invalid_grant");
                // A code that came twice ends all that came of it.
                foreach (var (_, body) in answers.Where(a => a.Status == HttpStatusCode.OK))
                {
                    var over = await TokensAsync(two, client, ("grant_type", "refresh_token"),
                        ("refresh_token", body.GetProperty("refresh_token").GetString()!));
                    Assert.Equal("invalid_grant", over.Body.GetProperty("error").GetString());
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> ExchangeAsync(HttpClient http, (string Id, string Secret) client, string code) =>
        TokensAsync(http, client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback), ("code_verifier", Verifier));

    private static async Task<string> CodeAsync(HttpClient http, (string Id, string Secret) client, string cookie)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Get,
            "/oidc/authorize?response_type=code&scope=openid%20offline_access&nonce=n"
            + $"&client_id={client.Id}&redirect_uri={Uri.EscapeDataString(Callback)}&code_challenge_method=S256"
            + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        ask.Headers.Add("Cookie", "larkspur-sign-in=" + cookie);
        using var sent = await http.SendAsync(ask, TestContext.Current.CancellationToken);
        return sent.Headers.Location!.Query.Split("code=")[1].Split('&')[0];
    }

    /// <summary>A client, and somebody who is signed in.</summary>
    private static async Task<((string Id, string Secret) Client, string Cookie)> PrepareAsync(
        EmulatorApp emulator, string folder, string database = "")
    {
        // A killed process has a file: PostgreSQL would not be its own.
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), new Dictionary<string,
            string?> { ["LARKSPUR_DB"] = database }, folder);
        using var made = await gateway.Http.PostAsJsonAsync("/api/v1/oidc/clients", new { name = "Grafana", redirect_uris =
            new[] { Callback } },
            TestContext.Current.CancellationToken);
        var client = await made.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var person = await gateway.Services.GetRequiredService<IIdentities>().GetOrCreateAsync(new PlatformAccount
        {
            Platform = "feishu", App = "default", Name = "Alice", IsExternal = false, Ids =
                [new("feishu", "default", "open_id", "ou_alice")],
        }, TestContext.Current.CancellationToken);
        var sessions = gateway.Services.GetRequiredService<SignInSessions>();
        var (_, token) = await gateway.Services.GetRequiredService<IDatabase>().TransactAsync(
            unit => sessions.BeginAsync(unit, new DefaultHttpContext(), person.Id, "test"), TestContext.Current.CancellationToken);
        return ((client.GetProperty("client_id").GetString()!, client.GetProperty("client_secret").GetString()!), token!);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> TokensAsync(
        HttpClient http, (string Id, string Secret) client, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oidc/token")
        {
            Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client.Id}:{client.Secret}")));
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }
}
