using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Cards;

/// <summary>Makes cards, puts them into chats, changes their variables.</summary>
internal sealed class CardsApi(CardInstances cards, CardSpaces spaces) : IDingTalkArea
{
    private const string Scope = "Card.Instance.Write";
    private const int LongestTrackId = 100;

    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post("/v1.0/card/instances", Create) with { Scope = Scope },
        DingTalkRoute.Post("/v1.0/card/instances/deliver", Deliver) with { Scope = Scope },
        DingTalkRoute.Post("/v1.0/card/instances/createAndDeliver", CreateAndDeliver) with { Scope = Scope },
        DingTalkRoute.Put("/v1.0/card/instances", Update) with { Scope = Scope },
    ];

    private DingTalkAnswer Create(DingTalkCall call)
    {
        var card = cards.AddOrGet(New(call));
        return new(new JsonObject { ["success"] = true, ["result"] = card.OutTrackId });
    }

    private DingTalkAnswer Deliver(DingTalkCall call)
    {
        var card = Known(call);
        return new(new JsonObject { ["success"] = true, ["result"] = spaces.Deliver(card, spaces.Read(call), ByUnionId(call)) });
    }

    /// <remarks>Made again under the same <c>outTrackId</c>, the first card stays as it is and is not shown a second time where it is shown (UNVERIFIED).</remarks>
    private DingTalkAnswer CreateAndDeliver(DingTalkCall call)
    {
        var card = New(call);
        var where = spaces.Read(call);
        card = cards.AddOrGet(card);
        return new(new JsonObject { ["success"] = true, ["result"] = new JsonObject { ["outTrackId"] = card.OutTrackId, ["deliverResults"] = spaces.Deliver(card, where, ByUnionId(call)) } });
    }

    private DingTalkAnswer Update(DingTalkCall call)
    {
        var card = Known(call);
        var options = call.Object("cardUpdateOptions");
        var change = new CardChange
        {
            Data = CardVariables.Read(call.Object("cardData"), CardInstance.AiContentKey), PrivateData = Private(call),
            DataByKey = Is(options, "updateCardDataByKey"), PrivateByKey = Is(options, "updatePrivateDataByKey"),
        };
        cards.TryChange(card.OutTrackId, change.Apply, out _);
        return new(new JsonObject { ["success"] = true, ["result"] = true });
    }

    private CardInstance New(DingTalkCall call)
    {
        var template = call.Need("cardTemplateId", "param.cardTemplateIdEmpty");
        var callback = call.Text("callbackType");
        if (callback is not (null or "STREAM" or "HTTP")) throw DingTalkRefusal.New("param.error", "callbackType must be STREAM or HTTP");
        return new CardInstance(TrackId(call), template)
        {
            CallbackType = callback, RouteKey = call.Text("callbackRouteKey"), PrivateData = Private(call),
            Data = CardVariables.Read(call.Object("cardData") ?? throw DingTalkRefusal.New("param.cardPublicDataEmpty"), CardInstance.AiContentKey) ?? ImmutableSortedDictionary<string, string>.Empty,
        }.WithStageOfData();
    }

    private CardInstance Known(DingTalkCall call) =>
        // Seen in the field for streaming; for the other calls UNVERIFIED.
        cards.Find(TrackId(call)) ?? throw DingTalkRefusal.New("unknownError", "未知错误", StatusCodes.Status500InternalServerError);

    private static string TrackId(DingTalkCall call) =>
        call.Need("outTrackId", "param.outTrackIdEmpty") is { Length: <= LongestTrackId } id ? id : throw DingTalkRefusal.New("param.error", $"outTrackId has {LongestTrackId} characters at most");

    private ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Private(DingTalkCall call)
    {
        var all = ImmutableSortedDictionary.CreateBuilder<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (id, own) in call.Object("privateData") ?? [])
        {
            if (id.Length == 0) throw DingTalkRefusal.New("param.userIdEmpty");
            all[(spaces.Person(id, ByUnionId(call)) ?? throw DingTalkRefusal.New("param.userIdNotExist")).UserId] = CardVariables.ReadPrivate(own);
        }

        return all.ToImmutable();
    }

    private static bool ByUnionId(DingTalkCall call) => call.Number("userIdType") switch
    {
        null or 1 => false,
        2 => true,
        _ => throw DingTalkRefusal.New("param.error", "userIdType must be 1 or 2"),
    };

    private static bool Is(JsonObject? options, string name) => options?[name] is JsonValue v && v.ToString() == "true";
}
