using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.Platforms.Web.Chats;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WebChat;

/// <summary>Files that people upload in the web chat, and what nobody may upload or read.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class WebFileTests
{
    [Fact]
    public async Task A_picture_is_uploaded_sent_seen_and_read_again_by_its_person_only()
    {
        await using var fixture = await WebFixture.StartAsync(_ => [SentFiles.AtOnce]);
        var (alice, bob) = (await fixture.ReaderAsync(), await fixture.ReaderAsync("bob"));
        using var events = await alice.EventsAsync();
        var png = SentFiles.Png(20_000);
        var (status, file) = await UploadAsync(alice, png, "../../photo.png");
        Assert.Equal((201, "photo.png", "image", "image/png", (long)png.Length), (status, file!["name"]!.GetValue<string>(), file["kind"]!.GetValue<string>(), file["content_type"]!.GetValue<string>(), file["size"]!.GetValue<long>()));
        var id = file["id"]!.GetValue<string>();

        // Bob has no such file, whatever he does with its name.
        Assert.Equal(404, (await GetAsync(fixture, bob, id)).Status);
        Assert.Equal(422, (await SayAsync(bob, "mine?", "b-1", id)).Status);
        Assert.Equal(422, (await SayAsync(alice, "both?", "a-0", id, "wf_" + new string('0', 32))).Status);

        Assert.Equal(202, (await SayAsync(alice, null, "a-1", id)).Status);
        var said = await events.UntilAsync("message");
        Assert.Equal((id, "photo.png"), (said.Data["files"]![0]!["id"]!.GetValue<string>(), said.Data["files"]![0]!["name"]!.GetValue<string>()));
        var end = await events.UntilAsync("answer-ended");
        Assert.Contains("**What is this?** (with 1 file)", end.Data["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(SentFiles.Hash(png), Assert.Single(Assert.Single(SentFiles.Asked(fixture.Emulator)).Files).Upload!.Sha256);

        // The same message again is the same message; another one with the same file is refused.
        Assert.Equal(202, (await SayAsync(alice, null, "a-1", id)).Status);
        Assert.Equal(422, (await SayAsync(alice, "again", "a-2", id)).Status);

        var read = await GetAsync(fixture, alice, id);
        Assert.Equal((200, SentFiles.Hash(png), "image/png"), (read.Status, SentFiles.Hash(read.Bytes), read.Type));
        Assert.Equal("nosniff", read.Headers["X-Content-Type-Options"]);
        Assert.Contains("sandbox", read.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.StartsWith("attachment", read.Headers["Content-Disposition"], StringComparison.Ordinal);

        // The button reads it once more.
        await alice.DoAsync(end.Data["buttons"]!.AsArray().Select(b => b!["action"]!.GetValue<string>()).Single(d => d.StartsWith("asst:again", StringComparison.Ordinal)));
        Assert.Contains("(with 1 file)", (await events.UntilAsync("answer-ended")).Data["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_alone_waits_five_minutes_for_its_question_and_is_then_forgotten()
    {
        await using var fixture = await WebFixture.StartAsync();
        var alice = await fixture.ReaderAsync();
        using var events = await alice.EventsAsync();
        Assert.Equal(202, (await SayAsync(alice, null, "a-1", await IdAsync(alice))).Status);
        Assert.Equal("Got the picture. What would you like to know about it? (I keep it for 5 min.)", (await events.UntilAsync("said")).Data["text"]!.GetValue<string>());
        await SentAsync(TimeSpan.FromMinutes(4));
        await alice.AskAsync("Whose is it?");
        Assert.Contains("**Whose is it?** (with 1 file)", (await events.UntilAsync("answer-ended")).Data["text"]!.GetValue<string>(), StringComparison.Ordinal);

        Assert.Equal(202, (await SayAsync(alice, null, "a-3", await IdAsync(alice))).Status);
        await events.UntilAsync("said");
        await SentAsync(TimeSpan.FromMinutes(5));
        await alice.AskAsync("And this?");
        Assert.Contains("**And this?**.", (await events.UntilAsync("answer-ended")).Data["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal([1, 0], SentFiles.Asked(fixture.Emulator).Select(m => m.Files.Count));
        await fixture.Gateway.ForgetAsync();
        Assert.Equal(0, (await fixture.RowsAsync("SELECT COUNT(*) FROM assistant_waiting_file", r => r.GetInt64(0)))[0]);

        // All that is there was sent so long ago.
        Task SentAsync(TimeSpan ago) => fixture.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(
            unit => unit.ExecuteAsync("UPDATE assistant_waiting_file SET sent_at = $1", (DateTimeOffset.UtcNow - ago).ToUnixTimeMilliseconds()), TestContext.Current.CancellationToken);

        static async Task<string> IdAsync(WebReader reader) => (await UploadAsync(reader, SentFiles.Png(), "a.png")).Json!["id"]!.GetValue<string>();
    }

    [Fact]
    public async Task What_is_not_taken_is_refused_by_its_bytes()
    {
        await using var fixture = await WebFixture.StartAsync(_ => [new("Larkspur:Assistant:MaxFileBytes", "4096")]);
        var alice = await fixture.ReaderAsync();
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
        Assert.Equal("application/octet-stream", (await GetAsync(fixture, alice, page!["id"]!.GetValue<string>())).Type);
        Assert.Equal(401, (await UploadAsync(fixture.Read("lw_" + new string('A', 43)), SentFiles.Png(), "a.png")).Status);
        Assert.Equal(403, (await UploadAsync(alice, SentFiles.Png(), "a.png", change: r => r.Headers.Add("Origin", "https://evil.example.com"))).Status);
        Assert.Equal(422, (await SayAsync(alice, "six", "q", [.. Enumerable.Repeat(page["id"]!.GetValue<string>(), 6)])).Status);
        Assert.Equal(400, (await alice.CallAsync(HttpMethod.Post, "messages", new { client_id = "x" })).Status);
    }

    [Fact]
    public async Task Files_that_are_not_sent_have_a_bound_and_an_end()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var fixture = await WebFixture.StartAsync(_ => [new("Larkspur:WebChat:CallsPerMinute", "100000")], clock: clock);
        var alice = await fixture.ReaderAsync();
        var ids = new List<string>();
        for (var i = 0; i < 21; i++)
        {
            var (status, file) = await UploadAsync(alice, SentFiles.Png(i), "a.png");
            Assert.Equal(201, status);
            ids.Add(file!["id"]!.GetValue<string>());
        }

        // The oldest made room: whoever took it back in the page told nobody.
        foreach (var (i, status) in ((int, int)[])[(0, 404), (1, 200), (20, 200)]) Assert.Equal((i, status), (i, (await GetAsync(fixture, alice, ids[i])).Status));
        Assert.Equal(20, (await fixture.RowsAsync("SELECT COUNT(*) FROM web_file", r => r.GetInt64(0)))[0]);

        foreach (var (minutes, left) in ((int, long)[])[(59, 20), (2, 0)])
        {
            clock.Advance(TimeSpan.FromMinutes(minutes));
            await fixture.Gateway.ForgetAsync();
            Assert.Equal(left, (await fixture.RowsAsync("SELECT COUNT(*) FROM web_file", r => r.GetInt64(0)))[0]);
        }
    }

    [Fact]
    public async Task A_long_name_keeps_its_extension_and_is_judged_by_it()
    {
        await using var fixture = await WebFixture.StartAsync();
        var alice = await fixture.ReaderAsync();
        var (status, file) = await UploadAsync(alice, [(byte)'P', (byte)'K', 3, 4, 0, 0], new string('预', 200) + ".docx");
        Assert.Equal(201, status);
        Assert.Equal(new string('预', 114) + "….docx", file!["name"]!.GetValue<string>());
        Assert.Equal("application/vnd.openxmlformats-officedocument.wordprocessingml.document", file["content_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Texts_of_Chinese_Windows_and_relatives_of_a_format_are_what_their_names_say()
    {
        await using var fixture = await WebFixture.StartAsync();
        var alice = await fixture.ReaderAsync();
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes("姓名,部门\r\n张三,研发\r\n𠮷,㐂\r\n");
        byte[] film = [0, 0, 0, 24, .. "ftypisom"u8], matroska = [0x1a, 0x45, 0xdf, 0xa3, 0x01];
        foreach (var (name, bytes, type) in ((string, byte[], string?)[])
        [
            ("people.csv", gbk, "text/csv"), ("people.txt", [.. Enumerable.Repeat(gbk, 300).SelectMany(b => b)], "text/plain"), ("cut.txt", [.. "a"u8, .. Enumerable.Repeat<byte[]>([0xd6, 0xd0], 4000).SelectMany(b => b)], "text/plain"),
            ("notes.txt", [0xff, 0xfe, .. Encoding.Unicode.GetBytes("会议纪要\r\n")], "text/plain"), ("notes.md", [0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes("# 会议")], "text/markdown"),
            ("build.log", "\u001b[31mfailed\u001b[0m\n"u8.ToArray(), "text/plain"), ("voice.m4a", film, "audio/mp4"), ("film.mp4", film, "video/mp4"), ("film.mkv", matroska, "video/x-matroska"), ("film.webm", matroska, "video/webm"),
            // By another name, or with what no text holds, they are nothing that is taken.
            ("people.dat", gbk, null), ("people", gbk, null), ("null.txt", [.. gbk, 0], null), ("wide.txt", [0xff, 0xfe, 0, 0, 65, 0], null), ("half.txt", [65, 0xd6], "text/plain"), ("bell.txt", [.. gbk, 7], null), ("voice.mp3", film, null),
        ])
        {
            var (status, file) = await UploadAsync(alice, bytes, name);
            Assert.Equal((name, type is null ? 415 : 201, type), (name, status, file!["content_type"]?.GetValue<string>()));
        }
    }

    [Fact]
    public async Task Bounds_hold_when_a_person_uploads_at_both_ends_at_once()
    {
        var address = await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync();
        await using var fixture = await WebFixture.StartAsync(_ => [new("LARKSPUR_DB", address)]);
        var database = fixture.Gateway.Services.GetRequiredService<IDatabase>();
        foreach (var (person, mostUnsent, mostBytes) in ((string, int, long)[])[("p_many", 5, 1000), ("p_much", 100, 50)])
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => database.TransactAsync(unit =>
                WebFile.AddAsync(unit, person, new WebFile(WebFile.NewId(), "a.txt", "text/plain", 10, null), new byte[10], mostUnsent, mostBytes, DateTimeOffset.UtcNow))));
            Assert.Equal((person, 5), (person, (await fixture.RowsAsync($"SELECT COUNT(*) FROM web_file WHERE person = '{person}'", r => r.GetInt64(0)))[0]));
        }

        // What came with messages makes no room.
        await database.TransactAsync(unit => unit.ExecuteAsync("UPDATE web_file SET message = 'm' WHERE person = $1", "p_much"), TestContext.Current.CancellationToken);
        Assert.False(await database.TransactAsync(unit => WebFile.AddAsync(unit, "p_much", new WebFile(WebFile.NewId(), "a.txt", "text/plain", 10, null), new byte[10], 100, 50, DateTimeOffset.UtcNow), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_large_file_on_its_way_has_no_name_that_a_killed_process_would_leave()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the system deletes it.");
        using var body = new MemoryStream(SentFiles.Png(1 << 20));
        await using var file = await SpooledFile.ReadAsync(body, null, 2 << 20, TestContext.Current.CancellationToken);
        Assert.False(File.Exists(Assert.IsType<FileStream>(file.Content).Name));
        Assert.Equal(SentFiles.Hash(body.ToArray()), SentFiles.Hash(await ReadAsync(file.Content)));
    }

    private static async Task<byte[]> ReadAsync(Stream content)
    {
        using var read = new MemoryStream();
        await content.CopyToAsync(read);
        return read.ToArray();
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

    private static async Task<(int Status, byte[] Bytes, string? Type, Dictionary<string, string> Headers)> GetAsync(WebFixture fixture, WebReader reader, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(fixture.Gateway.Address, "/chat/api/v1/files/" + id));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", reader.Token);
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request);
        var headers = answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer.Content.Headers.ContentType?.MediaType, headers);
    }
}
