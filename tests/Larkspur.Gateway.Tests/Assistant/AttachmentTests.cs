using System.Text;
using System.Text.Json;
using Larkspur.Emulator.State;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>Pictures and files of Feishu's messages, on their way to the emulated Dify.</summary>
public sealed class AttachmentTests
{
    [Fact]
    public async Task A_picture_alone_is_a_question_and_the_backend_sees_it()
    {
        await using var fixture = await AssistantFixture.StartAsync(_ => [SentFiles.AtOnce]);
        var png = SentFiles.Png(50_000);
        await SendAsync(fixture, "image", png, "photo.png");
        await fixture.AnswerAsync("**What is this?** (with 1 file)");

        var asked = Assert.Single(SentFiles.Asked(fixture.Emulator));
        var file = Assert.Single(asked.Files);
        Assert.Equal(("image", "image/png", SentFiles.Hash(png)), (file.Type, file.Upload!.ContentType, file.Upload.Sha256));
        Assert.EndsWith(".png", file.Upload.Name, StringComparison.Ordinal);
        // Keys only, and nothing was said.
        var row = Assert.Single(await fixture.RowsAsync("SELECT question, attachments FROM assistant_turn", r => (r.GetString(0), r.GetString(1))));
        Assert.Equal("", row.Item1);
        Assert.InRange(row.Item2.Length, 10, 400);
    }

