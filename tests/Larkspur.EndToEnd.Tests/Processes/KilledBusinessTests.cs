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
        await using var stage = await BusinessStage.StartAsync();
        var body = new
        {
            @event = "pr.submitted", matter = "PR-1", recipients = new[] { new { email = "bob@mica.example" } },
            variables = new { number = "PR-1", title = "Laptops", amount = new { amount = "98765.40", currency = "CNY" } }, decision = new { callback = "mica" },
        };
        if (dies == Requisition.WhileItsRecipientsAreLookedUp)
        {
            await stage.PlantAsync("POST", "/open-apis/contact/v3/users/batch_get_id", "delay");
            await stage.CallAndDieAsync(HttpMethod.Post, "notifications", body, "PR-1");
        }

        if (dies == Requisition.WhileItsCardIsSent) await stage.PlantAsync("POST", "/open-apis/im/v1/messages", "drop");
        var id = (await stage.CallAsync(HttpMethod.Post, "notifications", body, "PR-1"))["id"]!.GetValue<string>();
        if (dies == Requisition.WhileItsCardIsSent) await stage.HitAsync();
        if (dies is Requisition.AsSoonAsItWasTaken or Requisition.WhileItsCardIsSent) await stage.KillAndReviveAsync();

        JsonNode notice = new JsonObject();
        await stage.UntilAsync(async () => (notice = await stage.CallAsync(HttpMethod.Get, $"notifications/{id}"))["deliveries"]![0]!["message_id"] is JsonValue, "the card was not sent");
        var card = notice["deliveries"]![0]!["message_id"]!.GetValue<string>();
        Assert.Single((await stage.Emulator.StateAsync())["cards"]!.AsArray());

        var approve = await ApproveButtonAsync(stage, card);
        if (dies == Requisition.WhileTheClickIsHandled)
        {
            await stage.PlantAsync("GET", "/open-apis/contact/v3/users/:user_id", "delay");
            var click = ClickAsync(stage, card, approve);
            await stage.HitAsync();
            await stage.KillAsync();
            await click;
            await stage.ReviveAsync();
        }

        if (dies == Requisition.WhileTheBusinessSystemIsTold) stage.Mica.Hold();
        // A person whose click got no answer clicks again.
        await ClickAsync(stage, card, approve);
        if (dies == Requisition.WhileTheBusinessSystemIsTold) await stage.UntilAsync(() => Task.FromResult(!stage.Mica.Told.IsEmpty), "the business system was not told");
        if (dies is Requisition.AsSoonAsTheClickWasAnswered or Requisition.WhileTheBusinessSystemIsTold) await stage.KillAsync();
        stage.Mica.Release();
        if (dies is Requisition.AsSoonAsTheClickWasAnswered or Requisition.WhileTheBusinessSystemIsTold) await stage.ReviveAsync();

        await OneDecisionAsync(stage, "approval.decided", data => data["notification_id"]!.GetValue<string>() == id && data["decision"]!.GetValue<string>() == "approved");
        Assert.Equal("decided", (await stage.CallAsync(HttpMethod.Get, $"notifications/{id}"))["state"]!.GetValue<string>());
        await stage.UntilAsync(async () => await ButtonAsync(stage, card) is null, "the decided card still has its buttons");
    }

    [Theory]
    [EachOf<Payment>]
    public async Task A_payment_is_decided_once(Payment dies)
    {
        await using var stage = await BusinessStage.StartAsync();
        var body = new
        {
            number = "PAY-1", title = "Laptops", amount = "49382.70", currency = "CNY", submitter = new { email = "alice@mica.example" }, callback = "mica",
            form = new Dictionary<string, object> { ["payee"] = "Northwind", ["amount"] = 49382.70m },
        };
        if (dies == Payment.WhileItsFormIsJudged)
        {
            await stage.PlantAsync("POST", "/open-apis/contact/v3/users/batch_get_id", "delay");
            await stage.CallAndDieAsync(HttpMethod.Post, "payments", body, "PAY-1");
        }

        if (dies == Payment.WhileItsInstanceIsMade) await stage.PlantAsync("POST", "/open-apis/approval/v4/instances", "drop");
        var id = (await stage.CallAsync(HttpMethod.Post, "payments", body, "PAY-1"))["id"]!.GetValue<string>();
        if (dies == Payment.WhileItsInstanceIsMade) await stage.HitAsync();
        if (dies is Payment.AsSoonAsItWasTaken or Payment.WhileItsInstanceIsMade) await stage.KillAndReviveAsync();
        var instance = await InstanceAsync(stage);
        if (dies == Payment.AsSoonAsItsInstanceWasMade) await stage.KillAndReviveAsync();
        await stage.UntilAsync(async () => (await stage.CallAsync(HttpMethod.Get, $"payments/{id}"))["state"]!.GetValue<string>() == "pending", "the payment is not pending");

        if (dies == Payment.WhileItsApproversDecide) await stage.KillAsync();
        if (dies == Payment.WhileTheBusinessSystemIsTold) stage.Mica.Hold();
        await stage.Emulator.ActAsync(new { @as = "bob", @do = "approve", instance });
        if (dies == Payment.WhileTheDecisionIsLookedAt) await stage.PlantAsync("GET", "/open-apis/approval/v4/instances/:instance_id", "delay");
        await stage.Emulator.ActAsync(new { @as = "carol", @do = "approve", instance });
        if (dies == Payment.WhileTheDecisionIsLookedAt) await stage.HitAsync();
        if (dies == Payment.WhileTheBusinessSystemIsTold) await stage.UntilAsync(() => Task.FromResult(!stage.Mica.Told.IsEmpty), "the business system was not told");
        if (dies is Payment.WhileTheDecisionIsLookedAt or Payment.WhileTheBusinessSystemIsTold) await stage.KillAsync();
        stage.Mica.Release();
        if (dies is Payment.WhileItsApproversDecide or Payment.WhileTheDecisionIsLookedAt or Payment.WhileTheBusinessSystemIsTold) await stage.ReviveAsync();
        // What was not acknowledged comes again, as the platform does it: after 15 s, 5 min, 1 h and 6 h.
        foreach (var wait in (TimeSpan[])[TimeSpan.FromSeconds(16), TimeSpan.FromMinutes(6), TimeSpan.FromHours(2)]) await stage.Emulator.AdvanceAsync(wait);

        await OneDecisionAsync(stage, "payment.decided", data => data["payment_id"]!.GetValue<string>() == id && data["decision"]!.GetValue<string>() == "approved");
        Assert.Equal("approved", (await stage.CallAsync(HttpMethod.Get, $"payments/{id}"))["state"]!.GetValue<string>());
        Assert.Single((await stage.Emulator.StateAsync())["approvals"]!["instances"]!.AsArray());
    }

    /// <summary>It may be told again, when the answer was lost; under one id, and with one content.</summary>
    private static async Task OneDecisionAsync(BusinessStage stage, string type, Func<JsonNode, bool> right)
    {
        await stage.UntilAsync(() => Task.FromResult(stage.Mica.Told.Any(t => t.Type == type)), $"{type} was not told");
        await stage.QuietAsync();
        var told = stage.Mica.Told.Where(t => t.Type == type).ToArray();
        Assert.Single(told.Select(t => t.Id).Distinct());
        Assert.Single(told.Select(t => t.Data.ToJsonString()).Distinct());
        Assert.True(right(told[0].Data), told[0].Data.ToJsonString());
        Assert.Equal(0, stage.Mica.Forged);
    }

    private static async Task<string> InstanceAsync(BusinessStage stage)
    {
        string? code = null;
        await stage.UntilAsync(async () => (code = (await stage.Emulator.StateAsync())["approvals"]!["instances"]!.AsArray() is [{ } only] ? only["instance_code"]!.GetValue<string>() : null) is not null,
            "the platform has no instance");
        return code!;
    }

    /// <summary>The platform asks once; without an answer the person is told so.</summary>
    private static Task<(int Status, JsonObject Answer)> ClickAsync(BusinessStage stage, string card, JsonNode button) =>
        stage.Emulator.TryControlAsync(HttpMethod.Post, "act", new { @as = "bob", @do = "click", message_id = card, value = button });

    private static async Task<JsonNode> ApproveButtonAsync(BusinessStage stage, string card) =>
        await ButtonAsync(stage, card) ?? throw new InvalidOperationException("The card has no button to approve.");

    private static async Task<JsonNode?> ButtonAsync(BusinessStage stage, string card)
    {
        var state = await stage.Emulator.StateAsync();
        return Find(state["cards"]!.AsArray().First(c => c!["message_id"]!.GetValue<string>() == card));

        static JsonNode? Find(JsonNode? at) => at switch
        {
            JsonArray list => list.Select(Find).FirstOrDefault(found => found is not null),
            JsonObject part when part["tag"]?.ToString() == "button" && part["behaviors"]?[0]?["value"] is { } value && value["action"]?.ToString() == "approve" => value.DeepClone(),
            JsonObject part => part.Select(member => Find(member.Value)).FirstOrDefault(found => found is not null),
            _ => null,
        };
    }
}
