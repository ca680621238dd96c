using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Notifications;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Notifications;

/// <summary>Quiet hours, digests, and what becomes of both when the process ends in between.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class QuietHoursTests
{
    private static readonly TimeZoneInfo China = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [Fact]
    public async Task A_notification_waits_for_the_end_of_quiet_hours_and_an_urgent_one_does_not()
    {
        var clock = new ShiftingClock();
        await using var fixture = await NotificationFixture.StartAsync(clock);
        await fixture.SetAsync((QuietHours.Setting, $"{At(clock, -1)}-{At(clock, 2)}"));
        var waiting = await fixture.SendAsync(NotificationFixture.Requisition());
        Assert.Equal(["waiting"], NotificationFixture.StatesOf(waiting));
        Assert.True(waiting.GetProperty("deliveries")[0].GetProperty("due_at").GetDateTimeOffset() > clock.GetUtcNow());
        var subject = NotificationFixture.Requisition("PR-8");
        var resolvedFirst = await fixture.SendAsync(subject);
        Assert.Equal(200, (await fixture.Gateway.PostRestAsync("/notifications/resolve", new { subject = "PR-8", status = "closed", text = "No longer needed" })).Status);

        var definition = JsonNode.Parse((await fixture.Gateway.GetRestAsync("/notification-types/po.created")).Body.GetProperty("definition").GetRawText())!;
        definition["quiet_hours"] = "urgent";
        Assert.Equal(200, (await fixture.Gateway.RestAsync(HttpMethod.Put, "/notification-types/po.created", definition.ToJsonString())).Status);
        await fixture.UntilAsync(await fixture.SendAsync(Order("PO-1")), "sent");
        await fixture.KeepAsync();
        Assert.Equal(0, await fixture.CountAsync("采购申请待您审批"));

        clock.Shift(TimeSpan.FromHours(2.5));
        await fixture.KeepAsync();
        await fixture.UntilAsync(waiting, "sent");
        // It leaves with its last face.
        var card = NotificationFixture.MessageOf(await fixture.UntilAsync(resolvedFirst, "sent"));
        Assert.Contains("No longer needed", await fixture.FaceAsync(card), StringComparison.Ordinal);
        await fixture.KeepAsync();
        Assert.Equal((1, 1), (await fixture.CountAsync("采购申请待您审批"), await fixture.CountAsync("No longer needed：")));
    }

    [Fact]
    public async Task One_that_cannot_be_read_keeps_no_other_from_leaving()
    {
        var clock = new ShiftingClock();
        await using var fixture = await NotificationFixture.StartAsync(clock);
        await fixture.SetAsync((QuietHours.Setting, $"{At(clock, -1)}-{At(clock, 2)}"));
        var damaged = await fixture.SendAsync(NotificationFixture.Requisition("PR-1"));
        var other = await fixture.SendAsync(NotificationFixture.Requisition("PR-2"));
        Assert.Equal(1, await fixture.Gateway.DamageAsync("UPDATE notification SET model = 'damaged' WHERE public_id = $1", damaged.GetProperty("id").GetString()));
        clock.Shift(TimeSpan.FromHours(2.5));
        await fixture.KeepAsync();
        await fixture.UntilAsync(other, "sent");
        Assert.Contains("could not be worked on", fixture.Gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notifications_of_a_digest_come_as_one_card_per_person()
    {
        var clock = new ShiftingClock();
        await using var fixture = await NotificationFixture.StartAsync(clock);
        await fixture.SetAsync((QuietHours.DigestSetting, At(clock, 1)));
        var one = await fixture.SendAsync(Contract("CT-1", "bob"));
        var two = await fixture.SendAsync(Contract("CT-2", "bob"));
        var other = await fixture.SendAsync(Contract("CT-3", "carol"));
        Assert.True(one.GetProperty("deliveries")[0].GetProperty("digest").GetBoolean());
        var gone = await fixture.SendAsync(Contract("CT-4", "carol"));
        Assert.Equal(200, (await fixture.Gateway.PostRestAsync($"/notifications/{gone.GetProperty("id").GetString()}/recall", null)).Status);

        clock.Shift(TimeSpan.FromHours(1.5));
        await fixture.KeepAsync();
        var (first, second) = (NotificationFixture.MessageOf(await fixture.UntilAsync(one, "sent")), NotificationFixture.MessageOf(await fixture.UntilAsync(two, "sent")));
        Assert.Equal(first, second);
        Assert.NotEqual(first, NotificationFixture.MessageOf(await fixture.UntilAsync(other, "sent")));
        await fixture.UntilAsync(gone, "discarded");
        var face = await fixture.FaceAsync(first);
        foreach (var shown in (string[])["CT-1", "CT-2", "2 notifications", "通知汇总（2 条）"]) Assert.Contains(shown, face, StringComparison.Ordinal);
        await fixture.KeepAsync();
        Assert.Equal(2, await fixture.CountAsync("通知汇总"));
    }

    [Fact]
    public async Task What_is_queued_takes_the_last_face_along_into_another_life()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-notifications-").FullName;
        await using var emulator = await EmulatorApp.StartAsync();
        string id;
        await using (var first = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), new Dictionary<string, string?> { ["Larkspur:Outbox:Enabled"] = "false" }, folder))
        {
            await SwitchOnAsync(first);
            var sent = await first.PostRestAsync("/notifications", NotificationFixture.Requisition("PR-11").ToJsonString());
            Assert.True(sent.Status == 202, sent.ToString());
            id = sent.Text("id")!;
            Assert.Equal(200, (await first.PostRestAsync($"/notifications/{id}/resolve", new { status = "success", text = "Resolved before it left" })).Status);
        }

        await using (var second = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), dataFolder: folder))
        {
            await second.UntilAsync(async () => NotificationFixture.StatesOf((await second.GetRestAsync("/notifications/" + id)).Body) is ["sent"]);
            var messages = (await emulator.StateAsync())["messages"]!.AsArray().Where(m => NotificationFixture.Shown(m!).Contains("PR-11", StringComparison.Ordinal)).ToArray();
            Assert.Contains("Resolved before it left", NotificationFixture.Shown(Assert.Single(messages)!), StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(QuietHours.Setting, "22:00")]
    [InlineData(QuietHours.Setting, "25:00-08:00")]
    [InlineData(QuietHours.Setting, "08:00-08:00")]
    [InlineData(QuietHours.DigestSetting, "noon")]
    [InlineData(QuietHours.DigestSetting, "09:00,")]
    public void A_time_that_is_none_is_not_taken(string key, string value) =>
        Assert.NotNull(QuietHours.Definitions.Single(d => d.Key == key).Problem!(value));

    private static Task SwitchOnAsync(GatewayApp gateway) => Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<ISettings>(gateway.Services)
        .ChangeAsync(Audit.Actor.System, new Dictionary<string, string?> { [FeishuIntegration.Enabled] = "true", [FeishuIntegration.NotifyOnPr] = "true" });

    private static string At(TimeProvider clock, int hours) => TimeZoneInfo.ConvertTime(clock.GetUtcNow().AddHours(hours), China).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static JsonObject Order(string number) => new()
    {
        ["event"] = "po.created",
        ["recipients"] = new JsonArray(NotificationFixture.Email("alice")),
        ["variables"] = new JsonObject { ["number"] = number, ["supplier"] = "Northwind", ["amount"] = new JsonObject { ["amount"] = 1, ["currency"] = "CNY" } },
    };

    private static JsonObject Contract(string number, string who) => new()
    {
        ["event"] = "contract.expiring",
        ["variables"] = new JsonObject { ["number"] = number, ["name"] = "Cloud", ["expires_on"] = "2026-05-31", ["owner"] = NotificationFixture.Email(who) },
    };
}
