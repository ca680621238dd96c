using Larkspur.Gateway.Streams;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using static Larkspur.Gateway.Tests.Streams.StreamFixture;

namespace Larkspur.Gateway.Tests.Streams;

[Trait("Database", "PostgreSQL")]
public sealed class DurableStreamTests
{
    private static readonly Dictionary<string, string?> Fast = new() { ["Larkspur:Streams:CheckpointInterval"] = "00:00:00.100", ["Larkspur:Outbox:FirstPause"] = "00:00:00.050" };

    [Fact]
    public async Task A_stream_is_loaded_written_and_finished_on_one_card()
    {
        await using var fixture = await StartAsync(Fast);
        await using (var stream = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken))
        {
            for (var i = 0; i < 200; i++) stream.Append($"w{i} ");
            await fixture.UntilAsync(() => fixture.Texts is [var shown] && shown.Contains("w199", StringComparison.Ordinal));
            await stream.FinishAsync(new StreamEnd { Text = "exactly this", Footer = "done" }, TestContext.Current.CancellationToken);
        }

        await fixture.UntilAsync(() => fixture.Texts is ["exactly this"]);
        await fixture.Gateway.UntilAsync(fixture.AllClosedAsync);
        await fixture.Gateway.CountsAtLeastAsync(1, "larkspur_stream_frames_total", "cardkit");
        await fixture.Gateway.CountsAtLeastAsync(100, "larkspur_stream_coalesced_total");
        await fixture.Gateway.CountsAsync(1, "larkspur_streams_ended_total", "finished");
        Assert.Equal(0, await fixture.Gateway.CounterAsync("larkspur_streams_open"));
    }

    [Fact]
    public async Task The_demonstration_writes_itself_in_the_writers_language()
    {
        await using var fixture = await StartAsync(Fast);
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", text = "/流式演示" });
        await fixture.UntilAsync(() => fixture.Texts.Any(t => t.EndsWith("写完了。", StringComparison.Ordinal)));
        Assert.Single(fixture.Texts);
        await fixture.Gateway.UntilAsync(fixture.AllClosedAsync);
    }

    [Fact]
    public async Task Without_CardKit_the_message_is_changed()
    {
        await using var fixture = await StartAsync(Fast);
        await fixture.Emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { granted_scopes = (string[])["im:message", "im:message:send_as_bot"] });
        await using var stream = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken);
        stream.Append("first");
        await fixture.UntilAsync(() => fixture.Texts is ["first"]);
        stream.Append(" second");
        await stream.FinishAsync(new StreamEnd(), TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Texts is ["first second"]);
        await fixture.Gateway.CountsAtLeastAsync(1, "larkspur_stream_frames_total", "patch");
    }

    [Fact]
    public async Task Refusals_for_rate_and_trouble_of_the_platform_cost_frames_and_never_the_end()
    {
        await using var fixture = await StartAsync(Fast);
        await using var stream = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Sent.Count == 1);
        await fixture.FaultAsync(new { path = "/open-apis/cardkit/*", reply = 429, count = 4 });
        for (var i = 0; i < 30; i++) stream.Append($"{i} ");
        await fixture.Gateway.UntilAsync(async () => await fixture.Gateway.CounterAsync("larkspur_stream_frames_failed_total") >= 1);
        await fixture.FaultAsync(new { path = "/open-apis/cardkit/*", reply = 503, count = 3 });
        await stream.FinishAsync(new StreamEnd(), TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Texts is [var shown] && shown == string.Concat(Enumerable.Range(0, 30).Select(i => $"{i} ")));
        await fixture.Gateway.UntilAsync(fixture.AllClosedAsync);
    }

    [Fact]
    public async Task Seventy_thousand_characters_come_in_several_cards()
    {
        await using var fixture = await StartAsync(Fast);
        await using var stream = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken);
        var text = string.Concat(Enumerable.Range(0, 7000).Select(i => $"{i:00000} 文字，\n"));
        foreach (var piece in text.Chunk(7000)) stream.Append(new string(piece));
        await fixture.UntilAsync(() => fixture.Texts.Count > 1);
        await stream.FinishAsync(new StreamEnd(), TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => string.Concat(fixture.Texts).Replace("\n", "", StringComparison.Ordinal) == text.Replace("\n", "", StringComparison.Ordinal));
        await fixture.Gateway.UntilAsync(fixture.AllClosedAsync);
    }

    [Fact]
    public async Task A_sequence_that_somebody_else_has_used_is_passed()
    {
        await using var fixture = await StartAsync(Fast);
        await using var stream = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Sent.Count == 1);
        await fixture.FaultAsync(new { path = "/open-apis/cardkit/*", method = "PUT", reply = 400, code = 300317, count = 2 });
        await stream.FinishAsync(new StreamEnd { Text = "the end" }, TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Texts is ["the end"]);
    }

    [Fact]
    public async Task An_expired_entity_ends_as_a_text_with_the_same_words()
    {
        await using var fixture = await StartAsync(Fast);
        await using var stream = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Sent.Count == 1);
        await fixture.Emulator.AdvanceAsync(TimeSpan.FromDays(15));
        await stream.FinishAsync(new StreamEnd { Text = "still said" }, TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Sent.Any(m => m.MsgType == "text" && m.Rendered.Contains("still said", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_end_that_the_platform_refuses_for_good_is_told()
    {
        await using var fixture = await StartAsync(Fast);
        await fixture.FaultAsync(new { path = "/open-apis/im/v1/messages", method = "POST", reply = 400, code = 230028, count = 2 });
        await using var stream = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken);
        await stream.FinishAsync(new StreamEnd { Text = "what must not be said" }, TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Sent.Any(m => m.MsgType == "text" && m.Rendered.Contains("7QX4-M0RT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_stream_that_cannot_be_read_does_not_keep_others_open()
    {
        var settings = new Dictionary<string, string?>(Fast) { ["Larkspur:Streams:IdleTimeout"] = "00:00:01" };
        await using var fixture = await StartAsync(settings);
        var damaged = await fixture.Streams.OpenAsync(fixture.Request("damaged"), TestContext.Current.CancellationToken);
        await fixture.Gateway.Services.GetRequiredService<Storage.IDatabase>().TransactAsync(
            async unit => await unit.ExecuteAsync("UPDATE card_stream SET face = 'no JSON', fed_at = 1 WHERE id = $1", damaged.Id), TestContext.Current.CancellationToken);
        await using var other = await fixture.Streams.OpenAsync(fixture.Request("other"), TestContext.Current.CancellationToken);
        await fixture.Gateway.UntilAsync(async () => await fixture.Gateway.CounterAsync("larkspur_streams_ended_total", "idle") >= 1);
    }

    [Fact]
    public async Task A_stream_whose_process_died_is_closed_by_the_next_with_what_was_written()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-streams-").FullName;
        var copy = Directory.CreateTempSubdirectory("larkspur-streams-").FullName;
        try
        {
            await using var first = await StartAsync(Fast, folder);
            var stream = await first.Streams.OpenAsync(first.Request(), TestContext.Current.CancellationToken);
            stream.Append("half of the ans");
            await first.UntilAsync(() => first.Texts is ["half of the ans"]);
            await first.Gateway.UntilAsync(async () => (await first.Gateway.Services.GetRequiredService<StreamStore>().FindAsync(stream.Id, TestContext.Current.CancellationToken))!.Text == "half of the ans");
            await first.Gateway.CopyDataToAsync(copy);
            await first.Gateway.StopAsync();

            await using var second = await GatewayApp.StartAsync(first.Emulator.BaseUrl.ToString(), Fast, copy);
            await first.UntilAsync(() => first.Texts is [var shown] && shown.StartsWith("half of the ans\n\n", StringComparison.Ordinal) && shown.Contains("7QX4-M0RT", StringComparison.Ordinal)
                && shown.Contains("请再问一次", StringComparison.Ordinal) && shown.Contains("ask again", StringComparison.Ordinal));
            await second.UntilAsync(first.AllClosedAsync);
            await second.CountsAsync(1, "larkspur_streams_ended_total", "interrupted");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Once_the_end_is_durable_it_is_shown_whatever_becomes_of_the_process()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-streams-").FullName;
        try
        {
            await using var first = await StartAsync(Fast, folder);
            await using var stream = await first.Streams.OpenAsync(first.Request(), TestContext.Current.CancellationToken);
            stream.Append("half");
            await first.UntilAsync(() => first.Texts is ["half"]);
            await first.FaultAsync(new { path = "/open-apis/*", reply = 503 });
            await stream.FinishAsync(new StreamEnd { Text = "the whole answer" }, TestContext.Current.CancellationToken);
            await first.Gateway.StopAsync();
            await first.Emulator.ControlAsync(HttpMethod.Delete, "faults");

            await using var second = await GatewayApp.StartAsync(first.Emulator.BaseUrl.ToString(), Fast, folder);
            await first.UntilAsync(() => first.Texts is ["the whole answer"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Work_that_is_done_again_goes_on_in_the_same_card()
    {
        await using var fixture = await StartAsync(Fast);
        var first = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken);
        first.Append("first attempt");
        await fixture.UntilAsync(() => fixture.Texts is ["first attempt"]);
        await using var second = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken);
        Assert.Equal(first.Id, second.Id);
        second.Append("second attempt");
        await second.FinishAsync(new StreamEnd(), TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Texts is ["second attempt"]);
        Assert.Single(fixture.Sent);
    }

    [Fact]
    public async Task A_stream_that_is_dropped_without_an_end_says_so()
    {
        await using var fixture = await StartAsync(Fast);
        await using (var stream = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken)) stream.Append("dropped");
        await fixture.UntilAsync(() => fixture.Texts is [var shown] && shown.StartsWith("dropped\n\n", StringComparison.Ordinal) && shown.Contains("7QX4-M0RT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_cut_and_says_so()
    {
        await using var fixture = await StartAsync(new Dictionary<string, string?>(Fast) { ["Larkspur:Streams:MaxLength"] = "1000" });
        await using var stream = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken);
        for (var i = 0; i < 30; i++) stream.Append(new string('x', 50));
        await stream.FinishAsync(new StreamEnd(), TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Texts is [var shown] && shown.Length < 1200 && shown.Contains("left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_app_that_saves_calls_sends_fewer_frames_and_the_end_all_the_same()
    {
        await using var fixture = await StartAsync(new Dictionary<string, string?>(Fast)
        {
            ["Larkspur:Quota:MonthlyCap"] = "1000", ["Larkspur:Quota:EconomyFrom"] = "1", ["Larkspur:Quota:FlushInterval"] = "00:00:00.100",
        });
        // Ten counted calls are one per cent.
        for (var i = 0; i < 12; i++)
        {
            await using var before = await fixture.Streams.OpenAsync(fixture.Request($"before {i}"), TestContext.Current.CancellationToken);
            await before.FinishAsync(new StreamEnd { Text = $"before {i}" }, TestContext.Current.CancellationToken);
        }

        await fixture.UntilAsync(() => fixture.Texts.Count == 12);
        await using var stream = await fixture.Streams.OpenAsync(fixture.Request(), TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Texts.Count == 13);
        var frames = await fixture.Gateway.CounterAsync("larkspur_stream_frames_total");
        for (var i = 0; i < 20; i++)
        {
            stream.Append($"{i} ");
            // Frames may come every 150 ms otherwise.
            await fixture.Gateway.CounterAsync("larkspur_streams_open");
        }

        await fixture.UntilAsync(() => fixture.Texts[^1].StartsWith("0 ", StringComparison.Ordinal));
        await stream.FinishAsync(new StreamEnd(), TestContext.Current.CancellationToken);
        await fixture.UntilAsync(() => fixture.Texts[^1] == string.Concat(Enumerable.Range(0, 20).Select(i => $"{i} ")));
        Assert.InRange(await fixture.Gateway.CounterAsync("larkspur_stream_frames_total") - frames, 1, 2);
    }
}
