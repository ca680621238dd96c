using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Notifications;

/// <summary>The emulated platform, a gateway with the integration switched on, and a business system that hears of decisions.</summary>
internal sealed class NotificationFixture : EmulatedGateway
{
    private NotificationFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running, WebhookReceiver erp) : base(setup, running, erp) => Erp = erp;

    public WebhookReceiver Erp { get; }

    public static async Task<NotificationFixture> StartAsync(TimeProvider? clock = null, Func<BotApp, BotApp>? app = null, Dictionary<string, string?>? settings = null, bool enabled = true)
    {
        var erp = await WebhookReceiver.StartAsync();
        var setup = new EmulatedGatewaySetup
        {
            Platform = app is null ? null : s => s with { Apps = [.. s.Apps.Select(app)] }, Clock = clock,
            Settings = _ => [.. erp.Settings(events: "approval.decided"), .. settings ?? []],
        };
        var fixture = new NotificationFixture(setup, await setup.StartAsync(), erp);
        if (enabled)
        {
            await fixture.SetAsync((FeishuIntegration.Enabled, "true"), (FeishuIntegration.NotifyOnPr, "true"), (FeishuIntegration.NotifyOnPo, "true"), (FeishuIntegration.NotifyOnPayment, "true"),
                (FeishuIntegration.NotifyOnContractExpiry, "true"));
        }

        return fixture;
    }

    /// <summary>A requisition as a procurement system sends it.</summary>
    public static JsonObject Requisition(string subject = "PR-2026-0001", params JsonObject[] recipients) => new()
    {
        ["event"] = "pr.submitted",
        ["subject"] = subject,
        ["recipients"] = new JsonArray([.. (recipients.Length > 0 ? recipients : [Email("bob")]).Select(r => (JsonNode)r)]),
        ["variables"] = new JsonObject
        {
            ["number"] = subject, ["title"] = new JsonObject { ["zh"] = "研发笔记本电脑", ["en"] = "Laptops" },
            ["amount"] = new JsonObject { ["amount"] = "98765.4", ["currency"] = "CNY" }, ["applicant"] = Email("alice"), ["needed_by"] = "2026-04-01",
        },
    };

    public static JsonObject Email(string who) => new() { ["email"] = who + "@mica.example" };

    public async Task<JsonElement> SendAsync(JsonObject body, string? key = null)
    {
        var sent = await Gateway.PostRestAsync("/notifications", body.ToJsonString(), key);
        Assert.True(sent.Status == 202, sent + Gateway.Logs.Text);
        return sent.Body;
    }

    public async Task<JsonElement> GetAsync(string id)
    {
        var answer = await Gateway.GetRestAsync("/notifications/" + id);
        Assert.Equal(200, answer.Status);
        return answer.Body;
    }

    /// <summary>Waits until the deliveries are in these states, in their order.</summary>
    public async Task<JsonElement> UntilAsync(JsonElement notification, params string[] states)
    {
        var id = notification.GetProperty("id").GetString()!;
        JsonElement now = default;
        try
        {
            await Gateway.UntilAsync(async () => StatesOf(now = await GetAsync(id)).SequenceEqual(states));
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            Assert.Fail($"{now.GetRawText()}\n{Gateway.Logs.Text}");
        }

        return now;
    }

    public static string[] StatesOf(JsonElement notification) => [.. notification.GetProperty("deliveries").EnumerateArray().Select(d => d.GetProperty("state").GetString()!)];

    public static string MessageOf(JsonElement notification, int delivery = 0) => notification.GetProperty("deliveries")[delivery].GetProperty("message_id").GetString()!;

    public Task<JsonObject> ClickAsync(string messageId, string text, string @as, object? form = null) =>
        Emulator.ActAsync(new { @as, @do = "click", message_id = messageId, text, form_value = form });

    /// <summary>The card as its readers see it.</summary>
    public async Task<string> FaceAsync(string messageId)
    {
        var state = await Emulator.StateAsync();
        return Shown(state["messages"]!.AsArray().First(m => m!["message_id"]!.GetValue<string>() == messageId)!);
    }

    /// <summary>A message's card with its characters as they are read, not as markdown writes them.</summary>
    public static string Shown(JsonNode message) => System.Net.WebUtility.HtmlDecode(message["rendered"]!.GetValue<string>());

    /// <summary>Waits until a card says something.</summary>
    public Task FaceAsync(string messageId, string says) => Gateway.UntilAsync(async () => (await FaceAsync(messageId)).Contains(says, StringComparison.Ordinal));

    /// <summary>Messages of the bot that say something.</summary>
    public async Task<int> CountAsync(string says)
    {
        var state = await Emulator.StateAsync();
        return state["messages"]!.AsArray().Count(m => m!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Contains(says, StringComparison.Ordinal));
    }

    /// <summary>Runs the keeper once, and waits for its end.</summary>
    public async Task KeepAsync()
    {
        var before = await RunsAsync();
        // 503 until the schedules have started.
        await Gateway.UntilAsync(async () => (await Gateway.PostRestAsync("/schedules/notifications/run", null)).Status is 202);
        await Gateway.UntilAsync(async () => await RunsAsync() is var now && now.Runs > before.Runs && now.Ended);
    }

    public async Task<ReceivedWebhook> DecidedAsync()
    {
        await Gateway.UntilAsync(() => Task.FromResult(!Erp.Calls.IsEmpty));
        return Erp.Calls.First();
    }

    private async Task<(long Runs, bool Ended)> RunsAsync()
    {
        var item = (await Gateway.GetRestAsync("/schedules")).Items.Single(i => i.GetProperty("name").GetString() == "notifications");
        return (item.GetProperty("runs").GetInt64(), item.TryGetProperty("last", out var last) && last.ValueKind == JsonValueKind.Object && last.GetProperty("outcome").GetString() is not "running");
    }
}
