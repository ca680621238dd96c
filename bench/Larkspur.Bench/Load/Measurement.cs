using Larkspur.Bench.Running;
using Larkspur.Bench.Targets;

namespace Larkspur.Bench.Load;

/// <summary>One load on one target.</summary>
/// <param name="Load">What the driver saw.</param>
/// <param name="TargetCpu">Processor time of the target, its later work on what it accepted included.</param>
/// <param name="Settled">Time after the last answer until nothing was left to do.</param>
/// <param name="Others">Share of the machine that was used by neither target nor driver while the load ran.</param>
internal sealed record Measurement(LoadResult Load, TimeSpan TargetCpu, TimeSpan Settled, double Others)
{
    /// <summary>Microseconds of processor time that the target used per event.</summary>
    public double TargetMicroseconds => TargetCpu.TotalMicroseconds / Load.Answered;

    /// <summary>The same of the driver.</summary>
    public double DriverMicroseconds => Load.Cpu * 1e6 / Load.Answered;

    /// <summary>Events a second, when the work that follows is counted in.</summary>
    public double SettledRate => Load.Answered / (Load.Seconds + Settled.TotalSeconds);

    /// <summary>Sends the plan to the target and waits until both are at rest.</summary>
    public static async Task<Measurement> RunAsync(Target target, LoadPlan plan, CancellationToken cancellation)
    {
        using var driver = await DriverProcess.PrepareAsync(plan, cancellation);
        var before = target.Process.Cpu;
        var machine = CpuShare.Now();
        var load = await driver.GoAsync(cancellation);
        var others = machine.OthersSince(target.Process.Cpu - before + TimeSpan.FromSeconds(load.Cpu));
        var settling = System.Diagnostics.Stopwatch.GetTimestamp();
        await target.SettleAsync(cancellation);
        if (plan is { Kind: RequestKind.Fresh, Expect: 200 }) target.Answered += load.Answered;
        return new Measurement(load, target.Process.Cpu - before, System.Diagnostics.Stopwatch.GetElapsedTime(settling), others);
    }
}
