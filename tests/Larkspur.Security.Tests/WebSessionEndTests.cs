using System.Net.Http.Headers;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.WebChat;

namespace Larkspur.Security.Tests;

/// <summary>A session ends where and when it is to end, and serves no page but those that it was begun for.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class WebSessionEndTests
{
    [Fact]
    public async Task A_person_who_was_shut_out_does_not_come_back_with_an_old_token()
    {
        await using var fixture = await WebFixture.StartAsync();
        var begun = await fixture.BeginAsync(new { issuer = "erp", subject = "mallory" });
        var person = begun["session"]!["person"]!.GetValue<string>();
        var mallory = fixture.Read(begun["token"]!.GetValue<string>());
        using var events = await mallory.EventsAsync();
        Assert.Equal(200, (await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{person}/disable")).Status);
        await events.EndsAsync();
        Assert.Equal((403, "person_disabled"), await StatusAsync(mallory));

        Assert.Equal(200, (await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{person}/enable")).Status);
        Assert.Equal((401, "revoked_session"), await StatusAsync(mallory));
    }

    [Fact]
    public async Task Whoever_becomes_one_with_somebody_who_was_shut_out_reads_no_further()
    {
        await using var fixture = await WebFixture.StartAsync();
        var shut = await fixture.BeginAsync(new { issuer = "erp", subject = "mallory" });
        var other = await fixture.BeginAsync(new { issuer = "portal", subject = "mallory" });
        var (from, into) = (shut["session"]!["person"]!.GetValue<string>(), other["session"]!["person"]!.GetValue<string>());
        await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{from}/disable");
        var reader = fixture.Read(other["token"]!.GetValue<string>());
        var merged = await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{into}/merge", new { from });
        Assert.Equal(200, merged.Status);
        Assert.Equal((403, "person_disabled"), await StatusAsync(reader));
        await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{into}/enable");
        Assert.Equal((401, "revoked_session"), await StatusAsync(reader));
    }

    [Fact]
    public async Task A_page_that_came_in_the_clear_is_not_the_gateways_own()
    {
        await using var fixture = await WebFixture.StartAsync(_ => [new("LARKSPUR_BASE_URL", "https://gateway.example.com")]);
        var token = (await fixture.BeginAsync(new { issuer = "erp", subject = "alice" }))["token"]!.GetValue<string>();
        using var http = new HttpClient { BaseAddress = fixture.Gateway.Address };
        async Task<int> FromAsync(string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/chat/api/v1/session");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Add("Origin", origin);
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return (int)answer.StatusCode;
        }

        Assert.Equal(200, await FromAsync("https://gateway.example.com"));
        Assert.Equal(403, await FromAsync("http://gateway.example.com"));
        Assert.Equal(403, await FromAsync("https://gateway.example.com.evil.example"));
        Assert.Equal(403, await FromAsync("null"));
    }

    /// <summary>
    /// The clock of the other process stands still, so it looks at nothing by itself: what ends the stream is what it is told.
    /// </summary>
    [Fact]
    public async Task A_session_that_is_revoked_in_one_process_ends_at_once_in_the_other()
    {
        if (!GatewayApp.IsPostgres) return;
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        var settings = new Dictionary<string, string?> { ["LARKSPUR_DB"] = database };
        await using var first = await GatewayApp.StartAsync("http://127.0.0.1:1", settings);
        await using var second = await GatewayApp.StartAsync("http://127.0.0.1:1", settings,
            clock: new ManualTimeProvider(DateTimeOffset.UtcNow));
        var begun = await first.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/web-chat/sessions",
            new { issuer = "erp", subject = "mallory" });
        using var mallory = new WebReader(second.Address, begun.Text("token")!);
        using var events = await mallory.EventsAsync();
        var id = begun.Body.GetProperty("session").GetProperty("id").GetString();
        await first.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, "/web-chat/sessions/" + id);
        await events.EndsAsync();
        Assert.Equal((401, "revoked_session"), await StatusAsync(mallory));
    }

    private static async Task<(int, string)> StatusAsync(WebReader reader) =>
        await reader.CallAsync(HttpMethod.Get, "session") is var (status, json) ? (status, json!["error"]!.GetValue<string>()) : default;
}
