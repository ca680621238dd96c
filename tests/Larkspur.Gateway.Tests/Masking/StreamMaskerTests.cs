using System.Text;
using Larkspur.Gateway.Masking;

namespace Larkspur.Gateway.Tests.Masking;

/// <summary>A text that comes in pieces is masked as if it had come at once, wherever it was cut.</summary>
public sealed class StreamMaskerTests
{
    private static readonly IReadOnlyList<MaskingCase> Cases = MaskingCases.Read(Repository.Root);
    private static readonly Masker All = new(MaskingPolicy.All);
    private static readonly Masker Custom = new(MaskingPolicy.All with
    {
        Custom =
        [
            CustomMask.OfWords("projects", ["金鹰计划", "金鹰", "Falcon", "example"], "[项目]"),
            CustomMask.OfPattern("staff", @"\bEMP-\d+\b", reach: 16),
            CustomMask.OfPattern("lines", @"^电话.*", "…", reach: 32),
            CustomMask.OfPattern("overlapping", @"[0-9]{3} [0-9]{2}", "#"),
        ],
    });

    [Fact]
    public void Every_case_at_every_cut()
    {
        foreach (var text in Cases.Select(static one => one.Text))
        {
            var whole = All.Mask(text);
            for (var cut = 0; cut <= text.Length; cut++) Assert.Equal(whole, InPieces(All, text, cut, text.Length));
        }
    }

    [Fact]
    public void Every_case_a_character_at_a_time_and_after_others()
    {
        foreach (var masker in new[] { All, Custom })
        {
            Assert.All(Cases, one => Assert.Equal(masker.Mask(one.Text), InPieces(masker, one.Text, Enumerable.Range(1, one.Text.Length).ToArray())));
            var joined = string.Join('\n', Cases.Select(static one => one.Text));
            Assert.Equal(masker.Mask(joined), InPieces(masker, joined, Enumerable.Range(1, joined.Length).ToArray()));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_texts_in_random_frames(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3000; round++)
        {
            var text = RandomText.Next(random, Cases, random.Next(1, 60));
            var masker = round % 2 == 0 ? All : Custom;
            var most = random.Next(1, 40);
            var cuts = new List<int>();
            for (var at = 0; at < text.Length; at += random.Next(1, most + 1)) cuts.Add(at);
            var whole = masker.Mask(text);
            var pieces = InPieces(masker, text, [.. cuts]);
            Assert.True(whole == pieces, $"seed {seed}, round {round}: \"{text}\" cut at {string.Join(',', cuts)}\n{whole}\n{pieces}");
        }
    }

    [Fact]
    public void Nothing_is_shown_of_a_number_before_it_is_known_what_it_is()
    {
        var stream = All.Stream();
        Assert.Equal("请拨打", stream.Append("请拨打138"));
        Assert.Equal("", stream.Append("1234"));
        Assert.Equal("", stream.Append("5678"));
        Assert.Equal("138****5678。", stream.Append("。"));
        Assert.Equal("谢谢", stream.Append("谢谢"));
        Assert.Equal("", stream.End());
        Assert.Equal("", stream.End());
        Assert.Throws<InvalidOperationException>(() => stream.Append("x"));
        Assert.Equal(1, stream.Counts[PersonalData.Mobile]);
    }

    [Fact]
    public void Chinese_text_is_not_held_back_and_an_English_word_no_longer_than_until_it_ends()
    {
        var stream = All.Stream();
        Assert.Equal("今天的会议改到下午三点。", stream.Append("今天的会议改到下午三点。"));
        Assert.Equal("The ", stream.Append("The meet"));
        Assert.Equal("meeting ", stream.Append("ing moved"));
        Assert.Equal("moved", stream.End());
    }

    [Fact]
    public void Text_that_is_replaced_begins_anew()
    {
        var stream = All.Stream();
        Assert.Equal("号码 ", stream.Append("号码 13812"));
        Assert.Equal("邮箱 ", stream.Replace("邮箱 li@example"));
        Assert.Equal(0, stream.Counts.Total);
        Assert.Equal("l***@example.com ", stream.Append(".com "));
        Assert.Equal("", stream.End());
        Assert.Equal("再来 ", stream.Replace("再来 139"));
        Assert.Equal("139****5678", stream.Append("12345678") + stream.End());
        Assert.Equal((1, 0), (stream.Counts[PersonalData.Mobile], stream.Counts[PersonalData.Email]));
    }

    [Fact]
    public void Half_a_character_is_not_shown()
    {
        var stream = All.Stream();
        Assert.Equal("好", stream.Append("好\ud83d"));
        Assert.Equal("😀", stream.Append("\ude00"));
        Assert.Equal("", stream.Append("\ud83d"));
        Assert.Equal("\ud83d", stream.End());
    }

    private static string InPieces(Masker masker, string text, params int[] cuts)
    {
        var stream = masker.Stream();
        var given = new StringBuilder();
        var from = 0;
        foreach (var cut in cuts.Append(text.Length))
        {
            given.Append(stream.Append(text[from..cut]));
            from = cut;
            Assert.InRange(stream.Held, 0, StreamMasker.MaxHeld);
        }

        return given.Append(stream.End()).ToString();
    }
}