    [Fact]
    public async Task Words_with_a_picture_and_a_file_with_its_name()
    {
        await using var fixture = await AssistantFixture.StartAsync(_ => [SentFiles.AtOnce, new("Larkspur:Assistant:Masking", "mobile")]);
        var png = SentFiles.Png();
        var key = await SendAsync(fixture, "image", png, "a.png");
        await fixture.AnswerAsync("(with 1 file)");
        await PostAsync(fixture, "Whose is it?", key);
        await fixture.AnswerAsync("**Whose is it?** (with 1 file)");

        var csv = Encoding.UTF8.GetBytes("姓名,金额\n王,12\n");
        await SendAsync(fixture, "file", csv, "预算 13812345678.csv");
        await fixture.AnswerAsync("(with 1 file).\n\n- 12,000");
        await fixture.HoldsAsync(() => SentFiles.Asked(fixture.Emulator).Count == 3);
        var last = SentFiles.Asked(fixture.Emulator).Single(m => m.Files.Any(f => f.Type == "document"));
        Assert.Equal("What does this say? Please summarise it.", last.Query);
        Assert.Equal(("text/csv", SentFiles.Hash(csv)), (last.Files[0].Upload!.ContentType, last.Files[0].Upload!.Sha256));
        Assert.DoesNotContain("13812345678", last.Files[0].Upload!.Name, StringComparison.Ordinal);
        Assert.StartsWith("预算", last.Files[0].Upload!.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_takes_no_pictures_answers_the_words_and_says_so()
    {
        await using var fixture = await AssistantFixture.StartAsync(_ => [SentFiles.AtOnce, new("DIFY_API_KEY", "app-emulator-text")]);
        var key = await SendAsync(fixture, "image", SentFiles.Png(), "a.png");
        var alone = await fixture.UntilAsync(m => m.Card?.Json.Contains("I could not look at what you sent", StringComparison.Ordinal) == true);
        Assert.Contains("The picture was not read: this assistant does not look at pictures.", alone.Card!.Json, StringComparison.Ordinal);
        Assert.Contains("asst:again", alone.Card.Json, StringComparison.Ordinal);

        await PostAsync(fixture, "Whose is it?", key);
        var answer = await fixture.AnswerAsync("**Whose is it?**.");
        Assert.Contains("this assistant does not look at pictures", answer.Card!.Json, StringComparison.Ordinal);
        Assert.Equal(["failed no_file", "finished "], await EndingsAsync(fixture));
        // What nobody takes is not even downloaded.
        Assert.DoesNotContain(fixture.Emulator.State.Inspector.Calls(), c => c.Path.Contains("/resources/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_too_large_or_too_many_is_named_and_the_rest_is_answered()
    {
        await using var fixture = await AssistantFixture.StartAsync(_ => [SentFiles.AtOnce, new("Larkspur:Assistant:MaxFileBytes", "2048"), new("Larkspur:Assistant:MaxFiles", "1")]);
        var large = await SendAsync(fixture, "image", SentFiles.Png(5000), "large.png");
        await fixture.UntilAsync(m => m.Card?.Json.Contains("it is larger than 1 MB", StringComparison.Ordinal) == true);
        var small = await SendAsync(fixture, "image", SentFiles.Png(10), "small.png");
        await fixture.AnswerAsync("**What is this?** (with 1 file)");
        var other = await SendAsync(fixture, "image", SentFiles.Png(20), "other.png");
        await fixture.HoldsAsync(() => SentFiles.Asked(fixture.Emulator).Count == 2);

        await PostAsync(fixture, "All three?", large, small, other);
        var answer = await fixture.AnswerAsync("**All three?** (with 1 file)");
        Assert.Contains("it is larger than", answer.Card!.Json, StringComparison.Ordinal);
        Assert.Contains("at most 1 files are taken at once", answer.Card.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_fetched_is_said_and_asking_again_reads_it()
    {
        await using var fixture = await AssistantFixture.StartAsync(_ => [SentFiles.AtOnce]);
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages/*/resources/*", reply = 400, code = 234003, count = 1 });
        await SendAsync(fixture, "image", SentFiles.Png(), "a.png");
        var card = await fixture.UntilAsync(m => m.Card?.Json.Contains("it is not there any more", StringComparison.Ordinal) == true && m.Card.Json.Contains("asst:again", StringComparison.Ordinal));
        await fixture.ClickAsync(card.MessageId, "🔄 Ask again");
        await fixture.AnswerAsync("**What is this?** (with 1 file)");
        Assert.Equal(["failed no_file", "finished "], await EndingsAsync(fixture));
    }

    [Fact]
    public async Task A_route_may_keep_files_to_itself()
    {
        await using var fixture = await AssistantFixture.StartAsync(_ =>
        [
            SentFiles.AtOnce, new("Larkspur:Assistant:Routes:0:Name", "default"), new("Larkspur:Assistant:Routes:0:Backend", "default"), new("Larkspur:Assistant:Routes:0:Attachments", "false"),
        ]);
        var key = await SendAsync(fixture, "image", SentFiles.Png(), "a.png");
        await fixture.UntilAsync(m => m.Card?.Json.Contains("files are not passed on to this assistant", StringComparison.Ordinal) == true);
        await PostAsync(fixture, "And now?", key);
        await fixture.AnswerAsync("**And now?**.");
        Assert.All(SentFiles.Asked(fixture.Emulator), m => Assert.Empty(m.Files));
    }

    [Fact]
    public async Task A_picture_alone_goes_to_the_backend_that_looks_at_it()
    {
        await using var fixture = await AssistantFixture.StartAsync(e =>
        [
            SentFiles.AtOnce, new("DIFY_API_KEY", null), new("DIFY_BASE_URL", null),
            .. AssistantFixture.Backend("default", "app-emulator-text", e), .. AssistantFixture.Backend("seeing", "app-emulator-key", e), new("Larkspur:Assistant:Backends:default:Fallback", "seeing"),
        ]);
        await SendAsync(fixture, "image", SentFiles.Png(), "a.png");
        await fixture.AnswerAsync("**What is this?** (with 1 file)");
        Assert.Equal(["seeing"], await fixture.RowsAsync("SELECT backend FROM assistant_turn", r => r.GetString(0)));
    }

    [Fact]
    public async Task A_file_of_a_type_that_the_app_does_not_read_is_named()
    {
        await using var fixture = await AssistantFixture.StartAsync(_ => [SentFiles.AtOnce]);
        await SendAsync(fixture, "file", [0, 1, 2, 3, 255, 254], "tool.exe");
        await fixture.UntilAsync(m => m.Card?.Json.Contains("tool.exe was not read: this assistant cannot read files of this type.", StringComparison.Ordinal) == true);
        Assert.Empty(SentFiles.Asked(fixture.Emulator));
    }

    /// <returns>The key of the picture.</returns>
    private static async Task<string> SendAsync(AssistantFixture fixture, string type, byte[] bytes, string name)
    {
        var sent = await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", msg_type = type, base64 = SentFiles.Base64(bytes), name });
        var content = fixture.Emulator.State.Message(sent["message_id"]!.GetValue<string>())!.Content;
        using var json = JsonDocument.Parse(content);
        return json.RootElement.GetProperty(type == "image" ? "image_key" : "file_key").GetString()!;
    }

    private static Task PostAsync(AssistantFixture fixture, string text, params string[] images) => fixture.Emulator.ActAsync(new
    {
        @as = "alice", @do = "send", msg_type = "post",
        content = new { zh_cn = new { title = "", content = (object[])[new object[] { new { tag = "text", text } }, .. images.Select(key => new object[] { new { tag = "img", image_key = key } })] } },
    });

    private static Task<List<string>> EndingsAsync(AssistantFixture fixture) => fixture.RowsAsync("SELECT ending, reason FROM assistant_turn ORDER BY id", r => $"{r.GetString(0)} {(r.IsDBNull(1) ? "" : r.GetString(1))}");
}
