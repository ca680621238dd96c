using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator;
using Larkspur.Emulator.Dify;
using Larkspur.Emulator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Testing;

/// <summary>The emulator on a free port of this machine, for the length of a test.</summary>
public sealed class EmulatorApp : IAsyncDisposable
{
    public const string AppId = EmulatorSettings.DefaultAppId;

    private readonly WebApplication _app;

    private EmulatorApp(WebApplication app, Uri baseUrl)
    {
        (_app, BaseUrl) = (app, baseUrl);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = baseUrl };
    }

    public Uri BaseUrl { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public EmulatorState State => _app.Services.GetRequiredService<EmulatorState>();

    public IPersonActions People => _app.Services.GetRequiredService<IPersonActions>();

    /// <summary>The app that the environment's defaults name, without a callback address.</summary>
    public static BotApp DefaultApp { get; } = new()
    {
        AppId = AppId, AppSecret = EmulatorSettings.DefaultAppSecret, EncryptKey = EmulatorSettings.DefaultEncryptKey,
        VerificationToken = EmulatorSettings.DefaultVerificationToken, Name = "Larkspur 助手", EnName = "Larkspur Assistant",
    };

    /// <summary>How long a click waits for its answer where a test does not say: what the platform gives (3 s, DingTalk 2 s) a loaded machine may need.</summary>
    public static TimeSpan CallbackPatience { get; } = TimeSpan.FromMinutes(1);

    public static EmulatorSettings DefaultSettings { get; } = new()
    {
        // Tests see what arrived by what is echoed at once; those of the demo's script ask for it.
        DifyApps = [DifyApp.Echo, .. DifyApp.Seeded(null).Skip(1)],
        Apps = [DefaultApp], Seed = 7, CallbackPatience = CallbackPatience, DingTalk = new() { CardPatience = CallbackPatience },
    };

    public static async Task<EmulatorApp> StartAsync(Func<EmulatorSettings, EmulatorSettings>? change = null)
    {
        var settings = change?.Invoke(DefaultSettings) ?? DefaultSettings;
        var app = EmulatorHost.Build([], builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(settings);
        });
        await app.StartAsync();
        return new EmulatorApp(app, new Uri(app.Urls.Single()));
    }

    /// <summary>A control call; fails on anything but success.</summary>
    public async Task<JsonObject> ControlAsync(HttpMethod method, string path, object? body = null)
    {
        var (status, answer) = await TryControlAsync(method, path, body);
        return status == 200 ? answer : throw new InvalidOperationException($"{method} {path} answered {status}: {answer.ToJsonString()}");
    }

    public async Task<(int Status, JsonObject Answer)> TryControlAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/_emulator/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }

    /// <summary>A person acts: <c>ActAsync(new { @as = "alice", @do = "send", text = "hi" })</c>.</summary>
    public Task<JsonObject> ActAsync(object action) => ControlAsync(HttpMethod.Post, "act", action);

    public Task<JsonObject> StateAsync() => ControlAsync(HttpMethod.Get, "state");

    public Task AdvanceAsync(TimeSpan by) => ControlAsync(HttpMethod.Post, "clock", new { advance = by.TotalSeconds });

    public Task<JsonObject> SetCallbackAsync(string url, bool verify = false, string appId = AppId) =>
        ControlAsync(HttpMethod.Put, $"apps/{appId}/callback", new { url, verify });

    /// <summary>Feishu's events go to a gateway from now on.</summary>
    public Task<JsonObject> ListensAsync(GatewayApp gateway, bool verify = true) =>
        SetCallbackAsync(new Uri((gateway ?? throw new ArgumentNullException(nameof(gateway))).Address, "/webhook/feishu").ToString(), verify);

    /// <summary>A group with the default app in it.</summary>
    /// <param name="owner">Who makes it.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="others">Who else is in it.</param>
    public string CreateGroup(string owner, string name, params string[] others)
    {
        var outcome = People.CreateGroup(owner, name, others, [AppId]);
        return outcome.ChatId ?? throw new InvalidOperationException($"The emulator refuses a group: {outcome.Refusal}");
    }

    /// <summary>Waits for a message that fits, for example <c>from=app&amp;contains=hello</c>; a minute where the query has no <c>timeout_ms</c>.</summary>
    public async Task<JsonObject> WaitForMessageAsync(string query)
    {
        if (!query.Contains("timeout_ms=", StringComparison.Ordinal)) query += "&timeout_ms=60000";
        var answer = await ControlAsync(HttpMethod.Get, "wait?" + query);
        return answer["found"]!.GetValue<bool>() ? answer["message"]!.AsObject() : throw new TimeoutException($"No message came that fits {query}.");
    }

    public async Task<string> TenantTokenAsync(string appId = AppId, string secret = EmulatorSettings.DefaultAppSecret)
    {
        var answer = await CallAsync(HttpMethod.Post, "/open-apis/auth/v3/tenant_access_token/internal", null, new { app_id = appId, app_secret = secret });
        return answer.Json["tenant_access_token"]?.GetValue<string>() ?? throw new InvalidOperationException(answer.Json.ToJsonString());
    }

    /// <summary>An API call as an app makes it.</summary>
    public async Task<ApiReply> CallAsync(HttpMethod method, string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = body as HttpContent ?? (body is string text ? new StringContent(text, Encoding.UTF8, "application/json") : JsonContent.Create(body));
        }

        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var json = response.Content.Headers.ContentType?.MediaType == "application/json" ? JsonNode.Parse(bytes)!.AsObject() : [];
        return new ApiReply((int)response.StatusCode, json, bytes, response.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Nobody waits for an answer that is being written slowly, or by a clock that stands still.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}

public sealed record ApiReply(int Status, JsonObject Json, byte[] Bytes, IReadOnlyDictionary<string, string> Headers)
{
    public long Code => Json["code"]?.GetValue<long>() ?? -1;

    public JsonNode Data => Json["data"] ?? throw new InvalidOperationException("The answer has no data: " + Json.ToJsonString());
}
