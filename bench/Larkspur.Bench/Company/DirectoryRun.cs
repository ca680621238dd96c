using System.Diagnostics;
using Larkspur.Bench.Running;
using Larkspur.Gateway.Storage;

namespace Larkspur.Bench.Company;

/// <summary>One platform's directory: read for the first time, read again, and kept true by events.</summary>
internal static class DirectoryRun
{
    private const int Changes = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2); // longer than the windows of a second
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100); // ten a second, within every platform's limit

    /// <summary>Rows that say that there was a run: its own, when the directory was last read, until when events could come, and a line of
    /// the audit log.</summary>
    private static readonly string[] OfTheRun = ["directory", "directory_run", "directory_listening", "audit"];

    /// <param name="gateway">The gateway and its platforms.</param>
    /// <param name="platform">Which one.</param>
    /// <param name="departments">How many there are.</param>
    /// <param name="first">Number of the first change.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<DirectoryResult> MeasureAsync(
        ReadingGateway gateway, DirectoryPlatform platform, int departments, int first, CancellationToken cancellation)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var memory = new MemoryPeak();
        var filled = await ReadAsync(gateway, platform, cancellation);
        var peak = memory.Peak;
        Say("first run", filled);

        // What was called before counts for the platform: the next run shall have all of its limits.
        await Task.Delay(platform.EmptyWindow, cancellation);
        await WriteCount.BeginAsync(gateway.Database, cancellation);
        var unchanged = await ReadAsync(gateway, platform, cancellation);
        var written = await WriteCount.EndAsync(gateway.Database, cancellation);
        Say("without changes", unchanged);

        // Single people have endpoints of their own.
        var events = new DirectoryEvents(gateway, platform, departments);
        var paced = await events.RunAsync(first, Changes, Between, cancellation);
        await Task.Delay(Pause, cancellation);
        var atOnce = await events.RunAsync(first + Changes, Changes, TimeSpan.Zero, cancellation);
        Report.Say($"  {platform.Name}: the last of {Changes} changes at ten a second is visible after {paced[^1]:0} ms, at once after "
            + $"{atOnce[^1]:0} ms");
        var people = await gateway.Database.ReadAsync(async sql => await sql.NumberAsync(
            "SELECT COUNT(*) FROM directory_member m JOIN directory d ON d.id = m.directory WHERE d.platform = $1 AND m.left_at IS NULL",
            platform.Name), cancellation) ?? 0;
        return new DirectoryResult(platform, people, filled, unchanged, written, paced, atOnce, before / 1e6, peak / 1e6);

        void Say(string what, Reading reading) => Report.Say($"  {platform.Name} {what}: {reading.Seconds:0.0} s, "
            + $"{reading.Calls:0} calls, {reading.Refusals:0} refused, ideal {reading.Ideal:0.0} s");
    }

    /// <summary>Rows of people and departments that were written, and other rows than those of the run.</summary>
    public static long RowsOfPeople(Dictionary<string, long> written) => written.Where(w => !OfTheRun.Contains(w.Key)
        && (w.Key.StartsWith("directory", StringComparison.Ordinal) || w.Key.StartsWith("person", StringComparison.Ordinal)
            || w.Key is "outbox")).Sum(w => w.Value);

    private static async Task<Reading> ReadAsync(ReadingGateway gateway, DirectoryPlatform platform, CancellationToken cancellation)
    {
        var before = await gateway.CallsAsync(platform.Name, cancellation);
        var seconds = await gateway.SyncAsync(platform.Name, cancellation);
        var made = (await gateway.CallsAsync(platform.Name, cancellation))
            .Select(c => (c.Key.Endpoint, c.Key.IsOk, Count: c.Value - before.GetValueOrDefault(c.Key))).ToArray();
        return new Reading(seconds, made.Where(m => m.IsOk).Sum(m => m.Count), made.Where(m => !m.IsOk).Sum(m => m.Count),
            made.Where(m => m.IsOk).Select(m => platform.Ideal(m.Count)).DefaultIfEmpty().Max());
    }

    /// <summary>Looks at the managed heap ten times a second.</summary>
    private sealed class MemoryPeak : IDisposable
    {
        private readonly Timer _timer;
        private long _peak;

        public MemoryPeak() => _timer = new Timer(_ => _peak = Math.Max(_peak, GC.GetTotalMemory(false)), null, 0, 100);

        public long Peak => Volatile.Read(ref _peak);

        public void Dispose() => _timer.Dispose();
    }
}

/// <summary>A run.</summary>
/// <param name="Seconds">From the demand to its end.</param>
/// <param name="Calls">Calls that the platform answered.</param>
/// <param name="Refusals">Calls that failed or were refused, those that are too fast among them.</param>
/// <param name="Ideal">Seconds that the endpoint with the most calls needs at the platform's limit.</param>
internal sealed record Reading(double Seconds, double Calls, double Refusals, double Ideal)
{
    /// <summary>NaN where the limits allow it at once.</summary>
    public double TimesIdeal => Ideal > 0 ? Seconds / Ideal : double.NaN;
}

/// <summary>What was measured.</summary>
/// <param name="Platform">The platform.</param>
/// <param name="People">Members at the end.</param>
/// <param name="First">The first run.</param>
/// <param name="Unchanged">The run without changes.</param>
/// <param name="Written">Rows written while it ran, by table.</param>
/// <param name="Paced">Delays of changes that come ten a second, sorted, in milliseconds.</param>
/// <param name="AtOnce">Delays of changes that come as fast as they are made.</param>
/// <param name="Before">Megabytes of the managed heap before the first run.</param>
/// <param name="Peak">The most in it, garbage included.</param>
internal sealed record DirectoryResult(DirectoryPlatform Platform, long People, Reading First, Reading Unchanged,
    Dictionary<string, long> Written, double[] Paced, double[] AtOnce, double Before, double Peak);
