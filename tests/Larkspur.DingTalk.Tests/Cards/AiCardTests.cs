using System.Collections.Concurrent;
using System.Text.Json;
using Larkspur.DingTalk.Cards;

namespace Larkspur.DingTalk.Tests.Cards;

public sealed class AiCardTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<JsonElement> Frames => _stub.Calls.Where(c => c.Path == "/v1.0/card/streaming").Select(c => c.Json);

    public async ValueTask InitializeAsync()
    {
        _stub = await DingTalkStub.StartAsync();
        _stub.Answers("""{"success":true,"result":true}""");
    }

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task The_newest_text_wins_and_every_frame_is_the_whole_of_it()
    {
        AiCardWriter writer = Writer();
        writer.Show("a");
        await Wait.Until(() => Frames.Count() == 1 && _clock.PendingTimers > 0);
        writer.Show("ab");
        writer.Show("abc");
        await AdvanceUntil(() => Frames.Count() == 2);
        AiCardEnd end = await FinishAsync(writer, "abcd");
        Assert.Equal(["a", "abc", "abcd"], Frames.Select(f => f.GetProperty("content").GetString()));
        Assert.All(Frames, f => Assert.True(f.GetProperty("isFull").GetBoolean()));
        Assert.Equal([false, false, true], Frames.Select(f => f.GetProperty("isFinalize").GetBoolean()));
        Assert.Equal(3, Frames.Select(f => f.GetProperty("guid").GetString()).Distinct().Count());
        Assert.Equal(("abcd", ""), (end.Shown, end.Rest));
        Assert.Throws<InvalidOperationException>(() => writer.Show("more"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.FailAsync("x", Cancel));
    }

    [Fact]
    public async Task Two_frames_are_half_a_second_apart_at_least()
    {
        AiCardWriter writer = Writer();
        writer.Show("a");
        await Wait.Until(() => writer.Frames == 1 && Frames.Count() == 1 && _clock.PendingTimers > 0);
        Task<AiCardEnd> finishing = writer.FinishAsync("ab", Cancel);
        _clock.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Single(Frames);
        await AdvanceUntil(() => finishing.IsCompleted);
        Assert.Equal(2, Frames.Count());
    }

    [Fact]
    public async Task A_long_answer_costs_no_more_calls_than_allowed()
    {
        AiCardWriter writer = Writer(new AiCardOptions { MaxFrames = 3 });
        for (int n = 0; n < 10; n++)
        {
            int i = n;
            writer.Show(new string('x', i + 1));
            if (i < 3) await AdvanceUntil(() => Frames.Count() == i + 1);
            else _clock.Advance(TimeSpan.FromMinutes(1));
        }

        await FinishAsync(writer, "the end");
        Assert.Equal(4, Frames.Count());
    }

    [Fact]
    public async Task A_card_that_is_left_stays_as_it_is_and_is_ended_by_whoever_has_its_key()
    {
        AiCardWriter writer = Writer(new AiCardOptions { Render = text => text.ToUpperInvariant() });
        writer.Show("a");
        await Wait.Until(() => Frames.Count() == 1);
        await writer.LeaveAsync();
        await writer.DisposeAsync();
        Assert.Throws<InvalidOperationException>(() => writer.Show("more"));
        Assert.Equal(["A"], Frames.Select(f => f.GetProperty("content").GetString()));
        Assert.False(Frames.Single().GetProperty("isError").GetBoolean());
        await Assert.ThrowsAsync<ArgumentException>(() => Client().Cards.EndAsync("c", "content", "x", AiFrame.More, "g", Cancel));
    }

    [Fact]
    public async Task A_frame_that_is_lost_is_no_loss()
    {
        int aborted = 0;
        _stub.OnCall = (c, r, _) =>
        {
            if (Interlocked.Increment(ref aborted) > 3) return DingTalkStub.Json(c, 200, """{"success":true,"result":true}""");
            c.Abort();
            return Task.CompletedTask;
        };
        AiCardWriter writer = Writer();
        writer.Show("a");
        await AdvanceUntil(() => writer.Problem is not null);
        await FinishAsync(writer, "ab");
        Assert.Equal("ab", Frames.Last().GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_frame_that_fails_in_a_way_nobody_foresaw_ends_the_frames_and_not_the_card()
    {
        AiCardWriter left = Writer(new AiCardOptions { Render = _ => throw new NotSupportedException("no such text") });
        left.Show("a");
        await Wait.Until(() => left.Problem is not null);
        left.Show("ab");
        await left.LeaveAsync();
        AiCardWriter ended = Writer(new AiCardOptions { Render = _ => throw new NotSupportedException("no such text") });
        ended.Show("a");
        await Wait.Until(() => ended.Problem is not null);
        AiCardEnd end = await FinishAsync(ended, "abc");
        Assert.Equal("abc", end.Shown);
        Assert.IsType<NotSupportedException>(ended.Problem);
        Assert.Equal(1, left.Frames);
        Assert.Equal("abc", Assert.Single(Frames).GetProperty("content").GetString());
    }

    [Fact]
    public async Task What_a_card_does_not_take_is_handed_back()
    {
        _stub.OnCall = (c, r, _) => r.Json.GetProperty("content").GetString()!.Length > 500
            ? DingTalkStub.Json(c, 400, """{"code":"param.error","message":"content is too large"}""") : DingTalkStub.Json(c, 200, """{"success":true}""");
        string text = string.Concat(Enumerable.Repeat("长", 2000));
        AiCardWriter writer = Writer();
        AiCardEnd end = await FinishAsync(writer, text);
        Assert.Equal([2000, 1000, 333], Frames.Select(f => f.GetProperty("content").GetString()!.Length));
        Assert.Equal(text, end.Shown + end.Rest);
        Assert.Equal(333, end.Shown.Length);
    }

    [Fact]
    public async Task A_writer_that_is_dropped_leaves_no_card_that_looks_busy()
    {
        await using (AiCardWriter writer = Writer())
        {
            writer.Show("half");
            await Wait.Until(() => Frames.Count() == 1 && _clock.PendingTimers > 0);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        JsonElement last = Frames.Last();
        Assert.Equal(("half", true, false), (last.GetProperty("content").GetString(), last.GetProperty("isError").GetBoolean(), last.GetProperty("isFinalize").GetBoolean()));
    }

    [Fact]
    public async Task The_state_of_templates_that_have_one_is_set_at_the_end()
    {
        AiCardWriter writer = Writer(new AiCardOptions { StateVariable = "flowStatus" });
        await FinishAsync(writer, "x");
        Assert.Equal("""{"cardParamMap":{"flowStatus":"3"}}""", _stub.Calls.Last().Json.GetProperty("cardData").GetRawText());
        writer = Writer(new AiCardOptions { StateVariable = "flowStatus" });
        await writer.FailAsync("sorry", Cancel);
        Assert.Equal("""{"cardParamMap":{"flowStatus":"5"}}""", _stub.Calls.Last().Json.GetProperty("cardData").GetRawText());
    }

    [Fact]
    public async Task Too_fast_holds_all_frames_up_for_two_seconds()
    {
        var arrived = new ConcurrentQueue<DateTimeOffset>();
        _stub.OnCall = (c, _, n) =>
        {
            arrived.Enqueue(_clock.GetUtcNow());
            return n == 1 ? DingTalkStub.Json(c, 403, """{"code":"Forbidden.AccessDenied.QpsLimitForAppkeyAndApi","message":"slow"}""") : DingTalkStub.Json(c, 200, "{}");
        };
        Task sending = Client().Cards.StreamAsync("card", "content", "x", cancellationToken: Cancel);
        await AdvanceUntil(() => sending.IsCompleted);
        await sending;
        // Not less; the test's clock may have run on before the refusal was read.
        Assert.True(arrived.Last() - arrived.First() >= TimeSpan.FromSeconds(2));
        Assert.Equal(2, arrived.Count);
        Assert.Single(Frames.Select(f => f.GetProperty("guid").GetString()).Distinct());
    }

    /// <summary>Patient on the test's clock, which runs ahead of the network: a try that it gave up would be a frame more.</summary>
    private DingTalkClient Client() => _stub.Client(o => o.CallTimeout = o.AttemptTimeout = TimeSpan.FromHours(1), _clock);

    private AiCardWriter Writer(AiCardOptions? options = null) => Client().Cards.Write("card-1", "content", options);

    private async Task<AiCardEnd> FinishAsync(AiCardWriter writer, string text)
    {
        Task<AiCardEnd> finishing = writer.FinishAsync(text, Cancel);
        await AdvanceUntil(() => finishing.IsCompleted);
        return await finishing;
    }

    private async Task AdvanceUntil(Func<bool> condition)
    {
        long started = Environment.TickCount64;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 - started < 60_000, "It did not happen within a minute.");
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(5, Cancel);
        }
    }
}
