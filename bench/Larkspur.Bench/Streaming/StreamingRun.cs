using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Bench.Running;
using Larkspur.Emulator;
using Larkspur.Emulator.State;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Hosting;
using Larkspur.Gateway.Streams;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Bench.Streaming;

/// <summary>Many answers at once: the gateway's own streams, written from inside as an assistant does, over HTTP into the emulator's cards. Both hosts run here.</summary>
internal static class StreamingRun
{
    private static readonly TimeSpan Stall = TimeSpan.FromMinutes(2);

    public static async Task<StreamingResult> RunAsync(StreamLimits limits, int streams, string data, CancellationToken cancellation)
    {
        Directory.CreateDirectory(data);
        await using var emulator = await EmulatorApp.StartAsync(settings => settings with { RateLimitFactor = limits.PlatformFactor });
        var owner = emulator.State.People[0].UserId;
        var answers = Enumerable.Range(0, streams).Select(i =>
            new StreamAnswer(i, emulator.People.CreateGroup(owner, $"group {i}", [], [EmulatorSettings.DefaultAppId]).ChatId ?? throw new BenchException("the emulator makes no groups"))).ToArray();
        using var tap = new StreamTap(emulator.State.Inspector);
        await using var gateway = Gateway(limits, emulator.BaseUrl.ToString(), data);
        await gateway.StartAsync(cancellation);
        var service = gateway.Services.GetRequiredService<IStreams>();
        var live = gateway.Services.GetRequiredService<LiveStreams>();

        var opened = await Task.WhenAll(answers.Select((answer, i) => service.OpenAsync(new StreamRequest
        {
            App = "default", Key = $"answer {i}", Lane = answer.Chat, Target = StreamTarget.To("chat_id", answer.Chat), Title = "Answer", Language = Larkspur.Gateway.Common.Localisation.Language.English,
        }, cancellation)));
        // The loading cards are messages and have a limit of their own; what is measured begins when all are there.
        await UntilAsync(() => live.All.Count(s => s.IsOpened), streams, cancellation);

        var cpu = Environment.CpuUsage.TotalTime;
        var machine = CpuShare.Now();
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(answers.Select((answer, i) => answer.WriteAsync(opened[i], limits.Seconds, cancellation)));
        var written = Stopwatch.GetTimestamp();
        await UntilAsync(() => answers.Count(a => TextOf(emulator.State, a.Chat) == a.Text), streams, cancellation);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var used = Environment.CpuUsage.TotalTime - cpu;
        var others = machine.OthersSince(used);

        var operations = tap.Operations.Where(o => o.At >= begun).ToArray();
        var cards = gateway.Services.GetRequiredService<StreamStore>();
        var byCard = operations.GroupBy(o => o.CardId).ToDictionary(g => g.Key, g => (IReadOnlyList<CardOperation>)[.. g]);
        var lags = new List<double>();
        var ends = new List<double>();
        for (var i = 0; i < streams; i++)
        {
            var pages = await cards.PagesAsync(opened[i].Id, cancellation);
            if (pages is not [{ CardId: { } card, Mode: StreamingMode.CardKit }]) throw new BenchException($"stream {i} is not one card entity");
            lags.AddRange(answers[i].Lags(byCard[card]));
            ends.Add(Stopwatch.GetElapsedTime(answers[i].EndedAt, byCard[card].First(o => o.Length == int.MaxValue).At).TotalMilliseconds);
        }

        foreach (var (endpoint, count) in tap.TooFast) Report.Say($"  {limits.Name}: {count} calls of {endpoint} were refused for their rate");
        await gateway.StopAsync(cancellation);
        var frames = operations.Count(o => o.IsFrame && o.At <= written);
        return new StreamingResult(streams, frames, Stopwatch.GetElapsedTime(begun, written).TotalSeconds, seconds, StreamTap.MostPerSecond(tap.Operations), [.. lags.Order()], [.. ends.Order()], tap.TooFast.Sum(t => t.Count),
            used.TotalMicroseconds / Math.Max(1, operations.Length), others);
    }

    private static async Task UntilAsync(Func<int> count, int all, CancellationToken cancellation)
    {
        var (before, since) = (-1, Stopwatch.GetTimestamp());
        while (count() is var there && there < all)
        {
            if (there != before) (before, since) = (there, Stopwatch.GetTimestamp());
            if (Stopwatch.GetElapsedTime(since) > Stall) throw new BenchException($"{there} of {all} cards are as they should be, and nothing moved for {Stall.TotalSeconds:0} s");
            await Task.Delay(50, cancellation);
        }
    }

    private static string? TextOf(EmulatorState world, string chat) => world.Messages(chat).SingleOrDefault(m => m.SenderKind == SenderKind.App)?.Card is { } card
        ? JsonNode.Parse(card.Json)!["body"]!["elements"]!.AsArray() is { Count: 2 } finished ? finished[0]!["content"]!.GetValue<string>() : null
        : null;

    private static WebApplication Gateway(StreamLimits limits, string feishu, string data) => GatewayHost.Build([], builder =>
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["LARKSPUR_GATEWAY_URLS"] = "http://127.0.0.1:0",
            ["LARKSPUR_DATA"] = data, ["LARKSPUR_MASTER_KEY"] = Larkspur.Testing.GatewayApp.MasterKey,
            ["LARKSPUR_DB"] = "",
            ["FEISHU_BASE_URL"] = feishu,
            ["FEISHU_ACCOUNTS_URL"] = feishu,
            ["FEISHU_APP_ID"] = EmulatorSettings.DefaultAppId,
            ["FEISHU_APP_SECRET"] = EmulatorSettings.DefaultAppSecret,
            ["FEISHU_ENCRYPT_KEY"] = EmulatorSettings.DefaultEncryptKey,
            ["FEISHU_VERIFICATION_TOKEN"] = EmulatorSettings.DefaultVerificationToken,
            ["FEISHU_RATE_FACTOR"] = limits.GatewayFactor.ToString(CultureInfo.InvariantCulture),
        });
        builder.Logging.ClearProviders();
    });
}

/// <summary>What was measured.</summary>
/// <param name="Streams">Answers.</param>
/// <param name="Frames">Frames taken while they were written.</param>
/// <param name="WritingSeconds">How long they were written.</param>
/// <param name="Seconds">Until every final text was there.</param>
/// <param name="MostPerCard">The most operations on one card within any second.</param>
/// <param name="Lags">Milliseconds from a piece to the acceptance of what showed it, sorted.</param>
/// <param name="Ends">Milliseconds from a durable end to the acceptance of the last face, sorted.</param>
/// <param name="TooFast">Calls refused for their rate.</param>
/// <param name="CpuMicroseconds">Processor time of gateway and emulator together for each operation on a card.</param>
/// <param name="Others">Share of the machine that others used.</param>
internal sealed record StreamingResult(
    int Streams, int Frames, double WritingSeconds, double Seconds, int MostPerCard, double[] Lags, double[] Ends, int TooFast, double CpuMicroseconds, double Others)
{
    public double FramesPerSecond => Frames / WritingSeconds;
}
