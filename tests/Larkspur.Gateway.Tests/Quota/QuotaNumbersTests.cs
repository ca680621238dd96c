using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Hosting;
using Larkspur.Gateway.Quota;
using Larkspur.Testing;
using Microsoft.Extensions.Configuration;

namespace Larkspur.Gateway.Tests.Quota;

/// <summary>Calendar, forecast, thresholds, and what counts.</summary>
public sealed class QuotaNumbersTests
{
    private static readonly QuotaCalendar China = new(Clocks.Default);

    [Theory]
    [InlineData("2026-11-30T15:59:59Z", 20261130, 202611)]
    [InlineData("2026-11-30T16:00:00Z", 20261201, 202612)]
    [InlineData("2026-12-31T16:00:00Z", 20270101, 202701)]
    public void Days_and_months_begin_when_they_begin_for_the_tenant(string utc, int day, int month)
    {
        Assert.Equal(day, China.Day(At(utc)));
        Assert.Equal(month, China.Month(At(utc)));
    }

    [Fact]
    public void The_calendar_knows_its_past()
    {
        var now = At("2027-01-02T16:00:00Z"); // the 3rd, 00:00 in China
        Assert.Equal(20261228, China.DaysBefore(now, 6));
        Assert.Equal(202512, China.MonthsBefore(now, 13));
        Assert.Equal((2.0, 31), China.InMonth(now));
        Assert.Equal(3.0, China.Since(20261231, now));
        Assert.Equal((27.5, 28), China.InMonth(At("2027-02-28T04:00:00Z")));
    }

    [Theory]
    [InlineData(1500, 700, 100, 15, 30, 3000)] // an even pace
    [InlineData(1500, 2100, 100, 15, 30, 1500 + (100 * 0.3 + 300 * 0.7) * 15)] // the last week was busier
    [InlineData(0, 700, 100, 0, 30, 100 * 0.7 * 30)] // the first midnight: only the week speaks
    [InlineData(60, 60, 0.01, 10, 30, 60 + 60 * 20)] // counted since a quarter of an hour: less than a day is taken for one
    [InlineData(3000, 700, 100, 30, 30, 3000)] // the end is reached
    public void The_forecast_goes_on_at_the_months_pace_and_more_so_at_the_last_weeks(long used, long week, double watched, double passed, int length, double expected)
    {
        // 700 in a week that is 6 days old at midnight are 116 a day: the figures above are for the end of the day.
        var weekDays = Math.Clamp(Math.Min(watched, 6 + passed % 1), 1, 7);
        var forecast = QuotaForecast.EndOfMonth(used, (long)Math.Round(week / 7.0 * (watched >= 7 ? weekDays : 7)), watched, passed, length);
        Assert.InRange(forecast, expected - 3, expected + 3);
    }

    [Theory]
    [InlineData("im.v1.message.create", true)]
    [InlineData("bitable.v1.app_table_record.list", true)]
    [InlineData("bot.v3.info.get", true)]
    [InlineData("auth.v3.tenant_access_token.internal", false)]
    [InlineData("contact.v3.user.get", false)]
    [InlineData("corehr.v2.employee.search", false)]
    [InlineData("translation.v1.text.detect", false)]
    [InlineData("contacts.v1.x", true)]
    [InlineData("", true)]
    public void The_platforms_list_says_what_counts(string endpoint, bool counts) => Assert.Equal(counts, CountedApis.Count(endpoint));

    [Fact]
    public void Of_several_thresholds_passed_at_once_the_highest_is_told_and_none_again()
    {
        var options = new QuotaOptions { MonthlyCap = 1000 };
        Assert.Empty(QuotaOccasions.Untold("a", Facts(799), options));
        Assert.Equal(["80"], Assert.Single(QuotaOccasions.Untold("a", Facts(800), options)).Keys);
        var jump = Assert.Single(QuotaOccasions.Untold("a", Facts(2000), options));
        Assert.Equal(["80", "95", "100"], jump.Keys);
        Assert.Equal(100, jump.Percent);
        Assert.Equal(["100"], Assert.Single(QuotaOccasions.Untold("a", Facts(2000, "80", "95"), options)).Keys);
        Assert.Empty(QuotaOccasions.Untold("a", Facts(2000, "80", "95", "100"), options));
        Assert.Empty(QuotaOccasions.Untold("a", Facts(2000), new QuotaOptions()));
        Assert.False(QuotaOccasions.IsPassed(long.MaxValue / 2, long.MaxValue, 80));
    }

