using System.Collections.Concurrent;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Testing;
using Microsoft.Playwright;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>An emulator, a gateway connected to it, and browsers that look at its console.</summary>
internal sealed class ConsoleFixture : EmulatedGateway
{
    public const string Password = "plain-larkspur-meadow-7";

    /// <summary>Settings of a gateway to which nobody named an app.</summary>
    public static readonly IReadOnlyDictionary<string, string?> NoApp = new Dictionary<string, string?>
    {
        ["FEISHU_APP_ID"] = null, ["FEISHU_APP_SECRET"] = null, ["FEISHU_ENCRYPT_KEY"] = null, ["FEISHU_VERIFICATION_TOKEN"] = null,
    };

    private readonly ChromiumFixture _chromium;
    private readonly List<IBrowserContext> _contexts = [];

    private ConsoleFixture(ChromiumFixture chromium, EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running) : base(setup, running) => _chromium = chromium;

    public string Address => Gateway.Address.ToString().TrimEnd('/');

    /// <summary>What pages reported as errors: scripts that threw, policies that were broken, files that were missing.</summary>
    public ConcurrentQueue<string> PageErrors { get; } = [];

    /// <summary>The code that the gateway wrote into its data folder.</summary>
    public string SetupCode => File.ReadAllText(Path.Combine(Gateway.DataFolder, "setup-code")).Trim();

    public static Task<ConsoleFixture> StartAsync(ChromiumFixture chromium, IReadOnlyDictionary<string, string?>? settings = null) =>
        StartAsync(chromium, _ => settings ?? new Dictionary<string, string?>());

    /// <summary>On a platform that has time for as many calls as are made: who waits for a cell asks often.</summary>
    public static async Task<ConsoleFixture> UnlimitedAsync(ChromiumFixture chromium)
    {
        var setup = new EmulatedGatewaySetup
        {
            Platform = s => s with { RateLimitFactor = 0 }, Settings = _ => [new("LARKSPUR_ADMIN_PASSWORD", Password)], Listens = false,
        };
        return new ConsoleFixture(chromium, setup, await setup.StartAsync());
    }

    /// <summary>With settings that name the emulator's address.</summary>
    public static async Task<ConsoleFixture> StartAsync(ChromiumFixture chromium, Func<Uri, IReadOnlyDictionary<string, string?>> settings)
    {
        var setup = new EmulatedGatewaySetup { Settings = platform => [new("LARKSPUR_ADMIN_PASSWORD", Password), .. settings(platform)], Listens = false };
        return new ConsoleFixture(chromium, setup, await setup.StartAsync());
    }

    /// <summary>A browser of its own: nobody is logged in.</summary>
    public async Task<IPage> BrowserAsync(string language = "en", int width = 1280, int height = 800, ColorScheme theme = ColorScheme.Light,
        string zone = "Asia/Shanghai")
    {
        var context = await _chromium.NewContextAsync(language, width, height, zone);
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme });
        page.PageError += (_, error) => PageErrors.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") PageErrors.Enqueue(message.Text);
        };
        return page;
    }

    /// <summary>Logs somebody in and waits until the page is live.</summary>
    public async Task<IPage> LogInAsync(string name = "admin", string password = Password, string language = "en", int width = 1280, int height = 800, ColorScheme theme = ColorScheme.Light, string path = "/console",
        string zone = "Asia/Shanghai")
    {
        var page = await BrowserAsync(language, width, height, theme, zone);
        await LogInAsync(page, name, password, path);
        return page;
    }

    /// <summary>Logs somebody in there and waits until the page is live.</summary>
    public async Task LogInAsync(IPage page, string name = "admin", string password = Password, string path = "/console")
    {
        await page.GotoAsync($"{Address}/console/login?back={Uri.EscapeDataString(path)}");
        await page.Locator("input[name=name]").FillAsync(name);
        await page.Locator("input[name=password]").FillAsync(password);
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await LiveAsync(page);
    }

    /// <summary>Opens a page of the console and waits until it is live.</summary>
    public async Task OpenAsync(IPage page, string path)
    {
        await page.GotoAsync(Address + path);
        await LiveAsync(page);
    }

    /// <summary>Says yes in the dialog that asks.</summary>
    public static Task SureAsync(IPage page, string yes) => page.Locator(".lk-dialog").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = yes, Exact = true }).ClickAsync();

    /// <summary>The circuit stands, and what is shown came over it: before that a click is lost.</summary>
    public static Task LiveAsync(IPage page) => page.WaitForSelectorAsync("body[data-live] :is(.lk-head[data-live], main:not(:has(.lk-head)))", new PageWaitForSelectorOptions { Timeout = 30_000, State = WaitForSelectorState.Attached });

    /// <summary>Nothing stands out over the side of the screen; on a phone no table is pushed aside either, it is laid out anew.</summary>
    public static async Task FitsAsync(IPage page)
    {
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
        Assert.True(overflow <= 0, $"{page.Url} is {overflow} px too wide");
        if (page.ViewportSize!.Width > 390) return;
        var aside = await page.EvaluateAsync<int>("Math.max(0, ...[...document.querySelectorAll('.lk-scroll')].map(e => e.scrollWidth - e.clientWidth))");
        Assert.True(aside <= 0, $"{page.Url} has a table that is {aside} px too wide");
    }

    public static Task PictureAsync(IPage page, string name) => ChromiumFixture.PictureAsync(page, "console-" + name, fullPage: true);

    protected override async ValueTask EndAsync()
    {
        foreach (var context in _contexts) await context.DisposeAsync();
    }
}
