using Larkspur.Gateway.Masking;
using Larkspur.Gateway.Tests;

namespace Larkspur.Security.Tests.Corpus;

/// <summary>Text that is made to cost much costs in proportion to its length. Work is counted in characters looked at, not in time.</summary>
public sealed class HostileTextTests
{
    private const int Length = 1 << 20;

    // Twice the dearest of these texts in one piece; a stream of small pieces looks again at what it holds back.
    private const int LooksPerCharacter = 200;

    private static readonly Masker All = new(MaskingPolicy.All with { Custom = [CustomMask.OfWords("words", ["aaaaab", "a a a b", "111111112"])] });

    public static TheoryData<string> Texts =>
    [
        "1", "13812345678", "1 ", "1-", "1.", "13 ", "138 ", "138-", "138 1234 5678 ", "6222 ", "62", "4111111111111111 ", "4111 1111 1111 1111 ", "11010119900307451", "110101 ", "0086", "+86 ", "1\u200b", "1\u200b\u200b\u200b",
        "@", "a@", "a.", "a@b.", "a@a.a", "a@b.cc.", ".", "-", "a-", "a", "aA1_", "a@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.", "xn--a.", "/", "://", "a://", "www.", "a.aa/", " ", "　", "％", "１", "a a ", "phone", "_", "tel_", "\ud83d", "\0", "12345678901234567890 ",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_megabyte_of_it_costs_in_proportion(string piece)
    {
        var quarter = Work(piece, Length / 4, Length);
        var whole = Work(piece, Length, Length);
        Assert.InRange(whole / (double)Length, 0, LooksPerCharacter);
        Assert.InRange(whole / (double)quarter, 0, 4.2);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void In_small_pieces_no_more_is_held_than_the_longest_personal_data(string piece)
    {
        var stream = All.Stream();
        var text = Repeat(piece, 1 << 14);
        var given = 0;
        for (var at = 0; at < text.Length; at += 16)
        {
            given += stream.Append(text.Substring(at, Math.Min(16, text.Length - at))).Length;
            Assert.InRange(stream.Held, 0, StreamMasker.MaxHeld);
        }

        // 16 characters more look again at most at what was held, some of them for each group of digits in it.
        Assert.InRange(stream.Looks / (double)text.Length, 0, 10 * LooksPerCharacter);
        Assert.Equal(All.Mask(text).Length, given + stream.End().Length);
    }

    private static long Work(string piece, int length, int step)
    {
        var stream = All.Stream();
        var text = Repeat(piece, length);
        for (var at = 0; at < length; at += step) stream.Append(text.Substring(at, Math.Min(step, length - at)));
        stream.End();
        return stream.Looks;
    }

    private static string Repeat(string piece, int length) => string.Create(length, piece, static (text, one) =>
    {
        for (var i = 0; i < text.Length; i++) text[i] = one[i % one.Length];
    });
}
