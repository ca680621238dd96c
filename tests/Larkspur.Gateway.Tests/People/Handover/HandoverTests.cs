using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Notifications;
using Larkspur.Gateway.Tests.Payments;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People.Handover;

/// <summary>What somebody leaves behind is told: keys, payments, notifications and approvals that wait.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class HandoverTests
{
    [Fact]
    public async Task What_stands_open_for_a_person_is_listed_and_told_when_they_leave()
    {
        await using var fixture = await PaymentFixture.StartAsync();
        var gateway = fixture.Gateway;
        var (alice, bob) = await PeopleAsync(fixture);
        await LeaverKeyTests.HeldAsync(gateway, "warehouse", ["people:read"], bob);
        await fixture.SetAsync((FeishuIntegration.NotifyOnPr, "true"));
        var payment = await fixture.SubmitAsync();
        var instance = await fixture.InstanceAsync(payment);
        var notification = await gateway.PostRestAsync("/notifications", NotificationFixture.Requisition().ToJsonString());
        Assert.True(notification.Status == 202, notification.ToString());

        Assert.Equal([("payment", payment), ("approval", instance)], await ItemsAsync(gateway, alice));
        Assert.Equal([("api_key", "1"), ("notification", notification.Text("id")!), ("approval_task", instance)], await ItemsAsync(gateway, bob));

        // The platform does not say, and that is said.
        await fixture.FaultAsync(new { path = "/open-apis/approval/v4/tasks/query", status = 403, count = 20 });
        var carol = Assert.Single((await gateway.GetRestAsync("/people?q=carol@mica.example")).Items).GetProperty("id").GetString();
        var unknown = (await gateway.GetRestAsync($"/people/{carol}/handover")).Body;
        Assert.Equal(("feishu", 0), (unknown.GetProperty("unknown")[0].GetProperty("platform").GetString(), unknown.GetProperty("items").GetArrayLength()));
        // Nobody has a platform asked who may not read its approvals.
        var (reader, _) = await gateway.MakeKeyAsync("reader", ["people:read", "payments:read"]);
        Assert.Equal(0, (await gateway.CallAsync(reader, HttpMethod.Get, $"/people/{carol}/handover")).Body.GetProperty("unknown").GetArrayLength());

        await fixture.Emulator.ControlAsync(HttpMethod.Delete, "people/bob");
        await fixture.HoldsAsync(async () => (await gateway.GetRestAsync("/people/" + bob)).Text("state") == "left", "bob to be gone");
        var left = (await gateway.GetRestAsync("/audit?limit=100")).Items.First(a => a.GetProperty("what").GetString() == "person.left");
        var counts = left.GetProperty("detail").GetProperty("handover");
        Assert.Equal((1, 1), (counts.GetProperty("api_key").GetInt32(), counts.GetProperty("notification").GetInt32()));
    }

    [Fact]
    public async Task A_key_sees_its_own_systems_part_and_what_its_scopes_allow()
    {
        await using var fixture = await PaymentFixture.StartAsync();
        var gateway = fixture.Gateway;
        var (alice, _) = await PeopleAsync(fixture);
        await fixture.SubmitAsync();
        await LeaverKeyTests.HeldAsync(gateway, "warehouse", ["people:read"], alice);
        var (reader, _) = await gateway.MakeKeyAsync("reader", ["people:read"]);
        var (other, _) = await gateway.MakeKeyAsync("other", ["people:read", "payments:read", "approvals:read", "keys:write"]);
        var (all, _) = await gateway.MakeKeyAsync("all", ["people:read", "payments:read", "others:read"]);
        foreach (var (key, expected) in new[] { (reader, 0), (other, 0), (all, 1) })
            Assert.Equal(expected, (await gateway.CallAsync(key, HttpMethod.Get, $"/people/{alice}/handover")).Body.GetProperty("items").GetArrayLength());
        Assert.Equal(404, (await gateway.GetRestAsync("/people/pe_typo/handover")).Status);
    }

    private static async Task<(string Alice, string Bob)> PeopleAsync(PaymentFixture fixture)
    {
        var asked = await fixture.Gateway.PostRestAsync("/directory/sync", new { platform = "feishu" });
        var run = asked.Body.GetProperty("runs")[0].GetProperty("id").GetInt64();
        await fixture.HoldsAsync(async () => (await fixture.Gateway.GetRestAsync($"/directory/runs/{run}")).Text("state") == "complete", "the directory");
        return (await IdAsync("alice"), await IdAsync("bob"));

        async Task<string> IdAsync(string who) =>
            Assert.Single((await fixture.Gateway.GetRestAsync($"/people?q={who}@mica.example")).Items).GetProperty("id").GetString()!;
    }

    private static async Task<(string Kind, string Id)[]> ItemsAsync(GatewayApp gateway, string person)
    {
        var answer = await gateway.GetRestAsync($"/people/{person}/handover");
        Assert.True(answer.Status == 200 && answer.Body.GetProperty("unknown").GetArrayLength() == 0, answer.ToString());
        return [.. answer.Items.Select(i => (i.GetProperty("kind").GetString()!, i.GetProperty("id").GetString()!))];
    }
}
