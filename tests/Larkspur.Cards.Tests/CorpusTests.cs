using Larkspur.Feishu.Cards;

namespace Larkspur.Cards.Tests;

/// <summary>Every card of the corpus gets the verdict that it was made for.</summary>
public sealed class CorpusTests
{
    [Fact]
    public void The_corpus_is_large_and_its_index_is_whole()
    {
        Assert.True(CardCorpus.Names("good").Count() >= 110);
        Assert.True(CardCorpus.Names("bad").Count() >= 110);
        foreach (var kind in new[] { "bad", "local" }) Assert.Equal(CardCorpus.Names(kind), CardCorpus.Indexed(kind).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_component_of_both_versions_is_in_a_good_card()
    {
        var all = string.Concat(CardCorpus.Names("good").Select(name => CardCorpus.Read("good", name)));
        var schema = Larkspur.Feishu.Cards.Schema.CardSchema.Instance;
        var missing = schema.V1.Components.Keys.Concat(schema.V2.Components.Keys).Distinct().Where(tag => !all.Contains($"\"tag\": \"{tag}\"", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_card_passes(string name)
    {
        var report = CardValidator.Validate(CardCorpus.Read("good", name));
        Assert.True(report.IsValid, report.ToString());
        if (!name.StartsWith("v1-", StringComparison.Ordinal)) Assert.Equal("no findings", report.ToString());
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_card_has_exactly_its_fault(string name)
    {
        var report = CardValidator.Validate(CardCorpus.Read("bad", name));
        var expected = CardCorpus.ExpectedOf("bad", name);
        var errors = report.Findings.Where(f => f.Severity == CardSeverity.Error).Select(f => (f.Rule, f.Pointer));
        Assert.Equal([(expected.Rule, expected.Pointer)], errors);
    }

    [Theory]
    [MemberData(nameof(Local))]
    public void What_only_the_validator_minds_is_found(string name)
    {
        var report = CardValidator.Validate(CardCorpus.Read("local", name));
        var expected = CardCorpus.ExpectedOf("local", name);
        if (expected.Rule.Length == 0)
        {
            Assert.Equal("no findings", report.ToString());
            return;
        }

        var finding = Assert.Single(report.Findings, f => f.Rule == expected.Rule);
        Assert.Equal((expected.Pointer, expected.Severity), (finding.Pointer, finding.Severity == CardSeverity.Error ? "error" : "warning"));
        Assert.Equal(expected.Severity != "error", report.IsValid);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Every_finding_says_what_to_do(string name) =>
        Assert.All(CardValidator.Validate(CardCorpus.Read("bad", name)).Findings, f => Assert.True(f.Message.EndsWith('.') && f.Fix.Length > 5, f.ToString()));

    public static TheoryData<string> Good() => [.. CardCorpus.Names("good")];

    public static TheoryData<string> Bad() => [.. CardCorpus.Names("bad")];

    public static TheoryData<string> Local() => [.. CardCorpus.Names("local")];
}
