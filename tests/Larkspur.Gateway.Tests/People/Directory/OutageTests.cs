using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.People.Directory.Listening;
using Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Commands;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Larkspur.Gateway.Tests.People.Directory;

/// <summary>When events could not come, the directory is read anew by itself: once for each break, and not for a short one.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OutageTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData("feishu")]
    [InlineData("wecom")]
    [InlineData("dingtalk")]
    public async Task What_changed_while_the_gateway_was_down_is_read_when_it_is_back(string platform)
    {
        var (directory, clock) = await StartAsync();
        await using var _ = directory;
        await directory.CompleteAsync(platform);
        await ListenedAsync(directory, platform);
        var alice = (await directory.PersonAsync("alice", platform)).GetProperty("id").GetString()!;

        await directory.Gateway.Gateway.StopAsync();
        await directory.ControlAsync(HttpMethod.Delete, "people/alice?silent=true");
        clock.Shift(Long);
        await directory.Gateway.RestartAsync();
        await directory.UntilStateAsync(alice, "left");
        await UntilCompleteAsync(directory, platform, 1);

        // A break that is shorter than the platform goes on trying is none: Feishu's five minutes are longer than any restart here.
        if (platform != "feishu") return;
        await directory.Gateway.RestartAsync();
        await NotedAsync(directory, platform);
        Assert.Single(await OutagesAsync(directory, platform));
    }

    [Fact]
    public async Task A_process_whose_time_to_stop_is_over_stops()
    {
        var (directory, _) = await StartAsync();
        await using var owned = directory;
        await directory.CompleteAsync();
        await ListenedAsync(directory, "feishu");
        var watch = directory.Gateway.Gateway.Services.GetServices<IHostedService>().OfType<OutageWatch>().Single();
        await watch.StopAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task What_a_lost_connection_did_not_bring_is_read_when_there_is_one_again()
    {
        var (directory, clock) = await StartAsync(("FEISHU_EVENT_MODE", "long_connection"));
        await using var _ = directory;
        await directory.Gateway.HoldsAsync(
            () => directory.Gateway.Gateway.Services.GetRequiredService<LongConnections>().All.Any(c => c.Status.IsConnected),
            "the long connection");
        await directory.CompleteAsync();
        await ListenedAsync(directory, "feishu");
        var alice = (await directory.PersonAsync("alice")).GetProperty("id").GetString()!;

        // Nothing is heard any more, as of a connection whose other end is gone; who leaves meanwhile is never told.
        await directory.ControlAsync(HttpMethod.Post, "connections", new { @do = "pongs", off = true });
        clock.Shift(Long);
        await directory.ControlAsync(HttpMethod.Delete, "people/alice?silent=true");
        await directory.ControlAsync(HttpMethod.Post, "connections", new { @do = "abort" });
        await directory.UntilStateAsync(alice, "left");
        await UntilCompleteAsync(directory, "feishu", 1);
        Assert.Contains("Events of feishu app default may have been lost", directory.Gateway.Gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_comes_after_an_hour_says_that_others_did_not()
    {
        var (directory, clock) = await StartAsync();
        await using var _ = directory;
        await directory.CompleteAsync();
        var alice = (await directory.PersonAsync("alice")).GetProperty("id").GetString()!;
        // Of alice's nothing comes at all; two of others come with the platform's third repetition.
        await directory.ControlAsync(HttpMethod.Delete, "people/alice?silent=true");
        var happened = clock.GetUtcNow();
        clock.Shift(TimeSpan.FromMinutes(66));
        await ReceiveAsync("bob");
        await ReceiveAsync("carol");
        await directory.UntilStateAsync(alice, "left");
        await LookedAtAsync(2);
        await UntilCompleteAsync(directory, "feishu", 1);
        // Another of that time tells nothing new: everything was read since.
        await ReceiveAsync("bob again");
        await LookedAtAsync(3);
        await UntilCompleteAsync(directory, "feishu", 1);

        // All events are handled, and each of their hints was worked on, or waits for a run.
        Task LookedAtAsync(int events) => directory.Gateway.HoldsAsync(async () => (await directory.Gateway.RowsAsync($"""
            SELECT 1 WHERE {events} = (SELECT COUNT(*) FROM inbox WHERE event_type = 'contact.user.updated_v3' AND status = 1)
              AND NOT EXISTS (SELECT 1 FROM directory_hint WHERE tries = 0)
            """, static _ => 1)).Count == 1, $"{events} events to be worked on");

        Task ReceiveAsync(string what) => directory.Gateway.Gateway.Services.GetRequiredService<InboxWriter>().AcceptAsync(new InboundEvent
        {
            Platform = "feishu", App = "default", EventId = "late " + what, EventType = "contact.user.updated_v3",
            OrderingKey = "contact:late", CreatedAt = happened, ReceivedAt = clock.GetUtcNow(),
            Payload = """{"object":{"union_id":"on_of_nobody"}}"""u8.ToArray(),
        }, null);
    }

    [Fact]
    public async Task Two_processes_that_were_both_down_have_the_directory_read_once_and_one_that_was_there_is_enough()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "One process owns an SQLite file.");
        var (directory, clock) = await StartAsync();
        await using var _ = directory;
        await directory.CompleteAsync();
        await ListenedAsync(directory, "feishu");
        var alice = (await directory.PersonAsync("alice")).GetProperty("id").GetString()!;
        var folder = directory.Gateway.Gateway.DataFolder;
        await directory.Gateway.Gateway.StopAsync();
        await directory.ControlAsync(HttpMethod.Delete, "people/alice?silent=true");
        clock.Shift(Long);
        var other = AnotherAsync();
        await directory.Gateway.RestartAsync();
        await using (await other)
        {
            await directory.UntilStateAsync(alice, "left");
            await UntilCompleteAsync(directory, "feishu", 1);
            await NotedAsync(directory, "feishu");
        }

        // The other one was away; this one was not.
        await using var again = await AnotherAsync();
        await NotedAsync(directory, "feishu");
        await NotedAsync(directory, "feishu");
        Assert.Single(await OutagesAsync(directory, "feishu"));

        Task<GatewayApp> AnotherAsync() => GatewayApp.StartAsync(directory.Gateway.Emulator.BaseUrl.ToString(),
            new Dictionary<string, string?>
            {
                ["Larkspur:Directory:ListenEvery"] = "00:00:01", ["Larkspur:Schedules:Enabled"] = "false",
            }, folder, clock);
    }

    [Fact]
    public async Task Of_two_processes_that_find_a_break_one_has_the_directory_read()
    {
        var (directory, _) = await StartAsync();
        await using var __ = directory;
        var database = directory.Gateway.Gateway.Services.GetRequiredService<IDatabase>();
        var (then, now) = (DateTimeOffset.FromUnixTimeMilliseconds(1_000), DateTimeOffset.FromUnixTimeMilliseconds(90_000_000));
        Assert.True(await WriteAsync(null, then));
        Assert.True(await WriteAsync(then, now));
        Assert.False(await WriteAsync(then, now.AddSeconds(1)));
        Assert.False(await WriteAsync(null, then));
        Assert.Equal(now, await database.ReadAsync(sql => ListeningRows.UntilAsync(sql, "feishu", "another"),
            TestContext.Current.CancellationToken));

        Task<bool> WriteAsync(DateTimeOffset? before, DateTimeOffset until) => database.TransactAsync(
            unit => ListeningRows.WriteAsync(unit, "feishu", "another", before, until), TestContext.Current.CancellationToken);
    }

    private static async Task<(DirectoryFixture, ShiftingClock)> StartAsync(params (string Name, string Value)[] settings)
    {
        var clock = new ShiftingClock();
        var gateway = await ThreePlatforms.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock),
            [("WECOM_CONTACT_SECRET", "emulator-wecom-contact-secret"), ("Larkspur:Directory:ListenEvery", "00:00:01"),
                // Whoever moves the clock may pass the hour at which everything is read anyway.
                ("Larkspur:Schedules:Enabled", "false"), .. settings]);
        return (new DirectoryFixture(gateway), clock);
    }

    private static Task ListenedAsync(DirectoryFixture directory, string platform) => directory.Gateway.HoldsAsync(
        async () => (await HeardAsync(directory, platform)).Count == 1, $"a note that events of {platform} can come");

    /// <summary>Waits for a later note than there is.</summary>
    private static async Task NotedAsync(DirectoryFixture directory, string platform)
    {
        var before = (await HeardAsync(directory, platform))[0];
        await directory.Gateway.HoldsAsync(async () => (await HeardAsync(directory, platform))[0] > before, "the next note");
    }

    private static Task<List<long>> HeardAsync(DirectoryFixture directory, string platform) => directory.Gateway.RowsAsync(
        $"SELECT heard_until FROM directory_listening WHERE platform = '{platform}'", static row => row.GetInt64(0));

    private static Task<List<string>> OutagesAsync(DirectoryFixture directory, string platform) => directory.Gateway.RowsAsync(
        $"SELECT state FROM directory_run WHERE platform = '{platform}' AND cause = 'outage'", static row => row.GetString(0));

    private static Task UntilCompleteAsync(DirectoryFixture directory, string platform, int runs) => directory.Gateway.HoldsAsync(
        async () => await OutagesAsync(directory, platform) is var states
            && states.Count == runs && states.TrueForAll(s => s == "complete"),
        $"{runs} runs after an outage");
}
