using Larkspur.Emulator.Feishu.CardKit;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Cards.Validation;

namespace Larkspur.Emulator.Web.CardPreview;

/// <summary>The page at <c>/cards</c>: paste a card, see it drawn and checked, hand it on.</summary>
/// <remarks>A shared card stands in the fragment of the address (<c>#c=</c>, raw deflate, base64url): it never reaches a server or its log.</remarks>
internal static class PreviewEndpoints
{
    public static void MapPage(RouteGroupBuilder group)
    {
        group.MapGet("/cards", static (HttpContext context, PageRenderer pages) =>
        {
            if (pages.ViewerOf(context.Request) is not { } viewer) return Task.FromResult(Results.NotFound());
            PageEndpoints.Remember(context, viewer);
            return pages.RenderAsync<PreviewPage>(new() { ["Viewer"] = viewer });
        });
        group.MapGet("/ui/card-samples/{name}", static (string name) =>
            CardSamples.Read(name) is { } sample ? Results.Text(sample, "application/json") : Results.NotFound());
    }

    /// <summary>Calls that need the page's own origin.</summary>
    public static void MapActions(RouteGroupBuilder group)
    {
        group.MapPost("/card-preview", static (PreviewRequest body, HttpContext context, PageRenderer pages, CardLint lint) =>
        {
            if (pages.ViewerOf(context.Request) is not { } viewer) return Task.FromResult(Results.NotFound());
            context.Response.Headers.CacheControl = "no-store";
            return pages.RenderAsync<PreviewResult>(new()
            {
                ["Viewer"] = viewer, ["Card"] = string.IsNullOrWhiteSpace(body.Card) ? null : lint.Run(body.Card), ["CardWords"] = body.Lang == "zh" ? Texts.Chinese : Texts.English,
            });
        });
        group.MapPost("/card-mend", static (MendRequest body, CardLint lint) =>
            Results.Json(new { card = lint.Mend(body.Card, body.Finding) }));
        group.MapPost("/card-send", Send);
    }

    private static IResult Send(SendCardRequest body, HttpRequest request, EmulatorState state, CardReader cards, CardEntities entities)
    {
        var texts = Texts.Choose(request);
        if (state.Chat(body.Chat) is not { Dissolved: false } chat || chat.Bots.Select(state.App).FirstOrDefault(static a => a is { BotEnabled: true }) is not { } app)
        {
            return Results.Json(new { toast = new Toast("error", texts.NotSent) });
        }

        if (CardValidator.TooLarge(body.Card)) return Results.Json(new { toast = new Toast("error", "230025 The length of the message content reaches its limit.") });
        if (cards.Read(app.AppId, body.Card, out var problem) is not { } card) return Results.Json(new { toast = new Toast("error", $"230099 {problem}") });

        var now = state.Clock.GetUtcNow();
        Message Add(CardState cardState) => state.AddMessage(new Message
        {
            MessageId = state.Ids.Next("om_"), ChatId = chat.ChatId, SenderKind = SenderKind.App, SenderId = app.AppId, MsgType = "interactive",
            Content = body.Card, Rendered = cardState.Json, Card = cardState, CreateTime = now, UpdateTime = now,
        });
        if (card.EntityId is { } id && entities.SendOnce(id, Add) is null) return Results.Json(new { toast = new Toast("error", "230099 cardid is invalid") });
        if (card.EntityId is null) Add(card);
        return Results.Json(new { toast = new Toast("success", texts.SentToChat), chat = chat.ChatId });
    }

    internal sealed record PreviewRequest(string Card, string Lang = "en");

    /// <param name="Card">The text in the editor.</param>
    /// <param name="Finding">Which finding, from 0; null: all.</param>
    internal sealed record MendRequest(string Card, int? Finding);

    internal sealed record SendCardRequest(string Chat, string Card);
}
