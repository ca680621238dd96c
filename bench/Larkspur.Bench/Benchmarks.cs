using Larkspur.Bench.Backlog;
using Larkspur.Bench.Cards;
using Larkspur.Bench.Chaos;
using Larkspur.Bench.Company;
using Larkspur.Bench.Effects;
using Larkspur.Bench.Ingress;
using Larkspur.Bench.Masking;
using Larkspur.Bench.Retention;
using Larkspur.Bench.Running;
using Larkspur.Bench.Shaping;
using Larkspur.Bench.SignIn;
using Larkspur.Bench.Stages;
using Larkspur.Bench.Start;
using Larkspur.Bench.Streaming;
using Larkspur.Bench.Syncs;

namespace Larkspur.Bench;

/// <summary>What can be measured.</summary>
internal static class Benchmarks
{
    public static readonly IReadOnlyList<IBenchmark> All =
    [
        new IngressBenchmark(), new EffectsBenchmark(), new ShapingBenchmark(), new ChaosBenchmark(), new StartBenchmark(), new StagesBenchmark(),
        new StreamingBenchmark(), new OtherPlatformsBenchmark(), new CardBenchmark(), new MaskingBenchmark(), new BacklogBenchmark(),
        new RetentionBenchmark(), new DirectoryBenchmark(), new SignInBenchmark(), new SyncBenchmark(),
    ];
}
