using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Larkspur.Bench.Running;
using Larkspur.Emulator;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Hosting;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reaction = Larkspur.Gateway.Inbox.Dispatch.Reaction;

namespace Larkspur.Bench.Streaming;

/// <summary>Many answers at once on WeCom or DingTalk: people ask by the platform's own path, the answers are written from inside as an assistant writes them, at the documented limits.</summary>
internal static class OtherPlatformRun
{
    private static readonly TimeSpan Stall = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan BetweenPieces = TimeSpan.FromMilliseconds(100);

    public static async Task<OtherPlatformResult> RunAsync(OtherPlatform platform, int answers, double seconds, string data, CancellationToken cancellation)
    {
        Directory.CreateDirectory(data);
        await using var emulator = await EmulatorApp.StartAsync();
        var pattern = emulator.State.People[0];
        for (var i = 0; i < answers; i++)
            emulator.State.Put(pattern with { UserId = Person(i), Name = $"员工{i}", EnName = $"Person {i}", Email = $"{Person(i)}@mica.example", Mobile = string.Create(CultureInfo.InvariantCulture, $"+86199{i:00000000}"), EmployeeNo = $"E{i}" });
        var frames = new ConcurrentQueue<(long At, int Answer, int Length, bool IsLast, string Text)>();
        var refused = 0;
        void Note(ApiCall call)
        {
            if (platform.ReadFrame(call) is not { } frame) return;
            if (call.Verdict.Contains("refused", StringComparison.Ordinal) || call.Status >= 400) Interlocked.Increment(ref refused);
            else if (OtherPlatform.NumberOf(frame.Text) is >= 0 and var number) frames.Enqueue((Stopwatch.GetTimestamp(), number, frame.Text.Length, frame.IsLast, frame.Text));
        }

        emulator.State.Inspector.Called += Note;
        var asked = new Heard();
        await using var gateway = Gateway(platform, emulator, data, asked);
        await gateway.StartAsync(cancellation);
        await UntilAsync("connections", async () => (await emulator.StateAsync())[platform.Key]!["connections"]?.AsArray().Count > 0 ? 1 : 0, 1, cancellation);

        await Parallel.ForEachAsync(Enumerable.Range(0, answers), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellation },
            async (i, _) => await platform.AskAsync(emulator, Person(i), string.Create(CultureInfo.InvariantCulture, $"question {i}")));
        await UntilAsync("questions heard", () => Task.FromResult(asked.Messages.Count), answers, cancellation);

        var channel = gateway.Services.GetServices<IConversationChannel>().Single(c => c.Platform == platform.Key);
        var database = gateway.Services.GetRequiredService<IDatabase>();
        var messages = asked.Messages.ToArray();
        var opened = await Task.WhenAll(messages.Select((message, i) => channel.OpenAsync(new AnswerRequest
        {
            Turn = $"tu_{i:x32}", TurnId = i + 1, App = message.App, Reply = message.Reply, Language = Language.English, Reference = "BNCH-0000",
        }, cancellation)));

