using System.Diagnostics;
using Larkspur.Bench.Running;

namespace Larkspur.Bench.Stages;

/// <summary>Time of small things that are done over and over.</summary>
internal static class Stopwatches
{
    private const int Rounds = 7;

    /// <summary>Microseconds of processor time of one call on one thread: the median of seven rounds after two that warm up.</summary>
    public static double Microseconds(TimeSpan length, Action<int> call)
    {
        var number = 0;
        var rounds = new List<double>();
        for (var round = -2; round < Rounds; round++)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            var calls = 0;
            while (Stopwatch.GetElapsedTime(started) < length / Rounds)
            {
                for (var i = 0; i < 16; i++) call(number++);
                calls += 16;
            }

            if (round >= 0) rounds.Add((Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / calls);
        }

        return Statistics.Median(rounds);
    }

    /// <summary>Wall-clock and processor microseconds per event of groups that are committed one after another.</summary>
    public static (double Wall, double Cpu) PerEvent(TimeSpan length, int group, Action<int> commit)
    {
        for (var warm = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(warm) < length / 4;) commit(group);
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        long events = 0;
        while (Stopwatch.GetElapsedTime(started) < length)
        {
            commit(group);
            events += group;
        }

        return (Stopwatch.GetElapsedTime(started).TotalMicroseconds / events, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / events);
    }
}
