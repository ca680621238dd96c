namespace Larkspur.Samples.Tests;

/// <summary>What all samples have in common.</summary>
public sealed class TourTests
{
    public static TheoryData<string> Names => [.. Tour.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_sample_without_settings_says_in_one_sentence_what_it_needs_and_how_to_try_it(string name)
    {
        await using var sample = SampleProcess.Start(name, []);

        Assert.Equal(2, await sample.EndedAsync());
        Assert.Equal(sample.Errors, sample.Output);
        Assert.StartsWith($"{name} needs ", sample.Errors, StringComparison.Ordinal);
        Assert.Contains("; to try it, run ./larkspur emulator", sample.Errors, StringComparison.Ordinal);
        Assert.Equal(1, sample.Errors.Count(c => c == '\n'));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_is_one_short_file(string name)
    {
        var file = Assert.Single(Directory.GetFiles(Path.Combine(Tour.Folder, name), "*.cs"));
        var lines = File.ReadAllLines(file);
        Assert.True(lines.Length < 60, $"{name} has {lines.Length} lines.");
        Assert.All(lines, line => Assert.True(line.Length <= 140, $"{name} has a line of {line.Length} characters: {line}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_is_in_the_solution_and_on_the_page_of_the_tour(string name)
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Larkspur.slnx"));
        Assert.Contains($"samples/{name}/{name}.csproj", solution, StringComparison.Ordinal);
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "samples.md"));
        Assert.Contains($"(../samples/{name}/Program.cs)", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_none_is_named()
    {
        await using var sample = SampleProcess.Start(
            "EchoBot", [], ("FEISHU_APP_ID", "cli_1"), ("FEISHU_APP_SECRET", "s"), ("FEISHU_BASE_URL", "emulator"));

        Assert.Equal(2, await sample.EndedAsync());
        Assert.StartsWith("EchoBot needs an http or https address in FEISHU_BASE_URL; ", sample.Errors, StringComparison.Ordinal);
    }
}
