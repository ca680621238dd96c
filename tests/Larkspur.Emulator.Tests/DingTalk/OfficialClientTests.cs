using System.Diagnostics;
using System.Text;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.DingTalk;

/// <summary>The platform's own Node client takes the emulator for the platform.</summary>
public sealed class OfficialClientTests : DingTalkTest
{
    private static readonly TimeSpan ScriptBound = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_official_client_of_stream_mode_works_against_the_emulator()
    {
        var folder = Path.Combine(Repository.Root, "tests", "interop");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), "tests/interop/node_modules is missing: run `npm ci` there (./larkspur test does).");
        using var node = new Process { StartInfo = new ProcessStartInfo("node", ["dingtalk-emulator.mjs"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true } };
        node.StartInfo.Environment["DINGTALK_BASE_URL"] = Emulator.BaseUrl.ToString().TrimEnd('/');
        node.StartInfo.Environment["DINGTALK_CLIENT_ID"] = App.ClientId;
        node.StartInfo.Environment["DINGTALK_CLIENT_SECRET"] = App.ClientSecret;
        var output = new StringBuilder();
        node.OutputDataReceived += (_, e) => { lock (output) output.AppendLine(e.Data); };
        node.ErrorDataReceived += (_, e) => { lock (output) output.AppendLine(e.Data); };
        node.Start();
        node.BeginOutputReadLine();
        node.BeginErrorReadLine();
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bounded.CancelAfter(ScriptBound);
        try
        {
            await node.WaitForExitAsync(bounded.Token);
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }

        lock (output) Assert.True(node.ExitCode == 0, output.ToString());
    }
}
