using System.Diagnostics;
using System.Text;

namespace Larkspur.Samples.Tests;

/// <summary>A sample as its reader starts it: a process beside the emulator. What it printed is in the report of a failed test.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _name;
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly List<(string Text, TaskCompletionSource<string> Seen)> _awaited = [];

    private SampleProcess(string name, Process process) => (_name, _process) = (name, process);

    /// <summary>What it printed to both streams.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>What it printed as errors.</summary>
    public string Errors { get; private set; } = "";

    /// <summary>Starts a sample with the settings that the emulator prints.</summary>
    public static SampleProcess Start(
        string name, EmulatorApp emulator, string[]? args = null, params (string Name, string Value)[] settings) =>
        Start(name, args ?? [],
        [
            ("FEISHU_BASE_URL", emulator.BaseUrl.ToString()),
            ("FEISHU_APP_ID", EmulatorApp.AppId),
            ("FEISHU_APP_SECRET", EmulatorApp.DefaultApp.AppSecret),
            ("FEISHU_ENCRYPT_KEY", EmulatorApp.DefaultApp.EncryptKey),
            ("FEISHU_VERIFICATION_TOKEN", EmulatorApp.DefaultApp.VerificationToken),
            .. settings,
        ]);

    /// <summary>Starts a sample with these settings alone.</summary>
    public static SampleProcess Start(string name, string[] args, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Sample(name), .. args])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory,
        };
        string[] ours = ["FEISHU_", "DIFY_", "ASPNETCORE_"];
        foreach (var set in start.Environment.Keys.Where(k => ours.Any(o => k.StartsWith(o, StringComparison.Ordinal))).ToArray())
            start.Environment.Remove(set);
        foreach (var (setting, value) in settings) start.Environment[setting] = value;

        var sample = new SampleProcess(name, new Process { StartInfo = start });
        sample._process.OutputDataReceived += (_, e) => sample.Take(e.Data, isError: false);
        sample._process.ErrorDataReceived += (_, e) => sample.Take(e.Data, isError: true);
        sample._process.Start();
        sample._process.BeginOutputReadLine();
        sample._process.BeginErrorReadLine();
        return sample;
    }

    /// <summary>Waits until it has printed a line with these words, and gives the line.</summary>
    public Task<string> PrintedAsync(string text)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            var line = _output.ToString().Split('\n').FirstOrDefault(l => l.Contains(text, StringComparison.Ordinal));
            if (line is not null) return Task.FromResult(line);
            _awaited.Add((text, seen));
        }

        return MeanwhileAsync(seen.Task.WaitAsync(Patience));
    }

    /// <summary>Waits for what the sample is to cause, and no longer than it runs.</summary>
    public async Task<T> MeanwhileAsync<T>(Task<T> caused)
    {
        using var over = new CancellationTokenSource();
        var ended = _process.WaitForExitAsync(over.Token);
        if (await Task.WhenAny(caused, ended) == ended) throw new InvalidOperationException($"{_name} ended with {_process.ExitCode}.");
        await over.CancelAsync();
        return await caused;
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndedAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Asks it to end, as Ctrl+C and a service's stop do, and waits.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await ProcessSignal.SendAsync("TERM", _process.Id);
        return await EndedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        // Shown with tests that fail.
        TestContext.Current.TestOutputHelper?.WriteLine($"{_name} ended with {_process.ExitCode} and printed:\n{Output}");
        _process.Dispose();
    }

    private void Take(string? line, bool isError)
    {
        if (line is null) return;
        lock (_output)
        {
            _output.AppendLine(line);
            if (isError) Errors += line + "\n";
            foreach (var awaited in _awaited.Where(a => line.Contains(a.Text, StringComparison.Ordinal)).ToArray())
            {
                _awaited.Remove(awaited);
                awaited.Seen.TrySetResult(line);
            }
        }
    }
}
