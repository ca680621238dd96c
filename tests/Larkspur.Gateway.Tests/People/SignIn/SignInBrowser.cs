using System.Net;
using System.Text.RegularExpressions;
using System.Web;
using Larkspur.Gateway.Tests.Commands;

namespace Larkspur.Gateway.Tests.People.SignIn;

/// <summary>A browser of one person: keeps cookies, follows redirects by hand, and chooses on the emulated platforms' pages.</summary>
internal sealed partial class SignInBrowser : IDisposable
{
    private readonly Uri _gateway;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _http;

    public SignInBrowser(Uri gateway, string? agent = null, string language = "en")
    {
        _gateway = gateway;
        _handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies };
        _http = new HttpClient(_handler);
        _http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent ?? "Mozilla/5.0 (X11; Linux x86_64) Chrome/140");
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", language);
    }

    public CookieContainer Cookies { get; } = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Begins a sign-in, and is sent to the platform.</summary>
    public async Task<Uri> BeginAsync(string method, string? returnTo = null, bool again = false)
    {
        var query = string.Join('&', [.. returnTo is null ? Array.Empty<string>() : ["return_to=" + Uri.EscapeDataString(returnTo)],
            .. again ? ["again=1"] : Array.Empty<string>()]);
        var page = await GetAsync($"/sign-in/{method}?{query}");
        Assert.True(page.Status is 302 or 303, page.ToString());
        return page.Location!;
    }

    /// <summary>Chooses on the platform's page, and is sent back to the callback, which is not opened yet.</summary>
    public async Task<Uri> ChooseAsync(Uri platform, string person, bool allows = true)
    {
        var answer = await GetAsync(new Uri($"{platform.GetLeftPart(UriPartial.Query)}&as={person}{(allows ? "&decision=allow" : "&decision=deny&deny=true")}"));
        Assert.True(answer.Location is not null, answer.ToString());
        return answer.Location!;
    }

    /// <summary>Signs in from the button to the place behind it.</summary>
    public async Task<BrowserPage> SignInAsync(string method, string person, string? returnTo = null, bool again = false) =>
        await GetAsync(await ChooseAsync(await BeginAsync(method, returnTo, again), person));

    /// <summary>Who the page says is signed in; null: nobody.</summary>
    public async Task<string?> WhoAsync() => WhoLine().Match((await GetAsync("/sign-in")).Text) is { Success: true } found
        ? HttpUtility.HtmlDecode(found.Groups[1].Value) : null;

    public Task<BrowserPage> GetAsync(string path) => GetAsync(new Uri(_gateway, path));

    public async Task<BrowserPage> GetAsync(Uri address)
    {
        using var answer = await _http.GetAsync(address, Cancel);
        return await BrowserPage.OfAsync(answer, address);
    }

    public async Task<BrowserPage> PostAsync(string path, IEnumerable<KeyValuePair<string, string>>? form = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway, path)) { Content = new FormUrlEncodedContent(form ?? []) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _http.SendAsync(request, Cancel);
        return await BrowserPage.OfAsync(answer, request.RequestUri!);
    }

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    [GeneratedRegex("<p>As (.*), with [^<]*</p>")]
    private static partial Regex WhoLine();
}

/// <summary>What a browser got.</summary>
internal sealed record BrowserPage(int Status, Uri? Location, string Text, string Policy, IReadOnlyList<string> Cookies)
{
    public static async Task<BrowserPage> OfAsync(HttpResponseMessage answer, Uri asked) => new((int)answer.StatusCode,
        answer.Headers.Location is { } to ? new Uri(asked, to) : null, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
        answer.Headers.TryGetValues("Content-Security-Policy", out var policy) ? string.Join(' ', policy) : "",
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : []);

    /// <summary>The word of the refusal's sentence is on the page.</summary>
    public bool Says(string text) => HttpUtility.HtmlDecode(Text).Contains(text, StringComparison.Ordinal);

    public override string ToString() => $"{Status} {Location} {Text}";
}
