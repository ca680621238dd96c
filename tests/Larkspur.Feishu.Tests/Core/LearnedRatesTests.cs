using Larkspur.Testing;

namespace Larkspur.Feishu.Tests.Core;

public sealed class LearnedRatesTests
{
    private static readonly RateLimit Tier9 = new(50, null);
    private static readonly RateLimit Tier4 = new(50, 1000);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly LearnedRates _rates;

    public LearnedRatesTests() => _rates = new LearnedRates(_clock);

    [Fact]
    public void An_announced_ceiling_below_the_documented_one_is_kept_for_ten_minutes_after_the_last_refusal_and_then_the_documented_one_is_tried()
    {
        _rates.Refused("k", Tier9, Tier9, 20, Second);
        Assert.Equal(new(20, null), _rates.Current("k", Tier9));
        _clock.Advance(TimeSpan.FromMinutes(9));
        _rates.Refused("k", Tier9, Tier9, 20, Second);
        _clock.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Equal(20, _rates.Current("k", Tier9).PerSecond);
        _clock.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Equal(Tier9, _rates.Current("k", Tier9));

        _rates.Refused("k", Tier9, Tier9, 20, Second);
        Assert.Equal(20, _rates.Current("k", Tier9).PerSecond);
    }

    [Theory]
    [InlineData(50, 1000, 400, 52, 50, 400)] // a reset beyond a second: the minute's window
    [InlineData(50, 1000, 400, 1, 50, 400)] // the minute's last second: no second has 400
    [InlineData(50, 1000, 30, 1, 30, 1000)]
    [InlineData(50, null, 100, 52, 50, 100)] // a minute's window that the documentation does not know
    [InlineData(null, 100, 60, 1, null, 60)]
    [InlineData(null, null, 10, 1, 10, null)]
    public void The_window_that_a_ceiling_is_of_is_told_by_the_documentation_and_the_reset(
        int? perSecond, int? perMinute, int announced, int reset, int? learnedSecond, int? learnedMinute)
    {
        var documented = new RateLimit(perSecond, perMinute);
        _rates.Refused("k", documented, documented, announced, TimeSpan.FromSeconds(reset));
        Assert.Equal(new(learnedSecond, learnedMinute), _rates.Current("k", documented));
    }

    [Fact]
    public void An_announced_number_is_compared_with_the_platforms_own_limit_and_not_with_our_share_of_it()
    {
        // Nine tenths of 50 a second and 1,000 a minute are kept; the platform names its 50, with a reset of eight seconds.
        var share = Tier4.Times(0.9);
        _rates.Refused("k", share, Tier4, 50, TimeSpan.FromSeconds(8));
        Assert.Equal(share.Times(0.7), _rates.Current("k", share));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(0)]
    [InlineData(2_000_000_000)]
    public void Without_a_lower_ceiling_the_rate_falls_by_three_tenths_and_returns_step_by_step(int? announced)
    {
        _rates.Refused("k", Tier9, Tier9, announced, Second);
        Assert.Equal(35, _rates.Current("k", Tier9).PerSecond);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(37, _rates.Current("k", Tier9).PerSecond);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(42, _rates.Current("k", Tier9).PerSecond);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(50, _rates.Current("k", Tier9).PerSecond);
    }

    [Fact]
    public void A_minutes_rate_returns_by_the_minute()
    {
        var documented = new RateLimit(null, 100);
        _rates.Refused("k", documented, documented, null, TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(70, _rates.Current("k", documented).PerMinute);
        _clock.Advance(TimeSpan.FromMinutes(2.1));
        Assert.Equal(85, _rates.Current("k", documented).PerMinute);
    }

    [Fact]
    public void What_was_on_its_way_when_the_rate_fell_does_not_lower_it_again()
    {
        for (int i = 0; i < 40; i++) _rates.Refused("k", Tier9, Tier9, null, TimeSpan.FromSeconds(3));
        Assert.Equal(35, _rates.Current("k", Tier9).PerSecond);
        _clock.Advance(TimeSpan.FromSeconds(3));
        _rates.Refused("k", Tier9, Tier9, null, TimeSpan.FromSeconds(3));
        Assert.Equal((int)(50 * (0.7 + 3 * 0.05) * 0.7), _rates.Current("k", Tier9).PerSecond);
    }

    [Fact]
    public void Endless_refusals_leave_one_call_a_minute_and_never_none()
    {
        for (int i = 0; i < 500; i++)
        {
            _rates.Refused("k", Tier4, Tier4, null, Second);
            _clock.Advance(Second);
        }

        RateLimit left = _rates.Current("k", Tier4);
        Assert.InRange(left.PerSecond!.Value, 1, 9);
        Assert.InRange(left.PerMinute!.Value, 1, 190);
    }

    [Fact]
    public void Keys_learn_apart_and_what_has_no_rate_has_none_to_lower()
    {
        _rates.Refused("k", Tier9, Tier9, 20, Second);
        _rates.Refused("free", default, default, null, Second);
        Assert.Equal(Tier9, _rates.Current("other", Tier9));
        Assert.True(_rates.Current("free", default).IsNone);
    }

    [Theory]
    [InlineData(10, null, 2, 20, null)]
    [InlineData(50, 1000, 0.5, 25, 500)]
    [InlineData(50, 1000, 1.1, 55, 1100)]
    [InlineData(30, null, 0.1, 3, null)]
    [InlineData(1, null, 0.5, 1, 30)] // less than one a second is so many a minute
    [InlineData(3, 100, 0.01, 1, 1)]
    [InlineData(null, 1000, 100, null, 100_000)]
    [InlineData(null, 5000, 100, null, RateLimit.Most)]
    [InlineData(null, null, 3, null, null)]
    public void A_factor_leaves_whole_calls(int? perSecond, int? perMinute, double factor, int? second, int? minute)
        => Assert.Equal(new RateLimit(second, minute), new RateLimit(perSecond, perMinute).Times(factor));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_factor_that_is_none_is_told_as_wrong_use(double factor)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new RateLimit(1, null).Times(factor));
}
