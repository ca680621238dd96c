using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Approval;

/// <summary>An emulator whose clock stands still, an app that calls it, and words for what approvals need.</summary>
public abstract class ApprovalTest : IAsyncLifetime
{
    protected const string Base = "/open-apis/approval/v4/";
    protected const string Payment = SeededCompany.PaymentApprovalCode;
    protected const string Purchase = SeededCompany.PurchaseApprovalCode;

    protected ManualTimeProvider Time { get; } = new();

    protected EmulatorApp Emulator { get; private set; } = null!;

    protected string Token { get; private set; } = null!;

    /// <summary>Limits are off unless a test is about them.</summary>
    protected virtual double RateLimitFactor => 0;

    public virtual async ValueTask InitializeAsync()
    {
        Emulator = await EmulatorApp.StartAsync(s => s with { RealTime = Time, RateLimitFactor = RateLimitFactor });
        Token = await Emulator.TenantTokenAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task<ApiReply> PostAsync(string path, object? body = null, string? token = null) => Emulator.CallAsync(HttpMethod.Post, path.StartsWith('/') ? path : Base + path, token ?? Token, body ?? new { });

    protected Task<ApiReply> GetAsync(string path) => Emulator.CallAsync(HttpMethod.Get, path.StartsWith('/') ? path : Base + path, Token);

    protected static JsonArray PaymentForm(string payee = "青云科技", decimal amount = 1280.5m) => JsonNode.Parse(JsonSerializer.Serialize(new object[]
    {
        new { id = "payee", type = "input", value = payee }, new { id = "amount", type = "amount", value = amount, currency = "CNY" },
        new { id = "method", type = "radioV2", value = "transfer" },
    }))!.AsArray();

    protected static JsonArray PurchaseForm() => JsonNode.Parse("""
        [{"id":"subject","type":"input","value":"显示器"},
         {"id":"items","type":"fieldList","value":[[{"id":"article","type":"input","value":"27 寸"},{"id":"pieces","type":"number","value":3}]]},
         {"id":"needed","type":"checkboxV2","value":["invoice"]}]
        """)!.AsArray();

    protected Task<ApiReply> CreateAsync(JsonNode? form = null, string? uuid = null, string user = "alice", string code = Payment, object? more = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["approval_code"] = code;
        body["user_id"] = user;
        body["form"] = (form ?? PaymentForm()).ToJsonString();
        if (uuid is not null) body["uuid"] = uuid;
        return PostAsync("instances", body);
    }

    protected async Task<string> CreatedAsync(JsonNode? form = null, string? uuid = null, string user = "alice", string code = Payment, object? more = null)
    {
        var reply = await CreateAsync(form, uuid, user, code, more);
        Assert.True(reply is { Status: 200, Code: 0 }, reply.Json.ToJsonString());
        return reply.Data["instance_code"]!.GetValue<string>();
    }

    /// <summary>A purchase request: whom Alice chose, then Bob and Carol together.</summary>
    protected Task<string> PurchaseAsync(params string[] chosen) => CreatedAsync(PurchaseForm(), code: Purchase, more: new { node_approver_user_id_list = new[] { new { key = "chosen", value = chosen } } });

    protected async Task<JsonObject> InstanceAsync(string code)
    {
        var reply = await GetAsync("instances/" + code);
        Assert.True(reply is { Status: 200, Code: 0 }, reply.Json.ToJsonString());
        return reply.Data.AsObject();
    }

    protected async Task<string> StatusAsync(string code) => (await InstanceAsync(code))["status"]!.GetValue<string>();

    /// <summary>Tasks as <c>who:STATUS</c>, in the order in which they were made.</summary>
    protected async Task<string[]> TasksAsync(string code) => [.. (await InstanceAsync(code))["task_list"]!.AsArray().Select(t => $"{t!["user_id"]}:{t["status"]}")];

    protected async Task<string[]> TimelineAsync(string code) => [.. (await InstanceAsync(code))["timeline"]!.AsArray().Select(t => t!["type"]!.GetValue<string>())];

    protected async Task<string> PendingAsync(string code, string who) =>
        (await InstanceAsync(code))["task_list"]!.AsArray().Single(t => t!["user_id"]!.GetValue<string>() == who && t["status"]!.GetValue<string>() == "PENDING")!["id"]!.GetValue<string>();

    /// <summary>Approves, rejects, transfers or resubmits the pending task of a person through the API.</summary>
    protected async Task<ApiReply> DecideAsync(string verb, string code, string who, object? more = null, string approval = Payment)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["approval_code"] = approval;
        body["instance_code"] = code;
        body["user_id"] = who;
        body["task_id"] ??= await PendingAsync(code, who);
        return await PostAsync($"tasks/{verb}?user_id_type=user_id", body);
    }

    protected Task<JsonObject> ActAsync(string who, string what, string instance, object? more = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["as"] = who;
        body["do"] = what;
        body["instance"] = instance;
        return Emulator.ActAsync(body);
    }

    protected static void Refused(ApiReply reply, long code, string? naming = null)
    {
        Assert.True(reply.Code == code && reply.Status >= 400, $"{reply.Status} {reply.Json.ToJsonString()}");
        if (naming is not null) Assert.Contains(naming, reply.Json["msg"]!.GetValue<string>(), StringComparison.Ordinal);
    }
}
