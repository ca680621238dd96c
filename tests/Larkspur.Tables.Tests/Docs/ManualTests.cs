namespace Larkspur.Tables.Tests.Docs;

public sealed class ManualTests
{
    [Fact]
    public void Every_piece_of_csharp_in_the_manual_stands_in_compiled_code()
    {
        string compiled = Trimmed(File.ReadLines(Path.Combine(Repository.Root, "tests/Larkspur.Tables.Tests/Docs/ManualSnippets.cs")));
        string[][] blocks = [.. Blocks(File.ReadAllLines(Path.Combine(Repository.Root, "docs/tables-sdk.md")))];
        Assert.InRange(blocks.Length, 7, 100);
        Assert.All(blocks, block => Assert.Contains(Trimmed(block), compiled, StringComparison.Ordinal));
    }

    private static IEnumerable<string[]> Blocks(string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] != "```csharp") continue;
            int end = Array.IndexOf(lines, "```", i);
            yield return lines[(i + 1)..end];
            i = end;
        }
    }

    private static string Trimmed(IEnumerable<string> lines) => string.Join('\n', lines.Select(l => l.Trim()).Where(l => l.Length > 0));
}
