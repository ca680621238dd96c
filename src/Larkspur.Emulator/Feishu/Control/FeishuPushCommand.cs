using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.LongConnection;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>Builds and delivers one event, to any http address or over an app's long connection, and shows the receiver's answer.</summary>
internal sealed class FeishuPushCommand(EmulatorState state, EventSender sender, SocketEventSender sockets)
{
    private const int MostRepeats = 10_000;
    private const int MostFragments = 1000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public async Task<JsonObject> RunAsync(ControlInput input, CancellationToken cancellationToken)
    {
        input.Only("platform", "transport", "callback_url", "type", "encrypt", "schema", "event", "fragments", "repeat", "app_id", "event_id");
        var transport = input.Text("transport") ?? PushAttempt.Webhook;
        if (transport is not (PushAttempt.Webhook or PushAttempt.Socket)) throw PlatformCommands.NotPushed(FeishuPlatform.PlatformName, transport);

        var app = App(input);
        var type = input.Need("type");
        var repeat = input.Int("repeat", 1, MostRepeats) ?? 1;
        var eventId = input.Text("event_id") ?? state.Ids.Next("");
        var send = transport == PushAttempt.Webhook ? OverWebhook(input, app, type) : OverSocket(input, app, type);
        var plain = CanonicalJson.Write(Body(input, app, type, eventId));

        var results = new JsonArray();
        for (var i = 1; i <= repeat; i++)
        {
            var began = state.Inspector.NextNumber();
            var (delivery, ack) = await send(plain, cancellationToken);
            var result = delivery.Result;
            var verdict = result.Failure == DeliveryFailure.None ? $"pushed by control, answered {result.Status}" : $"pushed by control, {result.Failure}";
            state.Inspector.Add(PushRecords.Make(state, app, type, eventId, i, delivery, verdict) with { Began = began });
            results.Add(Show(delivery, ack));
        }

        var answer = results[^1]!.DeepClone().AsObject();
        answer["event_id"] = eventId;
        if (repeat > 1) answer["results"] = results;
        return answer;
    }

    private Func<string, CancellationToken, Task<(Delivery, Acknowledgement?)>> OverWebhook(ControlInput input, BotApp app, string type)
    {
        if (input.Int("fragments", 1, MostFragments) > 1) throw new ControlRefusal("\"fragments\" splits frames of the ws transport; a webhook has none.");
        var url = input.Text("callback_url") ?? app.CallbackUrl;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) throw new ControlRefusal("\"callbackUrl\" must be an absolute http or https address.");
        var encrypt = input.OptionalFlag("encrypt") ?? app.EncryptKey.Length > 0;
        if (encrypt && app.EncryptKey.Length == 0) throw new ControlRefusal("\"encrypt\" needs an app with an Encrypt Key.");
        return async (plain, cancellationToken) =>
        {
            var wrapped = type == "card.action.trigger_v1" ? sender.WrapLegacyCard(app, plain) : sender.Wrap(app, plain, encrypt);
            var (result, signed) = await sender.SendAsync(url, wrapped, Deadline, cancellationToken);
            return (new Delivery(result, signed, PushRoute.Webhook, url), null);
        };
    }

    /// <summary>Over one connection of the app, whichever. Frames are never encrypted and go nowhere else: "encrypt" and "callbackUrl" mean nothing here.</summary>
    private Func<string, CancellationToken, Task<(Delivery, Acknowledgement?)>> OverSocket(ControlInput input, BotApp app, string type)
    {
        if (type is "url_verification" or "card.action.trigger_v1") throw new ControlRefusal($"{type} is not delivered over the long connection.");
        var fragments = input.Int("fragments", 1, MostFragments);
        return async (plain, cancellationToken) =>
        {
            var sent = await sockets.SendAsync(app.AppId, plain, Deadline, fragments, cancellationToken);
            return (new Delivery(sent.Result, sent.SignedRequest, PushRoute.LongConnection, sent.Connection), sent.Acknowledgement);
        };
    }

    private JsonObject Body(ControlInput input, BotApp app, string type, string eventId)
    {
        var body = input.Object("event") ?? [];
        var now = state.Clock.GetUtcNow();
        if (type == "url_verification") return EventEnvelope.UrlVerification(app, body["challenge"]?.ToString() ?? state.Ids.Next(""));
        if (type == "card.action.trigger_v1") return body;
        return (input.Body["schema"]?.ToString() ?? "2.0") switch
        {
            "2.0" or "2" => EventEnvelope.V2(app, eventId, type, body, now),
            "1.0" or "1" => EventEnvelope.V1(app, eventId, type, body, now),
            _ => throw new ControlRefusal("\"schema\" must be \"2.0\" or \"1.0\"."),
        };
    }

    private BotApp App(ControlInput input)
    {
        var id = input.Text("app_id");
        if (id is null) return state.Apps[0];
        return state.App(id) ?? throw new ControlRefusal($"There is no app {id}. Apps: {string.Join(", ", state.Apps.Select(a => a.AppId))}.");
    }

    private static JsonObject Show(Delivery delivery, Acknowledgement? ack)
    {
        var result = delivery.Result;
        var shown = new JsonObject { ["status"] = result.Status, ["body"] = result.Body, ["ms"] = result.Milliseconds };
        if (delivery.Route == PushRoute.LongConnection) shown["connection"] = delivery.Through;
        if (ack is not null) shown["ack"] = JsonNode.Parse(ack.Raw);
        if (result.Failure != DeliveryFailure.None) shown["error"] = result.Failure.ToString().ToLowerInvariant();
        return shown;
    }
}
