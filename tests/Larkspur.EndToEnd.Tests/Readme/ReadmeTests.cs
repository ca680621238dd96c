namespace Larkspur.EndToEnd.Tests.Readme;

public sealed class ReadmeTests
{
    [Fact]
    public void The_code_in_the_readme_is_the_sample_that_the_solution_compiles()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var sample = File.ReadAllText(Path.Combine(Repository.Root, "samples", "HelloFeishu", "Program.cs"));
        const string fence = "```csharp\n";
        var begin = readme.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        var shown = readme[begin..readme.IndexOf("```", begin, StringComparison.Ordinal)];
        Assert.Equal(sample.Trim(), shown.Trim());
    }

    [Fact]
    public void Every_page_and_picture_the_readme_names_is_there()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var named = System.Text.RegularExpressions.Regex.Matches(readme, @"\]\((?!http)([^)]+)\)").Select(m => m.Groups[1].Value).ToArray();
        Assert.NotEmpty(named);
        Assert.All(named, path => Assert.True(File.Exists(Path.Combine(Repository.Root, path)), $"README.md names {path}"));
    }
}
