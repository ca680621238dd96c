using System.Text.Json;
using System.Text.RegularExpressions;

namespace Larkspur.Architecture.Tests;

/// <summary>What people read stands in files that a translator can edit (docs/texts.md), not in the code.</summary>
public sealed partial class TextTests
{
    /// <summary>Code of the gateway that has Chinese in it all the same, and why.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["src/Larkspur.Gateway/Approvals/Payments/PaymentForm.cs"] = "recognises a control of a form by the name that companies give it",
        ["src/Larkspur.Gateway/Assistant/Commands/AssistantCommands.cs"] = "other names of commands, which people type",
        ["src/Larkspur.Gateway/Assistant/Commands/LinkCommand.cs"] = "words that people confirm and refuse with",
        ["src/Larkspur.Gateway/Commands/BuiltIn/OwnCommands.cs"] = "other names of commands, which people type",
        ["src/Larkspur.Gateway/Commands/InOwnName/AgendaCommand.cs"] = "other names of commands, which people type",
        ["src/Larkspur.Gateway/Commands/InOwnName/ApprovalsCommand.cs"] = "other names of commands, which people type",
        ["src/Larkspur.Gateway/Commands/Registered/FormText.cs"] = "dates, and words for yes and no, as people type them",
        ["src/Larkspur.Gateway/People/ScimTargets/Mapping/NameParts.cs"] = "recognises family names of two characters",
        ["src/Larkspur.Gateway.Masking/Numbers/Surroundings.cs"] = "recognises currencies beside a number",
        ["src/Larkspur.Gateway.Console/Pages/NotificationTypes/TypeDraft.cs"] = "the example that a new type begins with, a template like those "
            + "that administrators write; it is JSON with both languages itself",
    };

    [Fact]
    public void No_text_that_people_read_stands_in_the_code()
    {
        var found = Repository.Files("src", ".cs", ".razor").Where(path => path.StartsWith("src/Larkspur.Gateway", StringComparison.Ordinal))
            .SelectMany(path => Repository.Read(path).Split('\n').Select((line, at) => (Path: path, Line: line.Trim(), Number: at + 1)))
            .Where(place => !Comment().IsMatch(place.Line) && Chinese().IsMatch(place.Line)).ToArray();
        var wrong = found.Where(place => !Exceptions.ContainsKey(place.Path)).Select(place => $"{place.Path}:{place.Number}: {place.Line}").ToArray();
        Assert.True(wrong.Length == 0, "Texts go into the XTexts.json beside the code (docs/texts.md):\n" + string.Join('\n', wrong));
        Assert.Equal(Exceptions.Keys.Order(StringComparer.Ordinal), found.Select(place => place.Path).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>The console's lists say in words why nothing came of an event; a word of the code among them would be read by administrators.</summary>
    [Fact]
    public void Every_reason_that_an_event_ends_with_has_a_text()
    {
        using var texts = JsonDocument.Parse(Repository.Read("src/Larkspur.Gateway.Console/Pages/Deliveries/DeliveriesTexts.json"));
        var told = texts.RootElement.GetProperty("OutcomeReason").EnumerateObject().Select(reason => reason.Name).ToHashSet(StringComparer.Ordinal);
        var sources = Repository.Files("src", ".cs").Where(path => path.StartsWith("src/Larkspur.Gateway", StringComparison.Ordinal))
            .Select(Repository.Read).ToArray();
        var said = sources.SelectMany(code => Reason().Matches(code).Select(match => match.Groups["reason"].Value))
            .Concat(Named().Matches(Block(sources, "record struct Outcome(")).Select(match => match.Groups["reason"].Value))
            // Words that are computed: why somebody may not, and what became of linking two accounts.
            .Concat(Constant().Matches(Block(sources, "static class PermissionReasons")).Select(match => match.Groups["reason"].Value))
            .Concat(Member().Matches(Block(sources, "enum LinkOutcome")).Select(match => "link_" + match.Groups["name"].Value.ToLowerInvariant()))
            .Except(["link_", "link_linked", "link_asked", "link_undone"]).Distinct().ToArray();
        Assert.InRange(said.Length, 50, 200);
        Assert.Equal([], said.Except(told));
    }

    /// <summary>From a declaration to the end of its block.</summary>
    private static string Block(IEnumerable<string> sources, string declaration)
    {
        var code = sources.Single(source => source.Contains(declaration, StringComparison.Ordinal));
        var from = code.IndexOf(declaration, StringComparison.Ordinal);
        return code[from..code.IndexOf("\n}", from, StringComparison.Ordinal)];
    }

    [GeneratedRegex("""
        (?:Reaction\.Ignore\(|Outcome\.(?:Ignored|Refused)\(|new\ (?:Addressed|QuestionRefusal)\(|Refuse\([^"\n]*,\ ?)"(?<reason>[a-z_]+)"
        | return\ \("(?<reason>[a-z_]+)",\ own\)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Reason();

    [GeneratedRegex("""=>? new\("(?<reason>[a-z_]+)""")]
    private static partial Regex Named();

    [GeneratedRegex("""const string \w+ = "(?<reason>[a-z_]+)";""")]
    private static partial Regex Constant();

    [GeneratedRegex("""^    (?<name>[A-Z]\w+),""", RegexOptions.Multiline)]
    private static partial Regex Member();

    [GeneratedRegex("^(//|@\\*|<!--)")]
    private static partial Regex Comment();

    /// <summary>A character of the Chinese script; its punctuation alone is also what the code cuts and escapes by.</summary>
    [GeneratedRegex("[\\u3400-\\u4dbf\\u4e00-\\u9fff]")]
    private static partial Regex Chinese();
}
