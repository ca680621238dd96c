using System.Net;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Tests.Console;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>A gateway with the console's account <c>admin</c>, a clock that is moved by hand, and what an attacker has of it.</summary>
internal sealed partial class ConsoleStand : IAsyncDisposable
{
    public const string OperatorsPassword = "quiet-meadow-lantern-4";

    private readonly List<ConsoleBrowser> _browsers = [];

    private ConsoleStand(GatewayApp gateway, ShiftingClock clock) => (Gateway, Clock) = (gateway, clock);

    public GatewayApp Gateway { get; }

    public ShiftingClock Clock { get; }

    public AccountStore Accounts => Of<AccountStore>();

    public static async Task<ConsoleStand> StartAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var clock = new ShiftingClock();
        var values = new Dictionary<string, string?> { ["LARKSPUR_ADMIN_PASSWORD"] = ConsoleBrowser.Password };
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>()) values[key] = value;
        return new ConsoleStand(await GatewayApp.StartAsync("http://127.0.0.1:1", values, clock: clock), clock);
    }

    public T Of<T>() where T : notnull => Gateway.Services.GetRequiredService<T>();

    /// <summary>A browser that nobody has logged in with.</summary>
    public ConsoleBrowser Browser()
    {
        var browser = new ConsoleBrowser(Gateway);
        _browsers.Add(browser);
        return browser;
    }

    /// <summary>Gives <c>admin</c> a second factor.</summary>
    /// <returns>The secret of its app, and the recovery codes.</returns>
    public async Task<(string Secret, IReadOnlyList<string> Recovery)> SetUpFactorAsync(string account = "admin")
    {
        var secret = TotpCodes.NewSecret();
        var codes = await Of<SecondFactors>().SetUpAsync(Actor.System, account, secret, Code(secret));
        Assert.NotNull(codes);
        // The code of the set-up is used up; the next one is of a later step.
        Clock.Shift(TimeSpan.FromMinutes(1));
        return (secret, codes);
    }

    /// <summary>What the app shows now.</summary>
    public string Code(string secret) => TotpCodes.At(secret, Clock.GetUtcNow());

    /// <summary>Sends a code as the second step.</summary>
    /// <returns>Where that led.</returns>
    public static async Task<string> CodeAsync(ConsoleBrowser browser, string code)
    {
        // The token of any of our forms is good for each of them.
        using var response = await browser.SubmitAsync("/console/login", "/console/forms/code", ("code", code));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    /// <summary>The session of a browser, as the gateway knows it.</summary>
    public Task<Session?> SessionAsync(ConsoleBrowser browser) => Of<Sessions>().OfTokenAsync(Cookie(browser, "larkspur-console"));

    /// <summary>What a browser holds under a cookie's name; null: nothing.</summary>
    public string? Cookie(ConsoleBrowser browser, string name) => browser.Cookies.GetCookies(Gateway.Address)[name]?.Value;

    public static async Task<HttpStatusCode> StatusAsync(ConsoleBrowser browser, string path = "/console/audit")
    {
        using var page = await browser.GetAsync(path);
        return page.StatusCode;
    }

    public static async Task<string> TextAsync(ConsoleBrowser browser, string path)
    {
        using var page = await browser.GetAsync(path);
        return await page.Content.ReadAsStringAsync();
    }

    /// <summary>The secret that a page shows to be entered by hand.</summary>
    public static string SecretIn(string page) => Secret().Match(page).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);

    public Task SetAsync(string key, string value) =>
        Of<ISettings>().ChangeAsync(Actor.System, new Dictionary<string, string?> { [key] = value });

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers) browser.Dispose();
        await Gateway.DisposeAsync();
    }

    [GeneratedRegex("data-totp[^>]*>([^<]+)<")]
    private static partial Regex Secret();
}
