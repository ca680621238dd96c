using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Messaging.Streaming;

namespace Larkspur.Messaging.Tests.Streaming;

/// <summary>When frames go, on a clock that stands still until it is moved.</summary>
public sealed class PacingTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task What_comes_between_two_frames_goes_with_the_second()
    {
        using var platform = new Platform(_clock);
        var card = await StreamingCard.OpenAsync(platform.Client(), StreamTarget.To("chat_id", "oc_1"), new() { FrameInterval = TimeSpan.FromMilliseconds(200) }, cancellation: TestContext.Current.CancellationToken);
        card.Append("a");
        await StreamingFixture.UntilAsync(() => platform.Frames.Count == 1);
        await AsleepAsync();
        for (var i = 0; i < 50; i++) card.Append("b");
        _clock.Advance(TimeSpan.FromMilliseconds(190));
        Assert.Single(platform.Frames);
        _clock.Advance(TimeSpan.FromMilliseconds(20));
        await StreamingFixture.UntilAsync(() => platform.Frames.Count == 2);
        Assert.Equal("a" + new string('b', 50), platform.Frames.Last().Content);
    }

    [Fact]
    public async Task Many_streams_under_one_limit_move_alike_and_a_minutes_calls_are_spread()
    {
        const int Streams = 20;
        // 5 a second and 100 a minute: a twentieth of that may burst.
        using var platform = new Platform(_clock);
        var feishu = platform.Client(o => o.RateFactor = 0.1);
        var cards = new StreamingCard[Streams];
        // Openings have the same limits: time passes meanwhile.
        var opening = Task.WhenAll(Enumerable.Range(0, Streams).Select(async i => cards[i] = await StreamingCard.OpenAsync(feishu, StreamTarget.To("chat_id", $"oc_{i}"), cancellation: TestContext.Current.CancellationToken)));
        while (!opening.IsCompleted) await StepAsync(platform);
        await opening;

        foreach (var card in cards) card.Append(".");
        // The burst needs no time to pass; the others stand in the line then.
        await StreamingFixture.UntilAsync(() => platform.Frames.Count >= 5);
        await StepAsync(platform);
        var begun = _clock.GetUtcNow();
        while (_clock.GetUtcNow() - begun < TimeSpan.FromSeconds(100))
        {
            foreach (var card in cards) card.Append(".");
            await StepAsync(platform);
        }

        var frames = platform.Frames.Where(f => f.At >= begun).ToArray();
        Assert.InRange(frames.Length, 120, 100 * 100 / 60 + 10);
        var each = frames.GroupBy(f => f.CardId).Select(g => g.Count()).ToArray();
        Assert.Equal(Streams, each.Length);
        Assert.True(each.Max() - each.Min() <= 3, string.Join(' ', each));
        // Nobody stands still while the minute's window is full: no gap of more than a few turns.
        var gaps = frames.Zip(frames.Skip(1), (a, b) => b.At - a.At);
        Assert.True(gaps.Max() < TimeSpan.FromSeconds(5), gaps.Max().ToString());
    }

    private Task AsleepAsync() => StreamingFixture.UntilAsync(() => _clock.PendingTimers >= 1);

    /// <summary>A fifth of a second passes, and what it woke runs until nothing moves any more: the standing clock must not outrun the machine.</summary>
    private async Task StepAsync(Platform platform)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (int before = -1, quiet = 0; quiet < 2; before = platform.Requests)
        {
            await ticks.WaitForNextTickAsync();
            quiet = platform.Requests == before ? quiet + 1 : 0;
        }
    }

    private sealed record FrameCall(DateTimeOffset At, string CardId, string Content);

    /// <summary>Answers at once, without a network: the clock alone decides.</summary>
    private sealed class Platform(ManualTimeProvider clock) : HttpMessageHandler
    {
        private int _ids;

        public int Requests => Volatile.Read(ref _ids);

        public ConcurrentQueue<FrameCall> Frames { get; } = new();

        public FeishuClient Client(Action<FeishuOptions>? change = null)
        {
            var options = new FeishuOptions { AppId = "cli_a", AppSecret = "secret" };
            change?.Invoke(options);
            return new FeishuClient(options, new HttpClient(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan }, clock);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            var id = Interlocked.Increment(ref _ids);
            if (path.EndsWith("/content", StringComparison.Ordinal))
            {
                using var body = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
                Frames.Enqueue(new(clock.GetUtcNow(), path.Split('/')[5], body.RootElement.GetProperty("content").GetString()!));
            }

            var json = path.Contains("/auth/", StringComparison.Ordinal) ? """{"code":0,"msg":"ok","tenant_access_token":"t-1","expire":7200}"""
                : $$$"""{"code":0,"msg":"ok","data":{"card_id":"{{{id}}}","message_id":"om_{{{id}}}"}}""";
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        }
    }
}
