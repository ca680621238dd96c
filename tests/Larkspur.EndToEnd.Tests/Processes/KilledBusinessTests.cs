using System.Text.Json.Nodes;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>A gateway that is killed at any step of a decision or of a payment still ends in exactly one callback with the right decision.</summary>
public sealed class KilledBusinessTests
{
    public enum Requisition
    {
        WhileItsRecipientsAreLookedUp,
        AsSoonAsItWasTaken,
        WhileItsCardIsSent,
        WhileTheClickIsHandled,
        AsSoonAsTheClickWasAnswered,
        WhileTheBusinessSystemIsTold,
    }

    public enum Payment
    {
        WhileItsFormIsJudged,
        AsSoonAsItWasTaken,
        WhileItsInstanceIsMade,
        AsSoonAsItsInstanceWasMade,
        WhileItsApproversDecide,
        WhileTheDecisionIsLookedAt,
        WhileTheBusinessSystemIsTold,
    }

    [Theory]
    [EachOf<Requisition>]
    public async Task A_requisition_is_decided_once(Requisition dies)
    {
        await using var fixture = await BusinessFixture.StartAsync();
        var body = new
        {
            @event = "pr.submitted", subject = "PR-1", recipients = new[] { new { email = "bob@mica.example" } },
            variables = new { number = "PR-1", title = "Laptops", amount = new { amount = "98765.40", currency = "CNY" } }, decision = new { webhook = "mica" },
        };
        if (dies == Requisition.WhileItsRecipientsAreLookedUp)
        {
            await fixture.PlantAsync("POST", "/open-apis/contact/v3/users/batch_get_id", "delay");
            await fixture.CallAndDieAsync(HttpMethod.Post, "notifications", body, "PR-1");
        }

        if (dies == Requisition.WhileItsCardIsSent) await fixture.PlantAsync("POST", "/open-apis/im/v1/messages", "drop");
        var id = (await fixture.CallAsync(HttpMethod.Post, "notifications", body, "PR-1"))["id"]!.GetValue<string>();
        if (dies == Requisition.WhileItsCardIsSent) await fixture.HitAsync();
        if (dies is Requisition.AsSoonAsItWasTaken or Requisition.WhileItsCardIsSent) await fixture.KillAndReviveAsync();

        JsonNode notification = new JsonObject();
        await fixture.UntilAsync(async () => (notification = await fixture.CallAsync(HttpMethod.Get, $"notifications/{id}"))["deliveries"]![0]!["message_id"] is JsonValue, "the card was not sent");
        var card = notification["deliveries"]![0]!["message_id"]!.GetValue<string>();
        Assert.Single((await fixture.Emulator.StateAsync())["cards"]!.AsArray());

        var approve = await ApproveButtonAsync(fixture, card);
        if (dies == Requisition.WhileTheClickIsHandled)
        {
            await fixture.PlantAsync("GET", "/open-apis/contact/v3/users/:user_id", "delay");
            var click = ClickAsync(fixture, card, approve);
            await fixture.HitAsync();
            await fixture.KillAsync();
            await click;
            await fixture.ReviveAsync();
        }

        if (dies == Requisition.WhileTheBusinessSystemIsTold) fixture.Mica.Hold();
        // A person whose click got no answer clicks again.
        await ClickAsync(fixture, card, approve);
        if (dies == Requisition.WhileTheBusinessSystemIsTold) await fixture.UntilAsync(() => Task.FromResult(!fixture.Mica.Told.IsEmpty), "the business system was not told");
        if (dies is Requisition.AsSoonAsTheClickWasAnswered or Requisition.WhileTheBusinessSystemIsTold) await fixture.KillAsync();
        fixture.Mica.Release();
        if (dies is Requisition.AsSoonAsTheClickWasAnswered or Requisition.WhileTheBusinessSystemIsTold) await fixture.ReviveAsync();

        await OneDecisionAsync(fixture, "approval.decided", data => data["notification_id"]!.GetValue<string>() == id && data["decision"]!.GetValue<string>() == "approved");
        Assert.Equal("decided", (await fixture.CallAsync(HttpMethod.Get, $"notifications/{id}"))["state"]!.GetValue<string>());
        await fixture.UntilAsync(async () => await ButtonAsync(fixture, card) is null, "the decided card still has its buttons");
    }

