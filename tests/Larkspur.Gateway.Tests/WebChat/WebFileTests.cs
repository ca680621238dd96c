using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Channels.Web.Chats;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WebChat;

/// <summary>Files that people upload in the web chat, and what nobody may upload or read.</summary>
public sealed class WebFileTests
{
    [Fact]
    public async Task A_picture_is_uploaded_sent_seen_and_read_again_by_its_person_only()
    {
        await using var stage = await WebStage.StartAsync();
        var (alice, bob) = (await stage.ReaderAsync(), await stage.ReaderAsync("bob"));
        using var events = await alice.EventsAsync();
        var png = SentFiles.Png(20_000);
        var (status, file) = await UploadAsync(alice, png, "../../photo.png");
        Assert.Equal((201, "photo.png", "image", "image/png", (long)png.Length), (status, file!["name"]!.GetValue<string>(), file["kind"]!.GetValue<string>(), file["content_type"]!.GetValue<string>(), file["size"]!.GetValue<long>()));
        var id = file["id"]!.GetValue<string>();

        // Bob has no such file, whatever he does with its name.
        Assert.Equal(404, (await GetAsync(stage, bob, id)).Status);
        Assert.Equal(422, (await SayAsync(bob, "mine?", "b-1", id)).Status);
        Assert.Equal(422, (await SayAsync(alice, "both?", "a-0", id, "wf_" + new string('0', 32))).Status);

        Assert.Equal(202, (await SayAsync(alice, null, "a-1", id)).Status);
        var said = await events.UntilAsync("message");
        Assert.Equal((id, "photo.png"), (said.Data["files"]![0]!["id"]!.GetValue<string>(), said.Data["files"]![0]!["name"]!.GetValue<string>()));
        var end = await events.UntilAsync("answer-ended");
        Assert.Contains("**What is this?** (with 1 file)", end.Data["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(SentFiles.Hash(png), Assert.Single(Assert.Single(SentFiles.Asked(stage.Emulator)).Files).Upload!.Sha256);

        // The same message again is the same message; another one with the same file is refused.
        Assert.Equal(202, (await SayAsync(alice, null, "a-1", id)).Status);
        Assert.Equal(422, (await SayAsync(alice, "again", "a-2", id)).Status);

        var read = await GetAsync(stage, alice, id);
        Assert.Equal((200, SentFiles.Hash(png), "image/png"), (read.Status, SentFiles.Hash(read.Bytes), read.Type));
        Assert.Equal("nosniff", read.Headers["X-Content-Type-Options"]);
        Assert.Contains("sandbox", read.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.StartsWith("attachment", read.Headers["Content-Disposition"], StringComparison.Ordinal);

        // The button reads it once more.
        await alice.DoAsync(end.Data["buttons"]!.AsArray().Select(b => b!["deed"]!.GetValue<string>()).Single(d => d.StartsWith("asst:again", StringComparison.Ordinal)));
        Assert.Contains("(with 1 file)", (await events.UntilAsync("answer-ended")).Data["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_taken_is_refused_by_its_bytes()
    {
        await using var stage = await WebStage.StartAsync(_ => [new("Larkspur:Assistant:MaxFileBytes", "4096")]);
        var alice = await stage.ReaderAsync();
        Assert.Equal(413, (await UploadAsync(alice, SentFiles.Png(5000), "large.png")).Status);
        Assert.Equal(413, (await UploadAsync(alice, SentFiles.Png(5000), "large.png", chunked: true)).Status);
        Assert.Equal(422, (await UploadAsync(alice, [], "empty.png")).Status);
        foreach (var (name, bytes) in ((string, byte[])[])
        [
            ("page.png", Encoding.UTF8.GetBytes("<html><script>alert(1)</script>")), ("report.pdf", SentFiles.Png()), ("tool.exe", [(byte)'M', (byte)'Z', 0, 1, 2, 255, 254]), ("a.zip", [(byte)'P', (byte)'K', 3, 4, 0, 0]),
            ("sheet.xlsx", Encoding.UTF8.GetBytes("a,b")), ("photo.jpg", SentFiles.Png()), ("notes.txt", SentFiles.Png()),
        ])
        {
            var (status, problem) = await UploadAsync(alice, bytes, name);
            Assert.Equal((name, 415, "bad_type"), (name, status, problem!["error"]!.GetValue<string>()));
        }

        // Text that is a page is text, and is given back as nothing that a browser would run.
        var (taken, page) = await UploadAsync(alice, Encoding.UTF8.GetBytes("<html><script>alert(1)</script>"), "page.html");
        Assert.Equal(201, taken);
        Assert.Equal("application/octet-stream", (await GetAsync(stage, alice, page!["id"]!.GetValue<string>())).Type);
        Assert.Equal(401, (await UploadAsync(stage.Read("lw_" + new string('A', 43)), SentFiles.Png(), "a.png")).Status);
        Assert.Equal(403, (await UploadAsync(alice, SentFiles.Png(), "a.png", change: r => r.Headers.Add("Origin", "https://evil.example.com"))).Status);
        Assert.Equal(422, (await SayAsync(alice, "six", "q", [.. Enumerable.Repeat(page["id"]!.GetValue<string>(), 6)])).Status);
        Assert.Equal(400, (await alice.CallAsync(HttpMethod.Post, "messages", new { client_id = "x" })).Status);
    }

    [Fact]
    public async Task Files_that_are_not_sent_have_a_bound_and_an_end()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var stage = await WebStage.StartAsync(_ => [new("Larkspur:WebChat:CallsPerMinute", "100000")], clock: clock);
        var alice = await stage.ReaderAsync();
        for (var i = 0; i < 20; i++) Assert.Equal(201, (await UploadAsync(alice, SentFiles.Png(i), "a.png")).Status);
        Assert.Equal(429, (await UploadAsync(alice, SentFiles.Png(), "a.png")).Status);

        var store = stage.Gateway.Services.GetRequiredService<ChatStore>();
        var now = clock.GetUtcNow();
        Assert.Equal(0, await store.PruneFilesAsync(now - TimeSpan.FromHours(1), now - TimeSpan.FromDays(30), 50, TestContext.Current.CancellationToken));
        clock.Advance(TimeSpan.FromMinutes(61));
        await stage.HoldsAsync(async () =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return (await stage.RowsAsync("SELECT COUNT(*) FROM web_file", r => r.GetInt64(0)))[0] == 0;
        });
    }

    private static Task<(int Status, JsonNode? Json)> UploadAsync(WebReader reader, byte[] bytes, string name, bool chunked = false, Action<HttpRequestMessage>? change = null) =>
        reader.CallAsync(HttpMethod.Post, "files?name=" + Uri.EscapeDataString(name), null, request =>
        {
            request.Content = new ByteArrayContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            if (chunked) request.Headers.TransferEncodingChunked = true;
            change?.Invoke(request);
        });

    private static Task<(int Status, JsonNode? Json)> SayAsync(WebReader reader, string? text, string clientId, params string[] files) =>
        reader.CallAsync(HttpMethod.Post, "messages", text is null ? new { client_id = clientId, files } : new { client_id = clientId, text, files });

    private static async Task<(int Status, byte[] Bytes, string? Type, Dictionary<string, string> Headers)> GetAsync(WebStage stage, WebReader reader, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(stage.Gateway.Address, "/chat/api/v1/files/" + id));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", reader.Token);
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request);
        var headers = answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer.Content.Headers.ContentType?.MediaType, headers);
    }
}
