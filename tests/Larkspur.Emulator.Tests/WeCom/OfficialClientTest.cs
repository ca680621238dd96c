using System.Diagnostics;
using System.Text;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>The platform's own packages, which this project did not write, against the emulated platform.</summary>
public abstract class OfficialClientTest : WeComTest
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    protected async Task RunAsync(string script)
    {
        var folder = Path.Combine(Repository.Root, "tests", "interop");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), "tests/interop/node_modules is missing: run `npm ci` there (./larkspur test does).");
        using var process = new Process { StartInfo = new ProcessStartInfo("node", [script]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true } };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["EMULATOR_URL"] = Emulator.BaseUrl.ToString().TrimEnd('/'), ["WECOM_CORP_ID"] = Corp.CorpId, ["WECOM_TOKEN"] = Corp.Token, ["WECOM_ENCODING_AES_KEY"] = Corp.EncodingAesKey,
            ["WECOM_AIBOT_ID"] = Corp.AiBotId, ["WECOM_AIBOT_SECRET"] = Corp.AiBotSecret,
        })
        {
            process.StartInfo.Environment[name] = value;
        }

        var output = new StringBuilder();
        process.OutputDataReceived += (_, e) => Append(e.Data);
        process.ErrorDataReceived += (_, e) => Append(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
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
