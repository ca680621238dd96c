using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;

namespace Larkspur.Gateway.Tests.Cards;

/// <summary>The emulated platform, a gateway, and a business system that hears of clicks.</summary>
internal sealed class CardFixture : EmulatedGateway
{
    private CardFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running, WebhookReceiver erp) : base(setup, running, erp) => Erp = erp;

    public WebhookReceiver Erp { get; }

    /// <summary>Clicks that the emulator's faces do not offer any more: signed pushes of our own.</summary>
    public FeishuPush Push { get; } = new();

    public static async Task<CardFixture> StartAsync(Action<WebApplicationBuilder>? configure = null, Dictionary<string, string?>? settings = null)
    {
        var erp = await WebhookReceiver.StartAsync();
        var setup = new EmulatedGatewaySetup { Settings = _ => [.. erp.Settings(events: "card.action"), .. settings ?? []], Configure = configure };
        return new CardFixture(setup, await setup.StartAsync(), erp);
    }

    /// <summary>Sends to Alice and returns the platform's id of the message.</summary>
    public async Task<string> SendAsync(object body, string? key = null)
    {
        var sent = await Gateway.PostRestAsync("/messages?wait=20", body, key);
        Assert.True(sent.Status == 200 && sent.Text("state") == "sent", sent + Gateway.Logs.Text);
        return sent.Text("message_id")!;
    }

    public Task<JsonObject> ClickAsync(string messageId, string text, string @as = "alice", object? form = null) =>
        Emulator.ActAsync(new { @as, @do = "click", message_id = messageId, text, form_value = form });

    /// <summary>The card as it stands.</summary>
    public async Task<JsonElement> FaceAsync(string messageId)
    {
        var state = await Emulator.StateAsync();
        var message = state["messages"]!.AsArray().First(m => m!["message_id"]!.GetValue<string>() == messageId)!;
        return JsonSerializer.Deserialize<JsonElement>(message["rendered"]!.GetValue<string>());
    }

    /// <summary>A click with a value that the face may not offer any more.</summary>
    public Task<(int Status, JsonElement Body)> PushClickAsync(JsonElement value, string messageId, string by, string? eventId = null) =>
        Push.SendAsync(Gateway, "card.action.trigger", FeishuPush.Click(value, messageId, by), eventId);

    public async Task<ReceivedWebhook> NextCallbackAsync(int number = 1)
    {
        await HoldsAsync(() => Erp.Calls.Count >= number, $"webhook {number}");
        return Erp.Calls.ElementAt(number - 1);
    }

    /// <summary>Callback values in a card's JSON, by the action they name.</summary>
    public static Dictionary<string, JsonElement> Values(JsonElement card)
    {
        var found = new Dictionary<string, JsonElement>();
        Find(card);
        return found;

        void Find(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray()) Find(item);
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                if (element.TryGetProperty("behaviors", out var behaviors) && behaviors[0].TryGetProperty("value", out var value)) found[value.TryGetProperty("action", out var action) ? action.GetString()! : "menu"] = value;
                foreach (var member in element.EnumerateObject()) Find(member.Value);
            }
        }
    }
}
