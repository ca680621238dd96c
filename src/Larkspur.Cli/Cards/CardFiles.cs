using Larkspur.Cli.Calls;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Larkspur.Cli.Cards;

/// <summary>The files that a command line means: names, <c>-</c>, and patterns like <c>cards/**/*.json</c> that no shell has resolved.</summary>
internal static class CardFiles
{
    private const int Most = 10_000;

    /// <exception cref="CallFailure">A pattern fits no file, or too many.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> arguments)
    {
        var files = new List<string>();
        foreach (var argument in arguments)
        {
            if (argument == "-" || argument.AsSpan().IndexOfAny('*', '?') < 0 || File.Exists(argument))
            {
                files.Add(argument);
                continue;
            }

            var found = Resolve(argument);
            files.AddRange(found.Count > 0 ? found : throw new CallFailure(ExitCodes.Usage, $"no file fits {argument}"));
            if (files.Count > Most) throw new CallFailure(ExitCodes.Usage, $"{argument} fits too many files.");
        }

        return [.. files.Distinct(StringComparer.Ordinal)];
    }

    private static List<string> Resolve(string pattern)
    {
        // The matcher takes patterns below a folder only: the part before the first wildcard is that folder.
        var parts = pattern.Replace('\\', '/').Split('/');
        var wild = Array.FindIndex(parts, p => p.AsSpan().IndexOfAny('*', '?') >= 0);
        var folder = string.Join('/', parts[..wild]);
        if (pattern[0] == '/' && folder.Length == 0) folder = "/";
        if (folder.Length > 0 && !Directory.Exists(folder)) return [];
        // The matcher has no ? of its own: it finds more, and the names are compared once again.
        var rest = string.Join('/', parts[wild..]);
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddInclude(rest.Replace('?', '*'));
        var root = folder.Length > 0 ? folder : ".";
        return [.. matcher.GetResultsInFullPath(Path.GetFullPath(root))
            .Where(path => !rest.Contains('?', StringComparison.Ordinal) || System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(parts[^1], Path.GetFileName(path), ignoreCase: false))
            .Select(path => folder.Length > 0 && Path.IsPathRooted(folder) ? path : Path.GetRelativePath(".", path)).Order(StringComparer.Ordinal)];
    }
}
