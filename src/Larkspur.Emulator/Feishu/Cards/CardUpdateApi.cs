using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Cards.Validation;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>Delayed update of a card with a callback's token.</summary>
internal sealed class CardUpdateApi(EmulatorState state, CardTokens tokens, CardReader cards, CardDisplay display, OngoingClicks clicks) : IApiArea
{
    private const int MostBytes = 100 * 1024;

    public void Register(ApiHandlers on) => on.Add("interactive.v1.card.update.post", Update);

    private ApiAnswer Update(ApiRequest request)
    {
        var text = request.Text("token")!;
        if (!text.StartsWith("c-", StringComparison.Ordinal) || tokens.Find(text) is not { } token) throw request.Refuse(300020, "token format is invalid");
        if (token.AppId != request.App.AppId) throw request.Refuse(200310, "the card does not belong to this app");
        if (state.Clock.GetUtcNow() >= token.Expires) throw request.Refuse(300030, "token is expired");
        if (token.UsesLeft == 0) throw request.Refuse(300040, "token has been used up");
        if (state.Message(token.MessageId) is not { Deleted: false, Card: { } present }) throw request.Refuse(200000, "the message has been recalled");

        var card = (JsonObject)request.Body["card"]!.DeepClone();
        var people = OpenIds(request, card);
        card.Remove("open_ids");
        var json = CanonicalJson.Write(card);
        if (Encoding.UTF8.GetByteCount(json) > MostBytes) throw request.Refuse(100000, "the card is too large");
        if (cards.Read(request.App.AppId, json, out var problem) is not { } next) throw request.Refuse(problem!.SubCode == 11310 ? 11311 : 10002, problem.ToString());
        if (next.IsV2 != present.IsV2) throw request.Refuse(10002, new CardProblem(200830, null, "the card version does not match the sent card", "schema").ToString());
        if (!next.Shared && people.Count == 0) throw request.Refuse(300090, "open_ids is required for an exclusive card");
        if (next.Shared && people.Count > 0) throw request.Refuse(200320, "open_ids must be empty for a shared card");
        if (!tokens.Use(text)) throw request.Refuse(300040, "token has been used up");
        // Not before the callback was answered: what comes earlier is shown, and taken back by the answer.
        clicks.NoteUpdate(token.MessageId);
        display.Show(token.MessageId, next, people);
        return new ApiAnswer { Json = new JsonObject { ["code"] = 0, ["msg"] = "ok" } };
    }

    private List<string> OpenIds(ApiRequest request, JsonObject card)
    {
        List<string> people = [];
        foreach (var id in card["open_ids"] as JsonArray ?? [])
        {
            var person = state.PersonByOpenId(request.App.AppId, id?.ToString() ?? "");
            people.Add(person?.UserId ?? throw request.Refuse(200320, "open_ids is invalid"));
        }

        return people;
    }
}
