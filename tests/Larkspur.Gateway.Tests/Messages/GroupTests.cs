using System.Text.Json;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Messages;

/// <summary>A group that is lost takes what is queued for it along; what happens in groups can be heard of.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class GroupTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Theory]
    [InlineData("im.chat.member.bot.deleted_v1", "bot_removed")]
    [InlineData("im.chat.disbanded_v1", "chat_disbanded")]
    public async Task What_is_queued_for_a_lost_group_ends_at_once_and_other_chats_are_served(string type, string reason)
    {
        _feishu.Fault = call => call.Target == "oc_lost" ? (503, "") : null;
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Outbox:FirstPause"] = "00:01:00" });
        var ids = new List<long>();
        for (var i = 0; i < 5; i++) ids.Add((await gateway.PostRestAsync("/messages", new { to = new { chat_id = "oc_lost" }, text = $"note {i}" })).Id);
        await gateway.UntilAsync(() => Task.FromResult(!_feishu.Calls.IsEmpty));
        var waiting = gateway.GetRestAsync($"/messages/{ids[^1]}?wait=20");
        var tried = _feishu.Calls.Count;

        var eventId = FeishuPush.NewId("ev_");
        Assert.Equal(200, (await _push.SendAsync(gateway, type, """{"chat_id":"oc_lost","operator_id":{"open_id":"ou_alice"},"external":false,"operator_tenant_key":"tk","name":"Lost"}""", eventId)).Status);
        Assert.Equal("finished", (await gateway.OutcomeAsync(eventId)).GetProperty("status").GetString());
        foreach (var id in ids)
        {
            var end = await gateway.GetRestAsync($"/messages/{id}");
            Assert.True(end.Text("state") == "failed" && end.Body.GetProperty("failure").GetProperty("reason").GetString() == reason, end.ToString());
        }

        Assert.Equal("failed", (await waiting).Text("state"));
        Assert.Equal("sent", (await gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = "oc_other" }, text = "still here" })).Text("state"));
        Assert.InRange(_feishu.Calls.Count(c => c.Target == "oc_lost"), 1, tried + 1);
        await gateway.CountsAsync(5, "larkspur_group_messages_ended_total", reason);
        Assert.Equal("dead", (await gateway.AskAsync($"/outbox/{ids[0]}")).Body.GetProperty("history")[0].GetProperty("what").GetString());
    }

    [Fact]
    public async Task An_event_that_comes_hours_late_spares_what_was_queued_since()
    {
        _feishu.Fault = call => call.Target == "oc_back" ? (503, "") : null;
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Outbox:FirstPause"] = "00:01:00" });
        var id = (await gateway.PostRestAsync("/messages", new { to = new { chat_id = "oc_back" }, text = "after the return" })).Id;
        _push.CreatedAt = DateTimeOffset.UtcNow.AddHours(-2);
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.chat.member.bot.deleted_v1", """{"chat_id":"oc_back","operator_id":{"open_id":"ou_alice"}}""", eventId);
        await gateway.OutcomeAsync(eventId);
        Assert.Equal("queued", (await gateway.GetRestAsync($"/messages/{id}")).Text("state"));
    }

    [Fact]
    public async Task Members_who_come_and_go_are_counted_and_forwarded()
    {
        await using var erp = await WebhookReceiver.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, erp.Settings(events: "im.chat.member.user.added_v1"));
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.chat.member.user.added_v1", """{"chat_id":"oc_1","operator_id":{"open_id":"ou_alice"},"users":[{"name":"Bob","user_id":{"open_id":"ou_bob"}}]}""", eventId);
        var row = await gateway.OutcomeAsync(eventId);
        Assert.Equal(("ignored", "noted"), (row.GetProperty("outcome").GetString(), row.GetProperty("reason").GetString()));
        await gateway.UntilAsync(() => Task.FromResult(!erp.Calls.IsEmpty));
        Assert.Contains("ou_bob", System.Text.Encoding.UTF8.GetString(erp.Calls.First().Body), StringComparison.Ordinal);
        await gateway.CountsAsync(1, "larkspur_group_events_total", "im.chat.member.user.added_v1");
        Assert.Contains("im.chat.member.user.added_v1 in chat oc_1", gateway.Logs.Text, StringComparison.Ordinal);
    }
}
