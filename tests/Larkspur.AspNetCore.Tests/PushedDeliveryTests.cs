using System.Text.Json.Nodes;
using Larkspur.Feishu.Events;

namespace Larkspur.AspNetCore.Tests;

/// <summary>What the emulator pushes arrives at the handlers, and is answered as the platform wants it.</summary>
public sealed class PushedDeliveryTests(EmulatorFixture fixture) : IClassFixture<EmulatorFixture>
{
    private readonly EmulatorApp _emulator = fixture.Emulator;

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.0")]
    public async Task An_event_is_handled_and_acknowledged(string schema)
    {
        var handled = new List<string>();
        var events = new FeishuEventDispatcher().OnUnknown((delivery, _) =>
        {
            handled.Add($"{delivery.Schema} {delivery.EventType}");
            return Task.CompletedTask;
        });
        await using var app = await ReceiverApp.StartAsync(events);

        var pushed = await PushAsync(app, new { type = "approval_instance", schema, @event = new { status = "APPROVED" } });

        Assert.Equal((200, "{}"), Answer(pushed));
        Assert.Equal([$"{schema} approval_instance"], handled);
    }

    [Fact]
    public async Task The_platforms_check_of_the_address_is_answered()
    {
        await using var app = await ReceiverApp.StartAsync(new FeishuEventDispatcher());

        var pushed = await PushAsync(app, new { type = "url_verification" });

        Assert.Equal(200, (int)pushed["status"]!);
        Assert.NotEmpty((string)JsonNode.Parse((string)pushed["body"]!)!["challenge"]!);
    }

    [Theory]
    [InlineData("card.action.trigger")]
    [InlineData("card.action.trigger_v1")]
    public async Task A_card_action_is_answered_by_its_handler(string type)
    {
        var noted = CardActionResponse.Toast(CardToastType.Success, "Noted");
        var events = new FeishuEventDispatcher().OnCardAction((_, _) => Task.FromResult(noted));
        await using var app = await ReceiverApp.StartAsync(events);

        var action = new { tag = "button", value = new { k = "v" } };
        var pushed = await PushAsync(app, new { type, @event = new { open_id = "ou_1", open_message_id = "om_1", token = "c-1", action } });

        Assert.Equal((200, """{"toast":{"type":"success","content":"Noted"}}"""), Answer(pushed));
    }

    [Fact]
    public async Task An_event_that_is_delivered_again_is_handled_once()
    {
        var handled = 0;
        var events = new FeishuEventDispatcher().OnUnknown((_, _) => Task.FromResult(Interlocked.Increment(ref handled)));
        await using var app = await ReceiverApp.StartAsync(events);

        var pushed = await PushAsync(app, new { type = "im.chat.disbanded_v1", @event = new { chat_id = "oc_1" }, repeat = 3 });

        Assert.Equal([200, 200, 200], pushed["results"]!.AsArray().Select(r => (int)r!["status"]!));
        Assert.Equal(1, handled);
    }

    [Fact]
    public async Task An_event_that_nobody_handles_is_acknowledged()
    {
        await using var app = await ReceiverApp.StartAsync(new FeishuEventDispatcher());
        Assert.Equal((200, "{}"), Answer(await PushAsync(app, new { type = "im.chat.disbanded_v1", @event = new { chat_id = "oc_1" } })));
    }

    [Fact]
    public async Task What_was_encrypted_with_another_key_is_refused()
    {
        var handled = 0;
        var events = new FeishuEventDispatcher().OnUnknown((_, _) => Task.FromResult(Interlocked.Increment(ref handled)));
        await using var app = await ReceiverApp.StartAsync(events, change: o => o.EncryptKey = "another-key");

        var pushed = await PushAsync(app, new { type = "im.chat.disbanded_v1", @event = new { chat_id = "oc_1" } });

        Assert.Equal((401, """{"error":"wrong_signature"}"""), Answer(pushed));
        Assert.Equal(0, handled);
        Assert.Contains("Information: Refused a request with 401: wrong_signature", app.Log.Lines);
    }

    private Task<JsonObject> PushAsync(ReceiverApp app, object what)
    {
        var push = System.Text.Json.JsonSerializer.SerializeToNode(what)!.AsObject();
        push["platform"] = "feishu";
        push["transport"] = "webhook";
        push["callbackUrl"] = app.Url;
        push["encrypt"] = true;
        return _emulator.ControlAsync(HttpMethod.Post, "push", push);
    }

    private static (int Status, string Body) Answer(JsonObject pushed) => ((int)pushed["status"]!, (string)pushed["body"]!);
}
