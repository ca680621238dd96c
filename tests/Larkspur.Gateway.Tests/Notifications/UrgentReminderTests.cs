using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Notifications;

/// <summary>A reminder can be an urgent push of the card instead of an answer below it.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class UrgentReminderTests
{
    [Fact]
    public async Task An_urgent_reminder_pushes_the_card_once_and_writes_nothing()
    {
        await using var fixture = await NotificationFixture.StartAsync();
        var sent = await fixture.SendAsync(NotificationFixture.Requisition());
        var card = NotificationFixture.MessageOf(await fixture.UntilAsync(sent, "sent"));
        var path = $"/notifications/{sent.GetProperty("id").GetString()}/remind";
        Assert.Equal(202, (await fixture.Gateway.PostRestAsync(path, new { urgent = true }, "r-1")).Status);
        Assert.Equal(202, (await fixture.Gateway.PostRestAsync(path, new { urgent = true }, "r-1")).Status);
        await fixture.Gateway.UntilAsync(async () => (await UrgentAsync(fixture, card)).Count == 1);
        await fixture.Gateway.UntilAsync(async () => await ReminderAsync(fixture, sent) is { } reminder && reminder.GetProperty("state").GetString() == "sent" && reminder.GetProperty("urgent").GetBoolean());
        Assert.Equal("bob", (await UrgentAsync(fixture, card))[0]!["user_id"]!.GetValue<string>());
        Assert.Equal(1, await CallsAsync(fixture, "urgent_app"));
        Assert.Equal(0, await fixture.CountAsync("still waits for your decision"));
        // Under one key there is one reminder: a text is another one.
        var other = await fixture.Gateway.PostRestAsync(path, null, "r-1");
        Assert.Equal((409, "key_in_use"), (other.Status, other.Error));
    }

    [Fact]
    public async Task Without_the_permission_it_is_refused_and_a_plain_reminder_still_goes()
    {
        await using var fixture = await NotificationFixture.StartAsync(app: a => a with { GrantedScopes = ImmutableHashSet.Create("contact:user.id:readonly", "im:message", "im:message:send_as_bot") });
        var sent = await fixture.SendAsync(NotificationFixture.Requisition());
        await fixture.UntilAsync(sent, "sent");
        var path = $"/notifications/{sent.GetProperty("id").GetString()}/remind";
        var refused = await fixture.Gateway.PostRestAsync(path, new { urgent = true });
        Assert.Equal((403, "missing_app_scope", "/urgent"), (refused.Status, refused.Error, refused.Pointer));
        Assert.Contains("im:message.urgent", refused.Text("message"), StringComparison.Ordinal);
        Assert.Contains("https://", refused.Text("message"), StringComparison.Ordinal);
        Assert.Equal(202, (await fixture.Gateway.PostRestAsync(path, new { urgent = false })).Status);
        await fixture.Gateway.UntilAsync(async () => await fixture.CountAsync("still waits for your decision") == 1);
    }

    [Fact]
    public async Task A_quota_that_is_used_up_is_told_and_the_next_one_is_refused_at_once()
    {
        var clock = new ShiftingClock();
        await using var fixture = await NotificationFixture.StartAsync(clock);
        var sent = await fixture.SendAsync(NotificationFixture.Requisition());
        await fixture.UntilAsync(sent, "sent");
        var path = $"/notifications/{sent.GetProperty("id").GetString()}/remind";
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages/*/urgent_app", reply = 400, code = 230024 });
        Assert.Equal(202, (await fixture.Gateway.PostRestAsync(path, new { urgent = true })).Status);
        await fixture.Gateway.UntilAsync(async () => await ReminderAsync(fixture, sent) is { } reminder && reminder.GetProperty("state").GetString() == "failed");
        var failed = (await ReminderAsync(fixture, sent))!.Value;
        Assert.EndsWith("_230024", failed.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.All(new[] { "reason_text", "reason_text_zh" }, name => Assert.False(string.IsNullOrEmpty(failed.GetProperty(name).GetString())));
        clock.Shift(TimeSpan.FromMinutes(6));
        var next = await fixture.Gateway.PostRestAsync(path, new { urgent = true });
        Assert.Equal((409, "urgent_quota", "/urgent"), (next.Status, next.Error, next.Pointer));
        Assert.Equal(202, (await fixture.Gateway.PostRestAsync(path, null)).Status);
        await fixture.Gateway.UntilAsync(async () => await fixture.CountAsync("still waits for your decision") == 1);
    }

    [Theory]
    [InlineData("""{"urgent":"yes"}""", 400, "/urgent")]
    [InlineData("""{"loud":true}""", 400, "/loud")]
    public async Task A_body_that_is_wrong_says_where(string body, int status, string pointer)
    {
        await using var fixture = await NotificationFixture.StartAsync();
        var sent = await fixture.SendAsync(NotificationFixture.Requisition());
        var refused = await fixture.Gateway.PostRestAsync($"/notifications/{sent.GetProperty("id").GetString()}/remind", body);
        Assert.Equal((status, pointer), (refused.Status, refused.Pointer));
    }

    private static async Task<JsonElement?> ReminderAsync(NotificationFixture fixture, JsonElement sent) =>
        (await fixture.GetAsync(sent.GetProperty("id").GetString()!)).GetProperty("deliveries")[0].TryGetProperty("reminder", out var reminder) ? reminder : null;

    private static async Task<JsonArray> UrgentAsync(NotificationFixture fixture, string message) =>
        (await fixture.Emulator.StateAsync())["messages"]!.AsArray().First(m => m!["message_id"]!.GetValue<string>() == message)!["urgent"]!.AsArray();

    private static async Task<int> CallsAsync(NotificationFixture fixture, string path) =>
        (await fixture.Emulator.ControlAsync(HttpMethod.Get, "calls?limit=1000"))["calls"]!.AsArray().Count(c => c!["path"]!.GetValue<string>().Contains(path, StringComparison.Ordinal));
}
