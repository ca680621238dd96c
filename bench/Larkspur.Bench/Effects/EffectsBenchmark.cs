using Larkspur.Bench.Running;

namespace Larkspur.Bench.Effects;

/// <summary>From a person's message to the bot's visible reply, through everything: push, signature, inbox, handler, outbox, the platform's API.</summary>
internal sealed class EffectsBenchmark : IBenchmark
{
    private const int MostRounds = 3;
    private const int WarmUp = 1000;
    private const double PacedSeconds = 10;
    private const int Limited = 600;
    private const int FirstWords = 20;
    private static readonly TimeSpan EmptyWindow = TimeSpan.FromSeconds(1.2);

    public string Name => "effects";

    public string Summary => "events in to visible replies out, against bare sends of the SDK, and at the platform's limits (--events N --chats N)";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        await LiftedAsync(options, report, folder, cancellation);
        await LimitedAsync(options, report, folder, cancellation);
    }

    private static async Task LiftedAsync(BenchOptions options, Report report, ScratchFolder folder, CancellationToken cancellation)
    {
        await using var fixture = await EffectsFixture.StartAsync(EffectLimits.Lifted, options.Chats, folder, cancellation);
        await fixture.RunAsync(WarmUp, null, cancellation);
        await BareSending.RunAsync(WarmUp, options.Chats, cancellation);
        var runs = new List<(double Bare, EffectsResult Gateway)>();
        for (var round = 1; round <= Math.Min(MostRounds, options.Rounds); round++)
        {
            var bare = await BareSending.RunAsync(options.Events, options.Chats, cancellation);
            var gateway = await fixture.RunAsync(options.Events, null, cancellation);
            runs.Add((bare, gateway));
            Report.Say($"  round {round}  bare {Report.Number(bare)}/s   gateway {Report.Number(gateway.Rate)}/s, accepted {Report.Number(options.Events / gateway.AcceptedSeconds)}/s   "
                + $"others used {gateway.Others:0 %} of the machine");
        }

        var half = Statistics.Median(runs.Select(r => r.Gateway.Rate)) / 2;
        var paced = await fixture.RunAsync((int)Math.Clamp(half * PacedSeconds, 1, options.Events), half, cancellation);
        fixture.Judge();
        EffectsReport.Lifted(report, runs, paced, half, fixture.Unacknowledged);
    }

    private static async Task LimitedAsync(BenchOptions options, Report report, ScratchFolder folder, CancellationToken cancellation)
    {
        var runs = new List<(EffectLimits Limits, EffectsResult Result)>();
        foreach (var limits in (EffectLimits[])[EffectLimits.Second, EffectLimits.Documented])
        {
            await using var fixture = await EffectsFixture.StartAsync(limits, options.Chats, folder, cancellation);
            // What a new process does for the first time is not what is measured; nor is what it sent meanwhile, in the second's window at least.
            await fixture.RunAsync(FirstWords, null, cancellation);
            await Task.Delay(EmptyWindow, cancellation);
            var result = await fixture.RunAsync(Limited, null, cancellation);
            fixture.Judge();
            runs.Add((limits, result));
        }

        EffectsReport.Limited(report, runs);
    }
}
