namespace Larkspur.Testing;

/// <summary>The C# of a page of the manual, held against code that is compiled.</summary>
public static class ManualCode
{
    private const string Begin = "```csharp";
    private const string End = "```";

    /// <summary>Which pieces of C# of the page do not stand in the file, line by line; indentation and empty lines do not count.</summary>
    /// <param name="page">In <c>docs/</c>.</param>
    /// <param name="snippets">The compiled file, below the repository's root.</param>
    /// <returns>How many pieces the page has, and those that are not compiled.</returns>
    public static (int Pieces, string[] Missing) Compare(string page, string snippets)
    {
        var compiled = Trimmed(File.ReadLines(Path.Combine(Repository.Root, snippets)));
        string[] pieces = [.. Pieces(File.ReadAllLines(Path.Combine(Repository.Root, "docs", page))).Select(Trimmed)];
        return (pieces.Length, [.. pieces.Where(piece => !compiled.Contains(piece, StringComparison.Ordinal))]);
    }

    private static IEnumerable<string[]> Pieces(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] != Begin) continue;
            var end = Array.IndexOf(lines, End, i);
            yield return lines[(i + 1)..end];
            i = end;
        }
    }

    private static string Trimmed(IEnumerable<string> lines) => string.Join('\n', lines.Select(l => l.Trim()).Where(l => l.Length > 0));
}
