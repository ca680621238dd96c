using System.Diagnostics;
using System.Text;

namespace Larkspur.WeCom.Tests.Interop;

/// <summary>A script of tests/interop in Node, run to its end with a bound.</summary>
internal static class NodeScript
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(string script, IReadOnlyDictionary<string, string> environment)
    {
        string folder = Path.Combine(Repository.Root, "tests", "interop");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), "tests/interop/node_modules is missing: run `npm ci` there (./larkspur test does).");
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("node", [script]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        foreach ((string name, string value) in environment) process.StartInfo.Environment[name] = value;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, e) => Append(e.Data);
        process.ErrorDataReceived += (_, e) => Append(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(Bound);
        try
        {
            await process.WaitForExitAsync(time.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{script} did not end. It said:\n{output}");
        }

        Assert.True(process.ExitCode == 0, output.ToString());

        void Append(string? line)
        {
            lock (output) output.AppendLine(line);
        }
    }
}
