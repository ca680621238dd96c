using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Dify;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.People.SignIn;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Authorizations;

/// <summary>A gateway beside the emulated Feishu, with an assistant, and people who are asked to let it act in their own name.</summary>
internal sealed partial class AuthorizationFixture : EmulatedGateway
{
    private readonly ConcurrentDictionary<string, List<string>> _links = new(StringComparer.Ordinal);

    private AuthorizationFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running) : base(setup, running)
    {
    }

    public static async Task<AuthorizationFixture> StartAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var setup = SetupOf(settings);
        return new AuthorizationFixture(setup, await setup.StartAsync());
    }

    /// <summary>Another process beside the same platform.</summary>
    public Task<GatewayApp> SecondAsync(IReadOnlyDictionary<string, string?> settings) => SetupOf(settings).GatewayAsync(Emulator);

    private static EmulatedGatewaySetup SetupOf(IReadOnlyDictionary<string, string?>? settings) => new()
    {
        Settings = platform =>
        [
            new("LARKSPUR_TIME_ZONE", "Asia/Shanghai"), new("DIFY_BASE_URL", new Uri(platform, "v1").ToString()),
            new("DIFY_API_KEY", DifyApp.DefaultKey), .. settings ?? new Dictionary<string, string?>(),
        ],
    };

    public static string OpenId(string who) => WireIds.OpenId(EmulatorApp.AppId, who);

    public Task<JsonObject> SayAsync(string text, string who = "bob") => Emulator.ActAsync(new { @as = who, @do = "send", text });

    /// <summary>What the bot sent somebody, the oldest first: cards as JSON, other messages as their content.</summary>
    public IReadOnlyList<string> Sent(string who = "bob") => Emulator.State.P2pChat(who, EmulatorApp.AppId) is { } chat
        ? [.. Emulator.State.Messages(chat.ChatId).Where(m => m.SenderKind == SenderKind.App).Select(m => Plain(m.Card?.Json ?? m.Content))]
        : [];

    /// <summary>Waits for a message with this in it.</summary>
    public async Task<string> HearsAsync(string text, string who = "bob")
    {
        string? found = null;
        await HoldsAsync(() => (found = Sent(who).LastOrDefault(m => m.Contains(text, StringComparison.Ordinal))) is not null, text);
        return found!;
    }

    /// <summary>Waits for the card that asks, and reads its link.</summary>
    public async Task<string> LinkAsync(string who = "bob", int after = 0)
    {
        string[] links = [];
        await HoldsAsync(() => (links = Links(who)).Length > after, "the card that asks");
        return links[^1];
    }

    /// <summary>Every link that was seen until now: a card loses its own when it is answered.</summary>
    public string[] Links(string who = "bob")
    {
        var seen = _links.GetOrAdd(who, _ => []);
        lock (seen)
        {
            seen.AddRange(Sent(who).Select(m => Link().Match(m)).Where(m => m.Success).Select(m => m.Value).Where(l => !seen.Contains(l)));
            return [.. seen];
        }
    }

    public SignInBrowser Browser(string language = "en") => new(Gateway.Address, language: language);

    /// <summary>Follows a link, says yes on the gateway's page and on the platform's.</summary>
    public async Task<BrowserPage> AllowAsync(string link, string who = "bob")
    {
        using var browser = Browser();
        return await AllowAsync(browser, link, who);
    }

    public static async Task<BrowserPage> AllowAsync(SignInBrowser browser, string link, string who)
    {
        var back = await browser.GetAsync(await browser.ChooseAsync(await BeginAsync(browser, link), who));
        Assert.Equal(303, back.Status);
        return await browser.GetAsync(back.Location!);
    }

    /// <summary>Says yes on the gateway's page, and is sent to the platform's.</summary>
    public static async Task<Uri> BeginAsync(SignInBrowser browser, string link)
    {
        var sent = await browser.PostAsync(new Uri(link).AbsolutePath, [new("decision", "allow")]);
        Assert.True(sent.Status == 303 && sent.Location!.AbsolutePath == "/open-apis/authen/v1/authorize", sent.ToString());
        return sent.Location!;
    }

    public async Task<long> TokensAsync() => (await RowsAsync("SELECT COUNT(*) FROM user_token WHERE sealed IS NOT NULL", r => r.GetInt64(0)))[0];

    public async Task<IReadOnlyList<string>> StatesAsync() =>
        await RowsAsync("SELECT state FROM user_authorization ORDER BY number", r => r.GetString(0));

    /// <summary>How often the platform was called at a path.</summary>
    public async Task<int> CallsAsync(string part) => (await Emulator.ControlAsync(HttpMethod.Get, "calls?limit=1000"))["calls"]!.AsArray()
        .Count(c => c!["path"]!.GetValue<string>().Contains(part, StringComparison.Ordinal));

    protected override async Task<string> ToldAsync() =>
        $"Bob heard: {string.Join(" | ", Sent())}. States: {string.Join(", ", await StatesAsync())}";

    private static string Plain(string json)
    {
        try
        {
            return JsonNode.Parse(json)!.ToJsonString(new JsonSerializerOptions
            {
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            });
        }
        catch (JsonException)
        {
            return json;
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/authorizations/au_[0-9a-f]{32}")]
    private static partial Regex Link();
}
