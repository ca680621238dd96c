using System.Text.Json;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>Looking at cards before anybody gets them.</summary>
internal sealed class CardEndpoints(CardDrafts drafts, CardTemplates templates)
{
    private const int LargestBody = 400 << 10;
    private const string SampleId = "sample";

    /// <summary>The card as an object or as its text; <paramref name="Card"/> is judged as the content of an interactive message.</summary>
    internal sealed record ValidateCard(JsonElement Card, bool? ForCustomBot, bool? WillBeUpdated);

    /// <summary>One of <paramref name="CardMessage"/> and <paramref name="Template"/> (with <paramref name="Variables"/>).</summary>
    internal sealed record RenderCard(JsonElement? CardMessage, string? Template, JsonElement? Variables, string? Locale);

    /// <summary>A card of JSON 1.0, as an object or as its text.</summary>
    internal sealed record ImportCard(JsonElement Card, string? Locale);

    internal sealed record CardReportView(bool Valid, string Form, int Bytes, int Elements, bool Complete, IReadOnlyList<CardFindingView> Findings);

    internal sealed record RenderedCardView(JsonElement Card, IReadOnlyList<string> Notes, string Text, IReadOnlyList<CardFindingView> Findings);

    internal sealed record ImportedCardView(JsonElement Card, IReadOnlyList<CardImportNoteView> Notes, IReadOnlyList<CardFindingView> Findings);

    internal sealed record CardImportNoteView(string Pointer, string Message);

    internal sealed record TemplateListView(string Folder, IReadOnlyList<TemplateView> Items, IReadOnlyList<RefusedTemplateView> Refused);

    internal sealed record TemplateView(string Name, string File, string? Description, string Body, IReadOnlyList<VariableView> Variables);

    internal sealed record VariableView(string Name, string Type, bool Required, JsonElement? Default, string? Description, IReadOnlyList<VariableView>? Fields);

    internal sealed record RefusedTemplateView(string File, IReadOnlyList<CardFindingView> Problems);

