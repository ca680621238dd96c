using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Deliveries;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.StreamMode;

namespace Larkspur.Emulator.DingTalk.Cards;

/// <summary>How a click ended.</summary>
/// <param name="Failure">In words, what the person sees instead of a change; <see langword="null"/> when it went well.</param>
internal sealed record CardClickResult(Delivery Delivery, string? Failure, bool CardChanged);

/// <summary>A person clicks on a card: the callback goes out, and its answer changes the card.</summary>
internal sealed class CardClicks(
    EmulatorState state, EmulatorSettings settings, CardInstances cards, CardRoutesApi routes, StreamEventSender stream, HttpEventSender http, DeliveryRecords records, DingTalkLimits limits)
{
    public async Task<CardClickResult> ClickAsync(string userId, CardInstance card, CardPlace place, IReadOnlyList<string> actionIds, JsonObject parameters, CancellationToken cancellationToken)
    {
        var content = new JsonObject { ["cardPrivateData"] = new JsonObject { ["actionIds"] = new JsonArray([.. actionIds.Select(a => (JsonNode?)a)]), ["params"] = parameters.DeepClone() } };
        var body = new JsonObject
        {
            ["extension"] = "{}", ["corpId"] = settings.DingTalk.CorpId, ["spaceType"] = place.SpaceType, ["userIdType"] = 1, ["type"] = "actionCallback", ["userId"] = userId,
            ["content"] = CanonicalJson.Write(content), ["spaceId"] = place.SpaceId, ["outTrackId"] = card.OutTrackId,
        };
        var plain = CanonicalJson.Write(body);
        var id = state.Ids.Next("");
        if (!limits.CountDelivery()) return End(new Delivery(Delivery.Stream, "", DeliveryEnd.Nowhere, 0, "", 0), id, plain, "the month's deliveries are used up");
        if (card.CallbackType is null) return End(new Delivery(Delivery.Stream, "", DeliveryEnd.Nowhere, 0, "", 0), id, plain, "the card was made without callbackType, so nobody is told");
        var delivery = card.CallbackType == "HTTP" ? await OverHttpAsync(card, plain, cancellationToken) : await OverStreamAsync(plain, cancellationToken);
        if (!delivery.Accepted) return End(delivery, id, plain, Why(card, delivery));
        var answer = DingTalkCall.Parsed(delivery.Body) as JsonObject;
        if (card.CallbackType == "STREAM") answer = answer?["response"] as JsonObject;
        return Apply(delivery, id, plain, userId, card, answer);
    }

    /// <summary>One try over the stream.</summary>
    public Task<Delivery> OverStreamAsync(string plain, CancellationToken cancellationToken) =>
        stream.SendAsync(new StreamFrame(StreamFrame.Callback, StreamTopics.CardCallback, state.Ids.Next(""), plain), settings.DingTalk.CardPatience, settings.RealTime, cancellationToken);

    /// <summary>One try to an address, signed with the route's secret: over the timestamp alone.</summary>
    public Task<Delivery> OverHttpAsync(string url, string apiSecret, string plain, CancellationToken cancellationToken)
    {
        var timestamp = settings.RealTime.GetUtcNow().ToUnixTimeMilliseconds().ToString();
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(apiSecret), Encoding.UTF8.GetBytes(timestamp)));
        return http.SendAsync(url, url, plain, [KeyValuePair.Create("x-ddpaas-signature-timestamp", timestamp), KeyValuePair.Create("x-ddpaas-signature", signature)], settings.DingTalk.CardPatience, cancellationToken);
    }

    private async Task<Delivery> OverHttpAsync(CardInstance card, string plain, CancellationToken cancellationToken) =>
        card.RouteKey is { } key && routes.Find(key) is { } route ? await OverHttpAsync(route.Url, route.ApiSecret, plain, cancellationToken) : new Delivery(Delivery.Webhook, "", DeliveryEnd.Nowhere, 0, "", 0);

    private CardClickResult Apply(Delivery delivery, string id, string plain, string userId, CardInstance card, JsonObject? answer)
    {
        if (answer is null || (answer["cardData"] is null && answer["userPrivateData"] is null)) return End(delivery, id, plain, null);
        try
        {
            var options = answer["cardUpdateOptions"] as JsonObject;
            var change = new CardChange
            {
                Data = CardVariables.Read(answer["cardData"], CardInstance.AiContentKey), DataByKey = options?["updateCardDataByKey"]?.ToString() == "true", PrivateByKey = options?["updatePrivateDataByKey"]?.ToString() == "true",
            };
            if (answer["userPrivateData"] is { } own) change = change with { PrivateData = change.PrivateData.SetItem(userId, CardVariables.ReadPrivate(own)) };
            var before = card.Version;
            cards.TryChange(card.OutTrackId, change.Apply, out var changed);
            return End(delivery, id, plain, null, changed is not null && changed.Version != before);
        }
        catch (DingTalkRefusal refusal)
        {
            return End(delivery, id, plain, $"the answer is refused: {refusal.Code} {refusal.Message}");
        }
    }

    private CardClickResult End(Delivery delivery, string id, string plain, string? failure, bool changed = false)
    {
        records.Add(delivery, StreamTopics.CardCallback, id, 1, plain, failure ?? (changed ? "answered, the card changes" : "answered"));
        return new CardClickResult(delivery, failure, changed);
    }

    private string Why(CardInstance card, Delivery delivery) => delivery.End switch
    {
        DeliveryEnd.Answered => $"the callback was answered {delivery.Status}",
        DeliveryEnd.NoAnswer => $"no answer within {settings.DingTalk.CardPatience.TotalSeconds:0.#} s",
        DeliveryEnd.Offline => $"no client of Stream mode listens to {StreamTopics.CardCallback}",
        DeliveryEnd.Nowhere => card.RouteKey is null ? "the card has no callbackRouteKey" : $"no address is registered for callbackRouteKey {card.RouteKey}",
        _ => "the callback could not be delivered",
    };
}
