using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Larkspur.Emulator.Tests.LongConnection;

/// <summary>Connections that end, go deaf, or only look alive.</summary>
public sealed class LivenessTests : LongConnectionTest
{
    [Fact]
    public async Task A_client_that_is_not_heard_of_for_three_pings_is_dropped_and_one_that_pings_stays()
    {
        await using var silent = await TestClient.ConnectAsync(Emulator);
        await using var pinging = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 2);
        Time.Advance(TimeSpan.FromSeconds(359));
        Assert.Equal("pong", (await pinging.PingAsync())["type"]);
        Assert.Equal(2, await OnlineAsync());
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await silent.ReceiveAsync());
        await UntilAsync(async () => await OnlineAsync() == 1);
        Assert.Equal("pong", (await pinging.PingAsync())["type"]);
    }

    [Fact]
    public async Task A_client_is_held_to_the_interval_it_was_told_not_to_a_newer_one()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await client.PingAsync();
        await ConnectionsAsync(new { @do = "configure", ping_interval = 10 });
        Time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal("pong", (await client.PingAsync())["type"]);
        Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_found_and_dropped()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        var push = PushAsync(new { note = new string('x', 30 << 20) });
        await UntilAsync(async () => (await ConnectionsAsync())["connections"]![0]!["frames_out"]!.GetValue<int>() > 0);
        Time.Advance(TimeSpan.FromSeconds(10));
        var answer = await push;
        Assert.Contains(answer["error"]!.GetValue<string>(), new[] { "timeout", "lost" });
        await UntilAsync(async () => await OnlineAsync() == 0);
    }

    [Fact]
    public async Task A_client_that_has_half_an_event_by_its_deadline_is_dropped_too()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        await ConnectionsAsync(new { @do = "configure", fragment_bytes = 1024 });
        var push = PushAsync(new { note = new string('x', 30 << 20) });
        var sum = int.Parse((await client.NextAsync())["sum"]!);
        Time.Advance(TimeSpan.FromSeconds(10));
        var frames = 1;
        while (await client.ReceiveAsync() is not null) frames++;
        Assert.InRange(frames, 1, sum - 1);
        Assert.Contains((await push)["error"]!.GetValue<string>(), new[] { "timeout", "lost" });
        await UntilAsync(async () => await OnlineAsync() == 0);
    }

    [Fact]
    public async Task Control_closes_with_a_frame_or_breaks_without_one()
    {
        await using var closed = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        await ConnectionsAsync(new { @do = "close", code = 4001, reason = "maintenance" });
        Assert.Null(await closed.ReceiveAsync());
        Assert.Equal((WebSocketCloseStatus)4001, closed.Closed);
        Assert.Equal(0, await OnlineAsync());

        await using var broken = await TestClient.ConnectAsync(Emulator);
        await using var other = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 2);
        var ids = (await ConnectionsAsync())["connections"]!.AsArray().Select(c => c!["id"]!.GetValue<string>()).ToArray();
        await ConnectionsAsync(new { @do = "abort", id = ids[^2] });
        Assert.Null(await broken.ReceiveAsync());
        Assert.Null(broken.Closed);
        Assert.Equal("pong", (await other.PingAsync())["type"]);
        await UntilAsync(async () => (await ConnectionsAsync())["connections"]!.AsArray().Count == 1);
        Assert.Contains(Emulator.State.Inspector.Calls(), c => c.Verdict.Contains("dropped by control", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_frozen_connection_pongs_and_swallows_events_until_it_is_thawed()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        await ConnectionsAsync(new { @do = "freeze" });
        var before = Time.PendingTimers;
        await SayAsync("into the void");
        await ArmedAsync(before);
        Time.Advance(TimeSpan.FromSeconds(3));
        Assert.StartsWith("no answer within 3 s", (await RecordedAsync(1)).Verdict, StringComparison.Ordinal);
        Assert.Equal("pong", (await client.PingAsync())["type"]);
        await ConnectionsAsync(new { @do = "thaw" });
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.Contains("into the void", (await client.AcceptAsync()).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_connections_are_deaf_when_so_told()
    {
        await ConnectionsAsync(new { @do = "freeze", new_too = true });
        await using var client = await TestClient.ConnectAsync(Emulator);
        await client.PingAsync();
        Assert.True((await ConnectionsAsync())["connections"]![0]!["frozen"]!.GetValue<bool>());
        await ConnectionsAsync(new { @do = "thaw" });
        await using var next = await TestClient.ConnectAsync(Emulator);
        await next.PingAsync();
        Assert.All((await ConnectionsAsync())["connections"]!.AsArray(), c => Assert.False(c!["frozen"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task Pongs_come_late_or_not_at_all()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await client.PingAsync();
        await ConnectionsAsync(new { @do = "pongs", delay_ms = 5000 });
        var before = Time.PendingTimers;
        await client.SendAsync(TestFrame.Ping(client.ServiceId));
        await ArmedAsync(before);
        var pong = client.NextAsync();
        Time.Advance(TimeSpan.FromMilliseconds(4999));
        Assert.False(pong.IsCompleted);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("pong", (await pong)["type"]);

        await ConnectionsAsync(new { @do = "pongs", off = true });
        await client.SendAsync(TestFrame.Ping(client.ServiceId));
        await UntilAsync(async () => (await ConnectionsAsync())["connections"]![0]!["pings"]!.GetValue<int>() == 3);
        await ConnectionsAsync(new { @do = "pongs" });
        Assert.Equal("pong", (await client.PingAsync())["type"]);
        Assert.Equal(3, (await ConnectionsAsync())["connections"]![0]!["pongs"]!.GetValue<int>());
    }

    [Fact]
    public async Task Any_bytes_are_sent_on_demand()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        await ConnectionsAsync(new { @do = "raw", base64 = Convert.ToBase64String(TestFrame.Ping(5).Bytes()) });
        Assert.Equal(5, (await client.NextAsync()).Service);
    }

    [Theory]
    [InlineData("""{"do":"dance"}""")]
    [InlineData("""{"do":"close","code":1005}""")]
    [InlineData("""{"do":"raw","base64":"*"}""")]
    [InlineData("""{"do":"refuse","at":"door","code":1}""")]
    [InlineData("""{"do":"refuse"}""")]
    [InlineData("""{"do":"configure","ping_interval":0}""")]
    [InlineData("""{"do":"abort","idd":"x"}""")]
    [InlineData("{}")]
    public async Task Bad_orders_are_refused_in_texts(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await Emulator.Http.PostAsync("/_emulator/connections", content, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("error", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(404, (await Emulator.TryControlAsync(HttpMethod.Post, "connections", new { @do = "abort", id = "conn-99" })).Status);
    }

    [Fact]
    public async Task An_emulator_that_stops_says_goodbye()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await UntilAsync(async () => await OnlineAsync() == 1);
        var last = client.ReceiveAsync();
        await Emulator.Services.GetRequiredService<IHost>().StopAsync(TestContext.Current.CancellationToken);
        Assert.Null(await last);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.Closed);
    }
}
