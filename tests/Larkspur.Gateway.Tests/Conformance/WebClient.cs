using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.Commands;
using Larkspur.Gateway.Tests.WebChat;

namespace Larkspur.Gateway.Tests.Conformance;

/// <summary>The page of the web chat.</summary>
internal sealed class WebClient(ThreePlatforms platforms, WebReader page) : PlatformClient(platforms, "alice")
{
    public override string Kind => "web";

    public override string? SendPath => null;

    public override string? DoctorCheck => null;

    /// <summary>With a session that a company's own pages have begun.</summary>
    public static async Task<WebClient> BeginAsync(ThreePlatforms platforms)
    {
        var session = new { issuer = "https://intranet.example.com", subject = "alice", name = "Alice", locale = "zh_cn" };
        using var begun = await platforms.Gateway.Http.PostAsJsonAsync(new Uri("/api/v1/web-chat/sessions", UriKind.Relative), session);
        var answer = JsonNode.Parse(await begun.Content.ReadAsStringAsync())!;
        return new WebClient(platforms, new WebReader(platforms.Gateway.Address, answer["token"]!.GetValue<string>()));
    }

    public override Task SayAsync(string text) => SayAsync(text, null);

    public override async Task SendPictureAsync(byte[] png)
    {
        var (_, file) = await page.CallAsync(HttpMethod.Post, "files?name=a.png", null, request =>
        {
            request.Content = new ByteArrayContent(png);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        });
        var files = new[] { file!["id"]!.GetValue<string>() };
        var (status, json) = await page.CallAsync(HttpMethod.Post, "messages", new { client_id = Guid.NewGuid().ToString("N"), files });
        Assert.True(status == 202, json?.ToJsonString());
    }

    public override async Task<Func<Task<bool>>> SayTwiceDeliveredAsync(string text)
    {
        var duplicated = await CountDuplicatesAsync();
        var id = Guid.NewGuid().ToString("N");
        await SayAsync(text, id);
        await SayAsync(text, id);
        return duplicated;
    }

    public override async Task<IReadOnlyList<Said>> SaidAsync() =>
    [
        .. (await page.HistoryAsync()).Where(m => m!["kind"]!.GetValue<string>() != "question")
            .Select(m => new Said($"{m!["text"]}\n{m["note"]}", Buttons(m))),
    ];

    private async Task SayAsync(string text, string? id)
    {
        var (status, json) = await page.AskAsync(text, id);
        Assert.True(status == 202, json?.ToJsonString());
    }

    private SaidButton[] Buttons(JsonNode message) => message["buttons"] is not JsonArray list ? [] :
        [.. list.Select(b => new SaidButton(b!["text"]!.GetValue<string>(), async () => Json((await page.DoAsync(b["action"]!.GetValue<string>())).Json)))];
}