    [Fact]
    public void A_new_refusal_after_a_reset_is_told_anew()
    {
        var refused = Facts(5) with { RefusedAt = At("2026-11-21T00:00:00Z"), Refusals = 2, Alarms = [new("refused-1", default)] };
        Assert.Equal(["refused-2"], Assert.Single(QuotaOccasions.Untold("a", refused, new QuotaOptions())).Keys);
    }

    [Fact]
    public void Counts_that_could_not_be_written_wait_with_those_that_came_meanwhile()
    {
        var counts = new CallCounts();
        CallKey key = new("a", 20261121, "im.v1.message.create"), other = new("a", 20261130, "x");
        counts.Add(key, new(1, 0, 1));
        Assert.Single(counts.Take());
        counts.Add(key, new(1, 1, 0));
        counts.Add(other, new(1, 0, 1));
        Assert.Equal((2, 1), (counts.CountedIn("a", 202611), counts.DoneOn(key)));
        counts.NotWritten();
        Assert.Equal([new(key, new(2, 1, 1)), new(other, new(1, 0, 1))], counts.Take());
        counts.Written();
        Assert.Equal((0, 0), (counts.CountedIn("a", 202611), counts.DoneOn(key)));
        Assert.Empty(counts.Take());
    }

    [Fact]
    public void Midnight_ends_a_daily_cap_and_a_new_month_ends_a_refusal_at_once()
    {
        var clock = new ManualTimeProvider(At("2026-11-30T14:00:00Z")); // 22:00 in China
        var options = new QuotaOptions { MonthlyCap = 10 };
        options.DailyCaps["im.v1.message.create"] = 2;
        var book = Book(clock, options);
        for (var i = 0; i < 10; i++) book.OnRequest(new("cli_a", "", "im.v1.message.create", FeishuRequestOutcome.Done, 0, 200, false));
        Assert.Equal(QuotaMode.Exhausted, book.Mode("default"));
        book.OnRequest(new("cli_a", "", "im.v1.message.create", FeishuRequestOutcome.Refused, 99991403, 429, false));
        Assert.Equal((QuotaMode.Exhausted, false, 10), (book.Mode("default", "im.v1.message.create"), book.MayTry("default", "im.v1.message.create"), book.Used("default")));

        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal((QuotaMode.Normal, true, 0), (book.Mode("default", "im.v1.message.create"), book.MayTry("default", "im.v1.message.create"), book.Used("default")));
    }

    [Fact]
    public void After_a_refusal_one_call_passes_in_every_interval_also_when_the_clock_was_set_back()
    {
        var clock = new ManualTimeProvider(At("2026-11-10T00:00:00Z"));
        var book = Book(clock, new QuotaOptions());
        book.OnRequest(new("cli_a", "", "x", FeishuRequestOutcome.Refused, 99991403, 429, false));
        Assert.Equal([false, false, true, false, false, true], Enumerable.Range(0, 6).Select(_ =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return book.MayTry("default", "x");
        }));
        Assert.True(book.Of("default").TryProbe(clock.GetUtcNow(), clock.GetUtcNow().AddDays(-1), TimeSpan.FromMinutes(3)));
    }

    private static QuotaRegistry Book(TimeProvider clock, QuotaOptions options)
    {
        var settings = GatewaySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FEISHU_APP_ID"] = "cli_a", ["FEISHU_APP_SECRET"] = "s", ["FEISHU_VERIFICATION_TOKEN"] = "t",
        }).Build());
        return new QuotaRegistry(settings.Feishu.Apps, options, China, clock);
    }

    private static QuotaFacts Facts(long used, params string[] told) => new()
    {
        Month = 202611, Day = 20261121, Total = new(used, 0, used), Alarms = [.. told.Select(t => new QuotaAlarm(t, default))],
    };

    private static DateTimeOffset At(string utc) => DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture);
}
