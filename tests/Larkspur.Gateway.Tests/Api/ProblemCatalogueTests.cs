using System.Text.RegularExpressions;
using Larkspur.Gateway.Api;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>The texts of refusals are whole, in both languages.</summary>
public sealed partial class ProblemCatalogueTests
{
    public static TheoryData<string> Words => [.. ProblemCatalogue.Words];

    [Theory, MemberData(nameof(Words))]
    public void An_entry_has_its_headlines_and_a_sentence_for_readers_of_Chinese(string word)
    {
        Assert.Contains(ProblemTexts.FindTitle(word)!.Chinese, c => c > 0x2E80);
        Assert.NotNull(ProblemTexts.FindGeneral(word) ?? ProblemTexts.FindSentence(word)?.Chinese);
    }

    [Fact]
    public void Every_word_that_the_code_refuses_with_has_an_entry()
    {
        var folder = Path.Combine(Repository.Root, "src", "Larkspur.Gateway");
        var used = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Refused().Matches(File.ReadAllText(file)).Select(match => match.Groups["word"].Value)).Distinct().ToArray();
        // Those that are put together ("bad_" and the field's name) are not looked at.
        var missing = used.Where(word => !word.EndsWith('_') && !ProblemCatalogue.Words.Contains(word)).Order();
        Assert.True(used.Length > 150, $"only {used.Length} words were found in the code");
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData(400), InlineData(418), InlineData(421), InlineData(504)]
    public void A_word_without_an_entry_has_the_texts_of_its_status(int status)
    {
        var (chinese, english) = ProblemCatalogue.Sentence("no_such_word", status);
        Assert.DoesNotContain(english, c => c > 0x2E80);
        Assert.Contains(chinese, c => c > 0x2E80);
        Assert.Equal(chinese, ProblemCatalogue.GeneralChinese("no_such_word", status));
        Assert.Contains(ProblemCatalogue.ChineseTitle("no_such_word", status), c => c > 0x2E80);
        Assert.Equal("No such word", ProblemCatalogue.Title("no_such_word"));
    }

    [GeneratedRegex("""
        RequestRefusedException(\.(Malformed|Impossible|Conflict)\(|\([^,"()]*(\([^()]*\))?[^,"()]*,\s*)"(?<word>[a-z_]+)"
        """, RegexOptions.ExplicitCapture)]
    private static partial Regex Refused();
}
