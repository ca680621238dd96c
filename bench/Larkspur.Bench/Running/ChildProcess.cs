using System.Diagnostics;

namespace Larkspur.Bench.Running;

/// <summary>A measured program: its output goes straight into a file, so that nobody spends time on reading it.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _log;

    private ChildProcess(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    /// <summary>Processor time so far, of all its threads.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory now, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static ChildProcess Start(string log, IReadOnlyDictionary<string, string>? environment, string program, params string[] arguments)
    {
        // The shell replaces itself by the program: the process that is watched is the program's own.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", log, program, .. arguments]) { WorkingDirectory = Path.GetDirectoryName(log) };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new ChildProcess(Process.Start(start) ?? throw new BenchException($"{program} cannot be started"), log);
    }

    /// <summary>Waits until the address answers 200.</summary>
    /// <returns>Time from the call to the answer.</returns>
    public async Task<TimeSpan> ReadyAsync(Uri address, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            if (_process.HasExited) throw new BenchException($"{address} never answered: the process ended with {_process.ExitCode}. Its last words:\n{LastWords()}");
            try
            {
                using var answer = await http.GetAsync(address, cancellation);
                if (answer.IsSuccessStatusCode) return Stopwatch.GetElapsedTime(started);
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(2, cancellation);
        }

        throw new BenchException($"{address} did not answer 200 within {Patience}. Its last words:\n{LastWords()}");
    }

    /// <summary>Ends it in the middle of whatever it does, as a power cut would end the process.</summary>
    public async Task KillAsync()
    {
        if (_process.HasExited) return;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private string LastWords() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(15)) : "(none)";
}