    [Theory]
    [EachOf<Payment>]
    public async Task A_payment_is_decided_once(Payment dies)
    {
        await using var fixture = await BusinessFixture.StartAsync();
        var body = new
        {
            number = "PAY-1", title = "Laptops", amount = "49382.70", currency = "CNY", submitter = new { email = "alice@mica.example" }, webhook = "mica",
            form = new Dictionary<string, object> { ["payee"] = "Northwind", ["amount"] = 49382.70m },
        };
        if (dies == Payment.WhileItsFormIsJudged)
        {
            await fixture.PlantAsync("POST", "/open-apis/contact/v3/users/batch_get_id", "delay");
            await fixture.CallAndDieAsync(HttpMethod.Post, "payments", body, "PAY-1");
        }

        if (dies == Payment.WhileItsInstanceIsMade) await fixture.PlantAsync("POST", "/open-apis/approval/v4/instances", "drop");
        var id = (await fixture.CallAsync(HttpMethod.Post, "payments", body, "PAY-1"))["id"]!.GetValue<string>();
        if (dies == Payment.WhileItsInstanceIsMade) await fixture.HitAsync();
        if (dies is Payment.AsSoonAsItWasTaken or Payment.WhileItsInstanceIsMade) await fixture.KillAndReviveAsync();
        var instance = await InstanceAsync(fixture);
        if (dies == Payment.AsSoonAsItsInstanceWasMade) await fixture.KillAndReviveAsync();
        await fixture.UntilAsync(async () => (await fixture.CallAsync(HttpMethod.Get, $"payments/{id}"))["state"]!.GetValue<string>() == "pending", "the payment is not pending");

        if (dies == Payment.WhileItsApproversDecide) await fixture.KillAsync();
        if (dies == Payment.WhileTheBusinessSystemIsTold) fixture.Mica.Hold();
        await fixture.Emulator.ActAsync(new { @as = "bob", @do = "approve", instance });
        if (dies == Payment.WhileTheDecisionIsLookedAt) await fixture.PlantAsync("GET", "/open-apis/approval/v4/instances/:instance_id", "delay");
        await fixture.Emulator.ActAsync(new { @as = "carol", @do = "approve", instance });
        if (dies == Payment.WhileTheDecisionIsLookedAt) await fixture.HitAsync();
        if (dies == Payment.WhileTheBusinessSystemIsTold) await fixture.UntilAsync(() => Task.FromResult(!fixture.Mica.Told.IsEmpty), "the business system was not told");
        if (dies is Payment.WhileTheDecisionIsLookedAt or Payment.WhileTheBusinessSystemIsTold) await fixture.KillAsync();
        fixture.Mica.Release();
        if (dies is Payment.WhileItsApproversDecide or Payment.WhileTheDecisionIsLookedAt or Payment.WhileTheBusinessSystemIsTold) await fixture.ReviveAsync();
        // What was not acknowledged comes again, as the platform does it: after 15 s, 5 min, 1 h and 6 h.
        foreach (var wait in (TimeSpan[])[TimeSpan.FromSeconds(16), TimeSpan.FromMinutes(6), TimeSpan.FromHours(2)]) await fixture.Emulator.AdvanceAsync(wait);

        await OneDecisionAsync(fixture, "payment.decided", data => data["payment_id"]!.GetValue<string>() == id && data["decision"]!.GetValue<string>() == "approved");
        Assert.Equal("approved", (await fixture.CallAsync(HttpMethod.Get, $"payments/{id}"))["state"]!.GetValue<string>());
        Assert.Single((await fixture.Emulator.StateAsync())["approvals"]!["instances"]!.AsArray());
    }

    /// <summary>It may be told again, when the answer was lost; under one id, and with one content.</summary>
    private static async Task OneDecisionAsync(BusinessFixture fixture, string type, Func<JsonNode, bool> right)
    {
        await fixture.UntilAsync(() => Task.FromResult(fixture.Mica.Told.Any(t => t.Type == type)), $"{type} was not told");
        await fixture.QuietAsync();
        var told = fixture.Mica.Told.Where(t => t.Type == type).ToArray();
        Assert.Single(told.Select(t => t.Id).Distinct());
        Assert.Single(told.Select(t => t.Data.ToJsonString()).Distinct());
        Assert.True(right(told[0].Data), told[0].Data.ToJsonString());
        Assert.Equal(0, fixture.Mica.Forged);
    }

    private static async Task<string> InstanceAsync(BusinessFixture fixture)
    {
        string? code = null;
        await fixture.UntilAsync(async () => (code = (await fixture.Emulator.StateAsync())["approvals"]!["instances"]!.AsArray() is [{ } only] ? only["instance_code"]!.GetValue<string>() : null) is not null,
            "the platform has no instance");
        return code!;
    }

    /// <summary>The platform asks once; without an answer the person is told so.</summary>
    private static Task<(int Status, JsonObject Answer)> ClickAsync(BusinessFixture fixture, string card, JsonNode button) =>
        fixture.Emulator.TryControlAsync(HttpMethod.Post, "act", new { @as = "bob", @do = "click", message_id = card, value = button });

    private static async Task<JsonNode> ApproveButtonAsync(BusinessFixture fixture, string card) =>
        await ButtonAsync(fixture, card) ?? throw new InvalidOperationException("The card has no button to approve.");

    private static async Task<JsonNode?> ButtonAsync(BusinessFixture fixture, string card)
    {
        var state = await fixture.Emulator.StateAsync();
        return CardButtons.Find(state["cards"]!.AsArray().First(c => c!["message_id"]!.GetValue<string>() == card), "approve");
    }
}
