using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>Settings, doors and speed of the host as a whole.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class HostTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task The_first_event_after_readiness_is_answered_and_its_time_is_told()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        var started = Stopwatch.GetTimestamp();
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"));
        var acknowledged = Stopwatch.GetElapsedTime(started);
        await _feishu.NextAsync();
        output.WriteLine($"first event: acknowledged after {acknowledged.TotalMilliseconds:0} ms, answered after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
    }

    [Fact]
    public async Task All_who_ask_first_and_at_once_find_the_routes_that_are_made_for_them()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        (string Path, int Status)[] asked = [("/api/v1/status", 200), ("/console/login", 200), ("/CONSOLE/audit", 302), ("/openapi/v1.json", 200), ("/api/v1/nowhere", 404), ("/nowhere", 404), ("/_blazor", 401)];
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = gateway.Address };
        foreach (var (name, values) in gateway.Http.DefaultRequestHeaders) http.DefaultRequestHeaders.Add(name, values);
        var answers = await Task.WhenAll(asked.SelectMany(a => Enumerable.Repeat(a, a.Path.StartsWith("/openapi", StringComparison.Ordinal) ? 1 : 6)).Select(async a =>
        {
            using var answer = await http.GetAsync(new Uri(a.Path, UriKind.Relative), TestContext.Current.CancellationToken);
            return (a.Path, Status: (int)answer.StatusCode, Wanted: a.Status);
        }));
        Assert.All(answers, a => Assert.Equal((a.Path, a.Wanted), (a.Path, a.Status)));
    }

    [Fact]
    public async Task A_second_app_has_its_own_address_keys_and_memory()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>
        {
            ["Feishu:Apps:hr:AppId"] = "cli_hr",
            ["Feishu:Apps:hr:AppSecret"] = "hr-secret",
            ["Feishu:Apps:hr:EncryptKey"] = "hr-key",
            ["Feishu:Apps:hr:VerificationToken"] = "hr-token",
            ["Feishu:Apps:hr:BaseUrl"] = _feishu.Address,
        });
        var hr = new FeishuPush { AppId = "cli_hr", EncryptKey = "hr-key", Token = "hr-token", Path = "/webhook/feishu/hr" };
        var eventId = FeishuPush.NewId("ev_");
        var message = FeishuPush.Message("/help");
        Assert.Equal(200, (await _push.SendAsync(gateway, "im.message.receive_v1", message, eventId)).Status);
        Assert.Equal(200, (await hr.SendAsync(gateway, "im.message.receive_v1", message, eventId)).Status);
        Assert.Equal(401, (await new FeishuPush { Path = "/webhook/feishu/hr" }.SendAsync(gateway, "im.message.receive_v1", message)).Status);
        await _feishu.NextAsync();
        await _feishu.NextAsync();
        var found = await gateway.InboxAsync(eventId);
        Assert.Equal(["default", "hr"], found.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("app").GetString()).Order());
    }

    [Fact]
    public async Task A_click_whose_handler_is_late_gets_a_toast_and_its_card_by_update()
    {
        var release = new TaskCompletionSource();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Dispatch:CallbackDeadline"] = "00:00:00.100" },
            configure: builder => builder.Services.AddSingleton(new EventRoute("feishu", "url.preview.get", async (_, cancellation) =>
            {
                await release.Task.WaitAsync(cancellation);
                return new Reaction(effects =>
                {
                    effects.Answer(new CallbackAnswer { Toast = new Toast("info", "好", "ok"), Card = """{"schema":"2.0"}""" });
                    return ValueTask.FromResult(Outcome.Answered);
                });
            })));
        var (status, answer) = await _push.SendAsync(gateway, "url.preview.get", """{"operator":{"open_id":"ou_bob"},"context":{"open_message_id":"om_card"}}""");
        Assert.Equal(200, status);
        Assert.Contains("Working on it", answer.GetProperty("toast").GetRawText(), StringComparison.Ordinal);
        Assert.True(_feishu.IsQuiet);
        release.SetResult();
        var update = await _feishu.NextAsync();
        Assert.Equal(("PATCH", "om_card"), (update.Method, update.Target));
    }

    [Fact]
    public async Task The_REST_API_opens_with_the_key_only()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        using var bearer = new HttpRequestMessage(HttpMethod.Get, "/api/v1/inbox?event_id=x");
        bearer.Headers.Authorization = new("Bearer", GatewayApp.ApiKey);
        using var stranger = new HttpClient { BaseAddress = gateway.Address };
        Assert.Equal(HttpStatusCode.OK, (await stranger.SendAsync(bearer, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(stranger, "/api/v1/inbox?event_id=x"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(stranger, $"/api/v1/inbox?event_id=x&api_key={GatewayApp.ApiKey}&X-Api-Key={GatewayApp.ApiKey}"));
        using var proxied = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        proxied.Headers.Add("X-Forwarded-For", "203.0.113.9");
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync(proxied, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await Status(stranger, "/metrics"));
        Assert.Equal(HttpStatusCode.OK, await Status(stranger, "/health/live"));
        Assert.Equal(HttpStatusCode.NotFound, await Status(stranger, "/no/such/page"));

        await using var closed = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["LARKSPUR_API_KEY"] = null });
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(closed.Http, "/api/v1/inbox?event_id=x"));
    }

    [Fact]
    public async Task The_API_describes_itself()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        var document = JsonSerializer.Deserialize<JsonElement>(await gateway.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken));
        var answers = document.GetProperty("paths").GetProperty("/api/v1/inbox").GetProperty("get").GetProperty("responses");
        foreach (var status in (string[])["200", "400", "401"]) Assert.True(answers.GetProperty(status).TryGetProperty("content", out _), status);
        Assert.Equal("integer", document.GetProperty("components").GetProperty("schemas").GetProperty("InboxItem").GetProperty("properties").GetProperty("id").GetProperty("type").GetString());
        Assert.Equal(["apiKey", "bearer"], document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(s => s.Name).Order());
    }

    [Fact]
    public async Task Without_an_app_the_gateway_is_ready_for_its_console_and_says_what_is_missing()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>
        {
            ["FEISHU_APP_ID"] = null, ["FEISHU_APP_SECRET"] = null, ["FEISHU_ENCRYPT_KEY"] = null, ["FEISHU_VERIFICATION_TOKEN"] = null,
        });
        using var ready = await gateway.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("FEISHU_APP_ID", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_problems_of_the_settings_are_listed_at_once_and_secrets_are_not_repeated()
    {
        var failure = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync("not an address", new Dictionary<string, string?>
        {
            ["FEISHU_APP_ID"] = null,
            ["FEISHU_ENCRYPT_KEY"] = null,
            ["FEISHU_VERIFICATION_TOKEN"] = null,
            ["LARKSPUR_DB"] = "Host=db;Username=u;Password=hush",
            ["LARKSPUR_API_KEY"] = "short",
            ["LARKSPUR_GATEWAY_URLS"] = "8080",
            ["LARKSPUR_TIME_ZONE"] = "Mars/Olympus",
            ["FEISHU_RATE_FACTOR"] = "1e3",
        }));
        foreach (var key in (string[])["FEISHU_APP_ID", "FEISHU_ENCRYPT_KEY", "FEISHU_BASE_URL", "LARKSPUR_DB", "LARKSPUR_API_KEY", "LARKSPUR_GATEWAY_URLS", "LARKSPUR_TIME_ZONE", "FEISHU_RATE_FACTOR"])
            Assert.Contains(failure.Problems, p => p.StartsWith(key, StringComparison.Ordinal));
        Assert.DoesNotContain("hush", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Larkspur:Dispatch:Parallelism", "0")]
    [InlineData("Larkspur:Leases:Interval", "00:00:05")]
    [InlineData("Larkspur:Leases:Interval", "00:00:00")]
    [InlineData("Larkspur:Dispatch:Capacity", "-1")]
    [InlineData("Larkspur:Dispatch:HandlerTimeout", "00:00:00")]
    [InlineData("Larkspur:Dispatch:RetryPauses:0", "-00:00:01")]
    [InlineData("Larkspur:Dispatch:StoragePause", "00:00:00")]
    [InlineData("Larkspur:Outbox:Parallelism", "0")]
    [InlineData("Larkspur:Outbox:Capacity", "0")]
    [InlineData("Larkspur:Outbox:WebhookCapacity", "0")]
    [InlineData("Larkspur:Outbox:PerLane", "0")]
    [InlineData("Larkspur:Outbox:LongestPause", "365.00:00:00")]
    [InlineData("Larkspur:Outbox:Patience", "-1.00:00:00")]
    public async Task A_bound_that_would_let_nothing_through_is_refused_by_name(string setting, string value)
    {
        var failure = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { [setting] = value }));
        Assert.StartsWith(setting.Replace(":0", "", StringComparison.Ordinal), Assert.Single(failure.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_gateway_on_the_same_file_is_refused_and_on_the_same_server_it_shares_the_work()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        if (GatewayApp.IsPostgres)
        {
            await using var second = await GatewayApp.StartAsync(_feishu.Address, dataFolder: gateway.DataFolder);
            await second.UntilAsync(async () => await ReadyText(second) is var text && text.Contains("32 of 64", StringComparison.Ordinal) && (await ReadyText(gateway)).Contains("32 of 64", StringComparison.Ordinal));
            return;
        }

        var failure = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync(_feishu.Address, dataFolder: gateway.DataFolder));
        Assert.Contains("another gateway", failure.Message, StringComparison.Ordinal);
    }

    private static Task<string> ReadyText(GatewayApp gateway) => gateway.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);

    private static async Task<HttpStatusCode> Status(HttpClient http, string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
