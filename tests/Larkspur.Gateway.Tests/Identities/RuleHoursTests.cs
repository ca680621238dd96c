using System.Collections.Frozen;
using System.Globalization;
using Larkspur.Gateway.People.Permissions;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>Hours are what the clock on the wall shows, over midnight and on the days on which it is put forward and back.</summary>
public sealed class RuleHoursTests
{
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    // Monday 5 January 2026, 09:00 in Shanghai is 01:00 UTC.
    [InlineData("mon", "09:00", "18:00", "2026-01-05T00:59:59Z", false)]
    [InlineData("mon", "09:00", "18:00", "2026-01-05T01:00:00Z", true)]
    [InlineData("mon", "09:00", "18:00", "2026-01-05T09:59:59Z", true)]
    [InlineData("mon", "09:00", "18:00", "2026-01-05T10:00:00Z", false)]
    [InlineData("mon", "09:00", "18:00", "2026-01-06T02:00:00Z", false)]
    [InlineData("mon", "18:00", "24:00", "2026-01-05T15:59:59Z", true)]
    [InlineData("mon", "18:00", "24:00", "2026-01-05T16:00:00Z", false)]
    // The whole day is that of the zone, not UTC's.
    [InlineData("mon", "00:00", "24:00", "2026-01-04T16:00:00Z", true)]
    [InlineData("mon", "00:00", "24:00", "2026-01-05T16:00:00Z", false)]
    // From Friday 22:00 to Saturday 06:00.
    [InlineData("fri", "22:00", "06:00", "2026-01-09T13:59:59Z", false)]
    [InlineData("fri", "22:00", "06:00", "2026-01-09T14:00:00Z", true)]
    [InlineData("fri", "22:00", "06:00", "2026-01-09T21:59:59Z", true)]
    [InlineData("fri", "22:00", "06:00", "2026-01-09T22:00:00Z", false)]
    // In the morning of Friday it is Thursday's night, in the evening of Saturday Saturday's.
    [InlineData("fri", "22:00", "06:00", "2026-01-08T20:00:00Z", false)]
    [InlineData("fri", "22:00", "06:00", "2026-01-10T15:00:00Z", false)]
    // From Sunday into Monday: the week goes round.
    [InlineData("sun", "22:00", "06:00", "2026-01-04T17:00:00Z", true)]
    [InlineData("sun,mon", "22:00", "06:00", "2026-01-05T17:00:00Z", true)]
    public void In_Shanghai(string days, string from, string to, string at, bool open) => Assert.Equal(open, Hours(days, from, to, null).Contain(At(at), Shanghai));

    [Theory]
    // 29 March 2026: after 01:59:59 comes 03:00 (01:00 UTC).
    [InlineData("02:30", "04:00", "2026-03-29T00:59:59Z", false)]
    [InlineData("02:30", "04:00", "2026-03-29T01:00:00Z", true)]
    [InlineData("02:30", "04:00", "2026-03-29T02:00:00Z", false)]
    [InlineData("02:00", "03:00", "2026-03-29T01:00:00Z", false)]
    [InlineData("22:00", "06:00", "2026-03-29T03:59:59Z", true)]
    [InlineData("22:00", "06:00", "2026-03-29T04:00:00Z", false)]
    // 25 October 2026: 02:00 to 02:59 comes twice, from 00:00 and from 01:00 UTC.
    [InlineData("02:00", "03:00", "2026-10-24T23:59:59Z", false)]
    [InlineData("02:00", "03:00", "2026-10-25T00:30:00Z", true)]
    [InlineData("02:00", "03:00", "2026-10-25T01:30:00Z", true)]
    [InlineData("02:00", "03:00", "2026-10-25T02:00:00Z", false)]
    [InlineData("22:00", "06:00", "2026-10-25T04:59:59Z", true)]
    [InlineData("22:00", "06:00", "2026-10-25T05:00:00Z", false)]
    public void Where_the_clock_is_put_forward_and_back(string from, string to, string at, bool open) =>
        Assert.Equal(open, Hours("mon,tue,wed,thu,fri,sat,sun", from, to, Berlin).Contain(At(at), Shanghai));

    private static RuleHours Hours(string days, string from, string to, TimeZoneInfo? zone)
    {
        Assert.True(RuleHours.TryMinute(from, out var begin));
        Assert.True(RuleHours.TryMinute(to, out var end));
        return new RuleHours(days.Split(',').Select(day => RuleHours.Words.Single(w => w.Word == day).Day).ToFrozenSet(), begin, end, zone);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
