using System.Text;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>The bot by callback, at the same address as the application.</summary>
public sealed class PolledBotTests
{
    [Fact]
    public async Task The_platform_polls_a_stream_until_its_exact_end()
    {
        await using var house = await WeComHouse.StartAsync(WeComHouse.Polled);
        var assistant = house.Assistant;
        var goOn = new TaskCompletionSource();
        assistant.Script = async (message, answer) =>
        {
            answer.Append("正在查");
            await goOn.Task;
            await assistant.FinishAsync(answer, new AnswerEnd("查到了：4711 已批准。") { Buttons = ScriptedAssistant.Buttons(message) });
        };

        await house.SayAsync("查一下 4711");
        await house.WaitAsync("aibot", all => all.Any(m => WeComHouse.TextOf(m) == "正在查"), "a frame");
        goOn.SetResult();

        var written = await house.WaitAsync("aibot", all => all.Count == 2 && all.Any(WeComHouse.IsFinished), "the end with its card");
        Assert.Equal("查到了：4711 已批准。", WeComHouse.TextOf(written.Single(WeComHouse.IsFinished)));
        // Polls are no events, and a thumb finds its turn by the stream.
        Assert.Equal(1, (await house.Gateway.InboxAsync((await house.StateAsync())["messages"]!.AsArray().Single(m => m!["text"]!.GetValue<string>() == "查一下 4711")!["msgid"]!.GetValue<string>())).GetProperty("processed").GetInt32());
        await house.Gateway.CountsAsync(1, "larkspur_ingress_accepted_total");
        await house.ActAsync(new { platform = "wecom", @as = "alice", @do = "feedback", message_id = written.Single(WeComHouse.IsFinished)["message_id"]!.GetValue<string>(), rating = "good" });
        await house.UntilAsync(() => Task.FromResult(assistant.Deeds.Any(d => d.Deed == new AnswerDeed(DeedKind.Helpful, ScriptedAssistant.TurnOf(assistant.Messages.Single())))), "the thumb");
    }

    [Fact]
    public async Task Words_said_at_once_end_the_stream_too()
    {
        await using var house = await WeComHouse.StartAsync(WeComHouse.Polled);
        house.Assistant.Says = _ => new UnifiedResponse("这是帮助。");
        await house.SayAsync("/help");
        var written = await house.WaitAsync("aibot", all => all.Any(WeComHouse.IsFinished), "the words");
        Assert.Equal("这是帮助。", WeComHouse.TextOf(Assert.Single(written)));
    }

    [Fact]
    public async Task What_does_not_fit_follows_by_the_response_address()
    {
        var text = string.Join("\n\n", Enumerable.Range(1, 120).Select(n => $"第 {n} 段：{new string('长', 80)}。"));
        await using var house = await WeComHouse.StartAsync(WeComHouse.Polled);
        var assistant = house.Assistant;
        assistant.Script = (_, answer) => assistant.FinishAsync(answer, new AnswerEnd(text));
        await house.SayAsync("长文");
        var written = await house.WaitAsync("aibot", all => all.Count == 2 && WeComHouse.IsFinished(all[0]), "the second message");
        Assert.Equal(text, string.Join("\n\n", written.Select(WeComHouse.TextOf)));
        Assert.All(written, m => Assert.True(Encoding.UTF8.GetByteCount(WeComHouse.TextOf(m)) <= 20_480));
    }
}
