using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk;
using Larkspur.Emulator.WeCom;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>A fresh emulator with an address that hears everything WeCom and DingTalk push, and the pages that people have open.</summary>
internal sealed class PlatformFixture : IAsyncDisposable
{
    public static readonly WeComSettings Corp = new();
    public static readonly DingTalkSettings Org = new();
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly ChromiumFixture _chromium;
    private readonly WebApplication _hook;
    private readonly List<IBrowserContext> _contexts = [];

    private PlatformFixture(ChromiumFixture chromium, EmulatorApp emulator, WebApplication hook) => (_chromium, Emulator, _hook) = (chromium, emulator, hook);

    public EmulatorApp Emulator { get; }

    /// <summary>What pages reported as errors: scripts that threw, policies that were broken.</summary>
    public ConcurrentQueue<string> PageErrors { get; } = [];

    /// <summary>Bodies that DingTalk pushed.</summary>
    public ConcurrentQueue<JsonObject> FromDingTalk { get; private init; } = [];

    /// <summary>How the address answers DingTalk.</summary>
    public Func<JsonObject, string> Answer { get; set; } = static _ => "{}";

    public static string AppChat(string person) => $"app_{Corp.AgentId}_{person}";

    public static async Task<PlatformFixture> StartAsync(ChromiumFixture chromium)
    {
        PlatformFixture? fixture = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var hook = builder.Build();
        hook.MapPost("/wecom", static () => Results.Text(""));
        hook.MapPost("/dingtalk", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var body = JsonNode.Parse(await reader.ReadToEndAsync())!.AsObject();
            fixture!.FromDingTalk.Enqueue(body);
            return Results.Content(fixture.Answer(body), "application/json");
        });
        await hook.StartAsync();
        var address = hook.Urls.Single();
        var emulator = await EmulatorApp.StartAsync(s => s with
        {
            RateLimitFactor = 0, WeCom = Corp with { CallbackUrl = address + "/wecom", AiBotCallbackUrl = "" }, DingTalk = Org with { CallbackUrl = address + "/dingtalk", CardPatience = Bound },
        });
        return fixture = new PlatformFixture(chromium, emulator, hook) { HookAddress = address };
    }

    public string HookAddress { get; private init; } = "";

    /// <param name="before">What is done to the page before it goes anywhere.</param>
    public async Task<IPage> OpenAsync(string path, string language = "en", int width = 1280, int height = 800, Func<IPage, Task>? before = null)
    {
        var page = await BrowseAsync(new Uri(Emulator.BaseUrl.ToString().TrimEnd('/') + path), language, width, height, before);
        await page.WaitForSelectorAsync("body[data-live]");
        return page;
    }

    /// <summary>Any page, also one that is none of the web client's.</summary>
    /// <param name="before">What is done to the page before it goes anywhere.</param>
    public async Task<IPage> BrowseAsync(Uri address, string language = "en", int width = 1280, int height = 800, Func<IPage, Task>? before = null)
    {
        var context = await _chromium.NewContextAsync(language, width, height);
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => PageErrors.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") PageErrors.Enqueue(message.Text);
        };
        if (before is not null) await before(page);
        await page.GotoAsync(address.AbsoluteUri);
        return page;
    }

    public Task<IPage> WeComAsync(string person, string chat, string language = "en", int width = 1280, int height = 800, Func<IPage, Task>? before = null) =>
        OpenAsync($"/wecom?as={person}&chat={Uri.EscapeDataString(chat)}", language, width, height, before);

    public async Task<IPage> DingTalkAsync(string person, string? chat = null, string language = "en", int width = 1280, int height = 800)
    {
        chat ??= await RobotChatAsync(person);
        return await OpenAsync($"/dingtalk?as={person}&chat={Uri.EscapeDataString(chat)}", language, width, height);
    }

    public async Task<string> GroupAsync() => (await StateAsync("dingtalk"))["chats"]!.AsArray().Single(c => c!["title"]!.GetValue<string>() == "采购协作群")!["chat_id"]!.GetValue<string>();

    public async Task<JsonObject> StateAsync(string platform) => (await Emulator.StateAsync())[platform]!.AsObject();

    /// <summary>A call of WeCom's application with its token.</summary>
    public async Task<JsonObject> WeComApiAsync(string path, object body)
    {
        var token = (await JsonAsync(HttpMethod.Get, $"/cgi-bin/gettoken?corpid={Corp.CorpId}&corpsecret={Corp.Secret}"))["access_token"]!.GetValue<string>();
        var answer = await JsonAsync(HttpMethod.Post, $"{path}?access_token={token}", body);
        Assert.True(answer["errcode"]!.GetValue<int>() == 0, answer.ToJsonString());
        return answer;
    }

    public Task<JsonObject> WeComSaysAsync(string kind, object content, string to = "alice") =>
        WeComApiAsync("/cgi-bin/message/send", new Dictionary<string, object> { ["touser"] = to, ["msgtype"] = kind, ["agentid"] = Corp.AgentId, [kind] = content });

    /// <summary>A call of DingTalk's application with its token.</summary>
    public async Task<JsonObject> DingTalkApiAsync(HttpMethod method, string path, object body)
    {
        var token = (await JsonAsync(HttpMethod.Post, "/v1.0/oauth2/accessToken", new { appKey = Org.ClientId, appSecret = Org.ClientSecret }))["accessToken"]!.GetValue<string>();
        return await JsonAsync(method, path, body, token);
    }

    public Task DingTalkSaysAsync(string key, object param, string to = "alice") => DingTalkApiAsync(HttpMethod.Post, "/v1.0/robot/oToMessages/batchSend", new
    {
        robotCode = Org.RobotCode, userIds = new[] { to }, msgKey = key, msgParam = System.Text.Json.JsonSerializer.Serialize(param),
    });

    public Task DingTalkCardAsync(string id, object data, string to = "alice", string? route = null) => DingTalkApiAsync(HttpMethod.Post, "/v1.0/card/instances/createAndDeliver", new
    {
        cardTemplateId = "02fcf2f4-5e02-4a85-b672-46d1f715543e.schema", outTrackId = id, callbackType = route is null ? "STREAM" : "HTTP", callbackRouteKey = route, cardData = new { cardParamMap = data },
        openSpaceId = $"dtv1.card//IM_ROBOT.{to}", imRobotOpenSpaceModel = new { supportForward = true }, imRobotOpenDeliverModel = new { spaceType = "IM_ROBOT" },
    });

    public async Task<JsonObject> JsonAsync(HttpMethod method, string path, object? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        if (token is not null) request.Headers.Add("x-acs-dingtalk-access-token", token);
        using var response = await Emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>Waits for a push of WeCom whose plain body holds all of these.</summary>
    public Task PushedAsync(string type, params string[] parts) =>
        UntilAsync(() => Emulator.State.Inspector.Pushes().Any(p => p.EventType == type && parts.All(part => p.PlainBody.Contains(part, StringComparison.Ordinal))));

    public async Task<JsonObject> ToldAsync(Func<JsonObject, bool> fits)
    {
        await UntilAsync(() => FromDingTalk.Any(fits));
        return FromDingTalk.First(fits);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts) await context.DisposeAsync();
        await Emulator.DisposeAsync();
        await _hook.DisposeAsync();
    }

    private async Task<string> RobotChatAsync(string person)
    {
        // The page makes the chat when it is first looked at.
        using var page = await Emulator.Http.GetAsync($"/dingtalk?as={person}", TestContext.Current.CancellationToken);
        return (await StateAsync("dingtalk"))["chats"]!.AsArray().Single(c => c!["type"]!.GetValue<string>() == "robot" && c["people"]!.AsArray().Any(p => p!.GetValue<string>() == person))!["chat_id"]!.GetValue<string>();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timer = new CancellationTokenSource(Bound);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition()) await ticks.WaitForNextTickAsync(timer.Token);
    }
}
