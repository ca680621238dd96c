using System.Text;
using Larkspur.Gateway.Tests.Assistant;

namespace Larkspur.Gateway.Tests.DingTalk;

/// <summary>Pictures, files and voices that people send to the robot, on their way to the emulated Dify.</summary>
public sealed class DingTalkFileTests
{
    [Fact]
    public async Task A_picture_a_rich_text_and_a_file_reach_the_backend()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        var png = SentFiles.Png(4000);
        await SendAsync(fixture, "picture", png, "a.png");
        await fixture.MessageAsync(text => text.Contains("收到图片了，你想了解什么？", StringComparison.Ordinal), "what is asked about the picture");
        await fixture.SayAsync("这是谁的？");
        await fixture.AnswerAsync("**这是谁的？**（附 1 个文件）");
        await fixture.Emulator.ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = "richText", text = "Whose is it?", base64 = SentFiles.Base64(png), name = "a.png" });
        await fixture.AnswerAsync("**Whose is it?** (with 1 file)");
        var text = Encoding.UTF8.GetBytes("Minutes\n1. Budget\n");
        await SendAsync(fixture, "file", text, "minutes.md");
        await fixture.MessageAsync(text => text.Contains("Got the file. What would you like to know about it?", StringComparison.Ordinal), "what is asked about the file");
        await fixture.SayAsync("What was decided?");
        await fixture.AnswerAsync("**What was decided?** (with 1 file)");

        var files = SentFiles.Asked(fixture.Emulator).SelectMany(m => m.Files).ToList();
        Assert.Equal(["image", "image", "document"], files.Select(f => f.Type));
        Assert.Equal([SentFiles.Hash(png), SentFiles.Hash(png), SentFiles.Hash(text)], files.Select(f => f.Upload!.Sha256));
        Assert.Equal("minutes.md", files[2].Upload!.Name);
    }

    [Fact]
    public async Task A_voice_that_came_as_words_is_a_question_of_words()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        await fixture.Emulator.ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = "audio", recognition = "What is left of the budget?", base64 = SentFiles.Base64([.. "#!AMR\n"u8, 1, 2, 3]), name = "v.amr" });
        await fixture.AnswerAsync("**What is left of the budget?**.");
        Assert.Empty(Assert.Single(SentFiles.Asked(fixture.Emulator)).Files);
    }

    [Fact]
    public async Task What_is_gone_or_too_large_is_said()
    {
        await using var fixture = await DingTalkFixture.StartAsync(("Larkspur:Assistant:MaxFileBytes", "2048"), (SentFiles.AtOnce.Key, SentFiles.AtOnce.Value));
        await SendAsync(fixture, "picture", SentFiles.Png(3000), "a.png");
        var card = await fixture.CardAsync(c => c["data"]!["note"]?.GetValue<string>().Contains("未读取图片：大小超过 1 MB。", StringComparison.Ordinal) == true, "the note");
        Assert.Contains("我没能看到你发来的内容", DingTalkFixture.TextOf(card), StringComparison.Ordinal);
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/v1.0/robot/messageFiles/download", reply = 404, count = 1 });
        await SendAsync(fixture, "picture", SentFiles.Png(), "b.png");
        await fixture.CardAsync(c => c["data"]!["note"]?.GetValue<string>().Contains("未读取图片：已无法下载，请重新发送。", StringComparison.Ordinal) == true, "the second note");
        Assert.Empty(SentFiles.Asked(fixture.Emulator));
    }

    private static Task SendAsync(DingTalkFixture fixture, string type, byte[] bytes, string name) =>
        fixture.Emulator.ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = type, base64 = SentFiles.Base64(bytes), name });
}
