using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Dify;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Gateway.Tests.Commands;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.WebChat;

/// <summary>A picture of an answer in the web chat: shown within it, from the gateway's own store, to its reader alone.</summary>
public sealed class WebPictureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_shown_within_the_answer_to_who_asked()
    {
        await using var platforms = await ThreePlatforms.WithDifyAsync(DifyApp.Echo with { Makes = ["spending-en.png"] });
        using var alice = await ReaderAsync(platforms, "alice");
        using var bob = await ReaderAsync(platforms, "bob");
        await alice.AskAsync("How much?");
        var answer = await EndedAsync(platforms, alice);
        Assert.Contains("12,000 CNY", answer["text"]!.GetValue<string>(), StringComparison.Ordinal);
        var picture = Assert.Single(answer["files"]!.AsArray())!;
        Assert.Equal(("image", "image/png", "picture.png"), (Text(picture, "kind"), Text(picture, "content_type"), Text(picture, "name")));

        var (status, bytes) = await GetAsync(platforms, alice, Text(picture, "id"));
        Assert.Equal(200, status);
        Assert.Equal(SentPictures.Made("spending-en.png"), bytes);
        Assert.Equal(404, (await GetAsync(platforms, bob, Text(picture, "id"))).Status);
        // It belongs to its answer, and is no upload that waits for a message.
        var files = new[] { Text(picture, "id") };
        Assert.Equal(422, (await alice.CallAsync(HttpMethod.Post, "messages", new { client_id = "a-2", text = "mine", files })).Status);
    }

    [Fact]
    public async Task Files_of_the_backend_at_another_private_place_are_fetched_where_that_is_configured()
    {
        await using var files = await HookServer.StartAsync<string>(
            (request, _) => (request.Headers.Authorization.ToString(), 200, "GIF89a"));
        var backend = DifyApp.Echo with { Makes = [files.Url] };
        await using (var strict = await ThreePlatforms.WithDifyAsync(backend))
        {
            using var reader = await ReaderAsync(strict, "alice");
            await reader.AskAsync("How much?");
            var refused = Text(await EndedAsync(strict, reader), "text");
            Assert.EndsWith("its address may not be opened from here.", refused, StringComparison.Ordinal);
        }

        await using var platforms = await ThreePlatforms.WithDifyAsync(
            backend, ("Larkspur:Assistant:Backends:default:FilesUrl", files.Url));
        using var alice = await ReaderAsync(platforms, "alice");
        await alice.AskAsync("How much?");
        var picture = (await EndedAsync(platforms, alice))["files"]![0]!;
        Assert.Equal("GIF89a"u8.ToArray(), (await GetAsync(platforms, alice, Text(picture, "id"))).Bytes);
        // One call, and no key with it.
        Assert.Equal("", await files.NextAsync());
        Assert.True(files.Idle);
    }

    [Fact]
    public async Task What_cannot_be_shown_is_said_in_the_readers_language()
    {
        await using var platforms = await ThreePlatforms.WithDifyAsync(DifyApp.Echo with { Makes = ["too-large.png"] });
        using var alice = await ReaderAsync(platforms, "alice", "zh_cn");
        await alice.AskAsync("还剩多少？");
        var answer = await EndedAsync(platforms, alice);
        Assert.Contains("图片无法在这里显示：大小超过 10 MB。 [打开图片](http", answer["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(answer["files"]);
    }

    private static string Text(JsonNode json, string name) => json[name]!.GetValue<string>();

    private static async Task<WebReader> ReaderAsync(ThreePlatforms platforms, string subject, string locale = "en_us")
    {
        var session = new { issuer = "https://intranet.example.com", subject, name = subject, locale };
        var sessions = new Uri("/api/v1/web-chat/sessions", UriKind.Relative);
        using var begun = await platforms.Gateway.Http.PostAsJsonAsync(sessions, session, Cancel);
        var answer = JsonNode.Parse(await begun.Content.ReadAsStringAsync(Cancel))!;
        return new WebReader(platforms.Gateway.Address, Text(answer, "token"));
    }

    private static async Task<JsonNode> EndedAsync(ThreePlatforms platforms, WebReader reader)
    {
        JsonNode? answer = null;
        await platforms.UntilAsync(async () => (answer = (await reader.HistoryAsync())
            .FirstOrDefault(m => Text(m!, "kind") == "answer" && Text(m!, "state") == "finished")) is not null, "the answer's end");
        return answer!;
    }

    private static async Task<(int Status, byte[] Bytes)> GetAsync(ThreePlatforms platforms, WebReader reader, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(platforms.Gateway.Address, "/chat/api/v1/files/" + id));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", reader.Token);
        using var answer = await platforms.Gateway.Http.SendAsync(request, Cancel);
        return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(Cancel));
    }
}
