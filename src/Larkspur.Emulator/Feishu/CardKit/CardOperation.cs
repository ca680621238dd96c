using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Cards.Validation;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.CardKit;

/// <summary>Checks every operation on a card entity before it is done, and validates the card that it leaves.</summary>
internal sealed class CardOperation(EmulatorState state, CardEntities entities, OngoingClicks clicks, RateLimiter limiter, CardValidator validator) : IResettableState
{
    public const int PerCardPerSecond = 10;
    private const int UuidsKept = 1000;

    private readonly Dictionary<string, Queue<string>> _uuids = [];

    /// <summary>Runs <paramref name="change"/> on the card, or refuses. Nothing changes unless everything fits.</summary>
    /// <param name="failure">The endpoint's code for a change that cannot be made or leaves a broken card.</param>
    /// <param name="change">Changes the card in place; answers whether it spoke of the streaming mode.</param>
    public ApiAnswer Run(ApiRequest request, long failure, Func<CardEntity, JsonObject, bool> change) => Run(request, () => failure, change);

    /// <inheritdoc cref="Run(ApiRequest, long, Func{CardEntity, JsonObject, bool})"/>
    /// <param name="failure">Asked when something went wrong: of several changes each has a code of its own.</param>
    public ApiAnswer Run(ApiRequest request, Func<long> failure, Func<CardEntity, JsonObject, bool> change)
    {
        var cardId = request.Path["card_id"];
        lock (entities.Gate)
        {
            var entity = entities.TimeOut(cardId) ?? throw request.Refuse(200740);
            if (entity.AppId != request.App.AppId) throw request.Refuse(300311);
            if (entities.IsExpired(entity)) throw request.Refuse(200750);
            // The code is UNVERIFIED: an official plugin treats 230020 from these calls as "too fast".
            if (!limiter.TryPass("cardkit/" + cardId, PerCardPerSecond)) throw request.Refuse(230020, "This operation triggers the frequency limit.");
            if (request.Text("uuid") is { Length: > 0 } uuid && IsKnown(cardId, uuid)) throw request.Refuse(200770);
            var sequence = Sequence(request);
            if (sequence <= entity.Sequence) throw request.Refuse(300317);
            if (entity.MessageId is { } message && clicks.IsGoingOn(message)) throw request.Refuse(200810);

            var card = (JsonObject)JsonNode.Parse(entity.Json)!;
            bool decides;
            try
            {
                decides = change(entity, card);
            }
            catch (CardTree.UnchangedException why)
            {
                throw request.Refuse(failure(), $"ErrMsg: {why.Message}; ");
            }

            Validate(request, card, failure());
            if (request.Text("uuid") is { Length: > 0 } used) Remember(cardId, used);
            entities.Keep(entities.Streamed(entity with { Json = CanonicalJson.Write(card), Sequence = sequence }, card, decides));
            return FeishuAnswer.Data();
        }
    }

    /// <summary>May this card be an entity?</summary>
    /// <param name="failure">The code for what is wrong inside the card.</param>
    public void Validate(ApiRequest request, JsonObject card, long failure)
    {
        if (card.Count == 0) throw request.Refuse(300307);
        if (CardPart.Text(card, "schema") != "2.0") throw request.Refuse(300303, "ErrMsg: Only schema 2.0 is supported; ");
        var json = CanonicalJson.Write(card);
        if (CardValidator.TooLarge(json)) throw request.Refuse(200860);
        if (validator.Read(request.App.AppId, json, out var problem) is not null) return;
        throw problem!.Kind switch
        {
            CardProblemKind.ExclusiveV2 => request.Refuse(300302),
            CardProblemKind.TooManyElements => request.Refuse(300305, "ErrMsg: element exceeds the limit; "),
            CardProblemKind.DuplicateElementId => request.Refuse(300301, problem.Detail),
            _ => request.Refuse(failure, problem.Detail),
        };
    }

    /// <summary>JSON inside a string of the body.</summary>
    public static T Inner<T>(ApiRequest request, string? text) where T : JsonNode
    {
        try
        {
            return StrictJson.Parse(text ?? "") as T ?? throw request.Refuse(200220, "ErrMsg: the JSON has a wrong type; ");
        }
        catch (JsonException)
        {
            throw request.Refuse(200220, "ErrMsg: parse card json err, please check whether the card json is correct; ");
        }
    }

    public void Reset()
    {
        lock (entities.Gate) _uuids.Clear();
    }

    private static int Sequence(ApiRequest request) =>
        request.Body["sequence"] is JsonValue v && v.TryGetValue<long>(out var n) && n is >= 1 and <= int.MaxValue ? (int)n
            : throw request.Refuse(10002, "Your request contains an invalid request parameter. sequence must be from 1 to 2147483647");

    private bool IsKnown(string cardId, string uuid) => _uuids.TryGetValue(cardId, out var known) && known.Contains(uuid);

    private void Remember(string cardId, string uuid)
    {
        if (!_uuids.TryGetValue(cardId, out var known))
        {
            foreach (var gone in _uuids.Keys.Where(id => state.CardEntity(id) is null).ToArray()) _uuids.Remove(gone);
            _uuids[cardId] = known = [];
        }

        known.Enqueue(uuid);
        if (known.Count > UuidsKept) known.Dequeue();
    }
}
