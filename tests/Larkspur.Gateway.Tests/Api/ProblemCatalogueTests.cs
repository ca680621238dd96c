using Larkspur.Gateway.Api;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>The texts of refusals are whole, in both languages.</summary>
public sealed class ProblemCatalogueTests
{
    public static TheoryData<string> Words => [.. ProblemCatalogue.Words.Keys];

    [Theory, MemberData(nameof(Words))]
    public void An_entry_has_its_headlines_and_a_sentence_for_readers_of_Chinese(string word)
    {
        var entry = ProblemCatalogue.Words[word];
        Assert.False(string.IsNullOrWhiteSpace(entry.Title));
        Assert.Contains(entry.TitleZh, c => c > 0x2E80);
        // A sentence is never told in one language alone; a word without one has a general one in Chinese.
        Assert.Equal(entry.Sentence is null, entry.SentenceZh is null);
        Assert.NotNull(entry.GeneralZh ?? entry.SentenceZh);
    }

    [Theory]
    [InlineData(400), InlineData(418), InlineData(421), InlineData(504)]
    public void A_word_without_an_entry_has_the_texts_of_its_status(int status)
    {
        var (english, chinese) = ProblemCatalogue.Sentence("no_such_word", status);
        Assert.DoesNotContain(english, c => c > 0x2E80);
        Assert.Contains(chinese, c => c > 0x2E80);
        Assert.Equal(chinese, ProblemCatalogue.GeneralChinese("no_such_word", status));
        Assert.Contains(ProblemCatalogue.ChineseTitle("no_such_word", status), c => c > 0x2E80);
        Assert.Equal("No such word", ProblemCatalogue.Title("no_such_word"));
    }
}
