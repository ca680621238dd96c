using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Dify;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Testing;
using Microsoft.Playwright;

namespace Larkspur.EndToEnd.Tests.WebChat;

/// <summary>A gateway whose assistant is the emulated Dify, and browsers that chat with it.</summary>
internal sealed class ChatFixture : EmulatedGateway
{
    private readonly ChromiumFixture _chromium;
    private readonly List<IBrowserContext> _contexts = [];

    private ChatFixture(ChromiumFixture chromium, EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running) : base(setup, running) => _chromium = chromium;

    /// <summary>What pages reported as errors: scripts that threw, policies that were broken, files that were missing.</summary>
    public ConcurrentQueue<string> PageErrors { get; } = [];

    public static async Task<ChatFixture> StartAsync(ChromiumFixture chromium, string difyKey = DifyApp.DefaultKey)
    {
        var setup = new EmulatedGatewaySetup
        {
            Settings = platform => [new("DIFY_BASE_URL", new Uri(platform, "v1").ToString()), new("DIFY_API_KEY", difyKey)], Listens = false,
        };
        return new ChatFixture(chromium, setup, await setup.StartAsync());
    }

    public async Task<JsonNode> BeginAsync(object? session = null)
    {
        var answer = await Gateway.Http.PostAsJsonAsync(new Uri("/api/v1/web-chat/sessions", UriKind.Relative), session ?? new { issuer = "https://intranet.example.com", subject = "alice", name = "Alice" });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>The token of another session of the same person.</summary>
    public async Task<string> TokenAsync() => (await BeginAsync())["token"]!.GetValue<string>();

    /// <summary>Uploads a file outside the page.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> UploadAsync(string token, string name, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        return (await CallAsync(token, "files?name=" + Uri.EscapeDataString(name), content))["id"]!.GetValue<string>();
    }

    /// <summary>Says something outside the page.</summary>
    public async Task SayAsync(string token, string text, params string[] files)
    {
        using var content = JsonContent.Create(new { client_id = Guid.NewGuid().ToString("N"), text, files });
        await CallAsync(token, "messages", content);
    }

    private async Task<JsonNode> CallAsync(string token, string path, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Gateway.Address, "/chat/api/v1/" + path)) { Content = content };
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    public async Task<IPage> BrowserAsync(string language = "en", int width = 1000, int height = 760, ColorScheme theme = ColorScheme.Light, bool expectsErrors = false)
    {
        var context = await _chromium.NewContextAsync(language, width, height);
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
        if (expectsErrors) return page;
        page.PageError += (_, error) => PageErrors.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") PageErrors.Enqueue(message.Text);
        };
        return page;
    }

    /// <summary>A browser with an open chat.</summary>
    public async Task<IPage> ChatAsync(string language = "en", int width = 1000, int height = 760, ColorScheme theme = ColorScheme.Light, bool expectsErrors = false)
    {
        var page = await BrowserAsync(language, width, height, theme, expectsErrors);
        await page.GotoAsync((await BeginAsync())["address"]!.GetValue<string>());
        await LiveAsync(page);
        return page;
    }

    /// <summary>The stream of events stands.</summary>
    public static Task LiveAsync(IPage page) => page.WaitForSelectorAsync("body[data-live]", new PageWaitForSelectorOptions { Timeout = 30_000, State = WaitForSelectorState.Attached });

    public static async Task AskAsync(IPage page, string text)
    {
        await page.Locator("textarea").FillAsync(text);
        await page.Locator("textarea").PressAsync("Enter");
    }

    public static Task PictureAsync(IPage page, string name) => ChromiumFixture.PictureAsync(page, "chat-" + name);

    protected override async ValueTask EndAsync()
    {
        foreach (var context in _contexts) await context.DisposeAsync();
    }
}
