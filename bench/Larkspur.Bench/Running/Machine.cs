using System.Diagnostics;
using System.Runtime.InteropServices;
using Larkspur.Bench.Stages;

namespace Larkspur.Bench.Running;

/// <summary>The machine's shape: without it a figure says nothing.</summary>
internal static class Machine
{
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> DescribeAsync(CancellationToken cancellation)
    {
        var folder = Repository.Scratch;
        return
        [
            new("cores", $"{Environment.ProcessorCount} x {Processor() ?? RuntimeInformation.ProcessArchitecture.ToString()}"),
            new("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 20):#,0} MiB"),
            new("disk", $"{new DriveInfo(folder).DriveFormat}; 4 KiB appended and synced in {Report.Number(JournalFile.SyncMicroseconds(folder))} us (median of 100)"),
            new("system", $"{RuntimeInformation.OSDescription}, kernel {Environment.OSVersion.Version}"),
            new(".NET", RuntimeInformation.FrameworkDescription),
            new("node", await VersionAsync("node", "--version", cancellation) ?? "not installed"),
            new("SQLite", SystemSqlite.Version),
        ];
    }

    /// <summary>First line of what a program says about its version, or null when it is not there.</summary>
    public static async Task<string?> VersionAsync(string program, string argument, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true })!;
            var line = await process.StandardOutput.ReadLineAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? line : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string? Processor() => !File.Exists("/proc/cpuinfo") ? null
        : File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
