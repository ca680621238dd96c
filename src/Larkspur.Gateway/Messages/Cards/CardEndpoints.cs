using System.Text.Json;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>Looking at cards before anybody gets them.</summary>
internal sealed class CardEndpoints(CardDrafts drafts, CardTemplates templates, Installation installation)
{
    private const string SampleId = "sample";

    internal sealed record CardReportView(bool Valid, string Form, int Bytes, int Elements, bool Complete, IReadOnlyList<CardFindingView> Findings);

    internal sealed record RenderedCardView(JsonElement Card, IReadOnlyList<string> Notes, string Text, IReadOnlyList<CardFindingView> Findings);

    internal sealed record ImportedCardView(JsonElement Card, IReadOnlyList<CardImportNoteView> Notes, IReadOnlyList<CardFindingView> Findings);

    internal sealed record CardImportNoteView(string Pointer, string Message);

    internal sealed record TemplateListView(string Folder, IReadOnlyList<TemplateView> Items, IReadOnlyList<RefusedTemplateView> Refused);

    /// <param name="Name">By which it is sent.</param>
    /// <param name="File">Of the folder; null: it was written in the console.</param>
    /// <param name="Description">What it is for.</param>
    /// <param name="Body">message or card.</param>
    /// <param name="Variables">What fills it.</param>
    internal sealed record TemplateView(string Name, string? File, string? Description, string Body, IReadOnlyList<VariableView> Variables);

    internal sealed record VariableView(string Name, string Type, bool Required, JsonElement? Default, string? Description, IReadOnlyList<VariableView>? Fields);

    internal sealed record RefusedTemplateView(string? File, string? Name, IReadOnlyList<CardFindingView> Problems);

    public static async Task<IResult> ValidateAsync(Body<ValidateCard> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var card = CardOf(sent.Card);
        var options = new CardValidationOptions { ForCustomBot = sent.ForCustomBot ?? false, WillBeUpdated = sent.WillBeUpdated ?? false };
        var report = CardValidator.Validate(card, options);
        return TypedResults.Ok(new CardReportView(report.IsValid, report.Form.ToString().ToLowerInvariant(), report.Bytes, report.Elements, report.IsComplete, Findings(report)));
    }

    public async Task<IResult> RenderAsync(Body<RenderCard> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var locale = sent.Locale ?? "zh_cn";
        var (message, card, at) = RenderedOf(sent);
        if (card is not null) return TypedResults.Ok(new RenderedCardView(Json(card), [], CardText.Of(card, locale), Findings(CardValidator.Validate(card))));
        var read = CardMessageReader.Read(message!.Value, at);
        var compiled = drafts.Compile(read, SampleId, at);
        var text = CardMessageText.Of(read, new CardFace(CardDecisions.Kind, SampleId), installation.TimeZone, locale);
        return TypedResults.Ok(new RenderedCardView(Json(compiled.Content), [.. compiled.Notes.Select(n => n.English)], text,
            Findings(CardValidator.Validate(compiled.Content))));
    }

    public IResult Templates()
    {
        var folder = templates.Now();
        return TypedResults.Ok(new TemplateListView(templates.Folder,
            [.. folder.Templates.Values.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => new TemplateView(t.Name, t.File, t.Description, t.IsMessage ? "message" : "card", Views(t.Variables)))],
            [.. folder.Refused.Select(r => new RefusedTemplateView(r.File, r.Name,
                [.. r.Problems.Select(p => new CardFindingView(p.Pointer, p.Rule, "error", p.Message, p.Fix))]))]));
    }

    public static async Task<IResult> ImportAsync(Body<ImportCard> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var card = CardOf(sent.Card);
        try
        {
            var import = CardImporter.ToV2(card, sent.Locale ?? "zh_cn");
            return TypedResults.Ok(new ImportedCardView(Json(import.Json), [.. import.Notes.Select(n => new CardImportNoteView(n.Pointer, n.Message))], Findings(CardValidator.Validate(import.Json))));
        }
        catch (ArgumentException e)
        {
            throw RequestRefusedException.Impossible("not_a_card", "/card", e.Message);
        }
    }

    private (JsonElement? Message, string? Card, string At) RenderedOf(RenderCard sent)
    {
        // Variables beside a card_message fill nothing.
        if (sent is { CardMessage: not null, Variables: not null, Template: null })
            throw BodyRefusals.Unknown("/variables", "variables", []);
        if (sent.CardMessage is null == sent.Template is null)
            throw RequestRefusedException.Malformed("nothing_to_render", null, "Give card_message, or template and variables.");
        if (sent.Template is not { } template) return (sent.CardMessage, null, "/card_message");
        var rendered = templates.Render(template, "/template", sent.Variables, "/variables");
        return (rendered.Message, rendered.Card, "/template");
    }

    /// <summary>An object, or any text: what is no card is what the findings say.</summary>
    private static string CardOf(JsonElement card) => card.ValueKind switch
    {
        JsonValueKind.Object => card.GetRawText(),
        JsonValueKind.String => card.GetString()!,
        _ => throw BodyRefusals.Wrong("/card", "an object, or a text that holds one"),
    };

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
        cards.MapPost("/validate", (Body<ValidateCard> body, CancellationToken cancellation) =>
            CardEndpoints.ValidateAsync(body, cancellation))
            .WithName("ValidateCard").Needs(ApiScopes.CardsWrite).WithSummary("Judge a card as the platform would")
            .Produces<CardEndpoints.CardReportView>().Refuses(400, 413, 415);
        cards.MapPost("/render", (Body<RenderCard> body, CardEndpoints on, CancellationToken cancellation) =>
            on.RenderAsync(body, cancellation))
            .WithName("RenderCard").Needs(ApiScopes.CardsWrite).WithSummary("See the card that a card_message or a local template makes, what it shows less of, and its text")
            .Produces<CardEndpoints.RenderedCardView>().Refuses(400, 413, 415, 422);
        cards.MapGet("/templates", (CardEndpoints on) => on.Templates())
            .WithName("ListCardTemplates").Needs(ApiScopes.CardsWrite).WithSummary("Local templates, their variables, and what was refused")
            .Produces<CardEndpoints.TemplateListView>().Refuses();
        cards.MapPost("/import", (Body<ImportCard> body, CancellationToken cancellation) => CardEndpoints.ImportAsync(body, cancellation))
            .WithName("ImportCard").Needs(ApiScopes.CardsWrite).WithSummary("Turn a card of JSON 1.0 into one of JSON 2.0")
            .Produces<CardEndpoints.ImportedCardView>().Refuses(400, 413, 415, 422);
    }
}
