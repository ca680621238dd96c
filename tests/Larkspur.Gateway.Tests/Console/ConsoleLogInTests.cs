using System.Net;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Console;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Console;

[Trait("Database", "PostgreSQL")]
public sealed class ConsoleLogInTests
{
    private static readonly Dictionary<string, string?> Settings = new() { ["LARKSPUR_ADMIN_PASSWORD"] = ConsoleBrowser.Password };

    [Fact]
    public async Task Nobody_sees_a_page_without_having_logged_in()
    {
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, Settings);
        using var browser = new ConsoleBrowser(gateway);
        foreach (var path in (string[])["/console", "/console/settings", "/console/accounts", "/console/nowhere", "/CONSOLE/audit"])
        {
            using var refused = await browser.GetAsync(path);
            Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
            Assert.StartsWith("/console/login", refused.Headers.Location!.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal("/console", await browser.LogInAsync());
        using var page = await browser.GetAsync("/console");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);

        // Everything else keeps the strictest policy.
        using var other = await browser.GetAsync("/health/live");
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", other.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Fact]
    public async Task Circuits_are_for_who_is_logged_in_and_for_our_own_pages()
    {
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, Settings);
        using var browser = new ConsoleBrowser(gateway);
        using var unknown = await browser.PostAsync("/_blazor/negotiate?negotiateVersion=1");
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        await browser.LogInAsync();
        foreach (var (origin, status) in new[] { ("https://evil.example", HttpStatusCode.Forbidden), (gateway.Address.GetLeftPart(UriPartial.Authority), HttpStatusCode.OK) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
            request.Headers.Add("Origin", origin);
            using var answer = await browser.SendAsync(request);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_form_without_its_token_does_nothing()
    {
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, Settings);
        using var browser = new ConsoleBrowser(gateway);
        foreach (var form in (string[])["login", "code", "second-factor", "logout", "setup", "look"])
        {
            using var refused = await browser.PostAsync("/console/forms/" + form, ("name", "admin"), ("password", ConsoleBrowser.Password));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.False(refused.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_an_account_for_a_quarter_of_an_hour()
    {
        var clock = new ShiftingClock();
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, Settings, clock: clock);
        using var browser = new ConsoleBrowser(gateway);
        for (var i = 0; i < 5; i++) Assert.Contains("problem=refused", await browser.LogInAsync("wrong password " + i), StringComparison.Ordinal);
        Assert.Contains("problem=refused", await browser.LogInAsync(), StringComparison.Ordinal);
        clock.Shift(TimeSpan.FromMinutes(14));
        Assert.Contains("problem=refused", await browser.LogInAsync(), StringComparison.Ordinal);
        clock.Shift(TimeSpan.FromMinutes(2));
        Assert.Equal("/console", await browser.LogInAsync());
    }

    [Fact]
    public async Task One_address_tries_so_often_and_no_more()
    {
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, Settings);
        using var browser = new ConsoleBrowser(gateway);
        for (var i = 0; i < 20; i++) Assert.Contains("problem=refused", await browser.LogInAsync("wrong", "nobody" + i), StringComparison.Ordinal);
        Assert.Contains("problem=too_many", await browser.LogInAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_guesses_at_an_account_does_not_lock_its_owner_out()
    {
        var clock = new SkippingClock();
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, Settings, clock: clock);
        using var owner = new ConsoleBrowser(gateway);
        using var guesser = new ConsoleBrowser(gateway);
        await owner.LogInAsync();
        using (await owner.SubmitAsync("/console", "/console/forms/logout"))
        {
            // The account is locked, and the address that both have in common is used up.
            for (var i = 0; i < 20; i++) await guesser.LogInAsync("wrong password " + i);
        }

        Assert.Contains("problem=too_many", await guesser.LogInAsync(), StringComparison.Ordinal);
        Assert.Equal("/console", await owner.LogInAsync());

        // The lock stays for the others, and the owner's browser has no more guesses than they have.
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Contains("problem=refused", await guesser.LogInAsync(), StringComparison.Ordinal);
        for (var i = 0; i < 5; i++) Assert.Contains("problem=refused", await owner.LogInAsync("wrong password " + i), StringComparison.Ordinal);
        Assert.Contains("problem=too_many", await owner.LogInAsync(), StringComparison.Ordinal);

        // What somebody makes up as such a cookie counts for nothing.
        using var forger = new ConsoleBrowser(gateway);
        forger.Cookies.Add(gateway.Address, new Cookie("larkspur-browser", "CfDJ8made-up"));
        Assert.Contains("problem=refused", await forger.LogInAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_ends_by_log_out_and_by_time()
    {
        var clock = new ShiftingClock();
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, Settings, clock: clock);
        using var browser = new ConsoleBrowser(gateway);
        await browser.LogInAsync();
        clock.Shift(TimeSpan.FromHours(7));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        clock.Shift(TimeSpan.FromHours(7));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        clock.Shift(TimeSpan.FromHours(9));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync());

        await browser.LogInAsync();
        for (var i = 0; i < 4; i++)
        {
            clock.Shift(TimeSpan.FromHours(5.9));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        }

        clock.Shift(TimeSpan.FromHours(5.9));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync());

        await browser.LogInAsync();
        using (await browser.SubmitAsync("/console", "/console/forms/logout")) Assert.Equal(HttpStatusCode.Redirect, await StatusAsync());

        async Task<HttpStatusCode> StatusAsync()
        {
            using var page = await browser.GetAsync("/console/audit");
            return page.StatusCode;
        }
    }

    [Theory]
    [InlineData("/console/settings", "/console/settings")]
    [InlineData("https://evil.example/console", "/console")]
    [InlineData("//evil.example", "/console")]
    [InlineData("/api/v1/status", "/console")]
    [InlineData("/console/..\\evil", "/console")]
    [InlineData("/console/people?q=艾丽丝😀", "/console/people?q=%E8%89%BE%E4%B8%BD%E4%B8%9D%F0%9F%98%80")]
    public async Task A_log_in_leads_back_into_the_console_only(string back, string to)
    {
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, Settings);
        using var browser = new ConsoleBrowser(gateway);
        using var response = await browser.SubmitAsync("/console/login", "/console/forms/login", ("name", "admin"), ("password", ConsoleBrowser.Password), ("back", back));
        Assert.Equal(to, response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_weak_first_password_ends_the_start()
    {
        await using var feishu = await FeishuStub.StartAsync();
        var problem = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync(feishu.Address, new Dictionary<string, string?> { ["LARKSPUR_ADMIN_PASSWORD"] = "password12345" }));
        Assert.Contains("LARKSPUR_ADMIN_PASSWORD", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password12345", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assets_are_kept_for_good_under_their_version_and_compressed()
    {
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, Settings);
        using var browser = new ConsoleBrowser(gateway);
        using var page = await browser.GetAsync("/console/login");
        var path = (await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('"').First(s =>
            s.StartsWith(ConsolePaths.Assets, StringComparison.Ordinal) && s.EndsWith("/console.css", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var sheet = await browser.SendAsync(request);
        Assert.Equal("gzip", sheet.Content.Headers.ContentEncoding.Single());
        Assert.True(sheet.Headers.CacheControl!.MaxAge > TimeSpan.FromDays(300));
        Assert.NotNull(sheet.Headers.ETag);
        using var missing = await browser.GetAsync("/console/assets/x/../../appsettings.json");
        Assert.NotEqual(HttpStatusCode.OK, missing.StatusCode);
    }
}
