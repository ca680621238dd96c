using System.Text.RegularExpressions;

namespace Larkspur.Architecture.Tests;

/// <summary>The console and the emulator share no file, and look like one house: the emulator's colours, fonts, mark and editor are the console's.</summary>
public sealed partial class BrandTests
{
    private const string Console = "src/Larkspur.Gateway.Console/Assets/";
    private const string Emulator = "src/Larkspur.Emulator/Web/Assets/";

    /// <summary>The console lists dark twice, for those who chose it and for those whose system did; both are the same.</summary>
    [Fact]
    public void The_emulators_colours_are_the_consoles_in_light_and_in_dark()
    {
        var blocks = Block().Matches(Repository.Read(Console + "colours.css")).Select(block => Tokens(block.Value, "--lk-")).ToArray();
        Assert.Equal(3, blocks.Length);
        var own = Pairs().Matches(Repository.Read(Emulator + "brand.css")).ToDictionary(pair => pair.Groups[1].Value, pair => (pair.Groups[2].Value, pair.Groups[3].Value));
        Assert.All(blocks[0].Where(token => token.Key != "shadow"), token => Assert.Equal((token.Value, blocks[1][token.Key]), own[token.Key]));
        Assert.Equal(blocks[1], blocks[2]);
    }

    [Fact]
    public void The_fonts_and_the_mark_are_the_same()
    {
        var console = Repository.Read(Console + "console.css");
        var brand = Repository.Read(Emulator + "brand.css");
        foreach (var (used, token) in new[] { (BodyFont(), "font"), (CodeFont(), "mono") })
        {
            var own = Regex.Match(brand, $"--{token}: (.*?);", RegexOptions.Singleline).Groups[1].Value;
            Assert.Equal(Spaces().Replace(used.Match(console).Groups[1].Value, " "), Spaces().Replace(own, " "));
        }

        Assert.Equal(Repository.Read(Console + "icon.svg"), Repository.Read(Emulator + "icon.svg"));
    }

    [Fact]
    public void The_editor_of_JSON_is_the_same() =>
        Assert.Equal(Repository.Read(Console + "json-editor.js"), Repository.Read(Emulator + "json-editor.js"));

    private static Dictionary<string, string> Tokens(string css, string prefix) =>
        Regex.Matches(css, prefix + "([a-z-]+): ([^;]+);").ToDictionary(token => token.Groups[1].Value, token => token.Groups[2].Value);

    [GeneratedRegex(@"\{[^{}]*--lk-ground[^{}]*\}")]
    private static partial Regex Block();

    [GeneratedRegex(@"--([a-z-]+): light-dark\(([^,()]+), ([^,()]+)\);")]
    private static partial Regex Pairs();

    [GeneratedRegex(@"body \{[^}]*font: \.875rem/1\.5 (.*?);", RegexOptions.Singleline)]
    private static partial Regex BodyFont();

    [GeneratedRegex(@"code, \.lk-mono \{ font: \.8125rem/1\.5 (.*?);")]
    private static partial Regex CodeFont();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
