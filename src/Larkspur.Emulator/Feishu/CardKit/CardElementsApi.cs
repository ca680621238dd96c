using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.CardKit;

/// <summary>Single elements of a card entity, their streaming text, and several changes at once.</summary>
internal sealed class CardElementsApi(CardOperation operation) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.Add("cardkit.v1.card.element.create", r => operation.Run(r, 300315, (_, card) =>
        {
            if (r.Text("type") != "append" && string.IsNullOrEmpty(r.Text("target_element_id"))) throw r.Refuse(10002);
            CardTree.Insert(card, r.Text("type")!, r.Text("target_element_id"), CardOperation.Inner<JsonArray>(r, r.Text("elements")));
            return false;
        }));
        on.Add("cardkit.v1.card.element.update", r => operation.Run(r, 300121, (_, card) =>
        {
            CardTree.Replace(card, r.Path["element_id"], CardOperation.Inner<JsonObject>(r, r.Text("element")));
            return false;
        }));
        on.Add("cardkit.v1.card.element.patch", r => operation.Run(r, 300313, (_, card) =>
        {
            Patch(r, card, r.Path["element_id"], CardOperation.Inner<JsonObject>(r, r.Text("partial_element")));
            return false;
        }));
        on.Add("cardkit.v1.card.element.delete", r => operation.Run(r, 300314, (_, card) =>
        {
            CardTree.Delete(card, r.Path["element_id"]);
            return false;
        }));
        on.Add("cardkit.v1.card.element.content", r => operation.Run(r, 300313, (entity, card) => Write(r, entity, card)));
        on.Add("cardkit.v1.card.batch_update", Batch);
    }

    /// <summary>The whole text so far. Whether it appears letter by letter is the client's doing: it compares with what it shows.</summary>
    private static bool Write(ApiRequest request, CardEntity entity, JsonObject card)
    {
        if (entity.Streaming == CardStreaming.TimedOut) throw request.Refuse(200850);
        if (entity.Streaming == CardStreaming.Closed) throw request.Refuse(300309);
        var element = CardTree.Need(card, request.Path["element_id"]);
        if (CardPart.Text(element, "tag") is not ("plain_text" or "markdown")) throw request.Refuse(300310);
        element["content"] = request.Text("content");
        return false;
    }

    private static void Patch(ApiRequest request, JsonObject card, string elementId, JsonObject properties)
    {
        var element = CardTree.Need(card, elementId);
        if (properties["tag"] is not null && CardPart.Text(properties, "tag") != CardPart.Text(element, "tag")) throw request.Refuse(300312);
        CardTree.Patch(element, properties);
    }

    private ApiAnswer Batch(ApiRequest request)
    {
        var failure = CardKitApi.NoCard;
        return operation.Run(request, () => failure, (_, card) =>
        {
            var steps = CardOperation.Inner<JsonArray>(request, request.Text("actions"));
            if (steps.Count == 0) throw request.Refuse(10002);
            var decides = false;
            foreach (var step in steps)
            {
                if (step is not JsonObject action || action["params"] is not JsonObject given) throw request.Refuse(10002);
                decides |= Play(request, card, CardPart.Text(action, "action"), given, out failure);
            }

            return decides;
        });
    }

    /// <param name="failure">The code for what this step cannot do, or for the card that it leaves when it is the last one.</param>
    private static bool Play(ApiRequest request, JsonObject card, string? action, JsonObject given, out long failure)
    {
        switch (action)
        {
            case "partial_update_setting":
                failure = CardKitApi.NoSettings;
                return CardKitApi.Set(card, Member<JsonObject>(request, given, "settings"));
            case "add_elements":
                failure = 300315;
                var how = CardPart.Text(given, "type");
                if (how is not ("insert_before" or "insert_after" or "append")) throw request.Refuse(10002);
                CardTree.Insert(card, how, CardPart.Text(given, "target_element_id"), Member<JsonArray>(request, given, "elements"));
                return false;
            case "delete_elements":
                failure = 300314;
                foreach (var id in Member<JsonArray>(request, given, "element_ids")) CardTree.Delete(card, id?.ToString() ?? "");
                return false;
            case "partial_update_element":
                failure = 300313;
                Patch(request, card, CardPart.Text(given, "element_id") ?? "", Member<JsonObject>(request, given, "partial_element"));
                return false;
            case "update_element":
                failure = 300121;
                CardTree.Replace(card, CardPart.Text(given, "element_id") ?? "", Member<JsonObject>(request, given, "element"));
                return false;
            default:
                throw request.Refuse(10002);
        }
    }

    /// <summary>The guide's examples nest JSON; strings of JSON, as the single calls take them, are read as well (UNVERIFIED).</summary>
    private static T Member<T>(ApiRequest request, JsonObject given, string name) where T : JsonNode => given[name] switch
    {
        T node => node,
        JsonValue text when text.TryGetValue<string>(out var json) => CardOperation.Inner<T>(request, json),
        _ => throw request.Refuse(10002),
    };
}
