using System.Net;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class KeysPageTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task A_key_is_shown_once_may_what_was_ticked_and_ends_when_renewed_or_revoked()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(path: "/console/api-keys");
        await page.GetByText("Create a key").First.ClickAsync();
        await page.Locator(".lk-form [name=name]").FillAsync("erp");
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("Choose at least one scope");
        await page.GetByText("Read the gateway's state").CheckAsync();
        await ConsoleFixture.PictureAsync(page, "api-keys-form");
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        var first = await page.Locator("#lk-secret").InputValueAsync();
        await ConsoleFixture.PictureAsync(page, "api-keys-secret");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(first, "/api/v1/status"));
        Assert.Equal(HttpStatusCode.Forbidden, await CallAsync(first, "/api/v1/settings"));

        var row = page.Locator("tr[data-key=erp]");
        await row.GetByText("Renew", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await row.Locator("select[name=overlap]").SelectOptionAsync("0");
        await row.GetByText("Renew the key").ClickAsync();
        await Expect(page.Locator("#lk-secret")).Not.ToHaveValueAsync(first);
        var second = await page.Locator("#lk-secret").InputValueAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(first, "/api/v1/status"));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(second, "/api/v1/status"));

        // Changed: another name, fewer scopes, and from where it may be used. Its text stays.
        await row.GetByText("Change", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        var form = page.Locator("[data-change=erp]");
        await Expect(form.Locator("[name=name]")).ToHaveValueAsync("erp");
        await form.Locator("summary").ClickAsync();
        await form.Locator("[name=addresses]").FillAsync("not an address");
        await form.Locator("button[type=submit]").ClickAsync();
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("written like 10.0.0.5");
        await form.Locator("[name=addresses]").FillAsync("127.0.0.1, ::1");
        await form.Locator("[name=issuers]").FillAsync("https://intranet.example.com");
        await form.Locator("[name=limit]").FillAsync("50");
        await ConsoleFixture.PictureAsync(page, "api-keys-change");
        await form.Locator("button[type=submit]").ClickAsync();
        await Expect(form).ToHaveCountAsync(0);
        await Expect(row).ToContainTextAsync("50 a minute");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(second, "/api/v1/status"));
        await row.GetByText("Change", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await form.Locator("summary").ClickAsync();
        await Expect(form.Locator("[name=addresses]")).ToHaveValueAsync("127.0.0.1/32\n::1/128");
        await Expect(form.Locator("[name=issuers]")).ToHaveValueAsync("https://intranet.example.com");
        await form.Locator("[name=addresses]").FillAsync("10.0.0.0/8");
        await form.Locator("button[type=submit]").ClickAsync();
        await Expect(form).ToHaveCountAsync(0);
        Assert.Equal(HttpStatusCode.Forbidden, await CallAsync(second, "/api/v1/status"));

        await row.GetByText("Revoke").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Revoke");
        await Expect(row).ToHaveCountAsync(0);
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(second, "/api/v1/status"));
        await page.GetByText("Include revoked keys").CheckAsync();
        await Expect(row.GetByText("Revoked")).ToBeVisibleAsync();

        // A page that is loaded anew knows no secret.
        await fixture.OpenAsync(page, "/console/api-keys");
        await Expect(page.Locator("#lk-secret")).ToHaveCountAsync(0);
        await fixture.OpenAsync(page, "/console/audit");
        foreach (var action in (string[])["API key created", "API key renewed", "API key revoked"]) await Expect(page.GetByText(action).First).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);

        async Task<HttpStatusCode> CallAsync(string key, string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, fixture.Address + path);
            request.Headers.Add("X-Api-Key", key);
            using var http = new HttpClient();
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_form_that_was_opened_before_somebody_else_narrowed_the_key_does_not_widen_it_again()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var keys = fixture.Gateway.Services.GetRequiredService<ApiKeys>();
        var made = await keys.CreateAsync(new KeyGrant(Actor.System), new NewApiKey("erp", [ApiScopes.StatusRead, ApiScopes.MessagesWrite]),
            TestContext.Current.CancellationToken);
        var page = await fixture.LogInAsync(path: "/console/api-keys");
        var row = page.Locator("tr[data-key=erp]");
        await row.GetByText("Change", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        var form = page.Locator("[data-change=erp]");
        await Expect(form.Locator("[name=limit]")).ToHaveValueAsync("600");

        // Meanwhile somebody else takes a scope, and lowers the rate.
        await keys.ChangeAsync(new KeyGrant(Actor.System), made.Key.Id, new KeyChange(null, [ApiScopes.StatusRead], 5, false, null),
            TestContext.Current.CancellationToken);
        await form.Locator("[name=name]").FillAsync("erp-new");
        await form.Locator("button[type=submit]").ClickAsync();
        await Expect(page.Locator("tr[data-key=erp-new]")).ToContainTextAsync("5 a minute");
        var now = await keys.FindAsync(made.Key.Id, TestContext.Current.CancellationToken);
        Assert.Equal(("erp-new", 5), (now!.Name, now.PerMinute));
        Assert.Equal([ApiScopes.StatusRead], now.Scopes);
    }
}
