using Larkspur.Gateway.Masking;

namespace Larkspur.Gateway.Tests.Masking;

/// <summary>How well personal data is found in the test set, and what is shown of it.</summary>
public sealed class MaskingCaseTests(ITestOutputHelper output)
{
    private const double Floor = 0.99;

    private static readonly IReadOnlyList<MaskingCase> Cases = MaskingCases.Read(Repository.Root);
    private static readonly Masker All = new(MaskingPolicy.All);

    [Fact]
    public void Each_kind_is_found_with_precision_and_recall_above_the_floor()
    {
        Assert.True(Cases.Count >= 1000, $"only {Cases.Count} cases");
        var scores = MaskingCases.Score(Cases, All);
        output.WriteLine($"{Cases.Count} cases, {Cases.Count(static one => one.Spans.Length == 0)} without personal data");
        foreach (var score in scores)
        {
            output.WriteLine($"{score.Kind,-9} found {score.Found}, wrong {score.Wrong.Count}, missed {score.Missed.Count}: precision {score.Precision:0.0000}, recall {score.Recall:0.0000}");
            foreach (var text in score.Wrong) output.WriteLine($"  wrong:  {text}");
            foreach (var text in score.Missed) output.WriteLine($"  missed: {text}");
        }

        Assert.All(scores, score => Assert.True(score.Precision >= Floor && score.Recall >= Floor,
            $"{score.Kind}: precision {score.Precision:0.0000}, recall {score.Recall:0.0000}; wrong: {string.Join(" | ", score.Wrong)}; missed: {string.Join(" | ", score.Missed)}"));
    }

    [Fact]
    public void Every_case_outside_of_the_known_limits_is_masked_as_written_down()
    {
        var wrong = Cases.Where(static one => one.Group != MaskingCases.KnownLimits && All.Mask(one.Text) != one.Masked).Select(static one => $"{one.Text} -> {All.Mask(one.Text)}, not {one.Masked}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void What_is_masked_stays_as_it_is_when_it_is_masked_again() =>
        Assert.All(Cases, static one => Assert.Equal(All.Mask(one.Text), All.Mask(All.Mask(one.Text))));

    [Theory]
    [InlineData(nameof(PersonalData.Mobile))]
    [InlineData(nameof(PersonalData.IdCard))]
    [InlineData(nameof(PersonalData.BankCard))]
    [InlineData(nameof(PersonalData.Email))]
    public void A_policy_of_one_kind_masks_that_kind_alone(string name)
    {
        var kind = Enum.Parse<PersonalData>(name);
        var one = new Masker(new MaskingPolicy { Kinds = new HashSet<PersonalData> { kind } });
        // What touches a mail address is told apart only when addresses are looked for: a number within one, or glued to its end.
        foreach (var text in Cases.Select(static one => one.Text))
        {
            var all = All.Find(text).Where(span => span.Kind == kind).ToList();
            var alone = one.Find(text);
            Assert.All(alone, span => Assert.Equal(kind, span.Kind));
            Assert.All(all.Where(span => span.Start == 0 || !char.IsAsciiLetter(text[span.Start - 1]) || alone.Count > 0), span => Assert.Contains(span, alone));
            if (!text.Contains('@', StringComparison.Ordinal)) Assert.Equal(all.Count, alone.Count);
        }
    }

    [Fact]
    public void Nothing_is_masked_by_an_empty_policy()
    {
        var none = new Masker(MaskingPolicy.None);
        Assert.All(Cases, one => Assert.Same(one.Text, none.Mask(one.Text)));
        var stream = none.Stream();
        Assert.Equal("13812345678", stream.Append("13812345678"));
        Assert.Equal("", stream.End());
    }

    [Fact]
    public void What_was_masked_is_counted_by_kind()
    {
        var counts = new MaskCounts();
        All.Mask("王芳 13812345678，李雷 139 1234 5678，li@example.com", counts);
        All.Mask("身份证110101199003074514", counts);
        Assert.Equal((2, 1, 1, 0), (counts[PersonalData.Mobile], counts[PersonalData.Email], counts[PersonalData.IdCard], counts[PersonalData.BankCard]));
        Assert.Equal(4, counts.Total);
        Assert.Equal(["email", "id_card", "mobile"], counts.ByName.Keys);
        var sum = new MaskCounts();
        sum.Add(counts);
        sum.Add(counts);
        Assert.Equal((8, 4), (sum.Total, sum[PersonalData.Mobile]));
    }

    [Theory]
    [InlineData("13812345678 li@example.com", "138••••5678 l•••@example.com")]
    [InlineData("１３８１２３４５６７８", "１３８••••５６７８")]
    public void The_mark_can_be_one_that_Markdown_leaves_alone(string text, string masked) => Assert.Equal(masked, new Masker(MaskingPolicy.All with { Mark = '•' }).Mask(text));
}
