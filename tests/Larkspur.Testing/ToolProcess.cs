using System.Diagnostics;
using System.Text;

namespace Larkspur.Testing;

/// <summary>A program that runs beside a test, with all that it prints and a bound.</summary>
public sealed class ToolProcess : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    private readonly StringBuilder _output = new();
    private readonly Process _process;

    private ToolProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Append(e.Data);
        process.ErrorDataReceived += (_, e) => Append(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>It has ended, by itself or not.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Both streams so far, line by line as they came.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts any program with variables of its own.</summary>
    public static ToolProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ToolProcess(new Process { StartInfo = start });
    }

    /// <summary>Starts a script of tests/interop in Node.</summary>
    /// <exception cref="InvalidOperationException">The official clients are not installed there.</exception>
    public static ToolProcess StartNode(string script, IReadOnlyDictionary<string, string> environment)
    {
        var folder = Path.Combine(Repository.Root, "tests", "interop");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new InvalidOperationException("tests/interop/node_modules is missing: run `npm ci` there (./larkspur test does).");
        return Start("node", [script], environment, folder);
    }

    /// <summary>Runs any program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> AnyAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        using var process = Start(program, arguments, environment, folder);
        return await process.EndAsync();
    }

    /// <summary>Runs a script of tests/interop in Node to its end.</summary>
    public static async Task<(int ExitCode, string Output)> NodeAsync(string script, IReadOnlyDictionary<string, string> environment)
    {
        using var process = StartNode(script, environment);
        return await process.EndAsync();
    }

    /// <summary>Runs a script of tests/interop in Node, which has to end well.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message has what it printed.</exception>
    public static async Task NodeSucceedsAsync(string script, IReadOnlyDictionary<string, string> environment)
    {
        var (exitCode, output) = await NodeAsync(script, environment);
        if (exitCode != 0) throw new InvalidOperationException($"{script} ended with {exitCode}:\n{output}");
    }

    /// <summary>Runs a program that stands beside the tests, by its dll.</summary>
    public static Task<(int ExitCode, string Output)> DotnetAsync(string dll, params string[] arguments) =>
        AnyAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, dll), .. arguments], new Dictionary<string, string>(), AppContext.BaseDirectory);

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It did not come, and the program is killed; the message has what it printed.</exception>
    public async Task<(int ExitCode, string Output)> EndAsync()
    {
        using var bounded = new CancellationTokenSource(Bound);
        try
        {
            await _process.WaitForExitAsync(bounded.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} did not end within {Bound.TotalMinutes} min:\n{Output}");
        }

        return (_process.ExitCode, Output);
    }

    /// <summary>Ends it where it has not ended.</summary>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Append(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
    }
}
