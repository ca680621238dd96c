using System.Net;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Tests.Console;

namespace Larkspur.Security.Tests;

/// <summary>A form leads nobody out of the console, and the name that somebody calls by stands in no address.</summary>
public sealed class LocalAddressTests
{
    [Theory]
    [InlineData("/console/../x")]
    [InlineData("/console/../../x")]
    [InlineData("/console/keys/../../x")]
    [InlineData("/console/%2e%2e/x")]
    [InlineData("/console/.%2E/x")]
    [InlineData("/console/./../x")]
    [InlineData("/console/..")]
    [InlineData("/console/..?a=1")]
    [InlineData("/console/..#a")]
    [InlineData("/console\\..\\x")]
    [InlineData("/consolex")]
    [InlineData("//evil.example/console/")]
    [InlineData("https://evil.example/console/")]
    public async Task No_form_leads_out_of_the_console(string back)
    {
        await using var stand = await ConsoleStand.StartAsync();
        var browser = stand.Browser();
        using var look = await browser.SubmitAsync("/console/login", "/console/forms/look", ("language", "en"), ("back", back));
        Assert.Equal((HttpStatusCode.Redirect, "/console"), (look.StatusCode, look.Headers.Location!.ToString()));
        using var logIn = await browser.SubmitAsync("/console/login", "/console/forms/login",
            ("name", "admin"), ("password", ConsoleBrowser.Password), ("back", back));
        Assert.Equal((HttpStatusCode.Redirect, "/console"), (logIn.StatusCode, logIn.Headers.Location!.ToString()));
    }

    [Theory]
    [InlineData("/console/audit?what=a..b")]
    [InlineData("/console/notification-types/pr.submitted")]
    public async Task A_form_leads_back_to_a_page_of_the_console(string back)
    {
        await using var stand = await ConsoleStand.StartAsync();
        using var look = await stand.Browser().SubmitAsync("/console/login", "/console/forms/look", ("language", "en"), ("back", back));
        Assert.Equal(back, look.Headers.Location!.ToString());
    }

    [Fact]
    public async Task The_address_of_a_web_chat_has_no_foreign_name()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        foreach (var host in (string[])["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example",
            "127.0.0.1@evil.example"])
        {
            var (status, body) = await BeginAsync(gateway, host);
            Assert.True(status is 421 or 400, $"{host}: {status}");
            Assert.DoesNotContain("evil", body, StringComparison.Ordinal);
            Assert.DoesNotContain("lw_", body, StringComparison.Ordinal);
        }

        // Nor by the words of a proxy that nobody trusts.
        var (made, answer) = await BeginAsync(gateway, null,
            ("X-Forwarded-Host", "evil.example"), ("Forwarded", "host=evil.example"), ("X-Forwarded-Proto", "https"));
        Assert.Equal(201, made);
        var url = JsonDocument.Parse(answer).RootElement.GetProperty("address").GetString()!;
        Assert.StartsWith(gateway.Address.ToString(), url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_of_a_web_chat_is_the_public_one_whatever_name_was_called()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1", new Dictionary<string, string?>
        {
            ["LARKSPUR_BASE_URL"] = "https://larkspur.example.com", ["LARKSPUR_ALLOWED_HOSTS"] = "*",
        });
        var (status, body) = await BeginAsync(gateway, "evil.example");
        Assert.Equal(201, status);
        var address = JsonDocument.Parse(body).RootElement.GetProperty("address").GetString();
        Assert.StartsWith("https://larkspur.example.com/", address, StringComparison.Ordinal);
    }

    private static async Task<(int Status, string Body)> BeginAsync(
        GatewayApp gateway, string? host, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/web-chat/sessions")
        {
            Content = new StringContent("""{"issuer":"portal","subject":"alice"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Api-Key", GatewayApp.ApiKey);
        if (host is not null) request.Headers.TryAddWithoutValidation("Host", host);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
