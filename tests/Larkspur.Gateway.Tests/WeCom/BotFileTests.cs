using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Assistant;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>Pictures and files that people send in WeCom, on their way to the emulated Dify.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class BotFileTests
{
    [Fact]
    public async Task A_bots_picture_is_decrypted_and_seen_and_its_address_and_key_are_kept_from_every_row()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.AtOnce(WeComFixture.WithDify), scripted: false);
        var png = SentFiles.Png(3000);
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "send", to = "aibot", msg_type = "image", base64 = SentFiles.Base64(png), name = "a.png" });
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.IsFinished(m) && WeComFixture.TextOf(m).Contains("**这是什么？**（附 1 个文件）", StringComparison.Ordinal)), "the answer");
        Assert.Equal(SentFiles.Hash(png), Assert.Single(Assert.Single(SentFiles.Asked(fixture.Emulator)).Files).Upload!.Sha256);

        var rows = await TextsAsync(fixture, "SELECT attachments FROM assistant_turn", "SELECT reply FROM assistant_turn", "SELECT CAST(payload AS TEXT) FROM inbox");
        Assert.DoesNotContain("aibot/file", rows, StringComparison.Ordinal);
        Assert.DoesNotContain("aeskey", rows, StringComparison.Ordinal);
        Assert.Contains("sealed.invalid", rows, StringComparison.Ordinal);
        Assert.DoesNotContain("aibot/file", fixture.Gateway.Logs.Text, StringComparison.Ordinal);

        // The address is good for five minutes.
        var written = await fixture.WaitAsync("aibot", all => all.Any(m => m["card"] is not null), "the buttons");
        await fixture.Emulator.AdvanceAsync(TimeSpan.FromMinutes(6));
        var card = written.Single(m => m["card"] is not null);
        var again = card["card"]!["button_list"]!.AsArray().Select(b => b!["key"]!.GetValue<string>()).Single(k => k.StartsWith("asst:again:", StringComparison.Ordinal));
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "click", message_id = card["message_id"]!.GetValue<string>(), key = again });
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains("未读取图片：已无法下载，请重新发送。", StringComparison.Ordinal)), "the note");
    }

    [Fact]
    public async Task A_bots_picture_by_callback_is_opened_with_the_bots_key()
    {
        await using var fixture = await WeComFixture.StartAsync(platform =>
        {
            var settings = WeComFixture.WithDify(platform);
            settings.Remove("WECOM_AIBOT_SECRET");
            return settings;
        }, scripted: false);
        var png = SentFiles.Png(700);
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "send", to = "aibot", msg_type = "mixed", text = "Whose is it?", base64 = SentFiles.Base64(png), name = "a.png" });
        await fixture.UntilAsync(() => Task.FromResult(SentFiles.Asked(fixture.Emulator).Count == 1), "the question");
        var asked = SentFiles.Asked(fixture.Emulator)[0];
        Assert.Equal(("Whose is it?", SentFiles.Hash(png)), (asked.Query, Assert.Single(asked.Files).Upload!.Sha256));
        Assert.DoesNotContain("aibot/file", await TextsAsync(fixture, "SELECT attachments FROM assistant_turn", "SELECT CAST(payload AS TEXT) FROM inbox"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_points_at_comes_along_words_and_pictures_and_a_pictures_address_is_sealed()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.AtOnce(WeComFixture.WithDify), scripted: false);
        var png = SentFiles.Png(1200);
        var picture = await fixture.ActAsync(new { platform = "wecom", @as = "bob", @do = "send", to = "aibot", msg_type = "image", base64 = SentFiles.Base64(png), name = "a.png" });
        await fixture.UntilAsync(() => Task.FromResult(SentFiles.Asked(fixture.Emulator).Count == 1), "bob's own question");
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "send", to = "aibot", text = "图里是什么？", reply_to = picture["message_id"]!.GetValue<string>() });
        await fixture.UntilAsync(() => Task.FromResult(SentFiles.Asked(fixture.Emulator).Count == 2), "the question on the picture");
        var seen = SentFiles.Asked(fixture.Emulator)[1];
        Assert.Equal(("图里是什么？", SentFiles.Hash(png)), (seen.Query, Assert.Single(seen.Files).Upload!.Sha256));
        Assert.DoesNotContain("aibot/file", await TextsAsync(fixture, "SELECT COALESCE(quoted, '') FROM assistant_turn", "SELECT CAST(payload AS TEXT) FROM inbox"), StringComparison.Ordinal);

        var words = await fixture.ActAsync(new { platform = "wecom", @as = "bob", @do = "send", to = "aibot", text = "发薪日是25号" });
        await fixture.UntilAsync(() => Task.FromResult(SentFiles.Asked(fixture.Emulator).Count == 3), "bob's other question");
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "send", to = "aibot", text = "翻译成英文", reply_to = words["message_id"]!.GetValue<string>() });
        await fixture.UntilAsync(() => Task.FromResult(SentFiles.Asked(fixture.Emulator).Count == 4), "the question on the words");
        Assert.Matches("^翻译成英文\n\n用户回复的消息如下。[^\n]*\n<message-[0-9a-f]{24}>\n发薪日是25号\n</message-", SentFiles.Asked(fixture.Emulator)[3].Query);
    }

    [Fact]
    public async Task An_applications_picture_is_read_by_its_media_id()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.AtOnce(WeComFixture.WithDify), scripted: false);
        var png = SentFiles.Png(900);
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "send", to = "app", msg_type = "image", base64 = SentFiles.Base64(png), name = "a.png" });
        await fixture.WaitAsync("app", all => all.Any(m => WeComFixture.TextOf(m).Contains("（附 1 个文件）", StringComparison.Ordinal)), "the answer");
        Assert.Equal(SentFiles.Hash(png), Assert.Single(Assert.Single(SentFiles.Asked(fixture.Emulator)).Files).Upload!.Sha256);

        // A video is not for this app of Dify's, and is not downloaded.
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "send", to = "app", msg_type = "video", base64 = SentFiles.Base64([0, 0, 0, 24, .. "ftypmp42"u8, 0, 0, 0, 0, 0, 0]), name = "a.mp4" });
        await fixture.WaitAsync("app", all => all.Any(m => WeComFixture.TextOf(m).Contains("未读取视频：这个助手看不了视频。", StringComparison.Ordinal)), "the note");
        Assert.Single(SentFiles.Asked(fixture.Emulator));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/hidden-place")]
    [InlineData("https://127.0.0.1:1/hidden-place")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::1]:1/hidden-place")]
    public async Task An_address_within_the_companys_own_network_is_not_asked(string url)
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.AtOnce(WeComFixture.WithDify), scripted: false);
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "push", new
        {
            platform = "wecom-aibot", transport = "aibot", type = "image",
            @event = new { from = new { userid = "alice" }, image = new { url, aeskey = Convert.ToBase64String(new byte[32]) } },
        });
        var database = fixture.Gateway.Services.GetRequiredService<IDatabase>();
        await fixture.UntilAsync(async () => (await database.ReadAsync(sql => sql.QueryAsync("SELECT reason FROM assistant_turn WHERE state = 1", r => r.GetString(0)))).Contains("no_file"), "the end of the turn");
        Assert.Contains(fixture.Gateway.Logs.Lines, l => l.Message.Contains("was not read (NotAllowed)", StringComparison.Ordinal));
        Assert.DoesNotContain("hidden-place", fixture.Gateway.Logs.Text, StringComparison.Ordinal);
    }

    /// <summary>By callback the platform shows that an answer comes until there is one, so each picture is answered; over the connection those that come together are answered once.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pictures_alone_wait_for_the_question_about_them(bool polled)
    {
        await using var fixture = await WeComFixture.StartAsync(polled ? WeComFixture.PolledWithDify : WeComFixture.WithDify, scripted: false);
        byte[][] pictures = [SentFiles.Png(500), SentFiles.Png(600)];
        foreach (var png in pictures)
        {
            await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "send", to = "aibot", msg_type = "image", base64 = SentFiles.Base64(png), name = "a.png" });
            var asked = await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains("收到", StringComparison.Ordinal)), "what is asked about the picture");
            Assert.Equal("收到图片了，你想了解什么？（5 分钟内直接提问即可）", WeComFixture.TextOf(asked[0]));
        }

        if (polled) await fixture.WaitAsync("aibot", all => all.Count == 2 && WeComFixture.TextOf(all[1]).StartsWith("已收到 2 个图片或文件", StringComparison.Ordinal) && all.All(WeComFixture.IsFinished), "what is asked about both");
        await fixture.SayAsync("这两张图是谁的？");
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.IsFinished(m) && WeComFixture.TextOf(m).Contains("**这两张图是谁的？**（附 2 个文件）", StringComparison.Ordinal)), "the answer");
        Assert.Equal(pictures.Select(SentFiles.Hash).Order(), Assert.Single(SentFiles.Asked(fixture.Emulator)).Files.Select(f => f.Upload!.Sha256).Order());
        Assert.Equal(polled ? 2 : 1, (await fixture.WrittenAsync()).Count(m => WeComFixture.TextOf(m).Contains("收到", StringComparison.Ordinal)));
        Assert.DoesNotContain("aibot/file", await TextsAsync(fixture, "SELECT attachments FROM assistant_waiting_file"), StringComparison.Ordinal);
    }

    private static async Task<string> TextsAsync(WeComFixture fixture, params string[] queries)
    {
        var database = fixture.Gateway.Services.GetRequiredService<IDatabase>();
        var texts = new List<string>();
        foreach (var query in queries)
        {
            var text = Testing.GatewayApp.IsPostgres ? query.Replace("CAST(payload AS TEXT)", "convert_from(payload, 'UTF8')", StringComparison.Ordinal) : query;
            texts.AddRange(await database.ReadAsync(sql => sql.QueryAsync(text, r => r.IsDBNull(0) ? "" : r.GetString(0))));
        }

        return string.Join('\n', texts);
    }
}
