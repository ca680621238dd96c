using System.Globalization;
using System.Text.Json;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>Reads a command as a business system writes it, and says of the first thing that is wrong what and where.</summary>
internal static class RegisteredCommandReader
{
    public const int MostInputs = 12;
    public static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(1);

    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static RegisteredCommand Read(string name, PutCommand body)
    {
        if (!CommandNames.IsName(name)) throw RequestRefusedException.Malformed("bad_name", "/{name}", Rule);
        var command = new RegisteredCommand
        {
            Name = name.ToLowerInvariant(),
            Description = DescriptionOf(body.Description),
            Aliases = AliasesOf(body.Aliases),
            FormJson = body.Form?.GetRawText(),
            Form = FormOf(body.Form),
            Webhook = body.Webhook,
            AnswerWithin = WaitOf(body.AnswerWithinSeconds),
        };
        if (command.Names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { Key: { } twice })
            throw RequestRefusedException.Impossible("duplicate_id", "/aliases", $"The name \"{twice}\" is given twice.");
        return command;
    }

    private const string Rule = "A command's name has 1 to 32 letters, digits, - and _, without slash.";

    private static LocalText DescriptionOf(JsonElement given)
    {
        const string at = "/description";
        var text = CardMessageReader.ReadText(given, at, CommandNames.LongestDescription);
        return (text.Chinese + text.English).Any(IsHidden)
            ? throw RequestRefusedException.Malformed("bad_text", at, "A description is one line without control characters.") : text;
    }

    /// <summary>Also what turns a line round, or ends it somewhere.</summary>
    private static bool IsHidden(char c) => char.IsControl(c) || char.GetUnicodeCategory(c)
        is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static IReadOnlyList<string> AliasesOf(IReadOnlyList<string>? given)
    {
        var aliases = given ?? [];
        for (var i = 0; i < aliases.Count; i++)
        {
            if (!CommandNames.IsName(aliases[i]))
                throw RequestRefusedException.Malformed("bad_name", $"/aliases/{i.ToString(CultureInfo.InvariantCulture)}", Rule);
        }

        return [.. aliases.Select(a => a.ToLowerInvariant())];
    }

    private static CardMessage? FormOf(JsonElement? sent)
    {
        const string at = "/form";
        if (sent is not { } given) return null;
        var form = CardMessageReader.Read(given, at);
        if (form.Inputs.Count == 0) throw RequestRefusedException.Malformed("missing", at + "/inputs", "A form has inputs.");
        if (form.Inputs.Count > MostInputs) throw RequestRefusedException.Impossible("too_many", at + "/inputs",
            $"A form may have {MostInputs} inputs.");
        string? other = form switch
        {
            { Actions.Count: > 0 } => "actions",
            { Picture: not null } => "image",
            { Webhook: not null } => "webhook",
            { Footnote: not null } => "footnote",
            _ => null,
        };
        if (other is not null) throw RequestRefusedException.Malformed("unknown_field", $"{at}/{other}", $"A form has no \"{other}\".");
        if (form.Submit is { } submit && (submit.Allowed is not null || submit.Value is not null || !submit.Once))
            throw RequestRefusedException.Malformed("unknown_field", at + "/submit",
                "The submit of a form has id, label, style, confirm and done alone.");
        return form;
    }

    private static TimeSpan WaitOf(int? seconds) => seconds is null ? DefaultWait
        : seconds is 0 or >= 10 ? TimeSpan.FromSeconds(seconds.Value)
        : throw RequestRefusedException.Malformed("bad_value", "/answer_within_seconds", PutCommand.BadWait);
}
