using System.Diagnostics;
using System.Text.Json;
using Larkspur.Bench.Running;

namespace Larkspur.Bench.Load;

/// <summary>A driver in a process of its own, seen from the one that measures.</summary>
internal sealed class DriverProcess : IDisposable
{
    private readonly Process _process;

    private DriverProcess(Process process) => _process = process;

    /// <summary>Starts it and waits until its requests are made and its connections open.</summary>
    public static async Task<DriverProcess> PrepareAsync(LoadPlan plan, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Larkspur.Bench.dll"), "role-driver"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // One thread waits for all sockets and goes on with what arrived right there: a few microseconds per request, and no thread switches.
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        var driver = new DriverProcess(Process.Start(start)!);
        await driver._process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(plan));
        if (await driver._process.StandardOutput.ReadLineAsync(cancellation) != "ready") throw new BenchException("the load generator did not get ready; its complaint stands above");
        return driver;
    }

    /// <summary>Lets it send, and returns what came of it.</summary>
    public async Task<LoadResult> GoAsync(CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync("go");
        var line = await _process.StandardOutput.ReadLineAsync(cancellation) ?? throw new BenchException("the load generator ended without a result");
        var result = JsonSerializer.Deserialize<LoadResult>(line)!;
        if (result.Problem is { } problem) throw new BenchException($"the load could not be finished: {problem}");
        if (result.Answered != result.Sent) throw new BenchException($"{result.Sent} requests were sent and {result.Answered} answered");
        return result;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
