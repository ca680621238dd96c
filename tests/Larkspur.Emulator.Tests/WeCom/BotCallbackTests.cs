using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.WeCom;

public sealed class BotCallbackTests : WeComTest
{
    [Fact]
    public async Task A_response_address_is_good_once_within_the_hour()
    {
        await using var receiver = await StartReceiverAsync();
        await SayAsync("hi");
        var url = Text((await receiver.NextAsync()).Json, "response_url");
        Assert.Equal(40008, Code(await PostAsync(url, new { msgtype = "text" })));
        Assert.Equal(0, Code(await PostAsync(url, new { msgtype = "markdown", markdown = new { content = "later" } })));
        Assert.Equal(60140, Code(await PostAsync(url, new { msgtype = "markdown", markdown = new { content = "again" } })));
        await SayAsync("hi");
        var late = Text((await receiver.NextAsync()).Json, "response_url");
        await Emulator.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(60140, Code(await PostAsync(late, new { msgtype = "markdown", markdown = new { content = "late" } })));
        Assert.DoesNotContain("response_code=" + url.Split('=')[1], (await Emulator.ControlAsync(HttpMethod.Get, "calls")).ToJsonString() + (await Emulator.ControlAsync(HttpMethod.Get, "pushes")).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_answers_of_one_person_may_be_open_and_a_window_closes_after_six_minutes()
    {
        await using var receiver = await StartReceiverAsync();
        receiver.Answer = r => (200, receiver.JsonReply($$"""{"msgtype":"stream","stream":{"id":"{{(r.Json["stream"] as JsonObject)?["id"]?.GetValue<string>() ?? Text(r.Json, "msgid")}}","finish":false,"content":"…"} }"""));
        for (var i = 0; i < 3; i++)
        {
            await SayAsync($"{i}");
            await OutcomeAsync($"{i}");
        }

        await SayAsync("fourth");
        Assert.Contains("still open", await OutcomeAsync("fourth"), StringComparison.Ordinal);
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(6));
        using var watch = Emulator.State.Watch();
        using var timer = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await MessagesAsync("aibot_alice")).Count(m => m["stream"]?["expired"]?.GetValue<bool>() == true) < 3) await watch.Changes.ReadAsync(timer.Token);
    }

    [Fact]
    public async Task An_event_is_sent_once_and_its_answer_updates_the_card()
    {
        await using var receiver = await StartReceiverAsync();
        receiver.Answer = r => Text(r.Json, "msgtype") == "event"
            ? (200, receiver.JsonReply("""{"response_type":"update_template_card","template_card":{"card_type":"text_notice","task_id":"t1","main_title":{"title":"done"},"card_action":{"type":0}}}"""))
            : (200, receiver.JsonReply("""{"msgtype":"template_card","template_card":{"card_type":"button_interaction","main_title":{"title":"t"},"task_id":"t1","button_list":[{"text":"a","key":"k"}]}}"""));
        await SayAsync("card");
        await OutcomeAsync("card");
        var pressed = await ActAsync(new { platform = "wecom", @as = "alice", @do = "click", to = "aibot" });
        Assert.True(pressed["card_changed"]!.GetValue<bool>(), pressed.ToJsonString());
        receiver.Answer = _ => (500, "");
        var entered = await ActAsync(new { platform = "wecom", @as = "alice", @do = "enter", to = "aibot" });
        Assert.Equal(500, entered["status"]!.GetValue<int>());
        var events = (await Emulator.ControlAsync(HttpMethod.Get, "pushes"))["pushes"]!.AsArray().Where(p => p!["type"]!.GetValue<string>() == "enter_chat");
        Assert.Single(events);
    }

    [Fact]
    public async Task A_forged_answer_shows_nothing_and_an_event_can_be_pushed_by_hand()
    {
        await using var receiver = await StartReceiverAsync();
        receiver.Answer = _ => (200, receiver.JsonReply("""{"msgtype":"text"}""").Replace("\"n1\"", "\"n2\"", StringComparison.Ordinal));
        await SayAsync("hi");
        Assert.Contains("signature", await OutcomeAsync("hi"), StringComparison.Ordinal);
        await receiver.NextAsync();
        receiver.Answer = _ => (200, receiver.JsonReply("""{"msgtype":"stream","stream":{"id":"s","finish":true,"content":"pushed"}}"""));
        var pushed = await Emulator.ControlAsync(HttpMethod.Post, "push", new { platform = "wecom-aibot", transport = "webhook", callbackUrl = receiver.Url, type = "text", @event = new { msgid = "m-77", text = new { content = "x" } } });
        Assert.Contains("pushed", Text(pushed, "reply"), StringComparison.Ordinal);
        Assert.Equal("m-77", Text((await receiver.NextAsync()).Json, "msgid"));
    }

    private Task SayAsync(string text) => ActAsync(new { platform = "wecom", @as = "alice", @do = "send", text, to = "aibot" });

    private async Task<string> OutcomeAsync(string text)
    {
        using var watch = Emulator.State.Watch();
        using var timer = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var outcome = Text((await MessagesAsync("aibot_alice")).Last(m => Text(m, "text") == text), "outcome");
            if (outcome.Length > 0) return outcome;
            await watch.Changes.ReadAsync(timer.Token);
        }
    }

    private async Task<WeComReceiver> StartReceiverAsync()
    {
        var receiver = await WeComReceiver.StartAsync();
        await ActAsync(new { platform = "wecom", @do = "set_callback", of = "aibot", url = receiver.Url, verify = false });
        return receiver;
    }
}
