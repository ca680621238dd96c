using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Larkspur.EndToEnd.Tests.WebClient.ChromiumFixture))]

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>One headless Chromium (the operating system's own) for all tests with pages; it starts with the first that asks.</summary>
public sealed class ChromiumFixture : IAsyncDisposable
{
    /// <summary>The one without windows does the same work in two thirds of the processor time.</summary>
    private static readonly string[] Programs = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    private readonly Lazy<Task<(IPlaywright, IBrowser)>> _started = new(StartAsync);

    /// <summary>Where the pictures go: below the test's output.</summary>
    public static string Screenshots { get; } = Path.Combine(AppContext.BaseDirectory, "artifacts", "screenshots");

    public async Task<IBrowserContext> NewContextAsync(string language, int width, int height, string zone = "Asia/Shanghai")
    {
        var (_, browser) = await _started.Value;
        return await browser.NewContextAsync(new BrowserNewContextOptions
        {
            Locale = language == "zh" ? "zh-CN" : "en-US",
            TimezoneId = zone,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
    }

    /// <summary>
    /// Takes a picture for people to look at, when <c>LARKSPUR_PICTURES</c> is set: nothing compares them, and three hundred of them cost minutes.
    /// </summary>
    public static Task PictureAsync(IPage page, string name, bool fullPage = false) => Environment.GetEnvironmentVariable("LARKSPUR_PICTURES") is null or ""
        ? Task.CompletedTask
        : page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, name + ".png"), FullPage = fullPage });

    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated) return;
        var (playwright, browser) = await _started.Value;
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static async Task<(IPlaywright, IBrowser)> StartAsync()
    {
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        // What is waited for is a state, not a speed: a busy machine may take its time.
        Assertions.SetDefaultExpectTimeout(20_000);
        Directory.CreateDirectory(Screenshots);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Array.Find(Programs, File.Exists)
                ?? throw new InvalidOperationException($"Chromium is missing: none of {string.Join(", ", Programs)} exists."),
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
        return (playwright, browser);
    }
}
