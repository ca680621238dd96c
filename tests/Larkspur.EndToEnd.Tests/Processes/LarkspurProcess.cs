using System.Diagnostics;
using System.Text;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>A verb of <c>larkspur</c> in a process of its own, which can be watched and sent signals.</summary>
internal sealed class LarkspurProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private LarkspurProcess(Process process) => _process = process;

    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public static LarkspurProcess Start(string verb, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "larkspur.dll"), verb])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["LARKSPUR_MASTER_KEY"] = GatewayApp.MasterKey;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var larkspur = new LarkspurProcess(new Process { StartInfo = start });
        larkspur._process.OutputDataReceived += (_, e) => larkspur.Append(e.Data);
        larkspur._process.ErrorDataReceived += (_, e) => larkspur.Append(e.Data);
        larkspur._process.Start();
        larkspur._process.BeginOutputReadLine();
        larkspur._process.BeginErrorReadLine();
        return larkspur;
    }

    /// <summary>Waits until the address answers with success.</summary>
    public async Task AnswersAsync(Uri address)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"larkspur ended with {_process.ExitCode}:\n{Output}");
            try
            {
                using var answer = await http.GetAsync(address, deadline.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    /// <summary>Sends a signal and gives the exit code.</summary>
    public async Task<int> SignalAsync(string signal)
    {
        await ProcessSignal.SendAsync(signal, _process.Id);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Append(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
    }
}
