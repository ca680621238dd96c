using System.Text.Json;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.People;

namespace Larkspur.Gateway.Notifications;

/// <summary>Reads a notification type from JSON; what its template makes is judged by <see cref="TemplateValidator"/>.</summary>
internal static partial class NotificationTypeReader
{
    private const int MostVariables = 50;
    private const int MostRecipients = 50;
    private static readonly string[] Kinds = [.. Enum.GetNames<NotificationVariableKind>().Select(n => n.ToLowerInvariant())];

    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static NotificationType Read(string name, JsonElement json, string? switchedBy = null, bool builtIn = false)
    {
        var body = JsonFields.Of(json, "");
        if (body.Text("name", 80) is { } given && given != name) throw RequestRefusedException.Impossible("bad_name", body.At("name"), "The name stands in the address, and is another one.");
        CheckName(name);
        var template = body.Object("template") ?? throw RequestRefusedException.Malformed("missing", body.At("template"), "\"template\" is missing: {\"strings\": …, \"message\": …}.");
        var type = new NotificationType
        {
            Name = name,
            Title = BothOf(body, "title", 100) ?? throw RequestRefusedException.Malformed("missing", body.At("title"), "\"title\" is missing: {\"zh\": \"…\", \"en\": \"…\"}."),
            Description = BothOf(body, "description", 500),
            Variables = VariablesOf(body),
            Strings = StringsOf(template),
            Message = template.Any("message") is { ValueKind: JsonValueKind.Object } message ? message : throw RequestRefusedException.Malformed("missing", template.At("message"), "A template has a message: a CardMessage with placeholders."),
            Recipients = RulesOf(body),
            Decision = body.Truth("decision") ?? false,
            Urgency = UrgencyOf(body),
            Enabled = switchedBy is null ? body.Truth("enabled") ?? true : true,
            Switch = switchedBy,
            BuiltIn = builtIn,
            Definition = json,
        };
        template.End();
        if (switchedBy is not null && body.Any("enabled") is not null)
            throw RequestRefusedException.Impossible("has_a_setting", body.At("enabled"), $"This type is switched by the setting {switchedBy}.");
        body.End();
        foreach (var rule in type.Recipients.Where(r => r.Variable is not null))
        {
            if (type.Variables.FirstOrDefault(v => v.Name == rule.Variable) is not { Kind: NotificationVariableKind.Person })
                throw RequestRefusedException.Impossible("unknown_variable", "/recipients", $"There is no variable \"{JsonFields.Shown(rule.Variable!)}\" of type person.");
        }

        if (type is { Decision: true, Urgency: NotificationUrgency.Digest }) throw RequestRefusedException.Impossible("digest_of_decisions", "/quiet_hours", "A card to decide on cannot be a line of a digest: normal or urgent.");
        return type;
    }

    /// <exception cref="RequestRefusedException">It is no name.</exception>
    public static void CheckName(string name)
    {
        if (!Name().IsMatch(name)) throw RequestRefusedException.Impossible("bad_name", "/{name}", "A type's name has lower-case words of letters, digits, - and _ with full stops between, 80 characters in all: pr.submitted.");
    }

    private static List<NotificationVariable> VariablesOf(JsonFields body)
    {
        var read = new List<NotificationVariable>();
        if (body.Object("variables") is not { } variables) return read;
        if (variables.Left.Count > MostVariables) throw RequestRefusedException.Impossible("too_many", "/variables", $"There may be {MostVariables} of them.");
        foreach (var name in variables.Left.ToArray())
        {
            var at = variables.At(name);
            if (!VariableName().IsMatch(name) || name == "strings") throw RequestRefusedException.Impossible("bad_name", at, "A variable's name begins with a letter and goes on with letters, digits and _; \"strings\" is taken.");
            var given = variables.Object(name) ?? throw RequestRefusedException.Malformed("wrong_type", at, "A variable is an object with a type.");
            var word = given.Need("type", given.Text("type", 20));
            var kind = Array.IndexOf(Kinds, word) is >= 0 and var index ? Enum.GetValues<NotificationVariableKind>()[index]
                : throw RequestRefusedException.Impossible("bad_type", given.At("type"), $"A type is one of {string.Join(", ", Kinds)}.");
            read.Add(new NotificationVariable(name, kind) { Required = given.Truth("required") ?? false, Label = BothOf(given, "label", 100), Sample = given.Any("sample") });
            given.End();
        }

        return read;
    }

    private static Dictionary<string, LocalText> StringsOf(JsonFields template)
    {
        var read = new Dictionary<string, LocalText>(StringComparer.Ordinal);
        if (template.Object("strings") is not { } strings) return read;
        foreach (var name in strings.Left.ToArray()) read[name] = BothOf(strings, name, CardMessageLimits.Text)!;
        return read;
    }

    private static List<NotificationRecipientRule> RulesOf(JsonFields body)
    {
        var rules = new List<NotificationRecipientRule>();
        if (body.Any("recipients") is not { } list) return rules;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostRecipients) throw RequestRefusedException.Malformed("wrong_type", "/recipients", $"It must be a list of up to {MostRecipients} recipients.");
        foreach (var one in list.EnumerateArray())
        {
            var at = $"/recipients/{rules.Count}";
            if (one.ValueKind == JsonValueKind.Object && one.TryGetProperty("variable", out var named))
            {
                var rule = JsonFields.Of(one, at);
                rules.Add(new NotificationRecipientRule(rule.Text("variable", 64), null));
                rule.End();
            }
            else
            {
                rules.Add(new NotificationRecipientRule(null, Recipient.Read(one, at)));
            }
        }

        return rules;
    }

    private static NotificationUrgency UrgencyOf(JsonFields body) => body.Text("quiet_hours", 20) switch
    {
        null or "normal" => NotificationUrgency.Normal,
        "urgent" => NotificationUrgency.Urgent,
        "digest" => NotificationUrgency.Digest,
        var other => throw RequestRefusedException.Impossible("bad_quiet_hours", "/quiet_hours", $"\"{JsonFields.Shown(other)}\" is none of urgent (at once), normal (after them), digest (collected)."),
    };

    /// <summary>A text for both, or <c>{"zh": …, "en": …}</c>.</summary>
    internal static LocalText? BothOf(JsonFields fields, string name, int longest)
    {
        if (fields.Peek(name) is not { } given) return null;
        if (given.ValueKind != JsonValueKind.Object) return fields.Text(name, longest)!;
        var both = fields.Object(name)!;
        var text = new LocalText(both.Need("zh", both.Text("zh", longest)), both.Need("en", both.Text("en", longest)));
        both.End();
        return text;
    }

    [GeneratedRegex(@"^(?=.{1,80}\z)[a-z][a-z0-9_\-]*(\.[a-z0-9][a-z0-9_\-]*)*\z", RegexOptions.None, 10_000)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,63}\z", RegexOptions.None, 10_000)]
    private static partial Regex VariableName();
}
