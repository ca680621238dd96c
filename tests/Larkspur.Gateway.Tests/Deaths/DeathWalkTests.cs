using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Tests.Callbacks;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Notifications;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Deaths;

/// <summary>
/// A process that dies between any two durable steps of its work: the next one does what was left, and nothing has its effect twice.
/// </summary>
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
            async gateway =>
            {
                var message = new { to = new { chat_id = "oc_1" }, text = "paid" };
                return (await gateway.PostRestAsync("/messages", message, "order-7")).Status == 202;
            },
            feishu => Assert.Single(feishu.Calls.Select(c => c.Uuid).Distinct()));
        Assert.InRange(await walk.GoAsync(), 6, 80);
    }

    [Fact]
    public async Task An_event_is_forwarded_under_one_id()
    {
        Assert.SkipWhen(GatewayApp.IsPostgres, "The next process works on a copy of the file.");
        await using var erp = await CallbackReceiver.StartAsync();
        var eventId = FeishuPush.NewId("ev_");
        var walk = new DeathWalk(
            async gateway => (await _push.SendAsync(gateway, "larkspur.probe_v1", """{"note":"hello"}""", eventId)).Status == 200,
            _ =>
            {
                // The receiver knows a repeat by it.
                Assert.Single(erp.Calls.Select(c => c.Id).Distinct());
                Assert.All(erp.Calls, c => Assert.Contains(eventId, c.Text, StringComparison.Ordinal));
                erp.Calls.Clear();
            },
            settings: erp.Settings());
        Assert.InRange(await walk.GoAsync(), 8, 80);
    }

    [Fact]
    public async Task A_notification_comes_as_one_card()
    {
        Assert.SkipWhen(GatewayApp.IsPostgres, "The next process works on a copy of the file.");
        var requisition = NoticeHouse.Requisition("PR-7", new JsonObject { ["open_id"] = "ou_bob" });
        requisition["variables"]!["applicant"] = new JsonObject { ["open_id"] = "ou_alice" };
        var walk = new DeathWalk(
            async gateway =>
            {
                var answer = await gateway.PostRestAsync("/notifications", requisition.ToJsonString(), "order-7");
                Assert.True(answer.Status == 202, answer.ToString());
                return true;
            },
            feishu =>
            {
                Assert.Single(feishu.Calls.Select(c => c.Uuid).Distinct());
                Assert.All(feishu.Calls, c => Assert.Contains("Laptops", c.Content, StringComparison.Ordinal));
            },
            prepare: gateway => gateway.Services.GetRequiredService<ISettings>().ChangeAsync(Actor.System,
                new Dictionary<string, string?> { [FeishuIntegration.Enabled] = "true", [FeishuIntegration.NotifyOnPr] = "true" }));
        Assert.InRange(await walk.GoAsync(), 6, 80);
    }

    [Fact]
    public async Task A_click_changes_its_card()
    {
        Assert.SkipWhen(GatewayApp.IsPostgres, "The next process works on a copy of the file.");
        const string click = """
            {"operator":{"open_id":"ou_bob"},"action":{"tag":"button","value":{}},
             "context":{"open_message_id":"om_card","open_chat_id":"oc_1"}}
            """;
        var eventId = FeishuPush.NewId("ev_");
        // A request of a life that is over may end late: it only ever adds.
        var answers = 0;
        var walk = new DeathWalk(
            async gateway =>
            {
                var (status, answer) = await _push.SendAsync(gateway, "url.preview.get", click, eventId);
                if (answer.TryGetProperty("card", out _)) Interlocked.Increment(ref answers);
                return status == 200;
            },
            feishu =>
            {
                Assert.All(feishu.Calls, c => Assert.Equal(("PATCH", "om_card", CardAnswers.Card), (c.Method, c.Target, c.Content)));
                Assert.True(Interlocked.Exchange(ref answers, 0) > 0 || !feishu.Calls.IsEmpty, "Neither the answer nor a message changed the card.");
            },
            CardAnswers.AnswerWithCard);
        Assert.InRange(await walk.GoAsync(), 4, 80);
    }
}
