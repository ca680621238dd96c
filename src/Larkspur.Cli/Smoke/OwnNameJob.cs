using System.Net;
using System.Text.RegularExpressions;
using Larkspur.Cli.Hosting;
using static Larkspur.Cli.Smoke.SmokeSteps;

namespace Larkspur.Cli.Smoke;

/// <summary>Bob asks for what is his own: the bot stops for his word, and goes on with it.</summary>
internal sealed partial class OwnNameJob(LocalStack stack) : IDisposable
{
    private readonly EmulatorControl _emulator = new(stack.Emulator);

    /// <summary>Bob's browser, in which he is signed in to nothing.</summary>
    private readonly HttpClient _browser = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, CookieContainer = new CookieContainer(),
    });

    private string _chat = "";
    private string _last = "";
    private string _link = "";

    public IEnumerable<(string Name, Func<CancellationToken, Task> Step)> Steps() =>
    [
        ("Bob asks for his day; the bot needs his word for it, and shows a card", AskAsync),
        ("he authorises once on Feishu's page, and his agenda comes by itself", AuthorizeAsync),
    ];

    public void Dispose()
    {
        _emulator.Dispose();
        _browser.Dispose();
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        var sent = await _emulator.ActAsync(new { @as = "bob", @do = "send", text = "/agenda" }, cancellation);
        _chat = sent["chat_id"]!.GetValue<string>();
        var card = await _emulator.WaitForAnswerAsync(_chat, sent["message_id"]!.GetValue<string>(), "/authorizations/", cancellation);
        _last = card["message_id"]!.GetValue<string>();
        _link = Link().Match(card.ToJsonString()).Value;
        Expect(_link.Length > 0, $"no link in {card.ToJsonString()}");
    }

    private async Task AuthorizeAsync(CancellationToken cancellation)
    {
        using var form = new FormUrlEncodedContent([new("decision", "allow")]);
        using var begun = await _browser.PostAsync(new Uri(_link), form, cancellation);
        Expect(begun.Headers.Location is { AbsolutePath: "/open-apis/authen/v1/authorize" }, $"the page answered {(int)begun.StatusCode}");
        using var chosen = await _browser.GetAsync(new Uri(begun.Headers.Location!.AbsoluteUri + "&as=bob&decision=allow"), cancellation);
        Expect(chosen.Headers.Location is not null, $"Feishu's page answered {(int)chosen.StatusCode}");
        using var back = await _browser.GetAsync(chosen.Headers.Location, cancellation);
        Expect(back.StatusCode == HttpStatusCode.SeeOther, $"the gateway answered {(int)back.StatusCode}");
        await _emulator.WaitForAnswerAsync(_chat, _last, "Weekly meeting", cancellation);
    }

    [GeneratedRegex(@"https?://[^""\\\s]+/authorizations/au_[0-9a-f]{32}")]
    private static partial Regex Link();
}
