using Larkspur.Gateway.Masking;
using Larkspur.Gateway.Tests;

namespace Larkspur.Security.Tests.Corpus;

/// <summary>An expression that costs too much is no way to hold an answer up, and none to slip something past it: what could not be judged is not shown.</summary>
public sealed class SlowExpressionTests
{
    private const string Secret = "SECRET-4711";

    /// <summary>Of a text of a's and b's each window costs the product of its length and of twenty, at least; the secret is what it is there for.</summary>
    private static readonly CustomMask Slow = CustomMask.OfPattern("slow", "[ab]*a[ab]{20}c|SECRET-[0-9]{4}", "[slow]", reach: 1024, timeout: TimeSpan.FromMilliseconds(10));

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_text_is_looked_at_for_a_bounded_time_and_what_comes_behind_is_not_shown()
    {
        const int length = 8_000_000;
        var (looks, rest) = await Task.Run(() =>
        {
            var stream = Of(Slow).Stream();
            for (var i = 0; i < 8; i++) stream.Append(Hostile(length / 8));
            return (stream.Looks, stream.Append(Secret + " and what follows it") + stream.End());
        }, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        // All of it would be five looks a character, and minutes.
        Assert.InRange(looks, 1, 5L * length / 2);
        Assert.DoesNotContain("SECRET", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("follows", rest, StringComparison.Ordinal);
        Assert.Contains("[slow]", rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(200_000)]
    public async Task Wherever_it_stands_between_the_hostile_the_secret_is_not_shown_whole_or_in_pieces(int before)
    {
        var text = Hostile(before) + Secret + Hostile(20_000);
        var (whole, pieces) = await Task.Run(() =>
        {
            var stream = Of(Slow).Stream();
            var given = "";
            for (var at = 0; at < text.Length; at += 977) given += stream.Append(text.Substring(at, Math.Min(977, text.Length - at)));
            return (Of(Slow).Mask(text), given + stream.End());
        }, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        foreach (var shown in (string[])[whole, pieces])
        {
            Assert.DoesNotContain("SECRET", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("4711", shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_next_text_is_judged_again_and_a_harmless_one_is_shown()
    {
        var masker = Of(Slow);
        await Task.Run(() => masker.Mask(Hostile(100_000)), TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal("The office budget, [slow]", masker.Mask("The office budget, " + Secret));
    }

    private static Masker Of(CustomMask rule) => new(new MaskingPolicy { Custom = [rule] });

    /// <summary>Without a pattern that the expression's automaton could learn.</summary>
    private static string Hostile(int length) => string.Create(length, 12345u, static (text, state) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            state = state * 1664525 + 1013904223;
            text[i] = state >> 31 == 0 ? 'a' : 'b';
        }
    });
}
