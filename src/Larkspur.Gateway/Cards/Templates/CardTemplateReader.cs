using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Cards;

/// <summary>Reads a template's file, and judges it: its form, its placeholders, and the card that it makes of sample values.</summary>
internal static partial class CardTemplateReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 100, AllowDuplicateProperties = false };

    /// <returns>The template; null: <paramref name="problems"/> says why not.</returns>
    public static CardTemplate? Read(string? file, ReadOnlyMemory<byte> json, List<TemplateProblem> problems)
    {
        try
        {
            var root = JsonDocument.Parse(json, Options).RootElement;
            var template = Read(file, JsonFields.Of(root, ""), problems);
            if (problems.Count == 0) CardTemplateTrial.Run(template, problems);
            return problems.Count == 0 ? template : null;
        }
        catch (JsonException e)
        {
            problems.Add(new TemplateProblem("", "template.not-json",
                $"The text is not JSON, or has a member twice (line {e.LineNumber + 1}, byte {e.BytePositionInLine}).",
                    "Mend it; comments are not taken."));
        }
        catch (RequestRefusedException e)
        {
            problems.Add(Of(e));
        }

        return null;
    }

    public static TemplateProblem Of(RequestRefusedException e) => new(e.Pointer ?? "", "template." + e.Word.Replace('_', '-'), e.Message, "See docs/gateway-cards.md.");

    private static CardTemplate Read(string? file, JsonFields root, List<TemplateProblem> problems)
    {
        var name = root.Need("name", root.Text("name", 80));
        if (!TemplateName().IsMatch(name)) throw RequestRefusedException.Impossible("bad_name", root.At("name"), "A template's name has up to 80 lower-case letters, digits, - and _.");
        var message = root.Any("message");
        var card = root.Any("card");
        if (message is null == card is null) throw RequestRefusedException.Malformed("no_body", null, "A template has a body: \"message\" (a CardMessage) or \"card\" (card JSON 2.0), one of them.");
        var template = new CardTemplate
        {
            Name = name,
            File = file,
            Description = root.Text("description", 500),
            Variables = root.Object("variables") is { } variables ? ReadVariables(variables, problems, mayNest: true) : [],
            Strings = root.Object("strings") is { } strings ? ReadStrings(strings, problems) : new Dictionary<string, LocalText>(),
            Body = message ?? card!.Value,
            IsMessage = message is not null,
        };
        root.End();
        if (template.Body.ValueKind != JsonValueKind.Object) throw RequestRefusedException.Malformed("wrong_type", template.IsMessage ? "/message" : "/card", "The body is an object.");
        return template;
    }

    private static List<TemplateVariable> ReadVariables(JsonFields variables, List<TemplateProblem> problems, bool mayNest)
    {
        var read = new List<TemplateVariable>();
        foreach (var name in variables.Left.ToArray())
        {
            try
            {
                read.Add(ReadVariable(name, variables.Object(name) ?? throw RequestRefusedException.Malformed("wrong_type", variables.At(name), "A variable is an object with a type."), variables.At(name), problems, mayNest));
            }
            catch (RequestRefusedException e)
            {
                problems.Add(Of(e));
            }
        }

        return read;
    }

    private static TemplateVariable ReadVariable(string name, JsonFields given, string at, List<TemplateProblem> problems, bool mayNest)
    {
        if (!VariableName().IsMatch(name) || name == "strings") throw RequestRefusedException.Impossible("bad_name", at, "A variable's name begins with a letter and goes on with letters, digits and _; \"strings\" is taken.");
        var word = given.Need("type", given.Text("type", 20));
        if (!Enum.TryParse<VariableKind>(word, ignoreCase: true, out var kind) || word.Any(char.IsAsciiLetterUpper) || char.IsAsciiDigit(word[0]) || kind == VariableKind.List && !mayNest)
            throw RequestRefusedException.Impossible("bad_type", given.At("type"), $"A type is one of {string.Join(", ", Enum.GetNames<VariableKind>().Select(n => n.ToLowerInvariant()))}; a list's fields are no lists.");
        var variable = new TemplateVariable(name, kind)
        {
            Required = given.Truth("required") ?? false,
            Default = given.Any("default"),
            Description = given.Text("description", 500),
            MaxLength = given.Any("max_length") is not { } most ? 4000 : most.ValueKind == JsonValueKind.Number && most.TryGetInt32(out var length) && length is >= 1 and <= 20_000 ? length
                : throw RequestRefusedException.Malformed("wrong_type", given.At("max_length"), "It must be a whole number from 1 to 20000."),
            Fields = kind == VariableKind.List && given.Object("fields") is { } fields ? ReadVariables(fields, problems, mayNest: false) : [],
        };
        given.End();
        if (kind == VariableKind.List && variable.Fields.Count == 0) throw RequestRefusedException.Malformed("missing", given.At("fields"), "A list says which fields its objects have.");
        if (variable is { Required: true, Default: not null }) throw RequestRefusedException.Malformed("two_ways", given.At("default"), "What is required has no default.");
        if (variable.Default is { } value) TemplateValues.Check([variable], JsonSerializer.SerializeToElement(new JsonObject { [name] = JsonNode.Parse(value.GetRawText()) }), given.At("default"), problems);
        return variable;
    }

    private static Dictionary<string, LocalText> ReadStrings(JsonFields strings, List<TemplateProblem> problems)
    {
        var read = new Dictionary<string, LocalText>(StringComparer.Ordinal);
        foreach (var name in strings.Left.ToArray())
        {
            var at = strings.At(name);
            try
            {
                var both = strings.Object(name) ?? throw RequestRefusedException.Malformed("wrong_type", at, "A string is {\"zh\": \"…\", \"en\": \"…\"}.");
                read[name] = new LocalText(both.Need("zh", both.Text("zh", CardMessageLimits.Text)), both.Need("en", both.Text("en", CardMessageLimits.Text)));
                both.End();
            }
            catch (RequestRefusedException e)
            {
                problems.Add(Of(e));
            }
        }

        return read;
    }

    [GeneratedRegex(@"^[a-z0-9_\-]{1,80}\z", RegexOptions.None, 10_000)]
    private static partial Regex TemplateName();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,63}\z", RegexOptions.None, 10_000)]
    private static partial Regex VariableName();
}
