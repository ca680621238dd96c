using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.DingTalk.Cards;
using Larkspur.Emulator.DingTalk.Deliveries;
using Larkspur.Emulator.DingTalk.Events;
using Larkspur.Emulator.DingTalk.Robots;
using Larkspur.Emulator.DingTalk.StreamMode;

namespace Larkspur.Emulator.DingTalk.Actions;

/// <summary>Delivers one event, robot message or card callback as it is given, to any address or over a stream, and shows the answer.</summary>
internal sealed class PushAction(EmulatorState state, EmulatorSettings settings, EventPush events, RobotDeliveries robots, CardClicks cards, DeliveryRecords records)
{
    private const int MostRepeats = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<JsonObject> RunAsync(ControlInput input, CancellationToken cancellationToken)
    {
        input.Only("platform", "transport", "callback_url", "type", "encrypt", "event", "repeat", "event_id", "api_secret");
        var transport = input.Text("transport") ?? Delivery.Stream;
        if (transport is not (Delivery.Stream or Delivery.Webhook)) throw new ControlRefusal("\"transport\" must be stream or webhook.");
        var (type, data) = (input.Need("type"), input.Object("event") ?? []);
        var url = transport == Delivery.Webhook ? Address(input) : "";
        var repeat = input.Int("repeat", 1, MostRepeats) ?? 1;
        var @event = new DingTalkEvent(type, input.Text("event_id") ?? state.Ids.Next(""), data, state.Clock.GetUtcNow());
        var results = new JsonArray();
        for (var i = 1; i <= repeat; i++)
        {
            var (delivery, plain) = await SendAsync(@event, url, input, cancellationToken);
            records.Add(delivery, type, @event.Id, i, plain, delivery.End == DeliveryEnd.Answered ? $"pushed by control, answered {delivery.Status}" : $"pushed by control, {delivery.End}");
            results.Add(delivery.Show());
        }

        var answer = results[^1]!.DeepClone().AsObject();
        answer["event_id"] = @event.Id;
        if (repeat > 1) answer["results"] = results;
        return answer;
    }

    private async Task<(Delivery Delivery, string Plain)> SendAsync(DingTalkEvent @event, string url, ControlInput input, CancellationToken cancellationToken)
    {
        var plain = CanonicalJson.Write(@event.Data);
        switch (@event.Type)
        {
            case StreamTopics.RobotMessage or "robot":
                return (url.Length == 0 ? await robots.OverStreamAsync(plain, state.Ids.Next(""), Patience, settings.RealTime, cancellationToken) : await robots.OverHttpAsync(url, plain, Patience, cancellationToken), plain);
            case StreamTopics.CardCallback or "card":
                return (url.Length == 0 ? await cards.OverStreamAsync(plain, cancellationToken) : await cards.OverHttpAsync(url, input.Text("api_secret") ?? settings.DingTalk.ClientSecret, plain, cancellationToken), plain);
            default:
                var (delivery, _) = url.Length == 0
                    ? await events.OverStreamAsync(@event, Patience, settings.RealTime, cancellationToken)
                    : await events.OverHttpAsync(url, @event, input.OptionalFlag("encrypt") ?? true, Patience, cancellationToken);
                return (delivery, url.Length == 0 ? plain : CanonicalJson.Write(events.Plain(@event)));
        }
    }

    private string Address(ControlInput input)
    {
        var url = input.Text("callback_url") ?? robots.CallbackUrl;
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? url : throw new ControlRefusal("\"callbackUrl\" must be an absolute http or https address.");
    }
}
