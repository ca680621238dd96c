using System.Diagnostics;

namespace Larkspur.Bench.Running;

/// <summary>How busy the whole machine is: what others use up is missing from what is measured.</summary>
internal readonly struct CpuShare
{
    private readonly long _started;
    private readonly double? _busy;

    private CpuShare(long started, double? busy)
    {
        _started = started;
        _busy = busy;
    }

    public static CpuShare Now() => new(Stopwatch.GetTimestamp(), BusySeconds());

    /// <summary>Share of all cores, 0 to 1, that was used since by anybody but those who used <paramref name="own"/>; NaN where the system does not tell.</summary>
    public double OthersSince(TimeSpan own)
    {
        if (_busy is not { } before || BusySeconds() is not { } after) return double.NaN;
        var available = Stopwatch.GetElapsedTime(_started).TotalSeconds * Environment.ProcessorCount;
        return Math.Clamp((after - before - own.TotalSeconds) / available, 0, 1);
    }

    /// <summary>user nice system idle iowait irq softirq steal, in hundredths of a second (proc_stat(5)).</summary>
    private static double? BusySeconds()
    {
        if (!File.Exists("/proc/stat")) return null;
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Skip(1).Take(8).Where((_, i) => i is not (3 or 4)).Sum(double.Parse) / 100;
    }
}
