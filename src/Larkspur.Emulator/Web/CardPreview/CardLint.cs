using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Cards.Validation;
using Larkspur.Emulator.Feishu.Cards.Templates;

namespace Larkspur.Emulator.Web.CardPreview;

/// <param name="Path">Where, in the platform's words; empty for the whole card.</param>
/// <param name="Line">Line of the text, from 1.</param>
public sealed record LintFinding(long Code, string Path, string Message, int Line);

/// <param name="Json">What is drawn: the card, or what a template or an entity stands for.</param>
public sealed record LintedCard(string? Json, int Bytes, IReadOnlyList<LintFinding> Findings);

/// <summary>Validates a pasted card as if the company's bot had sent it, and keeps every finding.</summary>
internal sealed class CardLint(EmulatorState state, CardValidator validator, TemplateCards templates)
{
    /// <summary>Beyond it nothing is looked at: more than three times what the platform takes, and a shared link is drawn without being asked.</summary>
    public const int MostBytes = 100 * 1024;

    public LintedCard Run(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > MostBytes) return new LintedCard(null, bytes, [new LintFinding(230025, "", "The length of the message content reaches its limit.", 1)]);
        if (Broken(text) is { } broken) return new LintedCard(null, bytes, [broken]);

        var appId = state.Apps.FirstOrDefault(a => a.BotEnabled)?.AppId ?? "";
        var lines = JsonLines.Of(text);
        var card = CardValidator.Parse(text, out var problem);
        var (json, isReference) = (text, false);
        if (card is not null && CardPart.Text(card, "type") is { } form && form is "template" or "card")
        {
            card = Resolve(form, card["data"] as JsonObject ?? [], appId, out problem);
            (json, isReference) = (CanonicalJson.Write(card), true);
        }

        if (card is null) return new LintedCard(null, bytes, [Found(problem!, lines)]);
        List<LintFinding> findings = [.. validator.All(appId, card).Select(p => isReference ? Found(p, lines) with { Line = 1 } : Found(p, lines))];
        if (CardValidator.TooLarge(json)) findings.Insert(0, new LintFinding(230025, "", "The length of the message content reaches its limit.", 1));
        return new LintedCard(json, bytes, findings);
    }

    private JsonObject? Resolve(string form, JsonObject data, string appId, out CardProblem? problem)
    {
        if (form == "template") return templates.Make(appId, data, out problem);
        var id = CardPart.Text(data, "card_id") ?? "";
        problem = state.CardEntity(id) is null ? new CardProblem(11310, null, "cardid is invalid", id) : null;
        return state.CardEntity(id) is { } entity ? (JsonObject)JsonNode.Parse(entity.Json)! : null;
    }

    private static LintFinding Found(CardProblem problem, JsonLines lines) =>
        new(problem.SubCode, problem.Path ?? "", problem.Message == Findings.NotACard && problem.Value.Length > 0 ? problem.Value
            : problem.Value.Length > 0 ? $"{problem.Message}: {problem.Value}" : problem.Message, lines.At(problem.Pointer));

    /// <summary>Where a text stops being JSON.</summary>
    private static LintFinding? Broken(string text)
    {
        try
        {
            StrictJson.Parse(text);
            return null;
        }
        catch (JsonException why)
        {
            return new LintFinding(200621, "", why.Message.Split(" LineNumber", 2)[0].Split(" Path:", 2)[0], (int)(why.LineNumber ?? 0) + 1);
        }
    }
}
