using System.Net;
using System.Text.RegularExpressions;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Console;

/// <summary>A browser as far as these tests need one: cookies, forms with their token, no script.</summary>
internal sealed partial class ConsoleBrowser : IDisposable
{
    public const string Password = "plain-larkspur-meadow-7";

    private readonly HttpClient _http;

    public ConsoleBrowser(GatewayApp gateway)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = gateway.Address };
    }

    public CookieContainer Cookies { get; } = new();

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request);

    /// <summary>Posts a form with the token of the page that carries it.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        using var response = await GetAsync(page);
        var token = Token().Match(await response.Content.ReadAsStringAsync()).Groups[1].Value;
        return await PostAsync(action, [("__RequestVerificationToken", token), .. fields]);
    }

    public async Task<HttpResponseMessage> PostAsync(string action, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return await _http.PostAsync(new Uri(action, UriKind.Relative), form);
    }

    /// <summary>Logs in.</summary>
    /// <returns>Where that led.</returns>
    public async Task<string> LogInAsync(string password = Password, string name = "admin")
    {
        using var response = await SubmitAsync("/console/login", "/console/forms/login", ("name", name), ("password", password));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
