using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Control;

/// <summary>Builds, signs, encrypts and delivers one event to any http address, and shows the receiver's answer.</summary>
internal sealed class PushCommand(EmulatedWorld world, Courier courier)
{
    private const int MostRepeats = 10_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public async Task<JsonObject> RunAsync(ControlInput input, CancellationToken cancellationToken)
    {
        input.Only("platform", "transport", "callback_url", "type", "encrypt", "schema", "event", "fragments", "repeat", "app_id", "event_id");
        var platform = input.Text("platform") ?? "feishu";
        var transport = input.Text("transport") ?? "webhook";
        if (platform != "feishu" || transport != "webhook")
        {
            throw new ControlRefusal($"Pushing to {platform} over {transport} is not emulated yet; feishu over webhook is.", 501);
        }

        if (input.Int("fragments", 1, 1000) > 1) throw new ControlRefusal("\"fragments\" splits frames of the ws transport; a webhook has none.");
        var app = App(input);
        var url = input.Text("callback_url") ?? app.CallbackUrl;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) throw new ControlRefusal("\"callbackUrl\" must be an absolute http or https address.");
        var type = input.Need("type");
        var repeat = input.Int("repeat", 1, MostRepeats) ?? 1;
        var encrypt = input.OptionalFlag("encrypt") ?? app.EncryptKey.Length > 0;
        if (encrypt && app.EncryptKey.Length == 0) throw new ControlRefusal("\"encrypt\" needs an app with an Encrypt Key.");
        var eventId = input.Text("event_id") ?? world.Ids.Next("");
        var plain = CanonicalJson.Write(Body(input, app, type, eventId));
        var legacyCard = type == "card.action.trigger_v1";

        var results = new JsonArray();
        for (var i = 1; i <= repeat; i++)
        {
            var parcel = legacyCard ? courier.WrapLegacyCard(app, plain) : courier.Wrap(app, plain, encrypt);
            var began = world.Inspector.NextNumber();
            var (result, _) = await courier.SendAsync(url, parcel, Deadline, cancellationToken);
            var verdict = result.Failure == DeliveryFailure.None ? $"pushed by control, answered {result.Status}" : $"pushed by control, {result.Failure}";
            world.Inspector.Add(PushRecords.Make(world, app, type, eventId, i, url, parcel, result, verdict) with { Began = began });
            results.Add(Show(result));
        }

        var answer = results[^1]!.DeepClone().AsObject();
        answer["event_id"] = eventId;
        if (repeat > 1) answer["results"] = results;
        return answer;
    }

    private JsonObject Body(ControlInput input, BotApp app, string type, string eventId)
    {
        var body = input.Object("event") ?? [];
        var now = world.Clock.GetUtcNow();
        if (type == "url_verification") return EventEnvelope.UrlVerification(app, body["challenge"]?.ToString() ?? world.Ids.Next(""));
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
        if (id is null) return world.Apps[0];
        return world.App(id) ?? throw new ControlRefusal($"There is no app {id}. Apps: {string.Join(", ", world.Apps.Select(a => a.AppId))}.");
    }

    private static JsonObject Show(DeliveryResult result)
    {
        var shown = new JsonObject { ["status"] = result.Status, ["body"] = result.Body, ["ms"] = result.Milliseconds };
        if (result.Failure != DeliveryFailure.None) shown["error"] = result.Failure.ToString().ToLowerInvariant();
        return shown;
    }
}
