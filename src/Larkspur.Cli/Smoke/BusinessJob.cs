using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Hosting;
using Larkspur.Emulator.State;
using static Larkspur.Cli.Smoke.SmokeSteps;

namespace Larkspur.Cli.Smoke;

/// <summary>
/// What a procurement system does: a requisition becomes a card on which its approver decides, a payment becomes an approval instance, and each decision
/// comes back by one signed callback. REST alone, as in production.
/// </summary>
internal sealed class BusinessJob(LocalStack stack) : IAsyncDisposable
{
    private const string Webhook = "mica";
    private const string Requisition = "PR-2026-0042";
    private const string PaymentNumber = "PAY-2026-0007";

    private readonly EmulatorControl _emulator = new(stack.Emulator);
    private readonly HttpClient _gateway = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = stack.Gateway,
        Timeout = TimeSpan.FromSeconds(20),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", stack.ApiKey) },
    };

    private WebhookReceiver? _mica;
    private string _notification = "";
    private string _card = "";
    private string _payment = "";
    private string _instance = "";

    public IEnumerable<(string Name, Func<CancellationToken, Task> Step)> Steps() =>
    [
        ("a business system's callback address is stored; a signed test arrives", AddressAsync),
        ("notifications and the payment workflow are switched on, without a restart", SwitchOnAsync),
        ("a requisition is submitted: Bob gets its card", RequisitionAsync),
        ("Carol may not decide on it; Bob approves; one callback tells so", DecideAsync),
        ("a payment is submitted: an approval instance is made, once", PaymentAsync),
        ("Bob and Carol approve the instance; one callback tells so", ApprovePaymentAsync),
    ];

    public async ValueTask DisposeAsync()
    {
        _emulator.Dispose();
        _gateway.Dispose();
        if (_mica is not null) await _mica.DisposeAsync();
    }

    private async Task AddressAsync(CancellationToken cancellation)
    {
        _mica = await WebhookReceiver.StartAsync(cancellation);
        var stored = await CallAsync(HttpMethod.Put, $"webhooks/{Webhook}", new { url = _mica.Address, events = (string[])["approval.decided", "payment.decided"] }, null, cancellation);
        _mica.Trust(Text(stored, "secret"));
        await CallAsync(HttpMethod.Post, $"webhooks/{Webhook}/test", null, null, cancellation);
        await _mica.WaitAsync("webhook.test", _ => true, cancellation);
    }

    private async Task SwitchOnAsync(CancellationToken cancellation)
    {
        var off = await _gateway.PostAsJsonAsync("/api/v1/notifications", RequisitionBody(), cancellation);
        Expect((int)off.StatusCode == 409, $"a notification was taken while everything is off: {(int)off.StatusCode}");
        await CallAsync(HttpMethod.Patch, "settings", new Dictionary<string, object>
        {
            ["auth.feishu.enabled"] = true,
            ["auth.feishu.notify_on_pr"] = true,
            ["auth.feishu.payment_workflow"] = true,
            ["auth.feishu.approval_code"] = SeededCompany.PaymentApprovalCode,
        }, null, cancellation);
    }

    private async Task RequisitionAsync(CancellationToken cancellation)
    {
        var made = await CallAsync(HttpMethod.Post, "notifications", RequisitionBody(), Requisition, cancellation);
        var again = await CallAsync(HttpMethod.Post, "notifications", RequisitionBody(), Requisition, cancellation);
        _notification = Text(made, "id");
        Expect(Text(again, "id") == _notification, "the same request under the same key made another notification");
        var sent = await UntilAsync(() => CallAsync(HttpMethod.Get, $"notifications/{_notification}", null, null, cancellation),
            n => n["deliveries"]?[0]?["message_id"] is JsonValue, "Bob's card was not sent", cancellation);
        _card = Text(sent["deliveries"]![0]!, "message_id");
    }

    private async Task DecideAsync(CancellationToken cancellation)
    {
        var approve = Buttons(await _emulator.CardAsync(_card, cancellation)).FirstOrDefault(v => v["action"]?.GetValue<string>() == "approve")
            ?? throw new SmokeFailure("the card has no button to approve");
        await ExpectForeignClickIsRefusedAsync(approve, cancellation);
        await _emulator.ActAsync(new { @as = "bob", @do = "click", message_id = _card, value = approve }, cancellation);
        var told = await _mica!.WaitAsync("approval.decided", d => d["notification_id"]?.GetValue<string>() == _notification, cancellation);
        Expect(Text(told.Data, "decision") == "approved" && Text(told.Data, "subject") == Requisition, $"the webhook says {told.Data.ToJsonString()}");
        Expect(Buttons(await _emulator.CardAsync(_card, cancellation)).TrueForAll(v => v["action"]?.GetValue<string>() is not ("approve" or "reject")), "the decided card still has its buttons");
    }

    /// <summary>Carol never got the card: the same callback, sent as the platform would send it.</summary>
    private async Task ExpectForeignClickIsRefusedAsync(JsonNode approve, CancellationToken cancellation)
    {
        var pushed = await _emulator.PushAsync(new
        {
            platform = "feishu",
            transport = "webhook",
            callbackUrl = new Uri(stack.Gateway, "/webhook/feishu"),
            type = "card.action.trigger",
            encrypt = LocalStack.Encrypts,
            schema = "2.0",
            @event = new
            {
                @operator = new { user_id = "carol", open_id = "ou_of_somebody_else", tenant_key = "smoke" },
                token = "c-smoke-carol",
                action = new { tag = "button", value = approve.DeepClone() },
                host = "im_message",
                context = new { open_message_id = _card },
            },
        }, cancellation);
        Expect(pushed["status"]?.GetValue<int>() == 200, $"the foreign click was answered {pushed.ToJsonString()}");
        var state = await CallAsync(HttpMethod.Get, $"notifications/{_notification}", null, null, cancellation);
        Expect(state["decision"]?["decision"] is null, $"somebody else's click decided: {state.ToJsonString()}");
    }

    private async Task PaymentAsync(CancellationToken cancellation)
    {
        var body = new
        {
            number = PaymentNumber,
            title = "Laptops, first half",
            amount = "49382.70",
            currency = "CNY",
            payee = "Northwind",
            submitter = new { email = "alice@mica.example" },
            form = new Dictionary<string, object> { ["payee"] = "Northwind", ["amount"] = 49382.70m, ["reason"] = Requisition, ["method"] = "transfer" },
            webhook = Webhook,
        };
        _payment = Text(await CallAsync(HttpMethod.Post, "payments", body, PaymentNumber, cancellation), "id");
        Expect(Text(await CallAsync(HttpMethod.Post, "payments", body, PaymentNumber, cancellation), "id") == _payment, "the same request under the same key made another payment");
        var pending = await UntilAsync(() => CallAsync(HttpMethod.Get, $"payments/{_payment}", null, null, cancellation),
            p => Text(p, "state") is not "submitting", "the payment's instance was not made", cancellation);
        Expect(Text(pending, "state") == "pending", $"the payment is {pending.ToJsonString()}");
        _instance = Text(pending, "instance_code");
        var instances = (await _emulator.StateAsync(cancellation))["approvals"]?["instances"]?.AsArray().Count;
        Expect(instances == 1, $"the platform has {instances} instances");
    }

    private async Task ApprovePaymentAsync(CancellationToken cancellation)
    {
        await _emulator.ActAsync(new { @as = "bob", @do = "approve", instance = _instance, comment = "ok" }, cancellation);
        await _emulator.ActAsync(new { @as = "carol", @do = "approve", instance = _instance }, cancellation);
        var told = await _mica!.WaitAsync("payment.decided", d => d["payment_id"]?.GetValue<string>() == _payment, cancellation);
        Expect(Text(told.Data, "decision") == "approved" && Text(told.Data, "number") == PaymentNumber, $"the webhook says {told.Data.ToJsonString()}");
        var payment = await CallAsync(HttpMethod.Get, $"payments/{_payment}", null, null, cancellation);
        Expect(Text(payment, "state") == "approved", $"the payment is {Text(payment, "state")}");
        var decisions = _mica.Received.Count(c => c.Type is "payment.decided" or "approval.decided");
        Expect(decisions == 2, $"{decisions} decisions were told, not two");
    }

    private static object RequisitionBody() => new
    {
        @event = "pr.submitted",
        subject = Requisition,
        recipients = (object[])[new { email = "bob@mica.example" }],
        variables = new
        {
            number = Requisition,
            title = "12 laptops for development",
            amount = new { amount = "98765.40", currency = "CNY" },
        },
        decision = new { webhook = Webhook },
    };

    private async Task<JsonNode> CallAsync(HttpMethod method, string path, object? body, string? key, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await _gateway.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        Expect(response.IsSuccessStatusCode, $"{method} /api/v1/{path} answered {(int)response.StatusCode}: {text}");
        try
        {
            return JsonNode.Parse(text)!;
        }
        catch (JsonException)
        {
            throw new SmokeFailure($"{method} /api/v1/{path} answered no JSON: {text}");
        }
    }
}
