using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Cards.Validation;
using Larkspur.Emulator.Feishu.Cards.Templates;

namespace Larkspur.Emulator.Web.CardPreview;

/// <param name="Json">What is drawn: the card, or what a template or an entity stands for.</param>
/// <param name="Bytes">Of the text.</param>
/// <param name="Findings">What is wrong.</param>
/// <param name="Refusal">What the emulated platform answers; null: it takes the card.</param>
public sealed record LintedCard(string? Json, int Bytes, IReadOnlyList<CardAdvice> Findings, string? Refusal)
{
    /// <summary>The platform would show nothing: JSON 1.0 ignores what it does not know, so that a packed card is an empty one.</summary>
    public bool IsEmpty { get; init; }

    public bool IsBad => Refusal is not null || Findings.Any(static f => f.IsError);
}

/// <summary>Validates a pasted card as if the company's bot had sent it, and keeps every finding.</summary>
internal sealed class CardLint(EmulatorState state, CardValidator validator, TemplateCards templates, IEnumerable<ICardAdvisor> advisors)
{
    private static readonly string[] Drawn = ["header", "i18n_header", "elements", "i18n_elements", "body"];

    private readonly ICardAdvisor? _advisor = advisors.LastOrDefault();

    /// <summary>Beyond it nothing is looked at: more than three times what the platform takes, and a shared link is drawn without being asked.</summary>
    public const int MostBytes = 100 * 1024;

    public LintedCard Run(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > MostBytes) return new LintedCard(null, bytes, [TooLong], TooLong.Message);
        var (json, answer) = AskPlatform(text);
        var refusal = answer is [var first, ..] ? $"{first.Rule} {first.Message}" : null;
        var advice = _advisor?.Judge(text);
        // Where the two do not agree, both are heard.
        var findings = advice is null ? answer : advice.Any(static a => a.IsError) ? advice : [.. advice, .. answer];
        return new LintedCard(json, bytes, findings, refusal) { IsEmpty = refusal is null && json is not null && IsEmpty(json) };
    }

    /// <summary>The text after a change that the advisor proposes.</summary>
    public string Mend(string text, int? finding) =>
        _advisor is null || Encoding.UTF8.GetByteCount(text) > MostBytes ? text : _advisor.Mend(text, finding);

    private static CardAdvice TooLong => new("230025", true, "", 1, "The length of the message content reaches its limit.", "", false);

    private (string? Json, IReadOnlyList<CardAdvice> Findings) AskPlatform(string text)
    {
        if (Broken(text) is { } broken) return (null, [broken]);
        var appId = state.Apps.FirstOrDefault(a => a.BotEnabled)?.AppId ?? "";
        var lines = JsonLines.Of(text);
        var card = CardValidator.Parse(text, out var problem);
        var (json, isReference) = (text, false);
        if (card is not null && CardPart.Text(card, "type") is { } form && form is "template" or "card")
        {
            card = Resolve(form, card["data"] as JsonObject ?? [], appId, out problem);
            (json, isReference) = (CanonicalJson.Write(card), true);
        }

        if (card is null) return (null, [Found(problem!, lines)]);
        List<CardAdvice> findings = [.. validator.All(appId, card).Select(p =>
            isReference ? Found(p, lines) with { Line = 1 } : Found(p, lines))];
        if (CardValidator.TooLarge(json)) findings.Insert(0, TooLong);
        return (json, findings);
    }

    private static bool IsEmpty(string json) => JsonNode.Parse(json) is JsonObject card && !Drawn.Any(card.ContainsKey);

    private JsonObject? Resolve(string form, JsonObject data, string appId, out CardProblem? problem)
    {
        if (form == "template") return templates.Make(appId, data, out problem);
        var id = CardPart.Text(data, "card_id") ?? "";
        problem = state.CardEntity(id) is null ? new CardProblem(11310, null, "cardid is invalid", id) : null;
        return state.CardEntity(id) is { } entity ? (JsonObject)JsonNode.Parse(entity.Json)! : null;
    }

    private static CardAdvice Found(CardProblem problem, JsonLines lines) =>
        new(Code(problem.SubCode), true, problem.Path ?? "", lines.At(problem.Pointer),
        problem.Message == Findings.NotACard && problem.Value.Length > 0 ? problem.Value
            : problem.Value.Length > 0 ? $"{problem.Message}: {problem.Value}" : problem.Message, "", false);

    private static string Code(int code) => code.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Where a text stops being JSON.</summary>
    private static CardAdvice? Broken(string text)
    {
        try
        {
            StrictJson.Parse(text);
            return null;
        }
        catch (JsonException why)
        {
            return new CardAdvice(Code(200621), true, "", (int)(why.LineNumber ?? 0) + 1,
                why.Message.Split(" LineNumber", 2)[0].Split(" Path:", 2)[0], "", false);
        }
    }
}
