using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Streams;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Streams;

/// <summary>Frames that are on their way when a stream ends, and that no number keeps from coming after its last face: changes of the whole message.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class LateFrameTests
{
    private const string Key = "late frame";

    private static readonly Dictionary<string, string?> Patched = new()
    {
        ["Larkspur:Streams:UseCardKit"] = "false", ["Larkspur:Streams:CheckpointInterval"] = "00:00:00.100", ["Larkspur:Streams:LostFrameTime"] = "00:00:01",
    };

    /// <summary>Whichever process ends it, the one that does not hold the chat has sent the frames.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_frame_that_comes_after_the_last_face_is_painted_over(bool endsElsewhere)
    {
        var settings = new Dictionary<string, string?>(Patched) { ["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync() };
        await using var fixture = await StreamFixture.StartAsync(settings, callback: false);
        await using var other = await GatewayApp.StartAsync(fixture.Emulator.BaseUrl.ToString(), settings);
        await fixture.Gateway.UntilAsync(() => Task.FromResult(Leases(fixture.Gateway) is { IsShared: true, Held.Size: 32 } && Leases(other) is { IsShared: true, Held.Size: 32 }));
        var holds = Leases(fixture.Gateway).Held.Contains(OutboxEntry.PartitionOf("default", fixture.Chat));
        var (sender, feeder) = holds ? (fixture.Gateway, other) : (other, fixture.Gateway);

        var id = (await StreamFixture.PostAsync(feeder, "/api/v1/streams", new { to = new { type = "chat_id", id = fixture.Chat } }, Key)).Body.GetProperty("id").GetString()!;
        await StreamFixture.PostAsync(feeder, $"/api/v1/streams/{id}", new { append = "one" });
        await fixture.UntilAsync(() => fixture.Texts is ["one"]);
        var before = await ChangesAsync(fixture);
        await fixture.FaultAsync(new { path = "/open-apis/im/v1/messages/*", method = "PATCH", delay_ms = 4000, count = 1 });
        await StreamFixture.PostAsync(feeder, $"/api/v1/streams/{id}", new { append = " two" });
        await fixture.Gateway.UntilAsync(async () => (await fixture.Emulator.ControlAsync(HttpMethod.Get, "faults"))["faults"]!.AsArray().All(f => f!["remaining"]?.GetValue<int>() is not > 0));
        await StreamFixture.PostAsync(endsElsewhere ? sender : feeder, $"/api/v1/streams/{id}/finish", new { text = "the end", footer = "ERP" });
        await fixture.UntilAsync(() => fixture.Texts is ["the end"]);
        // The frame, and what paints it over.
        await fixture.Gateway.UntilAsync(async () => await ChangesAsync(fixture) >= before + 3);
        await fixture.UntilAsync(() => fixture.Texts is ["the end"]);
        Assert.Contains("ERP", fixture.Sent.Single(m => m.Card is not null).Card!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_that_nobody_answered_is_painted_over_when_it_could_have_come()
    {
        await using var fixture = await StreamFixture.StartAsync(Patched, callback: false);
        await using var stream = await LostAsync(fixture, Key);
        var before = await ChangesAsync(fixture);
        await stream.FinishAsync(new StreamEnd { Text = "the end" }, TestContext.Current.CancellationToken);
        await fixture.Gateway.UntilAsync(async () => await ChangesAsync(fixture) >= before + 2);
        await fixture.UntilAsync(() => fixture.Texts is ["the end"]);
    }

    [Fact]
    public async Task A_frame_that_was_answered_before_the_end_costs_no_further_change()
    {
        await using var fixture = await StreamFixture.StartAsync(Patched, callback: false);
        await using var stream = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken);
        stream.Append("one");
        await fixture.Gateway.CountsAtLeastAsync(1, "larkspur_stream_frames_total", "patch");
        await stream.FinishAsync(new StreamEnd { Text = "the end" }, TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Texts is ["the end"]);
        await fixture.Gateway.UntilAsync(async () => await fixture.Gateway.CounterAsync("larkspur_streams_open") == 0);
        await fixture.Gateway.Services.GetRequiredService<LateFrames>().LookAsync(TestContext.Current.CancellationToken);
        var faces = await fixture.Gateway.Services.GetRequiredService<IDatabase>()
            .ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM outbox WHERE operation = 'stream_finish'"), TestContext.Current.CancellationToken);
        Assert.Equal(1, faces);
    }

    [Fact]
    public async Task A_stream_that_cannot_be_read_keeps_no_other_from_its_last_face()
    {
        await using var fixture = await StreamFixture.StartAsync(Patched, callback: false);
        await using var broken = await LostAsync(fixture, "broken");
        await using var whole = await LostAsync(fixture, "whole");
        var before = await ChangesAsync(fixture);
        await fixture.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            await broken.FinishAsync(unit, new StreamEnd { Text = "broken" });
            await whole.FinishAsync(unit, new StreamEnd { Text = "whole" });
            return await unit.ExecuteAsync("UPDATE card_stream SET last_face = '{' WHERE id = $1", broken.Id);
        }, TestContext.Current.CancellationToken);
        await fixture.Gateway.UntilAsync(() =>
            Task.FromResult(fixture.Gateway.Logs.Text.Contains($"The last face of stream {broken.Id} cannot be shown again", StringComparison.Ordinal)));
        await fixture.Gateway.UntilAsync(async () => await ChangesAsync(fixture) >= before + 2);
    }

    [Theory]
    [InlineData("00:00:00.9")]
    [InlineData("00:10:01")]
    [InlineData("30 s")]
    public async Task A_time_that_is_none_is_refused_by_name(string time)
    {
        var settings = new Dictionary<string, string?> { ["Larkspur:Streams:LostFrameTime"] = time };
        var refused = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync("http://127.0.0.1:9", settings));
        Assert.Contains("Larkspur:Streams:LostFrameTime", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A stream in a lane of its own, one of whose frames had no answer, and whose next one is shown.</summary>
    private static async Task<IStream> LostAsync(StreamFixture fixture, string key)
    {
        var sent = fixture.Sent.Count;
        var stream = await fixture.Streams.OpenAsync(fixture.Request(key) with { Lane = key }, TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Sent.Count == sent + 1);
        await fixture.FaultAsync(new { path = "/open-apis/im/v1/messages/*", method = "PATCH", drop = true, count = 1 });
        stream.Append($"{key} begins");
        await fixture.UntilAsync(() => fixture.Texts.Contains($"{key} begins"));
        return stream;
    }

    private static ILeases Leases(GatewayApp gateway) => gateway.Services.GetRequiredService<ILeases>();

    /// <summary>Changes of messages that the platform has made.</summary>
    private static async Task<int> ChangesAsync(StreamFixture fixture)
    {
        var calls = await fixture.Emulator.ControlAsync(HttpMethod.Get, "calls?limit=1000");
        return calls["calls"]!.AsArray().Count(c => c!["method"]!.GetValue<string>() == "PATCH" && c["status"]!.GetValue<int>() == 200);
    }
}
