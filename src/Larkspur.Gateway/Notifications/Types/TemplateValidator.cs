using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Notifications;

/// <summary>Judges a type when it is saved: its card is made of samples, once of all variables and once of the required ones alone, in every face that it can have.</summary>
internal sealed class TemplateValidator(NotificationVariables variables, NotificationCards faces)
{
    private const string Root = "/template/message";

    /// <exception cref="RequestRefusedException">422 with all findings.</exception>
    public void Judge(NotificationType type)
    {
        var problems = new List<TemplateProblem>();
        foreach (var all in (bool[])[true, false])
        {
            Try(type, all, problems);
            if (problems.Count > 0) break;
        }

        if (problems.Count == 0) return;
        throw new RequestRefusedException(StatusCodes.Status422UnprocessableEntity, "bad_template", problems[0].Pointer, string.Join(" ", problems.Distinct().Take(5).Select(p => $"{p.Message} {p.Fix}")))
        {
            Findings = [.. problems.Distinct().Select(p => new CardFindingView(p.Pointer, p.Rule, "error", p.Message, p.Fix))],
        };
    }

    /// <summary>Values for a preview: the samples, with what is given in their place.</summary>
    public static JsonElement Samples(NotificationType type, bool all = true, JsonElement? given = null)
    {
        var values = new JsonObject();
        foreach (var variable in type.Variables.Where(v => v.Required || all))
            values[variable.Name] = variable.Sample is { } sample ? JsonNode.Parse(sample.GetRawText()) : Sample(variable);
        if (given is { ValueKind: JsonValueKind.Object } some)
        {
            foreach (var member in some.EnumerateObject()) values[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(values);
    }

    private void Try(NotificationType type, bool all, List<TemplateProblem> problems)
    {
        var when = all ? "" : " (with only the required variables given)";
        var values = variables.Check(type.Variables, Samples(type, all), "/variables", problems);
        for (var i = 0; i < problems.Count; i++) problems[i] = problems[i] with { Pointer = problems[i].Pointer + "/sample" };
        if (problems.Count > 0) return;
        var found = new List<TemplateProblem>();
        var model = NotificationTemplateFiller.Fill(type, values, found);
        problems.AddRange(found.Distinct().Select(p => p with { Pointer = Root + p.Pointer }));
        if (problems.Count > 0) return;
        try
        {
            var message = NotificationCards.MessageOf(model, Root);
            if (message.Callbacks.Any() || message.Inputs.Count > 0 || message.Webhook is not null)
            {
                problems.Add(new TemplateProblem(Root + "/actions", "notification.calls-back", "Buttons of a notification open an address; what is decided on is added by \"decision\".", "Give each action a url, and leave inputs, submit and webhook out."));
                return;
            }

            foreach (var face in faces.All(message, type.Decision))
            {
                foreach (var finding in CardValidator.Validate(face, new CardValidationOptions { WillBeUpdated = true }).Findings.Where(f => f.Severity == CardSeverity.Error))
                    problems.Add(new TemplateProblem(Root + finding.Pointer, finding.Rule, finding.Message + when, finding.Fix));
            }
        }
        catch (RequestRefusedException e)
        {
            problems.Add(CardTemplateReader.Of(e) with { Message = e.Message + when });
        }
        catch (ArgumentException e)
        {
            problems.Add(new TemplateProblem(Root, "template.no-card", e.Message + when, "Mend the message."));
        }
    }

    private static JsonNode Sample(NotificationVariable variable) => variable.Kind switch
    {
        NotificationVariableKind.Number => 12,
        NotificationVariableKind.Money => new JsonObject { ["amount"] = "12345.60", ["currency"] = "CNY" },
        NotificationVariableKind.Date => DateTime.UnixEpoch.AddYears(56).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        NotificationVariableKind.Url => "https://example.com/",
        NotificationVariableKind.Person => new JsonObject { ["name"] = Sample(NotificationTexts.SamplePerson) },
        _ => Sample(NotificationTexts.Sample(variable.Label ?? variable.Name)),
    };

    private static JsonObject Sample(LocalText text) => new() { ["zh"] = text.Chinese, ["en"] = text.English };
}
