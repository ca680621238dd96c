using System.Collections.Concurrent;
using System.Text.Json;
using Larkspur.Emulator;
using Larkspur.Emulator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>A fresh emulator, a tiny bot behind its callback address, and the pages that people have open.</summary>
internal sealed class WebClientFixture : IAsyncDisposable
{
    private readonly ChromiumFixture _chromium;
    private readonly WebApplication _emulator;
    private readonly WebApplication _bot;
    private readonly List<IBrowserContext> _contexts = [];
    private readonly SemaphoreSlim _acted = new(0);
    private readonly SemaphoreSlim _told = new(0);

    private WebClientFixture(ChromiumFixture chromium, WebApplication emulator, WebApplication bot)
    {
        (_chromium, _emulator, _bot) = (chromium, emulator, bot);
        State = emulator.Services.GetRequiredService<EmulatorState>();
        People = emulator.Services.GetRequiredService<IPersonActions>();
    }

    public EmulatorState State { get; }

    public IPersonActions People { get; }

    public string Address => _emulator.Urls.First();

    public BotApp Bot => State.Apps[0];

    /// <summary>What pages reported as errors: scripts that threw, policies that were broken.</summary>
    public ConcurrentQueue<string> PageErrors { get; } = [];

    /// <summary>Card actions that reached the bot: the <c>event</c> of each.</summary>
    public ConcurrentQueue<JsonElement> Actions { get; } = [];

    /// <summary>All that was pushed to the bot, with headers.</summary>
    public ConcurrentQueue<JsonElement> Events { get; } = [];

    /// <summary>Waits until so many events of a type have reached the bot.</summary>
    public async Task EventsAsync(string type, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Events.Count(e => e.GetProperty("header").GetProperty("event_type").GetString() == type) < count)
            await _told.WaitAsync(deadline.Token);
    }

    /// <summary>Waits until so many card actions have reached the bot.</summary>
    public async Task ActionsAsync(int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Actions.Count < count) await _acted.WaitAsync(deadline.Token);
    }

    /// <summary>How the bot answers a card action.</summary>
    public Func<JsonElement, Task<string>> Answer { get; set; } = static _ => Task.FromResult("{}");

    public static async Task<WebClientFixture> StartAsync(ChromiumFixture chromium)
    {
        WebClientFixture? fixture = null;
        var botBuilder = WebApplication.CreateSlimBuilder();
        botBuilder.WebHost.UseUrls("http://127.0.0.1:0");
        botBuilder.Logging.ClearProviders();
        var bot = botBuilder.Build();
        bot.MapPost("/", async (HttpRequest request) =>
        {
            using var body = await JsonDocument.ParseAsync(request.Body);
            var root = body.RootElement;
            if (root.TryGetProperty("challenge", out var challenge)) return Results.Json(new { challenge = challenge.GetString() });
            fixture!.Events.Enqueue(root.Clone());
            fixture._told.Release();
            if (root.GetProperty("header").GetProperty("event_type").GetString() != "card.action.trigger") return Results.Json(new { });
            var action = root.GetProperty("event").Clone();
            fixture.Actions.Enqueue(action);
            fixture._acted.Release();
            return Results.Content(await fixture.Answer(action), "application/json");
        });
        await bot.StartAsync();

        var emulator = EmulatorHost.Build(
            ["--FEISHU_ENCRYPT_KEY=", $"--LARKSPUR_EMULATOR_FEISHU_CALLBACK_URL={bot.Urls.First()}/"],
            static builder =>
            {
                builder.WebHost.UseUrls("http://127.0.0.1:0");
                builder.Services.AddSingleton(EmulatorSettings.From(builder.Configuration) with { CallbackPatience = EmulatorApp.CallbackPatience });
                builder.Logging.SetMinimumLevel(LogLevel.Warning);
            });
        await emulator.StartAsync();
        return fixture = new WebClientFixture(chromium, emulator, bot);
    }

    public string BotChatOf(string person) => State.P2pChat(person, Bot.AppId)!.ChatId;

    public Message BotSays(string chatId, string type, string content, CardState? card = null)
    {
        var now = State.Clock.GetUtcNow();
        return State.AddMessage(new Message
        {
            MessageId = State.Ids.Next("om_"), ChatId = chatId, SenderKind = SenderKind.App, SenderId = Bot.AppId, MsgType = type,
            Content = content, Rendered = content, Card = card, CreateTime = now, UpdateTime = now,
        });
    }

    public Message BotShows(string chatId, string cardJson)
    {
        using var card = JsonDocument.Parse(cardJson);
        var second = card.RootElement.TryGetProperty("schema", out var schema) && schema.GetString() == "2.0";
        return BotSays(chatId, "interactive", cardJson, new CardState { Json = cardJson, IsV2 = second, Shared = true });
    }

    /// <summary>Opens the page of a person and waits until it follows the world.</summary>
    /// <param name="before">What is done to the page before it goes anywhere.</param>
    public Task<IPage> OpenAsync(
        string person, string? chatId = null, string language = "en", int width = 1280, int height = 800, string? view = null, Func<IPage, Task>? before = null) =>
        OpenPathAsync($"/?as={person}" + (chatId is null ? "" : $"&chat={chatId}") + (view is null ? "" : $"&view={view}"), language, width, height, before);

    /// <summary>The same for any page that follows the world.</summary>
    public async Task<IPage> OpenPathAsync(string path, string language = "en", int width = 1280, int height = 800, Func<IPage, Task>? before = null)
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
        await page.GotoAsync(Address + path);
        await page.WaitForSelectorAsync("body[data-live]");
        return page;
    }

    /// <summary>Waits until a condition of the page holds, 20 s at most. (The policy of the pages forbids what <c>WaitForFunctionAsync</c> does to ask a second time.)</summary>
    public static async Task HoldsAsync(IPage page, string condition) =>
        await page.EvaluateAsync($"new Promise((done) => {{ const look = () => {condition} ? done() : requestAnimationFrame(look); look(); }})").WaitAsync(TimeSpan.FromSeconds(20));

    public static Task PictureAsync(IPage page, string name) => ChromiumFixture.PictureAsync(page, name);

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts) await context.DisposeAsync();
        await _emulator.StopAsync();
        await _emulator.DisposeAsync();
        await _bot.DisposeAsync();
        _acted.Dispose();
    }
}
