using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Gateway.Scheduling;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>Recurring jobs of one process, on either database.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ScheduleTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly string _feishu = fixture.Feishu.Address;

    [Fact]
    public async Task A_job_recurs_and_its_runs_can_be_seen()
    {
        var ticks = new Ticks();
        await using var gateway = await ticks.StartAsync(_feishu);
        await gateway.UntilAsync(() => Task.FromResult(ticks.Count >= 3));
        Assert.True(ticks.Due.SequenceEqual(ticks.Due.Distinct()), "an occasion was served twice");

        await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_schedule_runs_total", "tick", "ok") >= 3);
        var item = await ItemAsync(gateway, "tick");
        Assert.Equal("every 00:00:01", item.GetProperty("rule").GetString());
        Assert.True(item.GetProperty("runs").GetInt64() >= 3);
        Assert.True(item.GetProperty("next_at").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddSeconds(-10));
        Assert.NotEqual(JsonValueKind.Null, item.GetProperty("last").GetProperty("started_at").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, (await ItemAsync(gateway, "retention")).GetProperty("next_at").ValueKind);
        Assert.Equal(HttpStatusCode.Unauthorized, await AnonymousAsync(gateway, HttpMethod.Get, "/api/v1/schedules"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AnonymousAsync(gateway, HttpMethod.Post, "/api/v1/schedules/tick/run"));
        var description = await gateway.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("/api/v1/schedules/{name}/run", description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_can_be_asked_for_and_waits_for_the_one_under_way()
    {
        var ticks = new Ticks { Every = TimeSpan.FromHours(1), Hold = new() };
        await using var gateway = await ticks.StartAsync(_feishu);
        await gateway.UntilAsync(() => Task.FromResult(ticks.Count == 1));
        Assert.Equal("running", (await LastAsync(gateway)).GetProperty("outcome").GetString());
        Assert.Equal(HttpStatusCode.Accepted, await RunAsync(gateway, "tick"));
        Assert.Equal(HttpStatusCode.Conflict, await RunAsync(gateway, "tick"));
        Assert.Equal(HttpStatusCode.NotFound, await RunAsync(gateway, "no-such"));
        Assert.Equal(1, ticks.Count);
        ticks.Hold.SetResult();
        await gateway.UntilAsync(async () => ticks.Count == 2 && (await LastAsync(gateway)).GetProperty("outcome").GetString() == "ok");
        Assert.Equal("ticked", (await LastAsync(gateway)).GetProperty("detail").GetString());
        Assert.Equal(1, ticks.MostAtOnce);
    }

    [Fact]
    public async Task What_fails_or_takes_too_long_is_recorded_and_comes_again()
    {
        var slow = new Ticks { Timeout = TimeSpan.FromMilliseconds(200), Hold = new() };
        await using (var gateway = await slow.StartAsync(_feishu))
        {
            await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_schedule_runs_total", "tick", "timed_out") >= 2);
        }

        var broken = new Ticks { Fail = "secret words of the data" };
        await using (var gateway = await broken.StartAsync(_feishu))
        {
            await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_schedule_runs_total", "tick", "failed") >= 2);
            await gateway.UntilAsync(async () => (await LastAsync(gateway)).GetProperty("outcome").GetString() == "failed");
            Assert.DoesNotContain("secret words", (await LastAsync(gateway)).GetRawText(), StringComparison.Ordinal);
            Assert.Contains(gateway.Logs.Lines, l => l.Message == "Schedule tick failed" && l.Exception!.Message == broken.Fail);
        }
    }

    [Fact]
    public async Task The_process_stops_quickly_while_a_job_runs()
    {
        var ticks = new Ticks { Hold = new() };
        CapturedLogs logs;
        await using (var gateway = await ticks.StartAsync(_feishu))
        {
            logs = gateway.Logs;
            await gateway.UntilAsync(() => Task.FromResult(ticks.Count == 1));
        }

        Assert.Equal(1, ticks.Cancelled);
        Assert.DoesNotContain(logs.Lines, l => l.Message.StartsWith("Recurring jobs did not end", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_schedule_that_is_declared_no_more_is_forgotten()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-schedules-").FullName;
        try
        {
            var before = new Ticks { Every = TimeSpan.FromMinutes(1), Name = "daily" };
            await using (var gateway = await before.StartAsync(_feishu, folder)) await gateway.UntilAsync(() => Task.FromResult(before.Count == 1));
            var after = new Ticks { Name = "other" };
            await using (var gateway = await after.StartAsync(_feishu, folder))
            {
                await gateway.UntilAsync(() => Task.FromResult(after.Count >= 1));
                Assert.Contains(gateway.Logs.Lines, l => l.Message == "Schedule daily is declared no more and forgotten");
            }

            Assert.Equal(1, before.Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_process_can_be_told_to_run_none()
    {
        var ticks = new Ticks();
        await using var gateway = await ticks.StartAsync(_feishu, settings: new() { ["Larkspur:Schedules:Enabled"] = "false" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await RunAsync(gateway, "tick"));
        Assert.Equal(JsonValueKind.Null, (await ItemAsync(gateway, "tick")).GetProperty("next_at").ValueKind);
        Assert.DoesNotContain(gateway.Logs.Lines, l => l.Message.Contains("schedules run", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Has Blanks")]
    [InlineData("")]
    [InlineData("a-name-that-is-much-longer-than-any-metric-likes")]
    public void A_name_that_does_not_fit_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddSchedule<TickJob>(name, TimeSpan.FromHours(1)));

    [Fact]
    public void What_is_no_cron_expression_or_too_often_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddSchedule<TickJob>("tick", "every day at three"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddSchedule<TickJob>("tick", TimeSpan.FromMilliseconds(10)));
    }

    [Fact]
    public void The_first_run_in_a_store_without_memory_goes_on_where_the_last_life_ended()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var soon = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        var hourly = Schedule.Periodic("hourly", typeof(TickJob), TimeSpan.FromHours(1), null);
        Assert.Equal(soon, hourly.FirstDue(null, soon, zone));
        Assert.Equal(soon.AddMinutes(40), hourly.FirstDue(soon.AddMinutes(-20), soon, zone));
        Assert.Equal(soon, hourly.FirstDue(soon.AddDays(-3), soon, zone));
        Assert.Equal(soon, hourly.FirstDue(soon.AddDays(3), soon, zone));
        // Half past three in Shanghai is half past seven in the evening before, by UTC.
        var nightly = Schedule.ByCalendar("nightly", typeof(TickJob), "0 30 3 * * ?", null);
        var next = new DateTimeOffset(2026, 1, 5, 19, 30, 0, TimeSpan.Zero);
        Assert.Equal(next, nightly.FirstDue(null, soon, zone));
        Assert.Equal(next, nightly.FirstDue(soon.AddHours(-1), soon, zone));
        Assert.Equal(soon, nightly.FirstDue(soon.AddDays(-1), soon, zone));
    }

    private static async Task<JsonElement> ItemAsync(GatewayApp gateway, string name) =>
        (await gateway.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/schedules", UriKind.Relative))).GetProperty("items").EnumerateArray()
        .Single(i => i.GetProperty("name").GetString() == name);

    private static async Task<JsonElement> LastAsync(GatewayApp gateway) => (await ItemAsync(gateway, "tick")).GetProperty("last");

    private static async Task<HttpStatusCode> RunAsync(GatewayApp gateway, string name)
    {
        using var response = await gateway.Http.PostAsync(new Uri($"/api/v1/schedules/{name}/run", UriKind.Relative), null);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> AnonymousAsync(GatewayApp gateway, HttpMethod method, string path)
    {
        using var http = new HttpClient { BaseAddress = gateway.Address };
        using var response = await http.SendAsync(new HttpRequestMessage(method, new Uri(path, UriKind.Relative)));
        return response.StatusCode;
    }
}
