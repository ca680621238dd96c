using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Cards.Validation;
using Larkspur.Emulator.Feishu.Events;

namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>A person uses a card: asks the bot synchronously (3 s, no retry) and plays its answer.</summary>
internal sealed class CardCallbacks(
    EmulatorState state, PushRoutes routes, EventSource events, CardTokens tokens, CardReader cards, CardDisplay display, OngoingClicks clicks)
{
    private static readonly HashSet<string> ToastTypes = ["info", "success", "error", "warning"];

    public async Task<ClickResult> ClickAsync(Person person, Message message, CardClick click, CancellationToken cancellationToken)
    {
        if (message.Card is not { } cardState) return new ClickResult(Error: new LocalizedText("This message is not a card.", "这条消息不是卡片。"));
        if (click.Locale is { } locale) person = person with { Locale = locale };
        if (message.Deleted) return new ClickResult(Error: new LocalizedText("This card was recalled.", "卡片已被撤回。"));
        if (state.Clock.GetUtcNow() - message.CreateTime > CardDisplay.Usable(cardState)) return new ClickResult(Error: new LocalizedText("This card has expired.", "卡片已过期，无法操作。"));
        var card = (JsonObject)JsonNode.Parse(cardState.For(person.UserId))!;
        if (CardParts.Find(card, click, out var why) is not { } part) return new ClickResult(Error: why);
        if (part.Disabled) return new ClickResult(Error: new LocalizedText("This part of the card is disabled.", "卡片的这个组件已禁用。"));
        if (part.Resets) return new ClickResult();
        if (state.App(message.SenderId) is not { } app) return new ClickResult(Error: new LocalizedText("The card's bot is gone.", "发送卡片的机器人已不存在。"));
        if (!part.Submits && !part.CallsBack(cardState.IsV2)) return new ClickResult(OpenUrl: part.Url);
        var action = CardAction.Build(card, part, click, id => WireIds.OpenId(app.AppId, id), out var refusal);
        if (action is null) return refusal!;
        if (routes.Of(app, PushKind.Callback) is var route && route == PushRoute.None) return Failed(200340);

        var (eventId, type) = (state.Ids.Next(""), "card.action.trigger");
        var plain = CanonicalJson.Write(EventEnvelope.V2(app, eventId, type, Body(app, person, message, action), state.Clock.GetUtcNow()));
        clicks.Begin(message.MessageId, cardState);
        Delivery delivery;
        try
        {
            delivery = await routes.SendAsync(app, PushKind.Callback, route, plain, cancellationToken);
        }
        finally
        {
            if (clicks.End(message.MessageId) is { } before) display.Restore(message.MessageId, before);
        }

        var answer = delivery.Result;
        var result = Play(person, message, cardState, answer) with { OpenUrl = part.Url };
        var verdict = result.ErrorCode is { } code ? $"failed: {code}" : answer.Body.Length <= 2 ? "answered, nothing to show" : "answered";
        state.Inspector.Add(PushRecords.Make(state, app, type, eventId, 1, delivery, verdict));
        return result;
    }

    private JsonObject Body(BotApp app, Person person, Message message, JsonObject action)
    {
        var who = new JsonObject { ["tenant_key"] = state.TenantOf(app, person.UserId) };
        foreach (var (name, value) in events.UserIds(app, person.UserId)) who[name] = value?.DeepClone();
        return new JsonObject
        {
            ["operator"] = who,
            ["token"] = tokens.Mint(app.AppId, message.MessageId, person.UserId),
            ["action"] = action,
            ["host"] = "im_message",
            ["context"] = new JsonObject { ["open_message_id"] = message.MessageId, ["open_chat_id"] = message.ChatId },
        };
    }

    private ClickResult Play(Person person, Message message, CardState sent, DeliveryResult answer)
    {
        switch (answer.Failure)
        {
            case DeliveryFailure.Timeout: return Failed(200341);
            case DeliveryFailure.Dns: return Failed(200343);
            case DeliveryFailure.NoUrl: return Failed(200340);
            case DeliveryFailure.Connect or DeliveryFailure.Broken or DeliveryFailure.Offline or DeliveryFailure.Lost: return Failed(200342);
            case DeliveryFailure.BadAnswer: return Failed(200672);
        }

        if (answer.Status != 200) return Failed(200671);
        JsonObject? body;
        try
        {
            body = answer.Body.Length == 0 ? [] : StrictJson.Parse(answer.Body) as JsonObject;
        }
        catch (JsonException)
        {
            return Failed(200672);
        }

        if (body is null || !TryToast(body["toast"], person, out var toast)) return Failed(200672);
        return body["card"] is null ? new ClickResult(toast) : Replace(person, message, sent, body["card"], toast);
    }

    private ClickResult Replace(Person person, Message message, CardState sent, JsonNode? wanted, Toast? toast)
    {
        if (wanted is not JsonObject card || (card["type"] as JsonValue)?.TryGetValue<string>(out var form) != true || card["data"] is not JsonObject data) return Failed(200672);
        if (form is not ("raw" or "template")) return Failed(200672);
        var json = CanonicalJson.Write(form == "raw" ? data : new JsonObject { ["type"] = "template", ["data"] = data.DeepClone() });
        if (CardValidator.TooLarge(json) || cards.Read(message.SenderId, json, out _) is not { } next) return Failed(200673);
        if (next.IsV2 != sent.IsV2) return Failed(200830);
        display.Show(message.MessageId, next, [person.UserId]);
        return new ClickResult(toast, CardChanged: true);
    }

    private static bool TryToast(JsonNode? node, Person person, out Toast? toast)
    {
        toast = null;
        if (node is null) return true;
        if (node is not JsonObject o) return false;
        var type = CardPart.Text(o, "type") ?? "info";
        if (!ToastTypes.Contains(type)) return false;
        var content = (o["i18n"] is JsonObject i18n ? CardPart.Text(i18n, person.Locale) : null) ?? CardPart.Text(o, "content");
        if (content is null) return false;
        toast = new Toast(type, content);
        return true;
    }

    private static ClickResult Failed(int code) => new(ErrorCode: code, Error: CallbackErrors.Text(code));
}
