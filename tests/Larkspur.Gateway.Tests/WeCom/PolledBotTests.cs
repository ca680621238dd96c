using System.Text;
using Larkspur.Gateway.Conversations;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>The bot by callback, at the same address as the application.</summary>
public sealed class PolledBotTests
{
    [Fact]
    public async Task The_platform_polls_a_stream_until_its_exact_end()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.Polled);
        var assistant = fixture.Assistant;
        var goOn = new TaskCompletionSource();
        assistant.Script = async (message, answer) =>
        {
            answer.Append("正在查");
            await goOn.Task;
            await assistant.FinishAsync(answer, new AnswerEnd("查到了：4711 已批准。") { Buttons = ScriptedAssistant.Buttons(message) });
        };

        await fixture.SayAsync("查一下 4711");
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m) == "正在查"), "a frame");
        goOn.SetResult();

        var written = await fixture.WaitAsync("aibot", all => all.Count == 2 && all.Any(WeComFixture.IsFinished), "the end with its card");
        Assert.Equal("查到了：4711 已批准。", WeComFixture.TextOf(written.Single(WeComFixture.IsFinished)));
        // Polls are no events, and a thumb finds its turn by the stream.
        Assert.Equal(1, (await fixture.Gateway.InboxAsync((await fixture.StateAsync())["messages"]!.AsArray().Single(m => m!["text"]!.GetValue<string>() == "查一下 4711")!["msgid"]!.GetValue<string>())).GetProperty("processed").GetInt32());
        await fixture.Gateway.CountsAsync(1, "larkspur_ingress_accepted_total");
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "feedback", message_id = written.Single(WeComFixture.IsFinished)["message_id"]!.GetValue<string>(), rating = "good" });
        await fixture.UntilAsync(() => Task.FromResult(assistant.Actions.Any(d => d.Action == new AnswerAction(AnswerActionKind.Helpful, ScriptedAssistant.TurnOf(assistant.Messages.Single())))), "the thumb");
    }

    [Fact]
    public async Task Words_said_at_once_end_the_stream_too()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.Polled);
        fixture.Assistant.Says = _ => new UnifiedResponse("这是帮助。");
        await fixture.SayAsync("help me");
        var written = await fixture.WaitAsync("aibot", all => all.Any(WeComFixture.IsFinished), "the words");
        Assert.Equal("这是帮助。", WeComFixture.TextOf(Assert.Single(written)));
    }

    [Fact]
    public async Task What_does_not_fit_follows_by_the_response_address()
    {
        var text = string.Join("\n\n", Enumerable.Range(1, 120).Select(n => $"第 {n} 段：{new string('长', 80)}。"));
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.Polled);
        var assistant = fixture.Assistant;
        assistant.Script = (_, answer) => assistant.FinishAsync(answer, new AnswerEnd(text));
        await fixture.SayAsync("长文");
        var written = await fixture.WaitAsync("aibot", all => all.Count == 2 && WeComFixture.IsFinished(all[0]), "the second message");
        Assert.Equal(text, string.Join("\n\n", written.Select(WeComFixture.TextOf)));
        Assert.All(written, m => Assert.True(Encoding.UTF8.GetByteCount(WeComFixture.TextOf(m)) <= 20_480));
    }
}
