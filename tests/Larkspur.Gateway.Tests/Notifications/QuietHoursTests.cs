using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Notifications;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Notifications;

/// <summary>Quiet hours, digests, and what becomes of both when the process ends in between.</summary>
public sealed class QuietHoursTests
{
    private static readonly TimeZoneInfo China = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [Fact]
    public async Task A_notice_waits_for_the_end_of_quiet_hours_and_an_urgent_one_does_not()
    {
        var clock = new ShiftingClock();
        await using var house = await NoticeHouse.StartAsync(clock);
        await house.SetAsync((QuietHours.Setting, $"{At(clock, -1)}-{At(clock, 2)}"));
        var waiting = await house.SendAsync(NoticeHouse.Requisition());
        Assert.Equal(["waiting"], NoticeHouse.StatesOf(waiting));
        Assert.True(waiting.GetProperty("deliveries")[0].GetProperty("due_at").GetDateTimeOffset() > clock.GetUtcNow());
        var matter = NoticeHouse.Requisition("PR-8");
        var settledFirst = await house.SendAsync(matter);
        Assert.Equal(200, (await house.Gateway.PostRestAsync("/notifications/settle", new { matter = "PR-8", status = "closed", text = "No longer needed" })).Status);

        var definition = JsonNode.Parse((await house.Gateway.GetRestAsync("/notification-types/po.created")).Body.GetProperty("definition").GetRawText())!;
        definition["quiet_hours"] = "urgent";
        Assert.Equal(200, (await house.Gateway.RestAsync(HttpMethod.Put, "/notification-types/po.created", definition.ToJsonString())).Status);
        await house.UntilAsync(await house.SendAsync(Order("PO-1")), "sent");
        await house.KeepAsync();
        Assert.Equal(0, await house.CountAsync("采购申请待您审批"));

        clock.Shift(TimeSpan.FromHours(2.5));
        await house.KeepAsync();
        await house.UntilAsync(waiting, "sent");
        // It leaves with its last face.
        var card = NoticeHouse.MessageOf(await house.UntilAsync(settledFirst, "sent"));
        Assert.Contains("No longer needed", await house.FaceAsync(card), StringComparison.Ordinal);
        await house.KeepAsync();
        Assert.Equal(2, await house.CountAsync("采购申请待您审批"));
    }

    [Fact]
    public async Task One_that_cannot_be_read_keeps_no_other_from_leaving()
    {
        var clock = new ShiftingClock();
        await using var house = await NoticeHouse.StartAsync(clock);
        await house.SetAsync((QuietHours.Setting, $"{At(clock, -1)}-{At(clock, 2)}"));
        var damaged = await house.SendAsync(NoticeHouse.Requisition("PR-1"));
        var other = await house.SendAsync(NoticeHouse.Requisition("PR-2"));
        Assert.Equal(1, await house.Gateway.DamageAsync("UPDATE notification SET model = 'damaged' WHERE public_id = $1", damaged.GetProperty("id").GetString()));
        clock.Shift(TimeSpan.FromHours(2.5));
        await house.KeepAsync();
        await house.UntilAsync(other, "sent");
        Assert.Contains("could not be worked on", house.Gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notices_of_a_digest_come_as_one_card_per_person()
    {
        var clock = new ShiftingClock();
        await using var house = await NoticeHouse.StartAsync(clock);
        await house.SetAsync((QuietHours.DigestSetting, At(clock, 1)));
        var one = await house.SendAsync(Contract("CT-1", "bob"));
        var two = await house.SendAsync(Contract("CT-2", "bob"));
        var other = await house.SendAsync(Contract("CT-3", "carol"));
        Assert.True(one.GetProperty("deliveries")[0].GetProperty("digest").GetBoolean());
        var gone = await house.SendAsync(Contract("CT-4", "carol"));
        Assert.Equal(200, (await house.Gateway.PostRestAsync($"/notifications/{gone.GetProperty("id").GetString()}/recall", null)).Status);

        clock.Shift(TimeSpan.FromHours(1.5));
        await house.KeepAsync();
        var (first, second) = (NoticeHouse.MessageOf(await house.UntilAsync(one, "sent")), NoticeHouse.MessageOf(await house.UntilAsync(two, "sent")));
        Assert.Equal(first, second);
        Assert.NotEqual(first, NoticeHouse.MessageOf(await house.UntilAsync(other, "sent")));
        await house.UntilAsync(gone, "discarded");
        var face = await house.FaceAsync(first);
        foreach (var shown in (string[])["CT-1", "CT-2", "2 notices", "通知汇总（2 条）"]) Assert.Contains(shown, face, StringComparison.Ordinal);
        await house.KeepAsync();
        Assert.Equal(2, await house.CountAsync("通知汇总"));
    }

    [Fact]
    public async Task What_is_queued_takes_the_last_face_along_into_another_life()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-notices-").FullName;
        await using var emulator = await EmulatorApp.StartAsync();
        string id;
        await using (var first = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), new Dictionary<string, string?> { ["Larkspur:Outbox:Enabled"] = "false" }, folder))
        {
            await SwitchOnAsync(first);
            var sent = await first.PostRestAsync("/notifications", NoticeHouse.Requisition("PR-11").ToJsonString());
            Assert.True(sent.Status == 202, sent.ToString());
            id = sent.Text("id")!;
            Assert.Equal(200, (await first.PostRestAsync($"/notifications/{id}/settle", new { status = "success", text = "Settled before it left" })).Status);
        }

        await using (var second = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), dataFolder: folder))
        {
            await second.UntilAsync(async () => NoticeHouse.StatesOf((await second.GetRestAsync("/notifications/" + id)).Body) is ["sent"]);
            var messages = (await emulator.StateAsync())["messages"]!.AsArray().Where(m => NoticeHouse.Shown(m!).Contains("PR-11", StringComparison.Ordinal)).ToArray();
            Assert.Contains("Settled before it left", NoticeHouse.Shown(Assert.Single(messages)!), StringComparison.Ordinal);
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
        ["recipients"] = new JsonArray(NoticeHouse.Email("alice")),
        ["variables"] = new JsonObject { ["number"] = number, ["supplier"] = "Northwind", ["amount"] = new JsonObject { ["amount"] = 1, ["currency"] = "CNY" } },
    };

    private static JsonObject Contract(string number, string who) => new()
    {
        ["event"] = "contract.expiring",
        ["variables"] = new JsonObject { ["number"] = number, ["name"] = "Cloud", ["expires_on"] = "2026-05-31", ["owner"] = NoticeHouse.Email(who) },
    };
}
