using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.SignIn;
using Larkspur.Gateway.People.Identities;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>Bob signs in to the console with the company's account, in a real browser.</summary>
public sealed class SignInPageTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task Bob_signs_in_by_the_platforms_page_and_an_administrator_gives_him_his_role()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        var bob = await fixture.BrowserAsync();
        await bob.GotoAsync(fixture.Address + "/console/login");
        await ConsoleFixture.PictureAsync(bob, "sign-in-login");
        await bob.ClickAsync("a[data-way=feishu]");
        await ChooseAsync(bob, "bob");
        await Expect(bob.Locator("[role=alert]")).ToContainTextAsync("no role in the console");
        await ConsoleFixture.PictureAsync(bob, "sign-in-no-role");

        await ConsoleSeed.DirectoryAsync(fixture);
        var admin = await fixture.LogInAsync(path: "/console/accounts");
        await admin.ClickAsync("[data-add-rule]");
        await ConsoleFixture.PictureAsync(admin, "role-rule-form");
        await admin.FillAsync("[data-role-rules] input[name=department]", "");
        await admin.Locator("[data-role-rules] form button[type=submit]").ClickAsync();
        await Expect(admin.Locator("[data-role-rules] [data-department]").First).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(admin, "role-rule-departments");
        await admin.SelectOptionAsync("[data-role-rules] select[name=rule-kind]", "person");
        await admin.FillAsync("[data-picker] input", "bob@mica");
        await admin.Keyboard.PressAsync("Enter");
        await admin.Locator("[data-picker] [data-person]").First.ClickAsync();
        await Expect(admin.Locator("[data-role-rules] tr[data-rule]")).ToHaveCountAsync(1);

        await bob.GotoAsync(fixture.Address + "/console/sign-in?back=%2Fconsole%2Fpeople");
        await Expect(bob).ToHaveURLAsync(new Regex("/console/people$"), new() { Timeout = 15_000 });
        await ConsoleFixture.LiveAsync(bob);
        await fixture.OpenAsync(bob, "/console/profile");
        await Expect(bob.Locator("[data-by-rule]")).ToBeVisibleAsync();
        await fixture.OpenAsync(admin, "/console/accounts");
        await Expect(admin.Locator("small[data-by-rule]")).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(admin, "accounts-by-rule");
        await admin.ClickAsync("[data-remove-rule]");
        await ConsoleFixture.SureAsync(admin, "Remove");
        await Expect(admin.Locator("[data-role-rules] tr[data-rule]")).ToHaveCountAsync(0);
        await fixture.Gateway.Services.GetRequiredService<SignedInAccounts>().CheckAsync(CancellationToken.None);
        await Expect(bob).ToHaveURLAsync(new Regex("/console/login"), new() { Timeout = 15_000 });
        // The browser itself notes that the page without a role came with 403.
        Assert.All(fixture.PageErrors, e => Assert.Contains("403", e, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bob_scans_a_code_in_Chinese_on_a_phone_in_the_dark()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        var bob = await fixture.BrowserAsync("zh", 390, 844, ColorScheme.Dark);
        await bob.GotoAsync(fixture.Address + "/sign-in");
        await ConsoleFixture.PictureAsync(bob, "sign-in-zh-dark-390");
        await bob.ClickAsync("details.codes summary");
        var frame = bob.FrameLocator("details.codes iframe");
        await Expect(frame.Locator("button").First).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(bob, "sign-in-code-zh-dark-390");
        await frame.Locator("button[value=bob]").ClickAsync();
        await Expect(bob.Locator("h1")).ToHaveTextAsync("您已登录", new() { Timeout = 15_000 });
        await Expect(bob.Locator("main")).ToContainTextAsync("鲍勃");
        await ConsoleFixture.PictureAsync(bob, "signed-in-zh-dark-390");
        await ConsoleFixture.FitsAsync(bob);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Bob_scans_a_code_and_is_in_the_console()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        await RuleAsync(fixture, "bob", Role.Operator);
        var bob = await fixture.BrowserAsync();
        await bob.GotoAsync(fixture.Address + "/console/login?back=%2Fconsole%2Fpeople");
        await bob.ClickAsync("[data-scan]");
        await bob.ClickAsync("details.codes summary");
        await bob.FrameLocator("details.codes iframe").Locator("button[value=bob]").ClickAsync();
        await Expect(bob).ToHaveURLAsync(new Regex("/console/people$"), new() { Timeout = 15_000 });
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Bob_comes_into_the_console_by_the_companys_identity_provider()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium,
            new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" });
        await ConsoleSeed.SwitchOnAsync(fixture);
        using var node = ToolProcess.StartNode("identity-provider.mjs", new Dictionary<string, string>
        {
            ["CLIENT_ID"] = "larkspur", ["CLIENT_SECRET"] = "a-secret-of-thirty-two-characters", ["CLIENT_AUTH"] = "client_secret_basic",
            ["REDIRECT_URI"] = fixture.Address + "/sign-in/company/callback", ["ALGORITHM"] = "RS256",
        });
        var issuer = new Regex("issuer (http://[0-9.:]+)");
        await ConsoleSeed.UntilAsync(() => Task.FromResult(node.HasExited || issuer.IsMatch(node.Output)));
        Assert.False(node.HasExited, node.Output);
        using var http = new HttpClient { BaseAddress = fixture.Gateway.Address };
        http.DefaultRequestHeaders.Add("X-Api-Key", Larkspur.Testing.GatewayApp.ApiKey);
        using var body = System.Net.Http.Json.JsonContent.Create(new
        {
            issuer = issuer.Match(node.Output).Groups[1].Value, client_id = "larkspur", client_secret = "a-secret-of-thirty-two-characters",
            title_zh = "公司账号", title_en = "Company account", groups_claim = "groups", scopes = (string[])["openid", "profile", "groups"],
            create_people = true,
        });
        var cancellation = TestContext.Current.CancellationToken;
        using var put = await http.PutAsync("/api/v1/identity-providers/company", body, cancellation);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(cancellation));
        await fixture.Gateway.Services.GetRequiredService<RoleRules>()
            .AddAsync(Actor.System, RoleRuleKinds.Group, "company", "staff", "staff", Role.Operator, cancellation);
        var bob = await fixture.BrowserAsync();
        await bob.GotoAsync(fixture.Address + "/console/login");
        await ConsoleFixture.PictureAsync(bob, "sign-in-two-ways");
        await bob.ClickAsync("a[data-way=company]");
        await bob.FillAsync("input[name=login]", "bob");
        await bob.FillAsync("input[name=password]", "any");
        await bob.Locator("button[type=submit]").ClickAsync();
        // Its own question, whether the gateway may know who he is.
        await bob.Locator("button[type=submit]").ClickAsync();
        await Expect(bob).ToHaveURLAsync(new Regex("/console$"), new() { Timeout = 15_000 });
    }

    /// <summary>A5, 5: what a frame says counts from that very frame and from its exact origin.</summary>
    [Fact]
    public async Task A5_5_a_frame_of_another_origin_and_a_page_around_it_sign_nobody_in()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        await fixture.Emulator.ControlAsync(HttpMethod.Patch, $"apps/{Larkspur.Testing.GatewayApp.AppId}", new { qr_wrong_origin = true });
        var bob = await fixture.BrowserAsync();
        await bob.GotoAsync(fixture.Address + "/sign-in");
        await bob.ClickAsync("details.codes summary");
        // The platform's frame sends the person on to another origin, whose messages do not count.
        await bob.FrameLocator("details.codes iframe").Locator("button[value=bob]").ClickAsync();
        // The page's policy does not even show it.
        await Expect(bob.FrameLocator("details.codes iframe").Locator("button")).ToHaveCountAsync(0);
        // Nor does what the page itself is sent, whatever it claims.
        await bob.EvaluateAsync("window.postMessage('made-up-code', '*'); window.postMessage({ tmp_code: 'made-up-code' }, '*')");
        await bob.EvaluateAsync("new Promise(done => setTimeout(done, 0))");
        Assert.EndsWith("/sign-in", bob.Url, StringComparison.Ordinal);
        await Expect(bob.Locator("h1")).ToHaveTextAsync("Sign in");
    }

    [Fact]
    public async Task Inside_the_emulated_client_Bob_is_signed_in_without_a_question()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        await RuleAsync(fixture, "bob", Role.Admin);
        var bob = await fixture.BrowserAsync();
        // The client knows who is signed in to it: he was, on the platform's own page.
        await bob.GotoAsync(fixture.Address + "/sign-in/feishu");
        await ChooseAsync(bob, "bob");
        await bob.ClickAsync("form[action='/sign-in/sign-out'] button");
        var devTools = await bob.Context.NewCDPSessionAsync(bob);
        await devTools.SendAsync("Network.setUserAgentOverride", new() { ["userAgent"] = "Mozilla/5.0 Chrome/140 Lark/7.60.1" });
        await bob.GotoAsync(fixture.Address + "/sign-in?return_to=%2Fconsole%2Fsign-in");
        await Expect(bob).ToHaveURLAsync(new Regex("/console$"), new() { Timeout = 15_000 });
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task The_page_of_sign_in_methods_shows_what_to_register_and_the_check_up_proves_it()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string,
            string?> { ["LARKSPUR_BASE_URL"] = "https://gw.mica.example" });
        await ConsoleSeed.SwitchOnAsync(fixture);
        var page = await fixture.LogInAsync(path: "/console/sign-in-methods");
        await Expect(page.Locator("#lk-callback-feishu")).ToHaveValueAsync("https://gw.mica.example/sign-in/feishu/callback");
        await ConsoleFixture.PictureAsync(page, "sign-in-methods");
        await Finds("ok");
        await fixture.Emulator.ControlAsync(HttpMethod.Patch, $"apps/{Larkspur.Testing.GatewayApp.AppId}",
            new { redirect_uris = (string[])["https://other.example/"] });
        await Finds("failed");
        var phone = await fixture.LogInAsync(language: "zh", theme: ColorScheme.Dark, width: 390, height: 844,
            path: "/console/sign-in-methods");
        await ConsoleFixture.PictureAsync(phone, "sign-in-methods-zh-dark-390");
        Assert.Empty(fixture.PageErrors);

        async Task Finds(string status)
        {
            using var http = new HttpClient { BaseAddress = fixture.Gateway.Address };
            http.DefaultRequestHeaders.Add("X-Api-Key", Larkspur.Testing.GatewayApp.ApiKey);
            using var answer = await http.PostAsync("/api/v1/doctor/run", null);
            var report = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            var check = report.GetProperty("checks").EnumerateArray().First(c => c.GetProperty("id").GetString() == "sign_in");
            Assert.True(check.GetProperty("status").GetString() == status, check.ToString());
        }
    }

    /// <summary>Whoever is on the emulated platform's page.</summary>
    internal static async Task ChooseAsync(IPage page, string person)
    {
        await page.Locator($"input[type=radio][value={person}]").CheckAsync();
        await page.ClickAsync("button[value=allow]");
    }

    private static async Task RuleAsync(ConsoleFixture fixture, string person, Role role)
    {
        using var http = new HttpClient { BaseAddress = fixture.Gateway.Address };
        await ConsoleSeed.DirectoryAsync(fixture);
        var people = await ConsoleSeed.GetAsync(fixture, $"people?q={person}@mica&platform=feishu");
        var id = people["items"]![0]!["id"]!.GetValue<string>();
        Assert.True(KnownPerson.IsId(id));
        await fixture.Gateway.Services.GetRequiredService<RoleRules>().AddAsync(Actor.System, RoleRuleKinds.Person, "", id, person, role);
    }
}
