using System.Text.Json.Nodes;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Platforms.WeCom;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>Two processes on one PostgreSQL, and a bot that has one connection, or whose polls come to either: an answer grows whoever writes it.</summary>
public sealed class SharedBotTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private string _database = "";
    private WeComFixture _first = null!;
    private WeComFixture _second = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync(s => s with { WeCom = WeComFixture.Corp });
        _database = await (await PostgresServer.SharedAsync()).CreateMigratedDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task What_the_other_process_writes_grows_over_the_connection_of_this_one()
    {
        await StartAsync(WeComFixture.Both);
        var (holder, writer) = Leases(_first).Held.Contains(WeComLanes.PartitionOfBot("default")) ? (_first, _second) : (_second, _first);
        holder.Assistant.Answers = writer.Assistant.Answers = false;
        await holder.SayAsync("谁来写");
        var asked = await AskedAsync(holder, writer);

        await using (var answer = await writer.Assistant.OpenAsync(asked))
        {
            await holder.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).StartsWith("正在思考", StringComparison.Ordinal)), "the first frame");
            foreach (var piece in (string[])["一", "二", "三"])
            {
                answer.Append(piece);
                await holder.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).EndsWith(piece, StringComparison.Ordinal) && !WeComFixture.IsFinished(m)), $"a frame with {piece}");
            }

            await writer.Assistant.FinishAsync(answer, new AnswerEnd("一二三，完") { Buttons = ScriptedAssistant.Buttons(asked) });
        }

        var written = await holder.WaitAsync("aibot", all => all.Count == 2 && WeComFixture.IsFinished(all[0]), "the end and its buttons");
        Assert.Equal("一二三，完", WeComFixture.TextOf(written[0]));
        Assert.Equal(ScriptedAssistant.TurnOf(asked), written[0]["feedback_id"]!.GetValue<string>());
        Assert.Empty(await holder.WrittenAsync("app"));
    }

    [Fact]
    public async Task Open_answers_of_a_bot_that_nobody_reaches_hide_none_of_another_ones()
    {
        await StartAsync(WeComFixture.Both);
        var (holder, writer) = Leases(_first).Held.Contains(WeComLanes.PartitionOfBot("default")) ? (_first, _second) : (_second, _first);
        holder.Assistant.Answers = writer.Assistant.Answers = false;
        await writer.Assistant.Database.TransactAsync(async unit => await unit.ExecuteAsync("""
            INSERT INTO wecom_reply (app, stream_id, turn, text, relay, closes_at, created_at, changed_at) SELECT 'locked-out', 's' || n, 't' || n, '一半', '{}', $1, 1, $1 FROM generate_series(1, 600) n
            """, TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds()), TestContext.Current.CancellationToken);
        await holder.SayAsync("谁来写");

        await using var answer = await writer.Assistant.OpenAsync(await AskedAsync(holder, writer));
        answer.Append("一半");
        await holder.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).EndsWith("一半", StringComparison.Ordinal)), "a frame over the other process's connection");
        await writer.Assistant.FinishAsync(answer, new AnswerEnd("一半，完"));
    }

    [Fact]
    public async Task When_the_six_minutes_are_over_the_connections_process_closes_what_the_other_one_writes()
    {
        await StartAsync(WeComFixture.Both, _emulator.State.Clock);
        var (holder, writer) = Leases(_first).Held.Contains(WeComLanes.PartitionOfBot("default")) ? (_first, _second) : (_second, _first);
        holder.Assistant.Answers = writer.Assistant.Answers = false;
        await holder.SayAsync("慢慢来");
        var asked = await AskedAsync(holder, writer);
        await using var answer = await writer.Assistant.OpenAsync(asked);
        answer.Append("前半部分。\n\n");
        await holder.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains("前半部分", StringComparison.Ordinal)), "the first half");

        await _emulator.AdvanceAsync(TimeSpan.FromMinutes(5.7));
        await holder.WaitAsync("aibot", all => WeComFixture.IsFinished(all[0]), "the stream closed in time");
        await writer.Assistant.FinishAsync(answer, new AnswerEnd("前半部分。\n\n后半部分。"));
        var written = await holder.WaitAsync("aibot", all => all.Count == 2, "the rest");
        Assert.Equal("后半部分。", WeComFixture.TextOf(written[1]));
    }

    [Fact]
    public async Task A_poll_that_comes_to_the_other_process_is_answered_with_the_text_so_far()
    {
        await StartAsync(WeComFixture.Polled);
        _first.Assistant.Answers = _second.Assistant.Answers = false;
        // All that the platform sends goes to the second, and the first writes.
        await _first.ActAsync(new { platform = "wecom", @do = "set_callback", of = "aibot", url = new Uri(_second.Gateway.Address, "/webhook/wecom").ToString() });
        await _first.SayAsync("谁来写");
        var asked = await AskedAsync(_first, _second);

        await using (var answer = await _first.Assistant.OpenAsync(asked))
        {
            foreach (var piece in (string[])["一", "二", "三"])
            {
                answer.Append(piece);
                await _first.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).EndsWith(piece, StringComparison.Ordinal) && !WeComFixture.IsFinished(m)), $"a frame with {piece}");
            }

            await _first.Assistant.FinishAsync(answer, new AnswerEnd("一二三，完") { Buttons = ScriptedAssistant.Buttons(asked) });
        }

        var written = await _first.WaitAsync("aibot", all => all.Count == 2 && all.Any(WeComFixture.IsFinished), "the end with its card");
        Assert.Equal("一二三，完", WeComFixture.TextOf(written.Single(WeComFixture.IsFinished)));
    }

    [Fact]
    public async Task When_the_six_minutes_are_over_whichever_process_is_polled_closes_the_stream()
    {
        // The platform's requests carry its time, so both have one clock.
        var clock = new ShiftingClock();
        await _emulator.DisposeAsync();
        _emulator = await EmulatorApp.StartAsync(s => s with { WeCom = WeComFixture.Corp, RealTime = clock });
        await StartAsync(WeComFixture.Polled, clock);
        _first.Assistant.Answers = _second.Assistant.Answers = false;
        await _first.ActAsync(new { platform = "wecom", @do = "set_callback", of = "aibot", url = new Uri(_second.Gateway.Address, "/webhook/wecom").ToString() });
        await _first.SayAsync("慢慢来");
        var asked = await AskedAsync(_first, _second);
        await using var answer = await _first.Assistant.OpenAsync(asked);
        answer.Append("前半部分。\n\n");
        await _first.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains("前半部分", StringComparison.Ordinal)), "the first half");

        clock.Shift(TimeSpan.FromSeconds(340));
        await _first.WaitAsync("aibot", all => all.Any(WeComFixture.IsFinished), "the stream closed in time");
        await _first.Assistant.FinishAsync(answer, new AnswerEnd("前半部分。\n\n后半部分。"));
        var written = await _first.WaitAsync("aibot", all => all.Count == 2, "the rest");
        Assert.Equal("后半部分。", WeComFixture.TextOf(written[1]));
    }

    private static ILeases Leases(WeComFixture fixture) => fixture.Gateway.Services.GetRequiredService<ILeases>();

    private async Task StartAsync(Func<Uri, Dictionary<string, string?>> settings, TimeProvider? clock = null)
    {
        _first = await WeComFixture.StartAsync(With, _emulator, clock);
        _second = await WeComFixture.StartAsync(With, _emulator, clock);
        await _first.UntilAsync(() => Task.FromResult(Leases(_first).Held.Size == 32 && Leases(_second).Held.Size == 32), "both at work");
        // The bot may have gone from one to the other with its partition.
        if (settings == WeComFixture.Both) await _first.UntilAsync(async () => (await _first.StateAsync())["connections"]!.AsArray().Any(WeComFixture.IsOpen), "the bot's connection");

        Dictionary<string, string?> With(Uri platform)
        {
            var values = settings(platform);
            values["LARKSPUR_DB"] = _database;
            return values;
        }
    }

    /// <summary>The message, in whichever process it was handled.</summary>
    private static async Task<UnifiedMessage> AskedAsync(WeComFixture one, WeComFixture other)
    {
        await one.UntilAsync(() => Task.FromResult(!one.Assistant.Messages.IsEmpty || !other.Assistant.Messages.IsEmpty), "the message");
        return one.Assistant.Messages.Concat(other.Assistant.Messages).Single();
    }
}