        var begun = Stopwatch.GetTimestamp();
        var pieces = new List<(int End, long At)>[answers];
        var texts = new string[answers];
        var ends = new long[answers];
        await Task.WhenAll(opened.Select(async (answer, i) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(i * 37 % 100), cancellation);
            (pieces[i], texts[i]) = ([], OtherPlatform.MarkOf(i));
            answer.Append(texts[i]);
            var started = Stopwatch.GetTimestamp();
            using var ticks = new PeriodicTimer(BetweenPieces);
            for (var n = 0; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; n++)
            {
                var piece = string.Create(CultureInfo.InvariantCulture, $"词{n} ");
                texts[i] += piece;
                pieces[i].Add((texts[i].TrimEnd().Length, Stopwatch.GetTimestamp()));
                answer.Append(piece);
                await ticks.WaitForNextTickAsync(cancellation);
            }

            texts[i] = texts[i].TrimEnd();
            await database.TransactAsync(unit => answer.FinishAsync(unit, new AnswerEnd(texts[i])), cancellation);
            ends[i] = Stopwatch.GetTimestamp();
            await answer.DisposeAsync();
        }));
        var written = Stopwatch.GetTimestamp();
        await UntilAsync("final texts", () => Task.FromResult(frames.Where(f => f.IsLast && f.Text.TrimEnd() == texts[f.Answer]).Select(f => f.Answer).Distinct().Count()), answers, cancellation);
        emulator.State.Inspector.Called -= Note;

        var byAnswer = frames.GroupBy(f => f.Answer).ToDictionary(g => g.Key, g => g.OrderBy(f => f.At).ToArray());
        var lags = new List<double>();
        var lastLags = new List<double>();
        for (var i = 0; i < answers; i++)
        {
            var own = byAnswer[i];
            var next = 0;
            foreach (var (end, at) in pieces[i])
            {
                while (next < own.Length && own[next].Length < end) next++;
                if (next == own.Length) break;
                lags.Add(Stopwatch.GetElapsedTime(at, own[next].At).TotalMilliseconds);
            }

            lastLags.Add(Stopwatch.GetElapsedTime(ends[i], own.First(f => f.IsLast).At).TotalMilliseconds);
        }

        await gateway.StopAsync(cancellation);
        var rate = frames.Count(f => f.At <= written) / Stopwatch.GetElapsedTime(begun, written).TotalSeconds;
        return new OtherPlatformResult(platform, answers, rate, [.. lags.Order()], [.. lastLags.Order()], refused);
    }

    private static string Person(int number) => string.Create(CultureInfo.InvariantCulture, $"bench{number:0000}");

    private static async Task UntilAsync(string what, Func<Task<int>> count, int all, CancellationToken cancellation)
    {
        var (before, since) = (-1, Stopwatch.GetTimestamp());
        while (await count() is var there && there < all)
        {
            if (there != before) (before, since) = (there, Stopwatch.GetTimestamp());
            if (Stopwatch.GetElapsedTime(since) > Stall) throw new BenchException($"{there} of {all} {what}, and nothing moved for {Stall.TotalSeconds:0} s");
            await Task.Delay(50, cancellation);
        }
    }

    private static WebApplication Gateway(OtherPlatform platform, EmulatorApp emulator, string data, IAssistant assistant) => GatewayHost.Build([], builder =>
    {
        var settings = new Dictionary<string, string?>
        {
            ["LARKSPUR_GATEWAY_URLS"] = "http://127.0.0.1:0",
            ["LARKSPUR_DATA"] = data, ["LARKSPUR_MASTER_KEY"] = Larkspur.Testing.GatewayApp.MasterKey,
            ["LARKSPUR_DB"] = "",
            [platform.Key.ToUpperInvariant() + "_BASE_URL"] = emulator.BaseUrl.ToString(),
        };
        foreach (var (key, value) in platform.Settings(emulator.Services.GetRequiredService<EmulatorSettings>())) settings[key] = value;
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(assistant);
    });

    /// <summary>Takes the questions and lets the benchmark write the answers.</summary>
    private sealed class Heard : IAssistant
    {
        public ConcurrentQueue<UnifiedMessage> Messages { get; } = new();

        public bool IsOn => true;

        public ValueTask<Reaction> ReactAsync(UnifiedMessage message, EventContext context, CancellationToken cancellation) => ValueTask.FromResult(new Reaction(effects =>
        {
            effects.Unit.AfterCommit(() => Messages.Enqueue(message));
            return ValueTask.FromResult(Outcome.Asked);
        }));

        public ValueTask<Reaction> ReactAsync(AnswerAction action, PlatformAccount by, EventContext context, CancellationToken cancellation) => ValueTask.FromResult(Reaction.Ignore("bench"));
    }
}

/// <summary>What was measured.</summary>
/// <param name="Platform">Where.</param>
/// <param name="Answers">At once.</param>
/// <param name="FramesPerSecond">Taken while they were written.</param>
/// <param name="Lags">Milliseconds from a piece to the acceptance of what showed it, sorted.</param>
/// <param name="Ends">Milliseconds from a durable end to the acceptance of the last frame, sorted.</param>
/// <param name="Refused">Frames that the platform refused.</param>
internal sealed record OtherPlatformResult(OtherPlatform Platform, int Answers, double FramesPerSecond, double[] Lags, double[] Ends, int Refused)
{
    public double OfIdeal => FramesPerSecond / Platform.IdealPerSecond(Answers);
}