    public static async Task<IResult> ValidateAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, LargestBody, cancellation);
        var card = CardOf(body);
        var options = new CardValidationOptions { ForCustomBot = body.Truth("for_custom_bot") ?? false, WillBeUpdated = body.Truth("will_be_updated") ?? false };
        body.End();
        var report = CardValidator.Validate(card, options);
        return TypedResults.Ok(new CardReportView(report.IsValid, report.Form.ToString().ToLowerInvariant(), report.Bytes, report.Elements, report.IsComplete, Findings(report)));
    }

    public async Task<IResult> RenderAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, LargestBody, cancellation);
        var locale = body.Text("locale", 20) ?? "zh_cn";
        var (message, card, at) = RenderedOf(body);
        body.End();
        if (card is not null) return TypedResults.Ok(new RenderedCardView(Json(card), [], CardText.Of(card, locale), Findings(CardValidator.Validate(card))));
        var read = CardMessageReader.Read(message!.Value, at);
        var compiled = drafts.Compile(read, SampleId, at);
        return TypedResults.Ok(new RenderedCardView(Json(compiled.Content), compiled.Notes, CardMessageText.Of(read, new CardFace(CardDecisions.Kind, SampleId), locale), Findings(CardValidator.Validate(compiled.Content))));
    }

    public IResult Templates()
    {
        var folder = templates.Now();
        return TypedResults.Ok(new TemplateListView(templates.Folder,
            [.. folder.Templates.Values.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => new TemplateView(t.Name, t.File, t.Description, t.IsMessage ? "message" : "card", Views(t.Variables)))],
            [.. folder.Refused.Select(r => new RefusedTemplateView(r.File, [.. r.Problems.Select(p => new CardFindingView(p.Pointer, p.Rule, "error", p.Message, p.Fix))]))]));
    }

    public static async Task<IResult> ImportAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, LargestBody, cancellation);
        var at = body.At("card");
        var card = CardOf(body);
        var locale = body.Text("locale", 20) ?? "zh_cn";
        body.End();
        try
        {
            var import = CardImporter.ToV2(card, locale);
            return TypedResults.Ok(new ImportedCardView(Json(import.Json), [.. import.Notes.Select(n => new CardImportNoteView(n.Pointer, n.Message))], Findings(CardValidator.Validate(import.Json))));
        }
        catch (ArgumentException e)
        {
            throw RequestRefusedException.Impossible("not_a_card", at, e.Message);
        }
    }

    private (JsonElement? Message, string? Card, string At) RenderedOf(JsonFields body)
    {
        if (body.Has("card_message") == body.Has("template")) throw RequestRefusedException.Malformed("nothing_to_render", null, "Give card_message, or template and variables.");
        if (body.Has("card_message")) return (body.Any("card_message"), null, body.At("card_message"));
        var at = body.At("template");
        var rendered = templates.Render(body.Text("template", 80)!, at, body.Any("variables"), body.At("variables"));
        return (rendered.Message, rendered.Card, at);
    }

    /// <summary>An object, or any text: what is no card is what the findings say.</summary>
    private static string CardOf(JsonFields body)
    {
        var at = body.At("card");
        return body.Any("card") switch
        {
            { ValueKind: JsonValueKind.Object } card => card.GetRawText(),
            { ValueKind: JsonValueKind.String } text => JsonFields.TextOf(text, at),
            null => throw RequestRefusedException.Malformed("missing", at, "\"card\" is missing."),
            _ => throw RequestRefusedException.Malformed("wrong_type", at, "It must be an object, or a text that holds one."),
        };
    }

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    private static IReadOnlyList<CardFindingView> Findings(CardReport report) =>
        [.. report.Findings.Select(f => new CardFindingView(f.Pointer, f.Rule, f.Severity.ToString().ToLowerInvariant(), f.Message, f.Fix))];

    private static IReadOnlyList<VariableView> Views(IReadOnlyList<TemplateVariable> variables) =>
        [.. variables.Select(v => new VariableView(v.Name, v.Kind.ToString().ToLowerInvariant(), v.Required, v.Default, v.Description, v.Fields.Count == 0 ? null : Views(v.Fields)))];
}

/// <summary>Their routes.</summary>
internal static class CardRoutes
{
    public static void MapCards(this IEndpointRouteBuilder api)
    {
        var cards = api.MapGroup("/cards");
        cards.MapPost("/validate", (HttpRequest request, CancellationToken cancellation) => CardEndpoints.ValidateAsync(request, cancellation))
            .WithName("ValidateCard").Needs(ApiScopes.CardsWrite).WithSummary("Judge a card as the platform would")
            .Takes<CardEndpoints.ValidateCard>().Produces<CardEndpoints.CardReportView>().Refuses(400, 413, 415);
        cards.MapPost("/render", (HttpRequest request, CardEndpoints on, CancellationToken cancellation) => on.RenderAsync(request, cancellation))
            .WithName("RenderCard").Needs(ApiScopes.CardsWrite).WithSummary("See the card that a card_message or a local template makes, what it shows less of, and its text")
            .Takes<CardEndpoints.RenderCard>().Produces<CardEndpoints.RenderedCardView>().Refuses(400, 413, 415, 422);
        cards.MapGet("/templates", (CardEndpoints on) => on.Templates())
            .WithName("ListCardTemplates").Needs(ApiScopes.CardsWrite).WithSummary("Local templates, their variables, and the files that were refused")
            .Produces<CardEndpoints.TemplateListView>().Refuses();
        cards.MapPost("/import", (HttpRequest request, CancellationToken cancellation) => CardEndpoints.ImportAsync(request, cancellation))
            .WithName("ImportCard").Needs(ApiScopes.CardsWrite).WithSummary("Turn a card of JSON 1.0 into one of JSON 2.0")
            .Takes<CardEndpoints.ImportCard>().Produces<CardEndpoints.ImportedCardView>().Refuses(400, 413, 415, 422);
    }
}
