using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.MainJob;

public sealed partial class SmokeTests
{
    [Fact]
    public async Task Smoke_plays_the_main_job_and_prints_each_step_with_its_latency()
    {
        var (exitCode, output) = await ToolProcess.DotnetAsync("larkspur.dll", "smoke");
        Assert.True(exitCode == 0, output);
        Assert.Equal(36, Step().Count(output));
        Assert.Contains("The main job works.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sample_of_the_readme_sends_its_message_and_lists_the_chats()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        var (exitCode, output) = await ToolProcess.DotnetAsync(
            Repository.Sample("HelloFeishu"), EmulatorApp.DefaultApp.AppId, EmulatorApp.DefaultApp.AppSecret, emulator.BaseUrl.ToString());
        Assert.True(exitCode == 0, output);
        var message = await emulator.WaitForMessageAsync("from=app&contains=Hello,%20Alice!");
        Assert.Contains($"sent {message["message_id"]}", output, StringComparison.Ordinal);
        Assert.Contains("采购协作群", output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\s+ok\s+\d+ ms  ", RegexOptions.Multiline)]
    private static partial Regex Step();
}
