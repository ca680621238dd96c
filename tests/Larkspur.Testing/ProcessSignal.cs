using System.Diagnostics;
using System.Globalization;

namespace Larkspur.Testing;

/// <summary>Signals to processes. One that stands still is as a paused machine: its connections stay open, and nobody answers on them.</summary>
public static class ProcessSignal
{
    /// <summary>SIGSTOP.</summary>
    /// <returns>False: it has ended, or is somebody else's.</returns>
    public static Task<bool> StopAsync(int process) => SendAsync("STOP", process);

    /// <summary>SIGCONT.</summary>
    /// <returns>False: it has ended, or is somebody else's.</returns>
    public static Task<bool> ContinueAsync(int process) => SendAsync("CONT", process);

    /// <summary>Any signal by its name without SIG, such as <c>TERM</c>.</summary>
    /// <returns>False: it has ended, or is somebody else's.</returns>
    public static async Task<bool> SendAsync(string signal, int process)
    {
        var start = new ProcessStartInfo("kill", ["-" + signal, process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true };
        using var kill = Process.Start(start)!;
        await kill.WaitForExitAsync();
        return kill.ExitCode == 0;
    }
}
