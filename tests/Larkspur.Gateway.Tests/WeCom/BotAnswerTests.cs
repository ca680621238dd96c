using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>The bot over its long connection.</summary>
public sealed class BotAnswerTests
{
    [Fact]
    public async Task A_question_is_answered_in_a_stream_that_ends_exact()
    {
        await using var fixture = await WeComFixture.StartAsync();
        var assistant = fixture.Assistant;
        assistant.Script = async (message, answer) =>
        {
            answer.Append("采购单 4711 ");
            answer.Append("等待 **Bob** 审批。");
            await assistant.FinishAsync(answer, new AnswerEnd("采购单 4711 等待 **Bob** 审批。") { Note = "来源：ERP" });
        };

        await fixture.SayAsync("4711 到哪一步了？");

        var written = await fixture.WaitAsync("aibot", all => all.Any(WeComFixture.IsFinished), "the end of the stream");
        Assert.Equal("采购单 4711 等待 **Bob** 审批。\n\n> 来源：ERP", WeComFixture.TextOf(Assert.Single(written)));
        var asked = Assert.Single(assistant.Messages);
        Assert.Equal(("wecom", "default", "alice", false, "4711 到哪一步了？"), (asked.Platform, asked.App, asked.ChatId, asked.IsGroup, asked.Text));
        Assert.Equal(new Larkspur.Gateway.People.Identities.PlatformIdentity("wecom", WeComFixture.Corp.CorpId, "userid", "alice"), asked.Sender.Ids[0]);
    }

    [Fact]
    public async Task A_message_to_the_application_is_answered_in_pieces_that_fit()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.Application);
        var assistant = fixture.Assistant;
        var text = string.Join("\n\n", Enumerable.Range(1, 40).Select(n => $"第 {n} 段：{new string('言', 60)}"));
        assistant.Script = (message, answer) => assistant.FinishAsync(answer, new AnswerEnd(text) { Buttons = ScriptedAssistant.Buttons(message) });

        await fixture.SayAsync("写长一点", to: "app");

        var written = await fixture.WaitAsync("app", all => all.Any(m => m["msgtype"]!.GetValue<string>() == "template_card"), "the buttons");
        var pieces = written.Where(m => m["msgtype"]!.GetValue<string>() == "markdown").Select(WeComFixture.TextOf).ToArray();
        Assert.Equal(text, string.Join("\n\n", pieces));
        Assert.True(pieces.Length > 1);
        Assert.All(pieces, p => Assert.True(System.Text.Encoding.UTF8.GetByteCount(p) <= 2048));
        Assert.Equal("写长一点", Assert.Single(assistant.Messages).Text);
    }
}
