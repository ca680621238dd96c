using System.Text.Json;
using System.Text.RegularExpressions;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary>What the REST API can do the command line can do too, and what is said of the command line is true.</summary>
public sealed partial class VerbsOfRestTests : IDisposable
{
    /// <summary>Operations without a verb, each with its reason. There are none, and every one is to be argued for.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal);

    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-verbs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_operation_has_a_verb_and_every_verb_is_there()
    {
        var listed = (await Cli.RunAsync(["openapi", "--verbs"], _folder)).Is(0).Json.EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString()!);
        var operations = Operations();
        Assert.Equal([], operations.Where(o => !listed.ContainsKey(o) && !Exceptions.ContainsKey(o)));
        Assert.Equal([], listed.Keys.Concat(Exceptions.Keys).Where(o => !operations.Contains(o)));

        foreach (var noun in listed.Values.GroupBy(v => v[..v.LastIndexOf(' ')]))
        {
            var words = await WordsAsync(noun.Key);
            Assert.Equal([], noun.Where(verb => !words.Contains(verb[(verb.LastIndexOf(' ') + 1)..])));
        }
    }

    [Fact]
    public async Task A_verb_that_the_help_the_docs_or_a_message_names_is_there()
    {
        var nouns = (await WordsAsync("larkspur")).Where(w => char.IsAsciiLetterLower(w[0])).ToHashSet(StringComparer.Ordinal);
        var named = Mentions().Where(m => nouns.Contains(m.Noun)).ToLookup(m => m.Noun, m => (m.Verb, m.Where));
        Assert.True(named.Count > 20, $"Only {named.Count} nouns were found in the texts.");
        List<string> missing = [];
        foreach (var noun in named)
        {
            var verbs = (await WordsAsync("larkspur " + noun.Key)).Where(w => char.IsAsciiLetterLower(w[0])).ToHashSet(StringComparer.Ordinal);
            // A verb by itself, like status.
            if (verbs.Count == 0 || verbs.Contains("bash")) continue;
            missing.AddRange(noun.Where(m => !verbs.Contains(m.Verb)).Select(m => $"larkspur {noun.Key} {m.Verb}: {m.Where}"));
        }

        Assert.True(missing.Count == 0, string.Join('\n', missing.Distinct()));
    }

    /// <summary>What is written after the command's name in docs, in messages, and in the launcher's list.</summary>
    private static IEnumerable<(string Noun, string Verb, string Where)> Mentions()
    {
        string[] places = ["docs", "src", "samples"];
        var files = places.SelectMany(place => Directory.EnumerateFiles(Path.Combine(Repository.Root, place), "*", SearchOption.AllDirectories))
            .Where(path => Path.GetExtension(path) is ".md" or ".cs" or ".json" or ".razor" && !Built().IsMatch(path)).Append(Path.Combine(Repository.Root, "README.md"));
        foreach (var path in files)
        {
            foreach (Match found in Mention().Matches(File.ReadAllText(path))) yield return (found.Groups["noun"].Value, found.Groups["verb"].Value, path);
        }

        foreach (Match line in Listed().Matches(File.ReadAllText(Path.Combine(Repository.Root, "larkspur"))))
        {
            foreach (var verb in line.Groups["verbs"].Value.Replace("...", "", StringComparison.Ordinal).Split(", ")) yield return (line.Groups["noun"].Value, verb, "the launcher");
        }
    }

    /// <summary>As completion tells them: the words that go on from there.</summary>
    private async Task<string[]> WordsAsync(string words)
    {
        var line = words + ' ';
        return (await Cli.RunAsync([$"[suggest:{line.Length}]", line], _folder)).Is(0).Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    // A label that ends with its version is of a key's derivation, and no verb.
    [GeneratedRegex(@"larkspur (?<noun>[a-z-]+) (?<verb>[a-z][a-z-]*)(?![a-z.:=/]| 1"")", RegexOptions.CultureInvariant)]
    private static partial Regex Mention();

    [GeneratedRegex(@"(?m)^  (?<noun>[a-z-]+) +[^:\n]+: (?<verbs>[a-z-]+(, [a-z-]+)*(\.\.\.)?)( \(docs/cli\.md\))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Listed();

    [GeneratedRegex(@"[/\\](bin|obj|node_modules)[/\\]", RegexOptions.CultureInvariant)]
    private static partial Regex Built();

    private static HashSet<string> Operations()
    {
        using var description = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "src", "Larkspur.Client", "openapi.json")));
        return [.. description.RootElement.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject())
            .Where(o => o.Value.ValueKind == JsonValueKind.Object && o.Value.TryGetProperty("operationId", out _)).Select(o => o.Value.GetProperty("operationId").GetString()!)];
    }
}
