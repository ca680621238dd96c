using System.Diagnostics;
using System.Text;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>A program run to its end, with a bound; gives its exit code and all it printed.</summary>
internal static class ToolProcess
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    /// <summary>A script of tests/interop in Node.</summary>
    public static Task<(int ExitCode, string Output)> NodeAsync(string script, IReadOnlyDictionary<string, string> environment)
    {
        var folder = Path.Combine(Repository.Root, "tests", "interop");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), "tests/interop/node_modules is missing: run `npm ci` there (./larkspur test does).");
        return RunAsync("node", [script], environment, folder);
    }

    /// <summary>A program that stands beside the tests, by its dll.</summary>
    public static Task<(int ExitCode, string Output)> DotnetAsync(string dll, params string[] arguments) =>
        RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, dll), .. arguments], new Dictionary<string, string>(), AppContext.BaseDirectory);

    /// <summary>Any program with variables of its own, in any folder.</summary>
    public static Task<(int ExitCode, string Output)> AnyAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder) =>
        RunAsync(program, arguments, environment, folder);

    private static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        foreach (var (name, value) in environment) process.StartInfo.Environment[name] = value;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, e) => Append(e.Data);
        process.ErrorDataReceived += (_, e) => Append(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bounded.CancelAfter(Bound);
        try
        {
            await process.WaitForExitAsync(bounded.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within {Bound.TotalSeconds} s:\n{output}");
        }

        return (process.ExitCode, output.ToString());

        void Append(string? line)
        {
            if (line is null) return;
            lock (output) output.AppendLine(line);
        }
    }
}
