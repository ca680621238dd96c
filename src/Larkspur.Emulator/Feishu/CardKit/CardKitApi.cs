using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Cards.Validation;
using Larkspur.Emulator.Feishu.Cards.Templates;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.CardKit;

/// <summary>Card entities as a whole: create, find, replace, settings.</summary>
internal sealed class CardKitApi(EmulatorState state, CardEntities entities, CardOperation operation, TemplateCards templates) : IApiArea
{
    internal const long NoCard = 200220;
    internal const long NoSettings = 300122;

    public void Register(ApiHandlers on)
    {
        on.Add("cardkit.v1.card.create", Create);
        on.Add("cardkit.v1.card.id_convert", Convert);
        on.Add("cardkit.v1.card.update", Update);
        on.Add("cardkit.v1.card.settings", Settings);
    }

    private ApiAnswer Create(ApiRequest request)
    {
        var data = CardOperation.Inner<JsonObject>(request, request.Text("data"));
        if (request.Text("type") == "template")
        {
            data = templates.Make(request.App.AppId, data, out var problem)
                ?? throw (problem!.Kind == CardProblemKind.TooLarge ? request.Refuse(200860) : request.Refuse(NoCard, $"ErrCode: {problem.SubCode}; {problem.Detail}"));
        }

        operation.Validate(request, data, NoCard);
        return FeishuAnswer.Data(new JsonObject { ["card_id"] = entities.Make(request.App.AppId, data).CardId });
    }

    /// <summary>The entity of a card that was sent as JSON: from now on it can be streamed.</summary>
    private ApiAnswer Convert(ApiRequest request)
    {
        if (state.Message(request.Text("message_id")!) is not { Deleted: false, Card: { } shown } message) throw request.Refuse(10002);
        if (message.SenderId != request.App.AppId) throw request.Refuse(300311, "The current application does not have permission to update/use this card");
        if (!shown.IsV2) throw request.Refuse(300303, "Only schema 2.0 is supported");
        lock (entities.Gate)
        {
            var entity = state.CardEntityOf(message.MessageId);
            if (entity is null)
            {
                entity = entities.Make(request.App.AppId, (JsonObject)JsonNode.Parse(shown.Json)!, message.MessageId);
                state.ChangeMessage(message.MessageId, m => m.Card is { } card ? m with { Card = card with { EntityId = entity.CardId } } : m);
            }

            return FeishuAnswer.Data(new JsonObject { ["card_id"] = entity.CardId });
        }
    }

    private ApiAnswer Update(ApiRequest request) => operation.Run(request, NoCard, (_, card) =>
    {
        var next = CardOperation.Inner<JsonObject>(request, request.Body["card"] is JsonObject given ? CardPart.Text(given, "data") : null);
        card.Clear();
        CardTree.Patch(card, next);
        return true;
    });

    private ApiAnswer Settings(ApiRequest request) => operation.Run(request, NoSettings, (_, card) =>
        Set(card, CardOperation.Inner<JsonObject>(request, request.Text("settings"))));

    /// <returns>Whether it spoke of the streaming mode.</returns>
    internal static bool Set(JsonObject card, JsonObject settings)
    {
        if (settings.Count == 0) throw new CardTree.UnchangedException("settings is empty");
        foreach (var (name, value) in settings)
        {
            if (name is not ("config" or "card_link") || value is not JsonObject given) throw new CardTree.UnchangedException($"settings has no {name}");
            if (name == "card_link")
            {
                card[name] = given.DeepClone();
                continue;
            }

            if (card["config"] is not JsonObject config) card["config"] = config = [];
            CardTree.Patch(config, given);
        }

        return settings["config"] is JsonObject spoken && spoken.ContainsKey("streaming_mode");
    }
}
