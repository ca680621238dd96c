using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Notifications;

/// <summary>A person may read a card before anybody here knows which message it is.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class EarlyReadTests
{
    [Fact]
    public async Task A_card_that_was_read_before_its_message_was_known_counts_as_read()
    {
        await using var fixture = await NotificationFixture.StartAsync();
        // The platform has the card, its answer is lost, and the next attempts fail.
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages", method = "POST", reply = "drop", count = 1 });
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages", method = "POST", reply = 503 });
        var sent = await fixture.SendAsync(NotificationFixture.Requisition());
        await fixture.Gateway.UntilAsync(async () => await fixture.CountAsync("采购申请待您审批") == 1);
        await fixture.Emulator.ActAsync(new { @as = "bob", @do = "read" });
        await fixture.Gateway.UntilAsync(async () => (await fixture.Gateway.GetRestAsync("/inbox?event_type=im.message.message_read_v1")).Items is [var one] && one.GetProperty("status").GetString() is not "open");
        Assert.Equal("queued", NotificationFixture.StatesOf(await fixture.GetAsync(sent.GetProperty("id").GetString()!))[0]);

        await fixture.Emulator.ControlAsync(HttpMethod.Delete, "faults");
        await fixture.Gateway.UntilAsync(async () => NotificationFixture.StatesOf(await fixture.GetAsync(sent.GetProperty("id").GetString()!))[0] is not "queued");
        await fixture.KeepAsync();
        Assert.Equal("read", NotificationFixture.StatesOf(await fixture.GetAsync(sent.GetProperty("id").GetString()!))[0]);
        Assert.Equal(0, await EarlyAsync(fixture));
    }

    [Fact]
    public async Task What_belongs_to_no_card_is_not_kept_and_what_never_finds_its_card_is_forgotten()
    {
        var clock = new Larkspur.Testing.ShiftingClock();
        await using var fixture = await NotificationFixture.StartAsync(clock);
        var found = await fixture.Gateway.PostRestAsync("/people/lookup", new { user_ids = new[] { "bob" } });
        var bob = found.Body.GetProperty("found")[0].GetProperty("person").GetProperty("open_id").GetString();
        var push = new FeishuPush();
        var read = System.Text.Json.JsonSerializer.Serialize(new { reader = new { reader_id = new { open_id = bob }, read_time = "1712000000000", tenant_key = "t" }, message_id_list = new[] { "om_of_a_chat" } });
        await push.SendAsync(fixture.Gateway, "im.message.message_read_v1", read, "ev_read_1");
        Assert.Equal("no_notification", (await fixture.Gateway.OutcomeAsync("ev_read_1")).GetProperty("reason").GetString());
        Assert.Equal(0, await EarlyAsync(fixture));

        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages", method = "POST", reply = "drop" });
        await fixture.SendAsync(NotificationFixture.Requisition());
        await fixture.Gateway.UntilAsync(async () => await fixture.CountAsync("采购申请待您审批") == 1);
        await push.SendAsync(fixture.Gateway, "im.message.message_read_v1", read, "ev_read_2");
        await fixture.Gateway.OutcomeAsync("ev_read_2");
        Assert.Equal(1, await EarlyAsync(fixture));
        await fixture.Gateway.DamageAsync("UPDATE notification_early_read SET kept_at = 1");
        await fixture.Gateway.ForgetAsync();
        Assert.Equal(0, await EarlyAsync(fixture));
    }

    private static async Task<long?> EarlyAsync(NotificationFixture fixture) =>
        await fixture.Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM notification_early_read"));
}
