using Larkspur.Gateway.Channels.Conversations;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>The bot over its long connection.</summary>
public sealed class BotAnswerTests
{
    [Fact]
    public async Task A_question_is_answered_in_a_stream_that_ends_exact()
    {
        await using var house = await WeComHouse.StartAsync();
        var assistant = house.Assistant;
        assistant.Script = async (message, answer) =>
        {
            answer.Append("采购单 4711 ");
            answer.Append("等待 **Bob** 审批。");
            await assistant.FinishAsync(answer, new AnswerEnd("采购单 4711 等待 **Bob** 审批。") { Note = "来源：ERP" });
        };

        await house.SayAsync("4711 到哪一步了？");

        var written = await house.WaitAsync("aibot", all => all.Any(WeComHouse.IsFinished), "the end of the stream");
        Assert.Equal("采购单 4711 等待 **Bob** 审批。\n\n> 来源：ERP", WeComHouse.TextOf(Assert.Single(written)));
        var asked = Assert.Single(assistant.Messages);
        Assert.Equal(("wecom", "default", "alice", false, "4711 到哪一步了？"), (asked.Platform, asked.App, asked.ChatId, asked.IsGroup, asked.Text));
        Assert.Equal(new Larkspur.Gateway.People.Identities.PlatformIdentity("wecom", WeComHouse.Corp.CorpId, "userid", "alice"), asked.Sender.Ids[0]);
    }

    [Fact]
    public async Task A_message_to_the_application_is_answered_in_pieces_that_fit()
    {
        await using var house = await WeComHouse.StartAsync(WeComHouse.Application);
        var assistant = house.Assistant;
        var text = string.Join("\n\n", Enumerable.Range(1, 40).Select(n => $"第 {n} 段：{new string('言', 60)}"));
        assistant.Script = (message, answer) => assistant.FinishAsync(answer, new AnswerEnd(text) { Buttons = ScriptedAssistant.Buttons(message) });

        await house.SayAsync("写长一点", to: "app");

        var written = await house.WaitAsync("app", all => all.Any(m => m["msgtype"]!.GetValue<string>() == "template_card"), "the buttons");
        var pieces = written.Where(m => m["msgtype"]!.GetValue<string>() == "markdown").Select(WeComHouse.TextOf).ToArray();
        Assert.Equal(text, string.Join("\n\n", pieces));
        Assert.True(pieces.Length > 1);
        Assert.All(pieces, p => Assert.True(System.Text.Encoding.UTF8.GetByteCount(p) <= 2048));
        Assert.Equal("写长一点", Assert.Single(assistant.Messages).Text);
    }
}
