using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Deaths;

/// <summary>A process that dies between any two durable steps of its work: the next one does what was left, and nothing has its effect twice.</summary>
public sealed class DeathWalkTests
{
    private readonly FeishuPush _push = new();

    [Fact]
    public async Task A_persons_message_is_answered_once()
    {
        Assert.SkipWhen(GatewayApp.IsPostgres, "The next process works on a copy of the file.");
        // The same event, whoever it is pushed to.
        var (eventId, message) = (FeishuPush.NewId("ev_"), FeishuPush.Message("hello"));
        var walk = new DeathWalk(
            async gateway => (await _push.SendAsync(gateway, "im.message.receive_v1", message, eventId)).Status == 200,
            feishu =>
            {
                Assert.Single(feishu.Calls.Select(c => c.Uuid).Distinct());
                Assert.All(feishu.Calls, c => Assert.Contains("hello", c.Content, StringComparison.Ordinal));
            });
        // Recorded, handled, begun, sent; each before and after.
        Assert.InRange(await walk.GoAsync(), 8, 80);
    }

    [Fact]
    public async Task A_programs_message_is_sent_once()
    {
        Assert.SkipWhen(GatewayApp.IsPostgres, "The next process works on a copy of the file.");
        var walk = new DeathWalk(
            async gateway => (await gateway.PostRestAsync("/messages", new { to = new { chat_id = "oc_1" }, text = "paid" }, "order-7")).Status == 202,
            feishu => Assert.Single(feishu.Calls.Select(c => c.Uuid).Distinct()));
        Assert.InRange(await walk.GoAsync(), 6, 80);
    }

    [Fact]
    public async Task A_click_changes_its_card()
    {
        Assert.SkipWhen(GatewayApp.IsPostgres, "The next process works on a copy of the file.");
        const string click = """{"operator":{"open_id":"ou_bob"},"action":{"tag":"button","value":{}},"context":{"open_message_id":"om_card","open_chat_id":"oc_1"}}""";
        var eventId = FeishuPush.NewId("ev_");
        var changed = false;
        var walk = new DeathWalk(
            async gateway =>
            {
                changed = false;
                var (status, answer) = await _push.SendAsync(gateway, "url.preview.get", click, eventId);
                changed = answer.TryGetProperty("card", out _);
                return status == 200;
            },
            feishu =>
            {
                Assert.All(feishu.Calls, c => Assert.Equal(("PATCH", "om_card", """{"schema":"2.0"}"""), (c.Method, c.Target, c.Content)));
                Assert.True(changed || !feishu.Calls.IsEmpty, "Neither the answer nor a message changed the card.");
            },
            builder => builder.Services.AddSingleton(new EventRoute("feishu", "url.preview.get", (_, _) => ValueTask.FromResult(new Reaction(effects =>
            {
                effects.Answer(new CallbackAnswer { Card = """{"schema":"2.0"}""" });
                return ValueTask.FromResult(Outcome.Answered);
            })))));
        Assert.InRange(await walk.GoAsync(), 4, 80);
    }
}
