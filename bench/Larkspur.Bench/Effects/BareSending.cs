using System.Diagnostics;
using Larkspur.Bench.Running;
using Larkspur.Feishu;
using Larkspur.Testing;
using Larkspur.Testing.Chaos;

namespace Larkspur.Bench.Effects;

/// <summary>The floor: the same number of replies through the SDK, straight from this process into an emulator, with no event, no storage and no order.</summary>
internal static class BareSending
{
    private const int UnderWay = 64; // as the gateway's outbox

    /// <returns>Replies a second.</returns>
    public static async Task<double> RunAsync(int messages, int chats, CancellationToken cancellation)
    {
        await using var emulator = await EmulatorApp.StartAsync(settings => settings with { RateLimitFactor = 0 });
        // Without a callback address nothing is pushed.
        var crowd = new Crowd(emulator, chats, new Random(1));
        for (var i = 0; i < messages; i++) crowd.Speak();
        var feishu = new FeishuClient(new FeishuOptions
        {
            AppId = EmulatorApp.DefaultApp.AppId, AppSecret = EmulatorApp.DefaultApp.AppSecret, BaseUrl = emulator.BaseUrl,
        });
        // The token, and the connection that got it.
        await ReplyAsync(feishu, crowd.Said[0], "warm", cancellation);

        var started = Stopwatch.GetTimestamp();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = UnderWay, CancellationToken = cancellation };
        await Parallel.ForEachAsync(crowd.Said, parallel, async (said, token) => await ReplyAsync(feishu, said, $"bare-{said.Number}", token));
        var rate = messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var there = emulator.State.Chats().Sum(chat => emulator.State.Messages(chat.ChatId).Count(m => m.SenderKind == Emulator.State.SenderKind.App));
        return there == messages + 1 ? rate : throw new BenchException($"{messages + 1} replies were sent directly and {there} are in the emulator's chats");
    }

    private static async Task ReplyAsync(FeishuClient feishu, Spoken said, string key, CancellationToken cancellation) => await feishu.Im.V1.Message.ReplyAsync(
        new() { MessageId = said.MessageId, MsgType = "text", Content = $$"""{"text":"{{Marker.Of(said.Number)}}"}""", Uuid = key },
        new FeishuCallOptions { PermitAcquired = true, MaxAttempts = 1 },
        cancellation);
}
