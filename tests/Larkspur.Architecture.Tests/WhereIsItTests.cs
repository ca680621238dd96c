using System.Text.RegularExpressions;

namespace Larkspur.Architecture.Tests;

/// <summary>docs/where-is-it.md names what exists.</summary>
public sealed partial class WhereIsItTests
{
    private const string Page = "docs/where-is-it.md";

    [Fact]
    public void Every_file_and_folder_that_is_named_exists()
    {
        // A project of a single room is named as that room: Console/Pages/ for src/Larkspur.Gateway.Console/Pages/.
        var files = Repository.Files("src", ".cs", ".razor", ".js", ".json", ".sql", ".targets").Select(path => path["src/".Length..])
            .SelectMany(path => path.StartsWith(Rooms.Root + ".", StringComparison.Ordinal) ? [path, path[(Rooms.Root.Length + 1)..]] : (string[])[path]).ToArray();
        var paths = files.Concat(files.SelectMany(Folders)).Distinct(StringComparer.Ordinal).ToArray();
        var named = Code().Matches(Repository.Read(Page)).Select(match => match.Groups[1].Value).Where(IsPath).Distinct(StringComparer.Ordinal).ToArray();
        Assert.True(named.Length > 100);
        Assert.All(named, name => Assert.True(paths.Any(Pattern(name).IsMatch), name));
    }

    private static bool IsPath(string text) => !text.StartsWith('/') && text != "src/" && (text.Contains('/', StringComparison.Ordinal) || FileName().IsMatch(text));

    private static Regex Pattern(string name)
    {
        var text = name.StartsWith("…/", StringComparison.Ordinal) ? name[2..] : name;
        text = Regex.Escape(Service().Replace(text, "*").Replace('…', '*')).Replace(@"\*", "[^/]*", StringComparison.Ordinal);
        return new Regex($"(^|/){text}$", RegexOptions.CultureInvariant);
    }

    private static IEnumerable<string> Folders(string file)
    {
        for (var end = file.IndexOf('/', StringComparison.Ordinal); end >= 0; end = file.IndexOf('/', end + 1)) yield return file[..(end + 1)];
    }

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^[\w.]+\.(cs|razor|js|json)$")]
    private static partial Regex FileName();

    [GeneratedRegex("<\\w+>")]
    private static partial Regex Service();
}
