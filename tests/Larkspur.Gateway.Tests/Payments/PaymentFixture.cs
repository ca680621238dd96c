using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>The emulated platform with its approvals, a gateway with the payment workflow on, and the business system that is told of decisions.</summary>
internal sealed class PaymentFixture : EmulatedGateway
{
    /// <summary>The emulator's seeded definition: Bob decides, then Carol.</summary>
    public const string ApprovalCode = "5A6F1C3E-2B7D-4E90-8C41-7D3A9B0E6F12";

    /// <summary>The emulator's other one: who asks names who decides.</summary>
    public const string ChosenApprovalCode = "purchase";

    private PaymentFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running, WebhookReceiver erp) : base(setup, running, erp) => Erp = erp;

    public WebhookReceiver Erp { get; }

    public FeishuPush Push { get; } = new();

    /// <summary>The settings that every gateway of the fixture has.</summary>
    public Dictionary<string, string?> Webhook => WebhookOf(Erp);

    /// <param name="on">The workflow is switched on, and its events are subscribed when this returns.</param>
    /// <param name="settings">Further settings of the gateway.</param>
    /// <param name="listens">Events reach the gateway.</param>
    /// <param name="clock">The gateway's clock.</param>
    public static async Task<PaymentFixture> StartAsync(bool on = true, Dictionary<string, string?>? settings = null, bool listens = true, TimeProvider? clock = null)
    {
        var erp = await WebhookReceiver.StartAsync();
        var setup = new EmulatedGatewaySetup
        {
            Settings = _ => [.. WebhookOf(erp), .. settings ?? []], Clock = clock, Listens = listens,
        };
        var fixture = new PaymentFixture(setup, await setup.StartAsync(), erp);
        if (on) await fixture.SwitchOnAsync();
        return fixture;
    }

    public async Task SwitchOnAsync(string code = ApprovalCode)
    {
        await SetAsync((FeishuIntegration.Enabled, "true"), (FeishuIntegration.PaymentWorkflow, "true"), (FeishuIntegration.ApprovalCode, code));
        await HoldsAsync(async () => (await Emulator.StateAsync())["approvals"]!["subscriptions"]!.AsArray().Any(s => s!["approval_code"]!.GetValue<string>() == code));
    }

    /// <summary>A payment that fits the seeded definition.</summary>
    public static Dictionary<string, object?> Order(string number = "PAY-1", string submitter = "alice") => new()
    {
        ["number"] = number, ["title"] = "Steel", ["amount"] = "1200.50", ["currency"] = "CNY", ["payee"] = "Shenzhen Steel Ltd", ["submitter"] = new { user_id = submitter },
        ["form"] = new Dictionary<string, object?> { ["payee"] = "Shenzhen Steel Ltd", ["amount"] = 1200.5, ["method"] = "transfer" },
    };

    /// <summary>Asks for one and returns its id.</summary>
    public async Task<string> SubmitAsync(string number = "PAY-1", string? key = null)
    {
        var answer = await Gateway.PostRestAsync("/payments", Order(number), key);
        Assert.True(answer.Status == 202, answer.ToString());
        return answer.Text("id")!;
    }

    public async Task<JsonElement> PaymentAsync(string id)
    {
        var answer = await Gateway.GetRestAsync("/payments/" + id);
        Assert.Equal(200, answer.Status);
        return answer.Body;
    }

    public async Task<string> StateAsync(string id) => (await PaymentAsync(id)).GetProperty("state").GetString()!;

    /// <summary>Waits until the payment is in a state, and returns it.</summary>
    public async Task<JsonElement> UntilStateAsync(string id, string state)
    {
        await HoldsAsync(async () => await StateAsync(id) == state, $"{state} of {id}");
        return await PaymentAsync(id);
    }

    /// <summary>Waits for the instance of a payment and returns its code.</summary>
    public async Task<string> InstanceAsync(string id)
    {
        await UntilStateAsync(id, "pending");
        return (await PaymentAsync(id)).GetProperty("instance_code").GetString()!;
    }

    /// <summary>A person does something about an instance.</summary>
    public Task<JsonObject> ActAsync(string who, string what, string instance, string? comment = null) => comment is null ? Emulator.ActAsync(new { @as = who, @do = what, instance })
        : Emulator.ActAsync(new { @as = who, @do = what, instance, comment });

    /// <summary>The instances on the platform.</summary>
    public async Task<JsonObject[]> InstancesAsync() => [.. (await Emulator.StateAsync())["approvals"]!["instances"]!.AsArray().Select(i => i!.AsObject())];

    /// <summary>Waits for the webhook of this number.</summary>
    public async Task<ReceivedWebhook> WebhookAsync(int number = 1)
    {
        await HoldsAsync(() => Erp.Calls.Count >= number, $"webhook {number}");
        return Erp.Calls.ElementAt(number - 1);
    }

    /// <summary>Runs reconciliation once, to its end.</summary>
    public async Task ReconcileAsync()
    {
        var before = await RunsAsync();
        // 503 until the schedules have started.
        await HoldsAsync(async () => (await Gateway.PostRestAsync("/schedules/payments/run", null)).Status is 202);
        await HoldsAsync(async () => await RunsAsync() is var now && now.Runs > before.Runs && now.Ended);
    }

    /// <summary>An event of the approvals as the platform pushes it, schema 1.0; returns its id.</summary>
    public async Task<string> PushAsync(object body, string? eventId = null)
    {
        var id = eventId ?? FeishuPush.NewId("ev_");
        var json = JsonSerializer.SerializeToNode(body)!.AsObject();
        var envelope = new JsonObject
        {
            ["uuid"] = id, ["token"] = Push.Token, ["ts"] = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}.1", ["type"] = "event_callback", ["event"] = json,
        };
        using var request = Push.Request(System.Text.Encoding.UTF8.GetBytes(Push.Encrypt(envelope.ToJsonString())));
        using var response = await Gateway.Http.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        return id;
    }

    /// <summary>An <c>approval_instance</c> event.</summary>
    public Task<string> PushInstanceAsync(string instance, string status, string? uuid, string code = ApprovalCode, string? eventId = null) => PushAsync(new
    {
        app_id = GatewayApp.AppId, tenant_key = "tk", type = "approval_instance", approval_code = code, instance_code = instance, status,
        operate_time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(), uuid,
    }, eventId);

    protected override async Task<string> ToldAsync() => $"Payments: {(await Gateway.GetRestAsync("/payments")).Body}";

    private static Dictionary<string, string?> WebhookOf(WebhookReceiver erp) => erp.Settings(events: "payment.decided,payment.failed");

    private async Task<(long Runs, bool Ended)> RunsAsync()
    {
        var item = (await Gateway.GetRestAsync("/schedules")).Items.Single(s => s.GetProperty("name").GetString() == "payments");
        return (item.GetProperty("runs").GetInt64(), item.TryGetProperty("last", out var last) && last.ValueKind == JsonValueKind.Object && last.GetProperty("outcome").GetString() is not "running");
    }
}
