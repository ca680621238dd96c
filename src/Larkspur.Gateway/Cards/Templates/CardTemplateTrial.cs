using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Cards;

/// <summary>Fills a template with samples, once with everything and once with what is required alone, and has both cards judged: what is wrong is told when it is loaded.</summary>
internal static class CardTemplateTrial
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Run(CardTemplate template, List<TemplateProblem> problems)
    {
        foreach (var all in (bool[])[true, false])
        {
            var values = TemplateValues.Check(template.Variables, Samples(template.Variables, all), "/variables", problems);
            if (problems.Count > 0) return;
            var found = new List<TemplateProblem>();
            JsonNode? body;
            try
            {
                body = new TemplateExpansion(template, found).Expand(values);
            }
            catch (RequestRefusedException e)
            {
                problems.Add(new TemplateProblem("", "template.too-large", e.Message, "Repeat less, or use shorter texts."));
                return;
            }

            var root = template.IsMessage ? "/message" : "/card";
            problems.AddRange(found.Distinct().Select(p => p with { Pointer = root + p.Pointer }));
            if (problems.Count > 0) return;
            Judge(template, body!.ToJsonString(Relaxed), root, all ? "" : " (with only the required variables given)", problems);
            if (problems.Count > 0) return;
        }
    }

    private static void Judge(CardTemplate template, string body, string root, string when, List<TemplateProblem> problems)
    {
        var card = body;
        if (template.IsMessage)
        {
            try
            {
                using var message = JsonDocument.Parse(body, RequestJson.Stored);
                card = new FeishuCardCompiler(Clocks.Default).Compile(CardMessageReader.Read(message.RootElement, root), new CardFace(CardKinds.Decision, "sample")).Content;
            }
            catch (RequestRefusedException e)
            {
                problems.Add(CardTemplateReader.Of(e) with { Message = e.Message + when });
                return;
            }
            catch (ArgumentException e)
            {
                problems.Add(new TemplateProblem(root, "template.no-card", e.Message + when, "Mend the body."));
                return;
            }
        }

        if (!template.IsMessage && ReservedValues.Find(card) is { } reserved)
        {
            var message = $"\"{JsonFields.Shown(reserved.Shown)}\" is a value of the gateway's own buttons.{when}";
            problems.Add(new TemplateProblem(root + reserved.Pointer, "template.reserved-value", message, "Take another value."));
        }

        foreach (var finding in CardValidator.Validate(card).Findings.Where(f => f.Severity == CardSeverity.Error))
            problems.Add(new TemplateProblem(root + finding.Pointer, finding.Rule, finding.Message + when,
                finding.Fix) { QuickFix = Change(finding, template, root) });
    }

    /// <summary>The change in the template. What is repeated or left out moves the places of the card against those of the
    /// template.</summary>
    private static CardQuickFix? Change(CardFinding finding, CardTemplate template, string root)
    {
        if (template.IsMessage || finding.QuickFix is not { Pointer.Length: > 0 } change) return null;
        var body = template.Body.GetRawText();
        return body.Contains("\"$each\"", StringComparison.Ordinal) || body.Contains("\"$if\"", StringComparison.Ordinal) ? null
            : change with { Pointer = root + change.Pointer };
    }

    private static JsonElement Samples(IReadOnlyList<TemplateVariable> variables, bool all)
    {
        var values = new JsonObject();
        foreach (var variable in variables.Where(v => v.Required || all && v.Default is null))
            values[variable.Name] = variable.Kind == VariableKind.List ? new JsonArray(JsonNode.Parse(Samples(variable.Fields, all).GetRawText())) : Sample(variable.Kind);
        return JsonSerializer.SerializeToElement(values);
    }

    private static JsonNode Sample(VariableKind kind) => kind switch
    {
        VariableKind.Number => 1,
        VariableKind.Date => "2026-01-01",
        VariableKind.Person => "ou_sample",
        VariableKind.Url => "https://example.com/",
        _ => "x",
    };
}
