using System.Diagnostics;

namespace Larkspur.Testing.Chaos;

/// <summary>A full disk for one running process: no file of it grows beyond a size. Needs no privilege, and can be undone while the process runs.</summary>
/// <remarks>
/// Linux' <c>RLIMIT_FSIZE</c>: a write across the bound writes what fits, the next one fails with <c>EFBIG</c>, as it does with <c>ENOSPC</c> at the end of a
/// disk. The signal that comes with it must be ignored: start the process through <see cref="Through"/>.
/// </remarks>
public static class FullDisk
{
    /// <summary>Starts a program with SIGXFSZ ignored, in its own place.</summary>
    public static IReadOnlyList<string> Through { get; } = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];

    /// <summary>From now on no file grows beyond so many bytes.</summary>
    public static Task BeginAsync(int processId, long bytes) => LimitAsync(processId, bytes.ToString());

    /// <summary>There is room again.</summary>
    public static Task EndAsync(int processId) => LimitAsync(processId, "unlimited");

    private static async Task LimitAsync(int processId, string soft)
    {
        // The hard limit stays, or it could not be raised again.
        using var process = Process.Start(new ProcessStartInfo("prlimit", ["--pid", processId.ToString(), $"--fsize={soft}:"]) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"prlimit ended with {process.ExitCode}: {error}");
    }
}
